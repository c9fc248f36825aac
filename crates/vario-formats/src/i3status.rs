//! i3status-rust, block `custom` with `json = true`: one JSON object a line.

use serde::Serialize;

use crate::item::{Item, Level};
use crate::{View, pango, summary};

#[derive(Serialize)]
struct Block {
    /// A name of the icon set; none, since a set that lacks it makes the whole block an error.
    icon: &'static str,
    /// What the theme colours it by.
    state: &'static str,
    text: String,
    /// Where the bar has less room.
    short_text: String,
}

pub(crate) fn render(items: &[Item<'_>], view: &View) -> String {
    let state = match summary::level(items, view) {
        Level::Idle => "Idle",
        Level::Good => "Good",
        Level::Warning => "Warning",
        Level::Critical | Level::Error => "Critical",
    };
    let block = Block {
        icon: "",
        state,
        text: pango::escape(&summary::headline(items, view.mode)),
        short_text: pango::escape(&summary::short(items, view.mode)),
    };
    // Text always is JSON.
    serde_json::to_string(&block).unwrap_or_default() + "\n"
}
