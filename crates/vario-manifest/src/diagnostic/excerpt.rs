use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::diagnostic::Position;
use crate::json::Span;

/// How many columns of a source line are shown at most.
const MAX_WIDTH: usize = 100;

/// How many columns are shown before the marked place when the line is cut.
const LEAD: usize = 40;

/// How many bytes on either side of the marked place can matter: more than [`MAX_WIDTH`] columns.
const NEAR: usize = 8 * MAX_WIDTH;

/// One source line with a marked place, safe to print: control characters are replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, cut to a readable width around the marked place.
    pub text: String,
    /// How many terminal columns stand before the marked place.
    pub marked_from: usize,
    /// How many terminal columns are marked, at least 1.
    pub marked_width: usize,
    /// What to say at the mark, such as `expected a string`; may be empty.
    pub label: String,
}

impl Excerpt {
    /// The line of `text` in which `span` starts, and the position of that start.
    pub(crate) fn new(text: &str, span: Span, label: String) -> (Position, Self) {
        let start = floor_boundary(text, span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |newline| start + newline);
        let marked_end = floor_boundary(text, span.end).clamp(start, line_end);

        let before = &text[line_start..start];
        let position = Position {
            line: text[..start].bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before.chars().count() + 1,
        };
        // A line may be a megabyte long; what is far from the mark is not even looked at.
        let near = before.ceil_char_boundary(before.len().saturating_sub(NEAR));
        let before = printable(&before[near..]);
        let marked = printable(up_to_near(&text[start..marked_end]));
        let after = printable(up_to_near(&text[marked_end..line_end]).trim_end());
        let fits = before.width() + marked.width() + after.width() <= MAX_WIDTH;
        let before = if fits { before } else { tail(&before) };
        let shown = cut(&format!("{before}{marked}{after}"));
        let marked_from = before.width();
        let room = shown.width().saturating_sub(marked_from);
        let marked_width = marked.width().min(room).max(1);
        (position, Self { text: shown, marked_from, marked_width, label })
    }
}

/// The last columns of the text before the mark, when there are too many.
fn tail(before: &str) -> String {
    if before.width() < MAX_WIDTH - LEAD {
        return before.to_owned();
    }
    let mut kept: Vec<char> = Vec::new();
    let mut width = 0;
    for c in before.chars().rev() {
        width += c.width().unwrap_or(0);
        if width > LEAD {
            break;
        }
        kept.push(c);
    }
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}

fn cut(line: &str) -> String {
    if line.width() <= MAX_WIDTH {
        return line.to_owned();
    }
    let mut width = 0;
    let mut shown: String = line
        .chars()
        .take_while(|c| {
            width += c.width().unwrap_or(0);
            width < MAX_WIDTH
        })
        .collect();
    shown.push('…');
    shown
}

/// The text without anything that could move the cursor or reorder what is printed.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                '\u{fffd}'
            }
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

fn up_to_near(text: &str) -> &str {
    &text[..floor_boundary(text, NEAR)]
}

fn floor_boundary(text: &str, offset: usize) -> usize {
    text.floor_char_boundary(offset.min(text.len()))
}
