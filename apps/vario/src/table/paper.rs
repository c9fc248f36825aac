//! What rows are drawn on: the width, the colours, the characters.

use super::text::{clean, fit, width};
use super::{MAX_WIDTH, MIN_WIDTH};
use crate::style::{Look, Style};

/// The characters of drawings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyphs {
    /// Stands for what is cut off.
    pub(super) ellipsis: &'static str,
    /// Stands before a plugin's name, in its colour.
    pub(super) brand: &'static str,
    /// Fills a header.
    pub(super) rule: &'static str,
    /// Stands before an error.
    pub(super) cross: &'static str,
    /// Stands between texts in one row.
    pub(super) separator: &'static str,
    /// Stands between the ends of a range.
    pub(super) range: &'static str,
    /// A pace in colours; without them its own sign says which one it is.
    pub(super) dot: &'static str,
    /// The filled parts of one cell of a bar, from the least to all of it.
    pub(super) cells: &'static [&'static str],
    /// The part of a bar that is not filled.
    pub(super) track: &'static str,
    /// Where a bar would be if time alone moved it.
    pub(super) marker: &'static str,
    /// The heights of a chart's bars.
    pub(super) heights: &'static [&'static str],
}

const UNICODE: Glyphs = Glyphs {
    ellipsis: "…",
    brand: "▌",
    rule: "─",
    cross: "✗",
    separator: " · ",
    range: " – ",
    dot: "●",
    cells: &["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    track: "░",
    marker: "│",
    heights: &["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
};

/// In colours a bar is a line; without them line and track could not be told apart.
const COLOURED: Glyphs = Glyphs { cells: &["╸", "━"], track: "━", ..UNICODE };

const ASCII: Glyphs = Glyphs {
    ellipsis: "...",
    brand: "#",
    rule: "-",
    cross: "x",
    separator: ", ",
    range: " - ",
    dot: "*",
    cells: &["#"],
    track: ".",
    marker: "|",
    heights: &["_", ".", "-", "=", "+", "*", "%", "#"],
};

/// Where rows are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paper {
    /// Columns of a row.
    pub(super) width: usize,
    /// Its colours.
    pub(super) style: Style,
    /// Its characters.
    pub(super) glyphs: Glyphs,
    unicode: bool,
}

impl Paper {
    pub(super) fn new(width: usize, style: Style, unicode: bool) -> Self {
        let glyphs = match (unicode, style.is_coloured()) {
            (false, _) => ASCII,
            (true, false) => UNICODE,
            (true, true) => COLOURED,
        };
        Self { width: width.clamp(MIN_WIDTH, MAX_WIDTH), style, glyphs, unicode }
    }

    /// The same with as many columns as there are, for tables that need them.
    pub(super) fn full(width: usize, style: Style, unicode: bool) -> Self {
        Self { width: width.max(MIN_WIDTH), ..Self::new(width, style, unicode) }
    }

    pub(super) fn clean(&self, text: &str) -> String {
        clean(text, self.unicode)
    }

    pub(super) fn fit(&self, text: &str, room: usize) -> String {
        fit(text, room, self.glyphs.ellipsis)
    }

    pub(super) fn row(&self) -> Row<'_> {
        Row { paper: self, text: String::new(), used: 0, column: 0 }
    }

    /// One clean text from a column on.
    pub(super) fn row_with(&self, column: usize, look: Look<'_>, text: &str) -> String {
        let mut row = self.row();
        row.at(column).put(look, text);
        row.text
    }
}

/// One row. It cannot become wider than the paper, and padding is only written before a text.
#[derive(Debug)]
pub(super) struct Row<'a> {
    paper: &'a Paper,
    text: String,
    used: usize,
    column: usize,
}

impl Row<'_> {
    /// Goes on at a column, but never back.
    pub(super) fn at(&mut self, column: usize) -> &mut Self {
        self.column = column.max(self.used);
        self
    }

    /// Leaves so many columns free.
    pub(super) fn skip(&mut self, columns: usize) -> &mut Self {
        self.column += columns;
        self
    }

    /// Writes a clean text, as much of it as fits.
    pub(super) fn put(&mut self, look: Look<'_>, text: &str) -> &mut Self {
        let room = self.room();
        self.put_up_to(room, look, text)
    }

    /// Writes a clean text into so many columns.
    pub(super) fn put_up_to(&mut self, room: usize, look: Look<'_>, text: &str) -> &mut Self {
        let text = self.paper.fit(text, room.min(self.room()));
        // A text that takes no column shows nothing, and needs no room before it either.
        if width(&text) > 0 {
            self.text.extend(std::iter::repeat_n(' ', self.column - self.used));
            self.text.push_str(&self.paper.style.paint(look, &text));
            self.column += width(&text);
            self.used = self.column;
        }
        self
    }

    /// Writes a clean text so that it ends with the row.
    pub(super) fn put_right(&mut self, look: Look<'_>, text: &str) -> &mut Self {
        self.at(self.column.max(self.paper.width.saturating_sub(width(text)))).put(look, text)
    }

    /// How many columns are left.
    pub(super) fn room(&self) -> usize {
        self.paper.width.saturating_sub(self.column)
    }

    pub(super) fn finish(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}
