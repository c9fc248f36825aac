use mlua::chunk::Compiler;
use vario_sandbox::{ErrorKind, Location, ScriptError, Source, SourceKind};

/// A compiled program.
pub(crate) struct Program {
    /// Bytecode made by this process.
    pub(crate) bytecode: Vec<u8>,
    /// The program touches globals in ways the compiler does not see, so that cached look-ups
    /// and built-in calls must be off.
    pub(crate) dynamic_globals: bool,
}

/// Compiles a source.
pub(crate) fn compile(source: &Source) -> Result<Program, ScriptError> {
    // Preludes carry no line numbers: what they throw then shows no place of ours.
    let debug_level = u8::from(source.kind != SourceKind::Prelude);
    let bytecode = Compiler::new()
        .set_optimization_level(1)
        .set_debug_level(debug_level)
        .compile(source.text.as_bytes())
        .map_err(|error| syntax_error(&source.name, &error))?;
    let dynamic_globals = source.kind != SourceKind::Prelude && has_dynamic_globals(&source.text);
    Ok(Program { bytecode, dynamic_globals })
}

/// Turns the compiler's `3: Expected …` into our error.
pub(crate) fn syntax_error(name: &str, error: &mlua::Error) -> ScriptError {
    let mlua::Error::SyntaxError { message, .. } = error else {
        return ScriptError::new(ErrorKind::Internal, error.to_string());
    };
    let text = message.trim_start_matches(':');
    let (line, words) = text
        .split_once(':')
        .and_then(|(line, words)| Some((line.trim().parse().ok()?, words.trim())))
        .unwrap_or((1, text.trim()));
    let mut result = ScriptError::new(ErrorKind::Syntax, words);
    result.location = Some(Location { file: name.to_owned(), line, column: None });
    result
}

const LIBRARIES: [&str; 9] =
    ["string.", "table.", "math.", "os.", "coroutine.", "bit32.", "utf8.", "buffer.", "bit."];

/// Whether a program seems to replace globals or library functions behind the compiler's back.
///
/// It may say yes too often: that costs speed only.
fn has_dynamic_globals(text: &str) -> bool {
    ["_G", "setfenv", "getfenv", "loadstring", "require"]
        .iter()
        .any(|word| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some())
        || LIBRARIES.iter().any(|library| assigns_member(text, library))
}

fn assigns_member(text: &str, library: &str) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), library.as_bytes()).any(|start| {
        if text[..start].trim_end().ends_with("function") {
            return true;
        }
        let rest = &text[start + library.len()..];
        let name_end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let after = rest[name_end.unwrap_or(rest.len())..].trim_start();
        after.starts_with('=') && !after.starts_with("==")
    })
}

#[cfg(test)]
mod tests {
    use super::has_dynamic_globals;

    #[test]
    fn replaced_globals_are_noticed() {
        let cases = [
            ("return string.format('%d', 1)", false),
            ("if string.x == nil then end", false),
            ("string.trim = function(s) end", true),
            ("function string.trim(s) end", true),
            ("function  table.keys(t) end", true),
            ("_G.print = nil", true),
            ("local t = { _G }", true),
            ("", false),
            ("string.", false),
        ];
        for (text, expected) in cases {
            assert_eq!(has_dynamic_globals(text), expected, "{text}");
        }
    }
}
