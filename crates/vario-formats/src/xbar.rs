//! xbar and SwiftBar: the bar above `---`, the menu below it, parameters behind `|`.

use crate::item::{Item, Level, level, one_line};
use crate::{View, summary};

/// What ends one answer of several (SwiftBar's type `streamable`).
const NEXT: &str = "~~~\n";

pub(crate) fn render(items: &[Item<'_>], view: &View) -> String {
    let mut text = String::new();
    if view.is_stream {
        text.push_str(NEXT);
    }
    text.push_str(&row(&summary::headline(items, view.mode), colour(summary::level(items, view))));
    for item in items {
        text.push_str("---\n");
        let error = colour(item.level(view)).filter(|_| !item.snapshot.ok);
        text.push_str(&row(&summary::title(item), error));
        for line in &item.snapshot.output.lines {
            let (label, words) = summary::line(line, view);
            let of_quota = line.as_progress().and_then(|line| colour(level(line, view.now_ms)));
            text.push_str(&row(&format!("{label}: {words}"), of_quota.or(error)));
        }
    }
    text
}

/// A line that shows its text as it is, whatever it holds.
fn row(text: &str, colour: Option<&str>) -> String {
    // There is no way to write a `|` itself, and a `-` in front makes a menu of it.
    let text = one_line(text).replace('|', "¦");
    let text = match text.strip_prefix('-') {
        Some(rest) => format!("−{rest}"),
        None => text,
    };
    let colour = colour.map(|colour| format!(" color={colour}")).unwrap_or_default();
    format!("{text} | emojize=false ansi=false{colour}\n")
}

/// Readable on a light menu and on a dark one.
fn colour(level: Level) -> Option<&'static str> {
    match level {
        Level::Idle | Level::Good => None,
        Level::Warning => Some("#c77700"),
        Level::Critical | Level::Error => Some("#e5484d"),
    }
}
