//! A series of values as a row of small bars.

use vario_output::BarChartLine;
use vario_output::present::{BarSize, bar_heights, peak_text};

use super::card::{colour_of, put_label};
use super::grid::{GAP, Grid, INDENT, Layout};
use super::paper::Paper;
use super::text::width;
use crate::style::Look;

pub(super) fn rows(paper: &Paper, grid: &Grid, line: &BarChartLine) -> Vec<String> {
    let heights = bar_heights(line, BarSize::Inline);
    let Some(peak) = peak_text(line).filter(|_| !heights.is_empty()) else {
        return Vec::new();
    };
    let peak = paper.clean(&peak);
    let mut rows = Vec::new();
    let mut row = paper.row();
    put_label(&mut row, grid, &paper.clean(&line.label), width(&peak));
    if grid.layout == Layout::Narrow {
        row.skip(GAP).put_right(Look::Plain, &peak);
        rows.push(row.finish());
        row = paper.row();
        row.at(INDENT);
    } else {
        row.at(grid.value_at);
    }
    let spark = spark(&heights, grid.bar, paper.glyphs.heights);
    row.put(colour_of(paper, line.color.as_deref()).unwrap_or(Look::Cyan), &spark);
    if grid.layout != Layout::Narrow {
        row.at(grid.left_at).put(Look::Plain, &peak);
    }
    rows.push(row.finish());
    rows.push(paper.row_with(grid.below_at(), Look::Dim, &range(paper, line, width(&spark))));
    if let Some(note) = &line.note {
        rows.push(paper.row_with(grid.below_at(), Look::Dim, &paper.clean(note)));
    }
    rows.retain(|row| !row.is_empty());
    rows
}

/// The bars. Few points get wide bars with gaps; of more points than there is room, each bar is
/// the highest of its share.
fn spark(heights: &[f64], room: usize, glyphs: &[&str]) -> String {
    let points = heights.len();
    let bars = points.min(room);
    let glyph = |bar: usize| {
        let shared = &heights[bar * points / bars..((bar + 1) * points / bars).max(1)];
        level(shared.iter().copied().fold(0.0, f64::max), glyphs)
    };
    let glyphs = (0..bars).map(glyph);
    if points * 3 <= room {
        glyphs.map(|glyph| glyph.repeat(2)).collect::<Vec<_>>().join(" ")
    } else {
        glyphs.collect()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "eight levels"
)]
pub(super) fn level<'a>(percent: f64, glyphs: &[&'a str]) -> &'a str {
    let level = (percent / 100.0 * glyphs.len() as f64).round() as usize;
    glyphs[level.clamp(1, glyphs.len()) - 1]
}

/// The first and the last point's labels, below the ends of the bars if they are far enough apart.
fn range(paper: &Paper, line: &BarChartLine, bars: usize) -> String {
    let drawn = || line.points.iter().filter(|point| point.value.is_finite() && point.value >= 0.0);
    let label = |point: Option<&vario_output::Point>| {
        point.map(|point| paper.clean(&point.label)).unwrap_or_default()
    };
    let (first, last) = (label(drawn().next()), label(drawn().next_back()));
    if drawn().count() < 2 || last.is_empty() {
        return first;
    }
    match bars.checked_sub(width(&first) + width(&last)) {
        Some(between) if between >= GAP => format!("{first}{}{last}", " ".repeat(between)),
        _ => format!("{first}{}{last}", paper.glyphs.range),
    }
}
