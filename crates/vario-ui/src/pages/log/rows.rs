//! The entries, of which only those in sight are laid out.

use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Align, Color32, CornerRadius, CursorIcon, Rect, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};
use jiff::civil::DateTime;
use vario_value::LogLevel;

use super::time;
use super::wrap::{count, wrap};
use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::model::LogEntry;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{dot, focus_ring};

const LINE: f32 = 17.0;
const PAD: f32 = 6.0;
const SIDE: f32 = 14.0;
const DAY: f32 = 30.0;
const NAME: f32 = 104.0;

/// Where the parts of an entry stand.
struct Columns {
    clock: f32,
    /// Whether each names its plugin.
    named: bool,
    /// Whether the text stands below the rest.
    below: bool,
    /// How wide the text is, in points and in letters.
    text: f32,
    cells: usize,
}

fn mono(color: Color32) -> Ink {
    Ink::new(size::CAPTION + 0.5, Weight::Mono, color)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the letters of a line, not negative"
)]
fn columns(ui: &Ui, cx: &Cx<'_>, width: f32, named: bool) -> Columns {
    let ink = mono(Color32::WHITE);
    let cell = text::line(ui, "0", ink, f32::INFINITY).size().x.max(1.0);
    let longest = time::clock(time::local(0, &cx.local), cx.local.hours);
    let letters = u16::try_from(longest.len().max(8)).unwrap_or(8);
    // Two more for an hour of two digits.
    let clock = cell * f32::from(letters + u16::from(letters > 8));
    let name = if named { NAME } else { 0.0 };
    let before = clock + space::M + 14.0 + space::XS + name + space::M;
    let inner = width - 2.0 * SIDE;
    let below = inner < before + 240.0;
    let text = if below { inner } else { inner - before };
    Columns { clock, named, below, text, cells: (text / cell).floor().max(1.0) as usize }
}

/// Draws them. Where all are of one plugin, it is not `named` each time.
pub(in crate::pages) fn rows(ui: &mut Ui, cx: &mut Cx<'_>, shown: &[&LogEntry], named: bool) {
    let width = ui.available_width();
    let columns = columns(ui, cx, width, named);
    let now = time::local(cx.now_ms, &cx.local);
    let spots = spots(cx, shown, &columns);
    let height = |spot: &Spot| spot.height + if spot.is_first { DAY } else { 0.0 };
    let height: f32 = spots.iter().map(height).sum();
    let (_, whole) = ui.allocate_space(vec2(width, height + PAD));
    let corner = CornerRadius::same(dims::RADIUS);
    let edge = Stroke::new(1.0, cx.colors.line);
    ui.painter().rect(whole, corner, cx.colors.surface, edge, StrokeKind::Inside);
    let mut top = whole.top();
    let mut place = |height: f32| {
        let rect = Rect::from_min_size(pos2(whole.left(), top), vec2(width, height));
        top += height;
        rect
    };
    for (index, (entry, spot)) in shown.iter().zip(spots).enumerate() {
        if spot.is_first {
            let rect = place(DAY);
            if ui.is_rect_visible(rect) {
                let ink = Ink::new(size::CAPTION, Weight::Strong, cx.colors.muted);
                let words = rect.shrink2(vec2(SIDE, 0.0)).with_min_y(rect.top() + space::XS);
                text::label(ui, words, &time::day(spot.at, now), ink, Align::Min);
            }
        }
        let rect = place(spot.height);
        // One more at either end is there for the keyboard to go on to.
        if ui.is_rect_visible(rect.expand2(vec2(0.0, 40.0))) {
            // Counted from the oldest one, an entry keeps its number when others come.
            let number = shown.len() - index;
            ui.push_id(("entry", number), |ui| row(ui, cx, entry, &columns, rect));
        }
    }
}

fn entry_height(entry: &LogEntry, columns: &Columns) -> f32 {
    let lines = count(&entry.text, columns.cells) + usize::from(columns.below);
    f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * LINE + 2.0 * PAD
}

/// How much room an entry takes.
struct Spot {
    at: Option<DateTime>,
    /// Whether it is the first one of its day.
    is_first: bool,
    height: f32,
}

fn spots(cx: &Cx<'_>, shown: &[&LogEntry], columns: &Columns) -> Vec<Spot> {
    let mut last = None;
    let spot = |entry: &&LogEntry| {
        let at = time::local(entry.at_ms, &cx.local);
        let day = Some(at.map(DateTime::date));
        let is_first = last != day;
        last = day;
        Spot { at, is_first, height: entry_height(entry, columns) }
    };
    shown.iter().map(spot).collect()
}

fn row(ui: &mut Ui, cx: &mut Cx<'_>, entry: &LogEntry, columns: &Columns, rect: Rect) {
    let id = ui.scope_id().with("copy");
    let response = ui.interact(rect, id, Sense::click());
    let spoken = format!("Copy: {}", as_line(cx, entry));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text::clean(&spoken, 400)));
    let ground = rect.shrink2(vec2(space::XS, 0.0));
    if response.hovered() || response.has_focus() {
        let corner = CornerRadius::same(dims::RADIUS_SMALL);
        ui.painter().rect_filled(ground, corner, cx.colors.raised);
    }
    focus_ring(ui, &response, ground.shrink(2.0), dims::RADIUS_SMALL);

    let inner = rect.shrink2(vec2(SIDE, PAD));
    let first = Rect::from_min_size(inner.min, vec2(inner.width(), LINE));
    let faint = mono(cx.colors.faint);
    let side = if columns.below { Align::Min } else { Align::Max };
    let clock = time::clock(time::local(entry.at_ms, &cx.local), cx.local.hours);
    text::paint(ui, first.with_max_x(first.left() + columns.clock), &clock, faint, side);
    let mark = pos2(first.left() + columns.clock + space::M + 3.5, first.center().y);
    let (color, level) = level(cx, entry.level);
    dot(ui, mark, color, level);
    let left = mark.x + 10.5 + space::XS;
    let right = if columns.below { first.right() } else { left + NAME };
    let name = Rect::from_min_max(pos2(left, first.top()), pos2(right, first.bottom()));
    let known = entry.plugin.as_deref();
    let ink = Ink::new(size::CAPTION + 0.5, Weight::Medium, cx.colors.muted);
    if columns.named {
        text::paint(ui, name, known.map_or("Vario", |id| called(cx, id)), ink, Align::Min);
    }

    let at = if columns.below {
        pos2(inner.left(), first.bottom())
    } else {
        pos2(inner.right() - columns.text, inner.top())
    };
    let ink = mono(if entry.level >= LogLevel::Error { cx.colors.bad } else { cx.colors.text });
    let words = wrap(&entry.text, columns.cells).join("\n");
    let mut job = LayoutJob::single_section(words, ink.format());
    job.wrap = TextWrapping::no_max_width();
    for section in &mut job.sections {
        section.format.line_height = Some(LINE);
    }
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(at, galley, ink.color);
    let response =
        response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text("Click to copy");
    if response.clicked() {
        cx.send(Command::Copy(as_line(cx, entry)));
    }
}

/// The plugin's name, its id where it is gone.
fn called<'a>(cx: &Cx<'a>, id: &'a str) -> &'a str {
    cx.model.plugins.iter().find(|view| view.id() == id).map_or(id, |view| view.name())
}

fn level(cx: &Cx<'_>, level: LogLevel) -> (Color32, &'static str) {
    match level {
        LogLevel::Error => (cx.colors.bad, "Error"),
        LogLevel::Warn => (cx.colors.warn, "Warning"),
        LogLevel::Info => (cx.colors.accent, "Info"),
        LogLevel::Debug => (cx.colors.faint, "Debug"),
    }
}

/// An entry as it is copied: `2026-03-05 09:57:00 ERROR atlas: what happened`.
pub(in crate::pages) fn as_line(cx: &Cx<'_>, entry: &LogEntry) -> String {
    let at = time::local(entry.at_ms, &cx.local);
    let at = at.map_or_else(|| "?".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%S").to_string());
    let plugin = entry.plugin.as_deref().unwrap_or("vario");
    format!("{at} {} {plugin}: {}", entry.level.name().to_uppercase(), entry.text)
}
