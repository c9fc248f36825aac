//! Which columns the lines of a card share.

use vario_output::Line;
use vario_output::present::{PaceContext, left_text, peak_text, right_text};

use super::text::{clean, width};
use super::{Card, View};

/// Where lines begin, below their header.
pub(super) const INDENT: usize = 2;

/// Between columns.
pub(super) const GAP: usize = 2;

/// A bar shorter than this in a row with everything is no bar.
const MIN_WIDE_BAR: usize = 10;

/// A bar shorter than this is not put beside its label.
const MIN_BAR: usize = 8;

/// How the parts of a line stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Layout {
    /// Label, bar, value and reset in one row.
    Wide,
    /// The reset in a row below.
    Medium,
    /// Everything below the label.
    #[default]
    Narrow,
}

/// The columns. Starts count from the left edge; a width of 0 is a column that is not there.
#[derive(Debug, Clone, Default)]
pub(super) struct Grid {
    pub(super) layout: Layout,
    /// Columns for the label.
    pub(super) label: usize,
    /// Whether some line has a pace.
    pub(super) has_dots: bool,
    /// Where bars and values start.
    pub(super) value_at: usize,
    /// Columns for a bar.
    pub(super) bar: usize,
    /// Where the value of a quota starts.
    pub(super) left_at: usize,
}

impl Grid {
    /// The grid of these cards; nothing if they have no lines.
    pub(super) fn fit(view: &View<'_>, room: usize, cards: &[Card<'_>]) -> Option<Self> {
        let lines = || cards.iter().flat_map(|card| &card.snapshot.output.lines);
        let in_columns = || lines().filter(|line| line.error_text().is_none());
        in_columns().next()?;
        let text_width = |text: &str| width(&clean(text, view.unicode));
        let third = room / 3;
        let label = in_columns().map(|line| text_width(line.label())).max().unwrap_or(0).min(third);
        let (mut has_dots, mut has_bars, mut left, mut right) = (false, false, 0, 0);
        for line in in_columns() {
            match line {
                Line::Progress(line) => {
                    has_bars = true;
                    let pace = PaceContext::of(line, view.now_ms).and_then(|pace| pace.pace());
                    has_dots |= pace.is_some();
                    let reset = right_text(line, view.reset, view.now_ms, &view.local);
                    left = left.max(text_width(&left_text(line, view.mode)));
                    right = right.max(text_width(&reset));
                }
                // The room of the reset is free in a chart's row.
                Line::BarChart(line) => {
                    has_bars = true;
                    let peak = text_width(&peak_text(line).unwrap_or_default());
                    left = left.max(peak.saturating_sub(right + GAP).min(peak));
                }
                Line::Text(_) | Line::Badge(_) => {}
            }
        }
        let (left, right) = (left.min(third), right.min(third));
        let dots = if has_dots { GAP } else { 0 };
        let value_at = INDENT + if label > 0 { label + GAP } else { 0 } + dots;
        let rest = room.saturating_sub(value_at);
        let wide_bar = rest.saturating_sub(GAP + left + GAP + right);
        let medium_bar = rest.saturating_sub(GAP + left);
        let (layout, bar) = match () {
            () if !has_bars => (if rest * 2 > room { Layout::Wide } else { Layout::Medium }, 0),
            () if wide_bar >= MIN_WIDE_BAR => (Layout::Wide, wide_bar),
            () if medium_bar >= MIN_BAR => (Layout::Medium, medium_bar),
            () => (Layout::Narrow, room.saturating_sub(INDENT)),
        };
        Some(Self { layout, label, has_dots, value_at, bar, left_at: value_at + bar + GAP })
    }

    pub(super) fn is_wide(&self) -> bool {
        self.layout == Layout::Wide
    }

    /// Where a line's further rows start.
    pub(super) fn below_at(&self) -> usize {
        if self.layout == Layout::Narrow { INDENT } else { self.value_at }
    }
}
