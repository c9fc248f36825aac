//! One line of a card. Its height follows from what it is, so that lines out of sight cost nothing.

use egui::{Align, Color32, Rect, Ui, pos2, vec2};
use vario_output::{BadgeLine, Line, TextLine};

use super::{chart, progress};
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::model::PluginView;
use crate::text::{self, Ink};
use crate::theme::{dims, legible, parse_color, size, space};
use crate::widgets::badge;

/// How high the line is drawn, in points.
pub(super) fn height(cx: &Cx<'_>, line: &Line) -> f32 {
    match line {
        Line::Text(line) => dims::ROW + 2.0 + subtitle_height(line.subtitle.as_deref()),
        Line::Badge(line) => dims::ROW + 2.0 + subtitle_height(line.subtitle.as_deref()),
        Line::Progress(line) => progress::height(cx, line),
        Line::BarChart(line) => chart::height(line),
    }
}

fn subtitle_height(subtitle: Option<&str>) -> f32 {
    if subtitle.is_some() { dims::SMALL_ROW } else { 0.0 }
}

pub(super) fn draw(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, line: &Line, rect: Rect) {
    match line {
        Line::Text(line) => text_line(ui, cx, line, rect),
        Line::Badge(line) => badge_line(ui, cx, line, rect),
        Line::Progress(line) => progress::draw(ui, cx, view, line, rect),
        Line::BarChart(line) => chart::draw(ui, cx, line, rect),
    }
}

/// A plugin's colour for text, legible on a card; ours where it gives none or no colour.
pub(super) fn text_color(cx: &Cx<'_>, color: Option<&str>) -> Color32 {
    color
        .and_then(parse_color)
        .map_or(cx.colors.text, |color| legible(color, cx.colors.surface, cx.colors.text, 4.5))
}

/// The same for what is painted.
pub(super) fn shape_color(cx: &Cx<'_>, color: Option<&str>, ground: Color32) -> Color32 {
    color
        .and_then(parse_color)
        .map_or(cx.colors.accent, |color| legible(color, ground, cx.colors.text, 2.0))
}

/// The part of a row that a label keeps beside what stands at the right.
pub(super) fn label_room(rect: Rect, taken: f32) -> f32 {
    (rect.width() - taken - space::M).max(rect.width() * 0.3)
}

fn label_ink(cx: &Cx<'_>) -> Ink {
    Ink::new(size::BODY, Weight::Regular, cx.colors.muted)
}

fn subtitle(ui: &mut Ui, cx: &Cx<'_>, text: Option<&str>, rect: Rect) {
    if let Some(text) = text {
        let top = rect.bottom() - dims::SMALL_ROW - 1.0;
        let place = Rect::from_min_max(pos2(rect.left(), top), rect.max - vec2(0.0, 1.0));
        let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.faint);
        text::label(ui, place, text, ink, Align::Max);
    }
}

fn first_row(rect: Rect) -> Rect {
    Rect::from_min_size(rect.min + vec2(0.0, 1.0), vec2(rect.width(), dims::ROW))
}

fn text_line(ui: &mut Ui, cx: &Cx<'_>, line: &TextLine, rect: Rect) {
    let row = first_row(rect);
    let ink = Ink::new(size::BODY, Weight::Medium, text_color(cx, line.color.as_deref()));
    let label = label_ink(cx);
    // The shorter of the two keeps its whole width.
    let label_width = text::line(ui, &line.label, label, f32::INFINITY).size().x;
    let room = row.width() - space::M;
    let value_room = (room - label_width.min(room * 0.55)).max(room * 0.3);
    let value_width = text::line(ui, &line.value, ink, value_room).size().x;
    let left = Rect::from_min_size(row.min, vec2(label_room(row, value_width), row.height()));
    text::label(ui, left, &line.label, label, Align::Min);
    let right = Rect::from_min_max(pos2(row.right() - value_width - 0.5, row.top()), row.max);
    text::label(ui, right, &line.value, ink, Align::Max);
    subtitle(ui, cx, line.subtitle.as_deref(), rect);
}

fn badge_line(ui: &mut Ui, cx: &Cx<'_>, line: &BadgeLine, rect: Rect) {
    let row = first_row(rect);
    let color = match &line.color {
        Some(_) => text_color(cx, line.color.as_deref()),
        None => cx.colors.muted,
    };
    let edge = if line.color.is_some() {
        cx.colors.surface.lerp_to_gamma(color, 0.55)
    } else {
        cx.colors.edge
    };
    let pill = badge(ui, row, &line.text, color, edge, row.width() * 0.62);
    let taken = pill.rect.width() + 2.0 * space::S;
    let left = Rect::from_min_size(row.min, vec2(label_room(row, taken), row.height()));
    text::label(ui, left, &line.label, label_ink(cx), Align::Min);
    subtitle(ui, cx, line.subtitle.as_deref(), rect);
}
