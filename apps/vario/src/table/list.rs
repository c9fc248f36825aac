//! The table of `vario list`.

use super::paper::Paper;
use super::text::{fit_end, width};
use crate::style::{Look, Style};

/// One plugin in the list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListRow<'a> {
    /// Its id.
    pub(crate) id: &'a str,
    /// Its name.
    pub(crate) name: &'a str,
    /// Its version, maybe empty.
    pub(crate) version: &'a str,
    /// Its dialect.
    pub(crate) dialect: &'a str,
    /// What its probe is written in, empty without a probe.
    pub(crate) language: &'a str,
    /// Whether it runs.
    pub(crate) enabled: bool,
    /// Where it comes from: a folder, or `built in`.
    pub(crate) place: &'a str,
}

const COLUMNS: usize = 7;
const HEADS: [&str; COLUMNS] = ["ID", "NAME", "VERSION", "DIALECT", "LANGUAGE", "STATE", "WHERE"];
const ID: usize = 0;
const NAME: usize = 1;
const VERSION: usize = 2;
const DIALECT: usize = 3;
const LANGUAGE: usize = 4;
const STATE: usize = 5;
const WHERE: usize = 6;

/// What goes first when there is no room for everything; id and state stay.
const DROPPED: [usize; 5] = [DIALECT, WHERE, VERSION, LANGUAGE, NAME];

const GAP: usize = 2;

/// A cut path shorter than this says nothing.
const MIN_WHERE: usize = 16;

/// The plugins in the order given, in columns under a head. Nothing for no plugins.
pub(crate) fn render_list(
    columns: usize,
    style: Style,
    unicode: bool,
    rows: &[ListRow<'_>],
) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let paper = Paper::full(columns, style, unicode);
    let cells: Vec<[String; COLUMNS]> = rows.iter().map(|row| cells(&paper, row)).collect();
    let widths = fit(&paper, &cells);
    let mut text = line(&paper, &widths, &HEADS.map(str::to_owned), |_| Look::Dim);
    for (row, cells) in rows.iter().zip(&cells) {
        text.push_str(&line(&paper, &widths, cells, |column| look(row, column)));
    }
    text
}

fn cells(paper: &Paper, row: &ListRow<'_>) -> [String; COLUMNS] {
    let state = if row.enabled { "enabled" } else { "disabled" };
    [row.id, row.name, row.version, row.dialect, row.language, state, row.place]
        .map(|text| paper.clean(text))
}

fn look(row: &ListRow<'_>, column: usize) -> Look<'static> {
    match column {
        STATE if row.enabled => Look::Green,
        STATE => Look::Yellow,
        WHERE => Look::Dim,
        _ if !row.enabled => Look::Dim,
        ID => Look::Bold,
        _ => Look::Plain,
    }
}

/// How wide each column is; 0 is a column that is left out.
fn fit(paper: &Paper, cells: &[[String; COLUMNS]]) -> [usize; COLUMNS] {
    let mut widths: [usize; COLUMNS] = std::array::from_fn(|column| {
        let widest = cells.iter().map(|row| width(&row[column])).max().unwrap_or(0);
        // A column with nothing in it needs no head.
        if widest == 0 { 0 } else { widest.max(width(HEADS[column])) }
    });
    let third = paper.width / 3;
    widths[ID] = widths[ID].min(third);
    for column in [NAME, VERSION, DIALECT, LANGUAGE] {
        widths[column] = widths[column].min(third.min(24));
    }
    let min_where = widths[WHERE].min(MIN_WHERE);
    let mut dropped = DROPPED.into_iter();
    loop {
        let shown = widths.iter().filter(|width| **width > 0).count();
        let sum = widths.iter().sum::<usize>() + GAP * shown.saturating_sub(1);
        let Some(over) = sum.checked_sub(paper.width + 1).map(|over| over + 1) else {
            return widths;
        };
        if widths[WHERE] >= min_where + over {
            widths[WHERE] -= over;
            return widths;
        }
        match dropped.next() {
            Some(column) => widths[column] = 0,
            None => return widths,
        }
    }
}

fn line<'a>(
    paper: &Paper,
    widths: &[usize; COLUMNS],
    cells: &[String; COLUMNS],
    look: impl Fn(usize) -> Look<'a>,
) -> String {
    let mut row = paper.row();
    let mut at = 0;
    for (column, room) in widths.iter().copied().enumerate().filter(|(_, room)| *room > 0) {
        let text = match column {
            WHERE => fit_end(&cells[column], room, paper.glyphs.ellipsis),
            _ => paper.fit(&cells[column], room),
        };
        row.at(at).put_up_to(room, look(column), &text);
        at += room + GAP;
    }
    row.finish() + "\n"
}
