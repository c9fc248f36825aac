//! What went wrong.

use vario_model::Cause;

use super::grid::{GAP, INDENT};
use super::paper::Paper;
use super::text::{width, wrap};
use crate::style::Look;

/// An error says what to do about it, so it is not cut to one row like other texts.
const MAX_ERROR_ROWS: usize = 6;

/// The frames of a stack that are shown; the innermost come first.
const MAX_STACK_ROWS: usize = 12;

/// An error's text after a cross.
pub(super) fn error_rows(paper: &Paper, text: &str) -> Vec<String> {
    let text = paper.clean(text);
    let at = INDENT + width(paper.glyphs.cross) + 1;
    let room = paper.width.saturating_sub(at);
    let mut rows = Vec::new();
    let mut words = Words::new(&text);
    for part in wrap(&text, room, MAX_ERROR_ROWS, paper.glyphs.ellipsis) {
        let mut row = paper.row();
        row.at(INDENT);
        if rows.is_empty() {
            row.put(Look::Red, paper.glyphs.cross);
        }
        row.at(at);
        if paper.style.is_coloured() {
            for (is_code, text) in words.split(&part) {
                row.put(if is_code { Look::Bold } else { Look::Red }, text);
            }
        } else {
            // Without colours the backticks say what is code.
            row.put(Look::Plain, &part);
        }
        rows.push(row.finish());
    }
    if rows.is_empty() {
        rows.push(paper.row_with(INDENT, Look::Red, paper.glyphs.cross));
    }
    rows
}

/// The message behind an error, where it comes from, and the stack.
pub(super) fn cause_rows(paper: &Paper, cause: &Cause) -> Vec<String> {
    let at = INDENT + GAP;
    let room = paper.width.saturating_sub(at);
    let message = paper.clean(&cause.message);
    let mut texts = wrap(&message, room, MAX_ERROR_ROWS, paper.glyphs.ellipsis);
    texts.extend(place(cause).map(|place| paper.clean(&format!("at {place}"))));
    let stack: Vec<String> = cause
        .stack
        .iter()
        .flat_map(|stack| stack.lines())
        .map(|frame| paper.clean(frame))
        .filter(|frame| !frame.is_empty() && *frame != message)
        .collect();
    texts.extend(stack.iter().take(MAX_STACK_ROWS).map(|frame| format!("  {frame}")));
    if let Some(more) = stack.len().checked_sub(MAX_STACK_ROWS).filter(|more| *more > 0) {
        texts.push(format!("  {} {more} more", paper.glyphs.ellipsis));
    }
    texts.iter().map(|text| paper.row_with(at, Look::Dim, text)).collect()
}

/// `plugin.js:12:5`, as far as it is known.
fn place(cause: &Cause) -> Option<String> {
    let file = cause.file.as_ref()?;
    Some(match (cause.line, cause.column) {
        (Some(line), Some(column)) => format!("{file}:{line}:{column}"),
        (Some(line), None) => format!("{file}:{line}"),
        (None, _) => file.clone(),
    })
}

/// Follows the backticks of a text over its rows. One without a partner is an ordinary character.
struct Words {
    pairs_left: usize,
    in_code: bool,
}

impl Words {
    fn new(text: &str) -> Self {
        Self { pairs_left: text.matches('`').count() / 2, in_code: false }
    }

    /// The parts of a row, each with whether it is code, without the backticks.
    fn split<'a>(&mut self, row: &'a str) -> Vec<(bool, &'a str)> {
        let mut parts = Vec::new();
        let mut rest = row;
        while let Some(at) = rest.find('`').filter(|_| self.in_code || self.pairs_left > 0) {
            parts.push((self.in_code, &rest[..at]));
            if self.in_code {
                self.pairs_left -= 1;
            }
            self.in_code = !self.in_code;
            rest = &rest[at + 1..];
        }
        parts.push((self.in_code, rest));
        parts
    }
}
