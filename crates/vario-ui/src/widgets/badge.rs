//! Outlined words and dots.

use egui::{Align, Color32, CornerRadius, Rect, Response, Sense, Stroke, StrokeKind, Ui, vec2};

use crate::fonts::Weight;
use crate::text::{self, Ink};
use crate::theme::{size, space};

const HEIGHT: f32 = 20.0;

fn ink(color: Color32) -> Ink {
    Ink::new(size::CAPTION, Weight::Medium, color)
}

/// How wide a badge is that may be as wide as `most`.
pub(crate) fn badge_width(ui: &Ui, text: &str, most: f32) -> f32 {
    let room = most - 2.0 * space::S;
    (text::line(ui, text, ink(Color32::WHITE), room).size().x + 2.0 * space::S).min(most.max(0.0))
}

/// An outlined word at the right of a rectangle.
pub(crate) fn badge(
    ui: &mut Ui,
    rect: Rect,
    text: &str,
    color: Color32,
    edge: Color32,
    most: f32,
) -> Response {
    let width = badge_width(ui, text, most.min(rect.width()));
    let min = egui::pos2(rect.right() - width, rect.center().y - HEIGHT / 2.0);
    let pill = Rect::from_min_size(min, vec2(width, HEIGHT));
    ui.painter().rect_stroke(
        pill,
        CornerRadius::same(10),
        Stroke::new(1.0, edge),
        StrokeKind::Inside,
    );
    text::label(ui, pill.shrink2(vec2(space::S, 0.0)), text, ink(color), Align::Center)
}

/// A coloured dot with something to say.
pub(crate) fn dot(ui: &mut Ui, center: egui::Pos2, color: Color32, name: &str) -> Response {
    let rect = Rect::from_center_size(center, vec2(14.0, 14.0));
    ui.painter().circle_filled(center, 3.5, color);
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
    response
}
