//! A right in words, over as many lines as it takes: what is allowed must not be cut.

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align, Color32, Pos2, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use vario_permissions::Permission;

use crate::card::right_row;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::text::{self, Ink};
use crate::theme::{size, space};

/// A row whose words fit.
pub(super) const ROW: f32 = 26.0;

const LINE: f32 = 16.0;

/// More lines than this are read in the tooltip.
const MOST: u16 = 6;

fn mono(color: Color32) -> Ink {
    Ink::new(size::CAPTION + 0.5, Weight::Mono, color)
}

fn width(ui: &Ui, words: &str, ink: Ink) -> f32 {
    text::line(ui, words, ink, f32::INFINITY).size().x
}

/// The ink of a verb, which stands alone where there is nothing in particular to do it with.
fn plain(color: Color32) -> Ink {
    Ink::new(size::BODY, Weight::Regular, color)
}

/// How wide a letter of an object is.
pub(super) fn cell(ui: &Ui) -> f32 {
    width(ui, "0", mono(Color32::WHITE)).max(1.0)
}

/// No letter of a verb is wider on average.
const WIDE: f32 = 8.0;

fn length(text: &str) -> f32 {
    // Letters of other scripts are about twice as wide.
    let cells = text.chars().take(1000).map(|c| if c.is_ascii() { 1 } else { 2 });
    f32::from(cells.sum::<u16>())
}

/// How many lines are needed below the first one; none if all fits into that.
fn lines_below(ui: &Ui, right: &Permission, room: f32, cell: f32) -> u16 {
    let object = right.object();
    let cells = length(&object);
    // Almost all are short, and laying a text out to see that is dear.
    if length(right.verb()) * WIDE + 6.0 + cells * cell <= room {
        return 0;
    }
    let verb = width(ui, right.verb(), plain(Color32::WHITE));
    if object.is_empty() {
        // Words leave some of a line empty.
        let fits = |below: &u16| f32::from(*below + 1) * room * 0.85 > verb;
        return if verb <= room { 0 } else { (1..MOST).find(fits).unwrap_or(MOST) };
    }
    if verb + 6.0 + cells * cell <= room {
        return 0;
    }
    let fits = |lines: &u16| f32::from(*lines) * (room / cell).floor() >= cells;
    (1..MOST).find(fits).unwrap_or(MOST)
}

/// How high it is drawn.
pub(super) fn height(ui: &Ui, right: &Permission, room: f32, cell: f32) -> f32 {
    match lines_below(ui, right, room, cell) {
        0 => ROW,
        lines => ROW + f32::from(lines) * LINE + space::XXS,
    }
}

/// Draws it into a place of that height.
pub(super) fn draw(ui: &mut Ui, cx: &Cx<'_>, right: &Permission, place: Rect) {
    // A place that is higher than a row was made for more lines.
    if place.height() <= ROW {
        return right_row(ui, cx, right, place);
    }
    let first = Rect::from_min_size(place.min, vec2(place.width(), ROW));
    let object = right.object();
    if object.is_empty() {
        let top = pos2(place.left(), first.center().y - LINE / 2.0);
        wrapped(ui, right.verb(), plain(cx.colors.muted), top, place.width(), false);
        return;
    }
    text::label(ui, first, right.verb(), plain(cx.colors.muted), Align::Min);
    let top = pos2(place.left(), first.bottom() - space::XS);
    wrapped(ui, &text::clean(&object, 1000), mono(cx.colors.text), top, place.width(), true);
}

fn wrapped(ui: &mut Ui, words: &str, ink: Ink, top: Pos2, width: f32, anywhere: bool) {
    let mut job = LayoutJob::single_section(words.to_owned(), ink.format());
    job.wrap = TextWrapping {
        max_width: width,
        max_rows: usize::from(MOST),
        break_anywhere: anywhere,
        ..TextWrapping::default()
    };
    for section in &mut job.sections {
        section.format.line_height = Some(LINE);
    }
    let galley = ui.painter().layout_job(job);
    let rect = Rect::from_min_size(top, galley.size());
    ui.painter().galley(top, galley, ink.color);
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}
