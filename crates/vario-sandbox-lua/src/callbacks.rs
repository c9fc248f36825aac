use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use mlua::chunk::{ChunkMode, Compiler};
use mlua::{Function, Lua, LuaString, MultiValue, Table, Value as LuaValue};
use vario_sandbox::{LogLevel, NativeError, Natives};
use vario_value::Value;

use crate::cache::Programs;
use crate::compile::syntax_error;
use crate::control::Control;
use crate::from_lua::Reader;
use crate::modules;
use crate::to_lua::{MakeError, to_lua};

/// The longest text `loadstring` takes, in bytes: compiling cannot be interrupted.
const MAX_CHUNK_BYTES: usize = 256 * 1024;

/// What one native call may take out of the script by value, in bytes.
const MAX_ARGUMENT_BYTES: usize = 64 * 1024 * 1024;

/// What the functions written in Rust work with.
pub(crate) struct Parts<'a> {
    pub(crate) lua: &'a Lua,
    pub(crate) natives: Arc<dyn Natives>,
    pub(crate) control: Arc<Control>,
    pub(crate) programs: Arc<Programs>,
    pub(crate) empty_array: Table,
    pub(crate) sources: Table,
}

/// A result, or the name and the message of the error object to throw.
type Answer = (LuaValue, Option<&'static str>, Option<String>);

/// The functions the facility builds on.
pub(crate) fn create(parts: &Parts<'_>) -> mlua::Result<Table> {
    let host = parts.lua.create_table_with_capacity(0, 8)?;
    host.raw_set("call", call(parts)?)?;
    host.raw_set("groups", groups(parts)?)?;
    host.raw_set("log", log(parts)?)?;
    host.raw_set("load", parts.lua.create_function(load)?)?;
    host.raw_set("find", parts.lua.create_function(|_, args| Ok(find(&args)))?)?;
    host.raw_set("split", parts.lua.create_function(split)?)?;
    host.raw_set("module", modules::create(parts)?)?;
    Ok(host)
}

fn call(parts: &Parts<'_>) -> mlua::Result<Function> {
    let natives = Arc::clone(&parts.natives);
    let control = Arc::clone(&parts.control);
    let empty_array = parts.empty_array.clone();
    parts.lua.create_function(move |lua, (id, args): (u32, MultiValue)| {
        if control.reason().is_some() {
            return Err(control.end());
        }
        let args = match arguments(&control, &empty_array, &args) {
            Ok(args) => args,
            Err(message) => return Ok(failed("TypeError", message)),
        };
        let answer = catch_unwind(AssertUnwindSafe(|| natives.call(id, args)))
            .unwrap_or_else(|_| Err(NativeError::Error("host function failed".to_owned())));
        match answer {
            Ok(value) => match to_lua(lua, &control, &empty_array, &value) {
                Ok(value) => Ok((value, None, None)),
                Err(MakeError::Depth) => {
                    Ok(failed("Error", "host function gave a value nested too deep".to_owned()))
                }
                Err(MakeError::Lua(error)) => Err(error),
            },
            Err(NativeError::Error(message)) => Ok(failed("Error", message)),
            Err(NativeError::TypeError(message)) => Ok(failed("TypeError", message)),
            Err(NativeError::Stop) => Err(control.end()),
        }
    })
}

fn arguments(
    control: &Control,
    empty_array: &Table,
    args: &MultiValue,
) -> Result<Vec<Value>, String> {
    let mut reader = Reader::new(control, empty_array, MAX_ARGUMENT_BYTES);
    args.iter()
        .map(|arg| {
            let start =
                || format!("Error converting from lua '{}' into type 'value'", arg.type_name());
            match reader.any(arg) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err(start()),
                Err(error) => Err(format!("{}: {}", start(), error.words())),
            }
        })
        .collect()
}

fn failed(name: &'static str, message: String) -> Answer {
    (LuaValue::Nil, Some(name), Some(message))
}

/// Every group with the ids of its functions.
fn groups(parts: &Parts<'_>) -> mlua::Result<Function> {
    let natives = Arc::clone(&parts.natives);
    parts.lua.create_function(move |lua, ()| {
        let groups = natives.groups();
        let table = lua.create_table_with_capacity(0, groups.len())?;
        for group in groups {
            let functions = group.functions.iter();
            let ids =
                lua.create_table_from(functions.map(|native| (native.name.as_ref(), native.id)))?;
            table.raw_set(group.name.as_ref(), ids)?;
        }
        Ok(table)
    })
}

fn log(parts: &Parts<'_>) -> mlua::Result<Function> {
    let natives = Arc::clone(&parts.natives);
    let control = Arc::clone(&parts.control);
    parts.lua.create_function(move |_, (level, text): (LuaString, LuaString)| {
        let level = if level == "warn" { LogLevel::Warn } else { LogLevel::Info };
        let text = text.to_string_lossy();
        match catch_unwind(AssertUnwindSafe(|| natives.log(level, &text))) {
            Ok(Ok(())) => Ok(None),
            Ok(Err(NativeError::Stop)) => Err(control.end()),
            Ok(Err(NativeError::Error(message) | NativeError::TypeError(message))) => {
                Ok(Some(message))
            }
            Err(_) => Ok(Some("host function failed".to_owned())),
        }
    })
}

/// `loadstring`: text only, never bytecode, for the text is compiled whatever it begins with.
fn load(
    lua: &Lua,
    (text, name): (LuaString, LuaString),
) -> mlua::Result<(Option<Function>, Option<String>)> {
    if text.as_bytes().len() > MAX_CHUNK_BYTES {
        return Ok((None, Some("the text of a chunk is limited to 256 KiB".to_owned())));
    }
    let bytecode = match Compiler::new().compile(text.as_bytes()) {
        Ok(bytecode) => bytecode,
        Err(error) => {
            let error = syntax_error("", &error);
            let line = error.location.map_or(1, |location| location.line);
            let shown = name.to_string_lossy();
            let shown = shown.strip_prefix(['=', '@']).unwrap_or("[string]");
            return Ok((None, Some(format!("{shown}:{line}: {}", error.message))));
        }
    };
    // A name ends at a NUL byte, and Luau shortens a long one.
    let name: String =
        name.to_string_lossy().chars().take_while(|c| *c != '\0').take(256).collect();
    let function = lua.load(bytecode).set_name(name).set_mode(ChunkMode::Binary).into_function()?;
    Ok((Some(function), None))
}

/// `string.find` for a plain needle, in time linear in both texts.
fn find((text, needle, init): &(LuaString, LuaString, f64)) -> (Option<usize>, Option<usize>) {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let start = start_index(*init, text.len());
    let found = text.get(start..).and_then(|rest| memchr::memmem::find(rest, &needle));
    let first = found.map(|offset| start + offset + 1);
    (first, first.map(|first| first + needle.len() - 1))
}

/// Lua's start position, which counts from 1, or backwards from the end, as an index.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "clamped to the text's length first"
)]
fn start_index(init: f64, length: usize) -> usize {
    let length = length as f64;
    let start = if init < 0.0 { length + init } else { init - 1.0 };
    start.clamp(0.0, length) as usize
}

/// `string.split`, in time linear in both texts.
fn split(lua: &Lua, (text, separator): (LuaString, LuaString)) -> mlua::Result<Table> {
    let (text, separator) = (text.as_bytes(), separator.as_bytes());
    let parts = lua.create_table()?;
    let mut start = 0;
    for found in memchr::memmem::find_iter(&text, &separator) {
        parts.raw_push(lua.create_string(&text[start..found])?)?;
        start = found + separator.len();
    }
    parts.raw_push(lua.create_string(&text[start..])?)?;
    Ok(parts)
}
