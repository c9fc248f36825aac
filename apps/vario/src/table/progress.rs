//! A quota: label, pace, bar, what is used or left, the reset; below, how it will end.

use vario_output::ProgressLine;
use vario_output::present::{PaceContext, PaceStatus, bar_percent, left_text, right_text};

use super::View;
use super::bar::put_bar;
use super::card::{colour_of, put_label};
use super::grid::{GAP, Grid, INDENT, Layout};
use super::paper::{Paper, Row};
use super::text::width;
use crate::style::Look;

pub(super) fn rows(
    view: &View<'_>,
    paper: &Paper,
    grid: &Grid,
    line: &ProgressLine,
) -> Vec<String> {
    let pace = PaceContext::of(line, view.now_ms);
    let left = paper.clean(&left_text(line, view.mode));
    let right = paper.clean(&right_text(line, view.reset, view.now_ms, &view.local));
    let status = pace.and_then(|pace| pace.pace()).map(|pace| pace.status);

    let mut row = paper.row();
    put_label(&mut row, grid, &paper.clean(&line.label), width(&left) + GAP);
    let mut rows = Vec::new();
    if grid.layout == Layout::Narrow {
        put_dot(row.skip(1), paper, status);
        row.skip(GAP).put_right(Look::Bold, &left);
        rows.push(row.finish());
        row = paper.row();
        row.at(INDENT);
    } else {
        if grid.has_dots {
            put_dot(row.at(grid.value_at - GAP), paper, status);
        }
        row.at(grid.value_at);
    }
    let marker = pace.and_then(|pace| pace.marker_percent(view.mode));
    let look = colour_of(paper, line.color.as_deref()).unwrap_or(Look::Cyan);
    put_bar(&mut row, paper, grid.bar, bar_percent(line, view.mode), marker, look);
    // The grid gives a text at most half of the row.
    let room = paper.width / 2;
    if grid.layout != Layout::Narrow {
        row.at(grid.left_at).put_up_to(room, Look::Bold, &left);
    }
    if grid.is_wide() {
        row.skip(GAP).put_right(Look::Dim, &paper.fit(&right, room));
    }
    rows.push(row.finish());

    rows.extend(below(view, paper, grid, pace, right));
    rows
}

/// How it will end, and the reset where the first row has no room for it.
fn below(
    view: &View<'_>,
    paper: &Paper,
    grid: &Grid,
    pace: Option<PaceContext<'_>>,
    reset: String,
) -> Vec<String> {
    let clean = |text: Option<String>| paper.clean(&text.unwrap_or_default());
    let deficit = clean(pace.and_then(|pace| pace.deficit_text(view.mode)));
    let runs_out = clean(pace.and_then(|pace| pace.runs_out_text()));
    let mut texts = vec![deficit];
    if view.verbose {
        texts.push(clean(pace.and_then(|pace| pace.status_text()).map(str::to_owned)));
        // That the limit is near is said already where it runs out.
        let detail = pace.filter(|_| runs_out.is_empty());
        texts.push(clean(detail.and_then(|pace| pace.detail_text(view.mode))));
    }
    if grid.is_wide() {
        texts.retain(|text| !text.is_empty());
        let mut row = paper.row();
        row.at(grid.value_at).put(Look::Dim, &texts.join(paper.glyphs.separator));
        row.skip(GAP).put_right(Look::Dim, &runs_out);
        return Some(row.finish()).filter(|row| !row.is_empty()).into_iter().collect();
    }
    texts.insert(0, reset);
    texts.insert(2, runs_out);
    texts.retain(|text| !text.is_empty());
    let at = grid.below_at();
    pack(&texts, paper.width.saturating_sub(at), paper.glyphs.separator)
        .iter()
        .map(|text| paper.row_with(at, Look::Dim, text))
        .collect()
}

/// Joins texts as long as they fit into a row.
fn pack(texts: &[String], room: usize, separator: &str) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for text in texts {
        match rows.last_mut() {
            Some(row) if width(row) + width(separator) + width(text) <= room => {
                row.push_str(separator);
                row.push_str(text);
            }
            _ => rows.push(text.clone()),
        }
    }
    rows
}

/// The pace as a dot in its colour, or as a sign where there are no colours.
fn put_dot(row: &mut Row<'_>, paper: &Paper, status: Option<PaceStatus>) {
    let Some(status) = status else { return };
    let (look, sign) = match status {
        PaceStatus::Ahead => (Look::Green, "+"),
        PaceStatus::OnTrack => (Look::Yellow, "="),
        PaceStatus::Behind => (Look::Red, "!"),
    };
    row.put(look, if paper.style.is_coloured() { paper.glyphs.dot } else { sign });
}
