use std::sync::LazyLock;

use vario_sandbox::{Language, Source, SourceKind};

/// Made once: engines find a compiled program fastest by a text that is the very same.
static JAVASCRIPT: LazyLock<Source> = LazyLock::new(|| {
    Source::new(SourceKind::Prelude, "vario:probe.js", include_str!("prelude/probe.js"))
});
static LUA: LazyLock<Source> = LazyLock::new(|| {
    Source::new(SourceKind::Prelude, "vario:probe.lua", include_str!("prelude/probe.lua"))
});

/// The function that builds `ctx`: it takes the native functions and the run's data, sets both
/// context globals and returns nothing of use.
pub(crate) fn probe(language: Language) -> &'static Source {
    match language {
        Language::JavaScript => &JAVASCRIPT,
        Language::Lua => &LUA,
    }
}
