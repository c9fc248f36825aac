use std::collections::HashSet;
use std::ffi::OsStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use mlua::{Function, LuaString, Table, Value as LuaValue};
use parking_lot::Mutex;
use vario_sandbox::{Natives, Source, SourceKind, resolve_module};

use crate::callbacks::Parts;
use crate::load::load;

/// Path and chunk; the path alone when the chunk was handed out before; else the name and the
/// message of the error object to throw.
type Answer = (Option<String>, LuaValue, Option<String>);

/// The half of `require` that finds and compiles; the facility runs the chunk and keeps its
/// value.
pub(crate) fn create(parts: &Parts<'_>) -> mlua::Result<Function> {
    let natives = Arc::clone(&parts.natives);
    let programs = Arc::clone(&parts.programs);
    let sources = parts.sources.clone();
    let known = Mutex::new(HashSet::<String>::new());
    parts.lua.create_function(
        move |lua, (from, name, environment): (LuaString, LuaString, Table)| {
            let failed = |kind: &str, message: String| -> mlua::Result<Answer> {
                Ok((None, LuaValue::String(lua.create_string(kind)?), Some(message)))
            };
            let path = match resolve_module(&from.to_string_lossy(), &name.to_string_lossy()) {
                Ok(path) => path,
                Err(error) => return failed("Error", error.to_string()),
            };
            let mut reasons = Vec::new();
            for path in candidates(&path) {
                if known.lock().contains(&path) {
                    return Ok((Some(path), LuaValue::Nil, None));
                }
                let text = match text(natives.as_ref(), &path) {
                    Ok(text) => text,
                    Err(reason) => {
                        reasons.push(reason);
                        continue;
                    }
                };
                let program =
                    match programs.get(&Source::new(SourceKind::Module, path.as_str(), text)) {
                        Ok(program) => program,
                        Err(error) => {
                            let line = error.location.map_or(1, |location| location.line);
                            return failed(
                                "SyntaxError",
                                format!("{path}:{line}: {}", error.message),
                            );
                        }
                    };
                let chunk = load(lua, &program, &path, &environment)?;
                sources.raw_set(path.as_str(), "module")?;
                known.lock().insert(path.clone());
                return Ok((Some(path), LuaValue::Function(chunk), None));
            }
            let name = name.to_string_lossy();
            failed("Error", format!("cannot load module `{name}`: {}", reasons.join("; ")))
        },
    )
}

fn candidates(path: &str) -> Vec<String> {
    let extension = Path::new(path).extension().and_then(OsStr::to_str);
    if matches!(extension, Some("lua" | "luau")) {
        return vec![path.to_owned()];
    }
    vec![path.to_owned(), format!("{path}.lua"), format!("{path}.luau")]
}

fn text(natives: &dyn Natives, path: &str) -> Result<String, String> {
    catch_unwind(AssertUnwindSafe(|| natives.module(path)))
        .unwrap_or_else(|_| Err(format!("the host failed to read `{path}`")))
}
