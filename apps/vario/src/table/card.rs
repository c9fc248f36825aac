//! One plugin: its header and its lines.

use vario_output::{BadgeLine, Line, TextLine};

use super::grid::{GAP, Grid, INDENT, Layout};
use super::paper::{Paper, Row};
use super::text::width;
use super::{Card, View, chart, failure, progress};
use crate::style::Look;

pub(super) fn rows(view: &View<'_>, paper: &Paper, grid: &Grid, card: &Card<'_>) -> Vec<String> {
    let mut rows = vec![header(paper, card)];
    let lines = &card.snapshot.output.lines;
    for line in lines {
        rows.extend(match line {
            Line::Badge(badge) if line.error_text().is_some() => error(view, paper, card, badge),
            Line::Badge(badge) => badge_rows(paper, grid, badge),
            Line::Text(line) => text_rows(paper, grid, line),
            Line::Progress(line) => progress::rows(view, paper, grid, line),
            Line::BarChart(line) => chart::rows(paper, grid, line),
        });
    }
    if lines.is_empty() {
        rows.push(paper.row_with(INDENT, Look::Dim, "No data"));
    }
    rows
}

/// `▌ Claude  cached 3m ago ─────────── [Max]`
fn header(paper: &Paper, card: &Card<'_>) -> String {
    let snapshot = card.snapshot;
    let plan = paper.clean(snapshot.output.plan.as_deref().unwrap_or_default());
    let plan = if plan.is_empty() { plan } else { paper.fit(&plan, paper.width / 2 - 2) };
    let plan_width = if plan.is_empty() { 0 } else { GAP + width(&plan) + 2 };
    let mut name = paper.clean(&snapshot.display_name);
    if name.is_empty() {
        name = paper.clean(&snapshot.provider_id);
    }
    let mut row = paper.row();
    row.put(colour_of(paper, card.brand_color).unwrap_or_default(), paper.glyphs.brand);
    row.at(INDENT).put_up_to(paper.width.saturating_sub(INDENT + plan_width), Look::Bold, &name);
    if let Some(note) = &card.note {
        row.skip(GAP);
        row.put_up_to(row.room().saturating_sub(plan_width), Look::Dim, &paper.clean(note));
    }
    row.skip(1);
    let rule = row.room().saturating_sub(plan_width.saturating_sub(1));
    row.put(Look::Dim, &paper.glyphs.rule.repeat(rule));
    if !plan.is_empty() {
        let at = paper.width - width(&plan) - 2;
        put_pill(row.at(at), Look::Plain, &plan);
    }
    row.finish()
}

fn text_rows(paper: &Paper, grid: &Grid, line: &TextLine) -> Vec<String> {
    let value = paper.clean(&line.value);
    let look = colour_of(paper, line.color.as_deref()).unwrap_or_default();
    let mut rows = labelled(paper, grid, &line.label, width(&value), |row| {
        row.put(look, &value);
    });
    rows.extend(subtitle(paper, grid, line.subtitle.as_deref()));
    rows
}

fn badge_rows(paper: &Paper, grid: &Grid, line: &BadgeLine) -> Vec<String> {
    let text = paper.clean(&line.text);
    let look = colour_of(paper, line.color.as_deref()).unwrap_or(Look::Bold);
    let mut rows = labelled(paper, grid, &line.label, width(&text) + 2, |row| {
        let text = paper.fit(&text, row.room().saturating_sub(2));
        if !text.is_empty() {
            put_pill(row, look, &text);
        }
    });
    rows.extend(subtitle(paper, grid, line.subtitle.as_deref()));
    rows
}

/// An error, its subtitle, and what is behind it if that is wanted and this is the one it is of.
fn error(view: &View<'_>, paper: &Paper, card: &Card<'_>, line: &BadgeLine) -> Vec<String> {
    let mut rows = failure::error_rows(paper, &line.text);
    if let Some(subtitle) = &line.subtitle {
        rows.push(paper.row_with(INDENT + GAP, Look::Dim, &paper.clean(subtitle)));
    }
    let is_of_this = card.snapshot.error.as_deref() == Some(&line.text);
    if let Some(cause) = card.snapshot.cause.as_ref().filter(|_| view.verbose && is_of_this) {
        rows.extend(failure::cause_rows(paper, cause));
    }
    rows.retain(|row| !row.is_empty());
    rows
}

/// A label, and a value of so many columns beside it or, where both do not fit, below.
fn labelled(
    paper: &Paper,
    grid: &Grid,
    label: &str,
    value_width: usize,
    put_value: impl FnOnce(&mut Row<'_>),
) -> Vec<String> {
    let label = paper.clean(label);
    let mut rows = Vec::new();
    let mut row = paper.row();
    put_label(&mut row, grid, &label, 0);
    if grid.layout != Layout::Narrow {
        put_value(row.at(grid.value_at));
    } else if row.room() >= GAP + value_width {
        let at = paper.width.saturating_sub(value_width);
        put_value(row.at(at));
    } else {
        rows.push(row.finish());
        row = paper.row();
        put_value(row.at(INDENT + GAP));
    }
    rows.push(row.finish());
    rows.retain(|row| !row.is_empty());
    rows
}

fn subtitle(paper: &Paper, grid: &Grid, subtitle: Option<&str>) -> Option<String> {
    let at = if grid.layout == Layout::Narrow { INDENT + GAP } else { grid.below_at() };
    let row = paper.row_with(at, Look::Dim, &paper.clean(subtitle?));
    Some(row).filter(|row| !row.is_empty())
}

fn put_pill(row: &mut Row<'_>, look: Look<'_>, text: &str) {
    row.put(Look::Dim, "[").put(look, text).put(Look::Dim, "]");
}

/// The label in its column. Without columns it leaves the room that its value takes, as far as
/// something of it is left.
pub(super) fn put_label(row: &mut Row<'_>, grid: &Grid, label: &str, value_width: usize) {
    let room = row.at(INDENT).room();
    let room = match grid.layout {
        Layout::Narrow => room.saturating_sub(value_width + GAP).max(room / 3),
        Layout::Wide | Layout::Medium => grid.label,
    };
    row.put_up_to(room, Look::Plain, label);
}

/// A plugin's colour, if this terminal shows it.
pub(super) fn colour_of<'a>(paper: &Paper, color: Option<&'a str>) -> Option<Look<'a>> {
    color.filter(|color| paper.style.shows_hex(color)).map(Look::Hex)
}
