//! tmux, `tmux(1)`, "STATUS LINE": what `#()` puts there, one line, with `#[…]` for colours.

use crate::item::{Item, Level};
use crate::{View, summary};

pub(crate) fn render(items: &[Item<'_>], view: &View) -> String {
    let one = |item: &Item<'_>| {
        let text = escape(&item.headline(view.mode));
        // Names of the terminal's own palette, so that they suit its theme.
        match item.level(view) {
            Level::Idle | Level::Good => text,
            Level::Warning => format!("#[fg=yellow]{text}#[fg=default]"),
            Level::Critical | Level::Error => format!("#[fg=red]{text}#[fg=default]"),
        }
    };
    summary::shown(items).into_iter().map(one).collect::<Vec<_>>().join(" · ") + "\n"
}

/// A `#` begins a format; doubled it is one.
fn escape(text: &str) -> String {
    text.replace('#', "##")
}
