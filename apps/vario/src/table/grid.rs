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

/// Cards do not share columns that leave less than this for bars.
const MIN_SHARED_BAR: usize = 12;

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
#[derive(Debug, Clone, Copy, Default)]
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

/// What the lines of a card ask for.
#[derive(Debug, Clone, Copy, Default)]
struct Needs {
    label: usize,
    left: usize,
    right: usize,
    has_dots: bool,
    has_bars: bool,
}

/// The grid of each card. Those that have room for it share one, which looks best; a card whose
/// long texts would squeeze the bars of others has its own.
pub(super) fn grids(view: &View<'_>, room: usize, cards: &[Card<'_>]) -> Vec<Grid> {
    let needs: Vec<Needs> = cards.iter().map(|card| Needs::of(view, room, card)).collect();
    let mut common = Needs::default();
    let mut is_in = Vec::new();
    for needs in &needs {
        let both = common.or(needs);
        let is_shared = Grid::fit(room, &both).is_roomy();
        if is_shared {
            common = both;
        }
        is_in.push(is_shared);
    }
    let shared = Grid::fit(room, &common);
    let each = needs.iter().zip(is_in);
    each.map(|(needs, is_shared)| if is_shared { shared } else { Grid::fit(room, needs) }).collect()
}

impl Needs {
    fn of(view: &View<'_>, room: usize, card: &Card<'_>) -> Self {
        let text_width = |text: &str| width(&clean(text, view.unicode)).min(room / 2);
        let mut needs = Self::default();
        for line in &card.snapshot.output.lines {
            if line.error_text().is_none() {
                needs.label = needs.label.max(text_width(line.label()).min(room / 3));
            }
            if let Line::Progress(line) = line {
                let pace = PaceContext::of(line, view.now_ms).and_then(|pace| pace.pace());
                let reset = right_text(line, view.reset, view.now_ms, &view.local);
                needs.has_bars = true;
                needs.has_dots |= pace.is_some();
                needs.left = needs.left.max(text_width(&left_text(line, view.mode)));
                needs.right = needs.right.max(text_width(&reset));
            }
        }
        for line in &card.snapshot.output.lines {
            if let Line::BarChart(line) = line {
                needs.has_bars = true;
                // In a chart's row the room of the reset is free.
                let free = if needs.right > 0 { GAP + needs.right } else { 0 };
                let peak = text_width(&peak_text(line).unwrap_or_default());
                needs.left = needs.left.max(peak.saturating_sub(free));
            }
        }
        needs
    }

    fn or(&self, other: &Self) -> Self {
        Self {
            label: self.label.max(other.label),
            left: self.left.max(other.left),
            right: self.right.max(other.right),
            has_dots: self.has_dots || other.has_dots,
            has_bars: self.has_bars || other.has_bars,
        }
    }
}

impl Grid {
    fn fit(room: usize, needs: &Needs) -> Self {
        let dots = if needs.has_dots { GAP } else { 0 };
        let label = if needs.label > 0 { needs.label + GAP } else { 0 };
        let value_at = INDENT + label + dots;
        let rest = room.saturating_sub(value_at);
        let medium_bar = rest.saturating_sub(GAP + needs.left);
        let wide_bar = medium_bar.saturating_sub(GAP + needs.right);
        let (layout, bar) = match () {
            () if !needs.has_bars => (Layout::Wide, 0),
            () if wide_bar >= MIN_WIDE_BAR => (Layout::Wide, wide_bar),
            () if medium_bar >= MIN_BAR => (Layout::Medium, medium_bar),
            () => (Layout::Narrow, room.saturating_sub(INDENT)),
        };
        Self {
            layout,
            label: needs.label,
            has_dots: needs.has_dots,
            value_at,
            bar,
            left_at: value_at + bar + GAP,
        }
    }

    fn is_roomy(&self) -> bool {
        self.is_wide() && (self.bar == 0 || self.bar >= MIN_SHARED_BAR)
    }

    pub(super) fn is_wide(&self) -> bool {
        self.layout == Layout::Wide
    }

    /// Where a line's further rows start.
    pub(super) fn below_at(&self) -> usize {
        if self.layout == Layout::Narrow { INDENT } else { self.value_at }
    }
}
