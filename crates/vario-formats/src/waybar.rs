//! Waybar, `waybar-custom(5)`: one JSON object a line.

use serde::Serialize;

use crate::item::{Item, Level};
use crate::{View, pango, summary};

#[derive(Serialize)]
struct Module<'a> {
    text: String,
    /// Which icon of `format-icons`.
    alt: &'a str,
    tooltip: String,
    /// For the style sheet: the level, and `error` if any plugin failed.
    class: Vec<&'a str>,
    /// Which icon, where they are a list; of the quota that is used most.
    #[serde(skip_serializing_if = "Option::is_none")]
    percentage: Option<f64>,
}

pub(crate) fn render(items: &[Item<'_>], view: &View) -> String {
    let level = summary::level(items, view).name();
    let mut class = vec![level];
    if level != Level::Error.name() && items.iter().any(|item| !item.snapshot.ok) {
        class.push(Level::Error.name());
    }
    let module = Module {
        text: pango::escape(&summary::headline(items, view.mode)),
        alt: level,
        tooltip: tooltip(items, view),
        class,
        percentage: summary::percentage(items, view.mode),
    };
    // Text and numbers always are JSON.
    serde_json::to_string(&module).unwrap_or_default() + "\n"
}

/// All lines, a plugin below the other.
fn tooltip(items: &[Item<'_>], view: &View) -> String {
    let one = |item: &Item<'_>| {
        let title = format!("<b>{}</b>", pango::escape(&summary::title(item)));
        let line = |(label, words): (String, String)| {
            let text = pango::escape(&format!("{label}: {words}"));
            if item.level(view) == Level::Error { format!("<i>{text}</i>") } else { text }
        };
        let lines = item.snapshot.output.lines.iter().map(|one| line(summary::line(one, view)));
        std::iter::once(title).chain(lines).collect::<Vec<_>>().join("\n")
    };
    items.iter().map(one).collect::<Vec<_>>().join("\n\n")
}
