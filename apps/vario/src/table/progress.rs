//! A quota: label, pace, bar, what is used or left, the reset; below, how it will end.

use vario_output::ProgressLine;
use vario_output::present::{PaceContext, PaceStatus, bar_percent, left_text, right_text};

use super::View;
use super::bar::put_bar;
use super::card::{put_label, colour_of};
use super::grid::{GAP, Grid, INDENT, Layout};
use super::paper::{Paper, Row};
use super::text::width;
use crate::style::Look;

pub(super) fn rows(view: &View<'_>, paper: Paper, grid: &Grid, line: &ProgressLine) -> Vec<String> {
    let pace = PaceContext::of(line, view.now_ms);
    let left = paper.clean(&left_text(line, view.mode));
    let right = paper.clean(&right_text(line, view.reset, view.now_ms, &view.local));
    let status = pace.and_then(|pace| pace.pace()).map(|pace| pace.status);

    let mut row = paper.row();
    put_label(&mut row, grid, &paper.clean(&line.label));
    let mut rows = Vec::new();
    if grid.layout == Layout::Narrow {
        put_dot(&mut row.skip(1), paper, status);
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
    put_bar(&mut row, &paper, grid.bar, bar_percent(line, view.mode), marker, look);
    if grid.layout != Layout::Narrow {
        let room = match grid.layout {
            Layout::Wide => paper.width / 3,
            _ => usize::MAX,
        };
        row.at(grid.left_at).put_up_to(room, Look::Bold, &left);
    }
    if grid.layout == Layout::Wide {
        row.skip(GAP).put_right(Look::Dim, &paper.fit(&right, paper.width / 3));
    }
    rows.push(row.finish());

    let deficit = pace.and_then(|pace| pace.deficit_text(view.mode)).unwrap_or_default();
    let runs_out = pace.filter(|_| !deficit.is_empty()).and_then(|pace| pace.runs_out_text());
    let runs_out = runs_out.unwrap_or_default();
    let detail = if view.verbose { details(view, pace) } else { [String::new(), String::new()] };
    let mut texts: Vec<String> = Vec::new();
    if grid.layout != Layout::Wide {
        texts.push(right);
    }
    texts.extend([deficit, runs_out].map(|text| paper.clean(&text)));
    texts.extend(detail);
    texts.retain(|text| !text.is_empty());
    rows.extend(below(&paper, grid.below_at(), &texts));
    rows
}
