//! How much of each quota was used over time, as a row of small bars.

use vario_output::Format;
use vario_output::present::{SparkPoint, amount_text, count_text, spark_cells};
use vario_store::HistoryPoint;

use super::card::colour_of;
use super::chart::level;
use super::grid::INDENT;
use super::paper::Paper;
use super::text::{width, wrap};
use crate::style::{Look, Style};

/// More rows of numbers than this are cut: a unit is a plugin's word.
const MAX_ROWS: usize = 6;

/// One plugin's history.
#[derive(Debug, Clone)]
pub(crate) struct HistoryCard<'a> {
    /// Its name.
    pub(crate) name: &'a str,
    /// Its colour, as its manifest has it.
    pub(crate) brand_color: Option<&'a str>,
    /// When the shown time begins.
    pub(crate) from_ms: i64,
    /// When it ends.
    pub(crate) to_ms: i64,
    /// Its quotas.
    pub(crate) rows: Vec<HistoryRow<'a>>,
}

/// One quota's history.
#[derive(Debug, Clone)]
pub(crate) struct HistoryRow<'a> {
    /// Its label.
    pub(crate) label: &'a str,
    /// Its unit, where that is known.
    pub(crate) format: Option<&'a Format>,
    /// What was measured, oldest first.
    pub(crate) points: &'a [HistoryPoint],
}

/// Where and how histories are drawn.
#[derive(Debug, Clone)]
pub(crate) struct HistoryView {
    /// How many columns the terminal has.
    pub(crate) width: usize,
    /// Its colours.
    pub(crate) style: Style,
    /// Whether the locale writes UTF-8.
    pub(crate) unicode: bool,
    /// Where the user is.
    pub(crate) zone: jiff::tz::TimeZone,
}

/// The cards one below the other, an empty line between them, a line break at the end.
pub(crate) fn render_history(view: &HistoryView, cards: &[HistoryCard<'_>]) -> String {
    let paper = Paper::new(view.width, view.style, view.unicode);
    let cards = cards.iter().map(|card| {
        let mut rows = head(view, &paper, card);
        for row in &card.rows {
            rows.extend(quota(view, &paper, card, row));
        }
        rows.retain(|row| !row.is_empty());
        rows.join("\n") + "\n"
    });
    cards.collect::<Vec<_>>().join("\n")
}

/// `▌ Claude ─────── 2026-03-01 08:00 – 2026-03-08 08:00`, in two rows where there is no room.
fn head(view: &HistoryView, paper: &Paper, card: &HistoryCard<'_>) -> Vec<String> {
    let (from, to) = (moment(view, card.from_ms), moment(view, card.to_ms));
    let span = format!("{from}{}{to}", paper.glyphs.range);
    let name = paper.clean(card.name);
    let mut row = paper.row();
    row.put(colour_of(paper, card.brand_color).unwrap_or_default(), paper.glyphs.brand);
    row.at(INDENT).put(Look::Bold, &name);
    row.skip(1);
    let Some(rule) = row.room().checked_sub(width(&span) + 1).filter(|rule| *rule > 0) else {
        return vec![row.finish(), paper.row_with(INDENT, Look::Dim, &span)];
    };
    row.put(Look::Dim, &paper.glyphs.rule.repeat(rule));
    row.put_right(Look::Dim, &span);
    vec![row.finish()]
}

/// Label, bars, and the numbers that bars do not tell.
fn quota(
    view: &HistoryView,
    paper: &Paper,
    card: &HistoryCard<'_>,
    row: &HistoryRow<'_>,
) -> Vec<String> {
    let mut rows = vec![paper.row_with(INDENT, Look::Plain, &paper.clean(row.label))];
    let room = paper.width.saturating_sub(INDENT);
    rows.push(paper.row_with(INDENT, Look::Cyan, &spark(paper, card, row, room)));
    let numbers = paper.clean(&numbers(view, paper, row));
    for numbers in wrap(&numbers, room, MAX_ROWS, paper.glyphs.ellipsis) {
        rows.push(paper.row_with(INDENT, Look::Dim, &numbers));
    }
    rows
}

/// A cell without a measurement is empty, and none ends the row.
fn spark(paper: &Paper, card: &HistoryCard<'_>, row: &HistoryRow<'_>, room: usize) -> String {
    let points: Vec<SparkPoint> = row
        .points
        .iter()
        .map(|point| SparkPoint { at_ms: point.at_ms, used: point.max, limit: point.limit })
        .collect();
    let cells = spark_cells(&points, card.from_ms, card.to_ms, room);
    let glyph =
        |share: &Option<f64>| share.map_or(" ", |share| level(share * 100.0, paper.glyphs.heights));
    cells.iter().map(glyph).collect::<String>().trim_end().to_owned()
}

/// `now 42% · min 2% · max 98% · limit 100% · last 2026-03-08 07:45`
fn numbers(view: &HistoryView, paper: &Paper, row: &HistoryRow<'_>) -> String {
    let Some(last) = row.points.last() else { return String::new() };
    let amount = |value: f64| {
        row.format.map_or_else(|| count_text(value), |format| amount_text(format, value))
    };
    let min = row.points.iter().map(|point| point.min).fold(f64::INFINITY, f64::min);
    let max = row.points.iter().map(|point| point.max).fold(0.0, f64::max);
    [
        format!("now {}", amount(last.used)),
        format!("min {}", amount(min)),
        format!("max {}", amount(max)),
        format!("limit {}", amount(last.limit)),
        format!("last {}", moment(view, last.at_ms)),
    ]
    .join(paper.glyphs.separator)
}

/// `2026-03-08 07:45`
fn moment(view: &HistoryView, at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms).map_or_else(
        |_| at_ms.to_string(),
        |at| at.to_zoned(view.zone.clone()).strftime("%F %H:%M").to_string(),
    )
}
