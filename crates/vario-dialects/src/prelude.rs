use vario_sandbox::{Language, Source, SourceKind};

const JAVASCRIPT: &str = include_str!("prelude/probe.js");
const LUA: &str = include_str!("prelude/probe.lua");

/// The function that builds `ctx`: it takes the native functions and the run's data, sets both
/// context globals and returns nothing of use.
pub(crate) fn probe(language: Language) -> Source {
    match language {
        Language::JavaScript => Source::new(SourceKind::Prelude, "vario:probe.js", JAVASCRIPT),
        Language::Lua => Source::new(SourceKind::Prelude, "vario:probe.lua", LUA),
    }
}
