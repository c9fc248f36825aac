//! A plain table: what does not fit is cut in the last column only.

use super::paper::Paper;
use super::text::width;
use crate::style::{Look, Style};

const GAP: usize = 2;

/// Rows of as many cells as there are heads, in columns under them. A column without any text is
/// left out. Nothing for no rows.
pub(crate) fn render_columns(
    columns: usize,
    style: Style,
    unicode: bool,
    heads: &[&str],
    rows: &[Vec<String>],
) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let paper = Paper::full(columns, style, unicode);
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| paper.clean(cell)).collect()).collect();
    let widths: Vec<usize> = (0..heads.len())
        .map(|column| {
            let longest = rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell));
            match longest.max() {
                None | Some(0) => 0,
                Some(longest) => longest.max(heads[column].len()),
            }
        })
        .collect();
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let mut text = line(&paper, &widths, &heads, Look::Dim);
    for row in &rows {
        text.push_str(&line(&paper, &widths, row, Look::Plain));
    }
    text
}

fn line(paper: &Paper, widths: &[usize], cells: &[String], look: Look<'_>) -> String {
    let mut text = String::new();
    for (cell, column) in cells.iter().zip(widths) {
        if *column > 0 {
            text.push_str(cell);
            text.push_str(&" ".repeat(column - width(cell).min(*column) + GAP));
        }
    }
    let mut line = paper.style.paint(look, text.trim_end());
    line.push('\n');
    line
}
