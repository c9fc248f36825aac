use vario_sandbox::{Source, SourceKind};

/// Makes the clock stand still: its value is a function that takes the time.
///
/// `Date` becomes a proxy, so that everything that does not read the clock (parsing, subclasses,
/// `instanceof`, names and lengths) is the engine's own. It takes hold of what it needs before
/// any plugin code runs, and its handler has no prototype that a plugin could reach.
pub(crate) fn frozen_clock() -> Source {
    Source::new(SourceKind::Prelude, "clock", include_str!("clock.js"))
}
