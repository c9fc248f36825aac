//! What probes found, as text for a terminal.
//!
//! Draws; every rule of how a number, a pace or a reset reads is in `vario_output::present`. No
//! line is wider than the view (or [`MIN_WIDTH`]), none ends in a space, and whatever a plugin
//! wrote, no control character reaches the terminal but our own colours.

mod bar;
mod card;
mod chart;
mod columns;
mod failure;
mod grid;
mod history;
mod list;
mod paper;
mod progress;
mod rights;
mod text;

#[cfg(test)]
mod tests;

use vario_model::Snapshot;
use vario_output::present::{DisplayMode, LocalTime, ResetDisplay};

pub(crate) use self::columns::render_columns;
pub(crate) use self::history::{HistoryCard, HistoryRow, HistoryView, render_history};
pub(crate) use self::list::{ListRow, render_list};
use self::paper::Paper;
pub(crate) use self::rights::render_rights;
use crate::style::Style;

/// A narrower view is drawn as if it had this many columns.
pub(crate) const MIN_WIDTH: usize = 20;

/// A wider view is not filled: a row has to stay readable from its label to its end.
pub(crate) const MAX_WIDTH: usize = 100;

/// How results are shown.
#[derive(Debug, Clone)]
pub(crate) struct View<'a> {
    /// How many columns the terminal has.
    pub(crate) width: usize,
    /// Its colours.
    pub(crate) style: &'a Style,
    /// Whether the locale writes UTF-8. Without it everything is ASCII.
    pub(crate) unicode: bool,
    /// Quotas as used or left.
    pub(crate) mode: DisplayMode,
    /// Resets as how long until, or when.
    pub(crate) reset: ResetDisplay,
    /// How times are written.
    pub(crate) local: LocalTime,
    /// Now, in milliseconds since the epoch.
    pub(crate) now_ms: i64,
    /// Whether causes of failures and details of paces are shown, too.
    pub(crate) verbose: bool,
}

/// One plugin's result.
#[derive(Debug, Clone)]
pub(crate) struct Card<'a> {
    /// The result.
    pub(crate) snapshot: &'a Snapshot,
    /// The plugin's colour, as its manifest has it.
    pub(crate) brand_color: Option<&'a str>,
    /// A remark beside the name: `cached 3m ago`.
    pub(crate) note: Option<String>,
}

/// The cards one below the other, an empty line between them, a line break at the end.
pub(crate) fn render(view: &View<'_>, cards: &[Card<'_>]) -> String {
    let paper = Paper::new(view.width, *view.style, view.unicode);
    let mut text = String::new();
    for (card, grid) in cards.iter().zip(grid::grids(view, paper.width, cards)) {
        if !text.is_empty() {
            text.push('\n');
        }
        for row in card::rows(view, &paper, &grid, card) {
            text.push_str(&row);
            text.push('\n');
        }
    }
    text
}
