//! A state in a few words, on a quiet ground of its colour.

use egui::{Align, Color32, CornerRadius, Rect, Response, Ui, pos2, vec2};

use crate::cx::Cx;
use crate::fonts::Weight;
use crate::text::{self, Ink};
use crate::theme::{size, space};

const HEIGHT: f32 = 20.0;

/// The dot, and what is between it and the words.
const MARK: f32 = 10.0;

fn ink(color: Color32) -> Ink {
    Ink::new(size::CAPTION, Weight::Medium, color)
}

/// How wide it will be.
pub(crate) fn pill_width(ui: &Ui, words: &str) -> f32 {
    let words = text::line(ui, words, ink(Color32::WHITE), 220.0).size().x;
    words + MARK + 2.0 * space::S
}

/// Draws it at the right of a place.
pub(crate) fn pill(ui: &mut Ui, cx: &Cx<'_>, place: Rect, words: &str, color: Color32) -> Response {
    let width = pill_width(ui, words).min(place.width());
    let min = pos2(place.right() - width, place.center().y - HEIGHT / 2.0);
    let rect = Rect::from_min_size(min, vec2(width, HEIGHT));
    let ground = cx.colors.surface.lerp_to_gamma(color, if cx.colors.dark { 0.14 } else { 0.1 });
    ui.painter().rect_filled(rect, CornerRadius::same(10), ground);
    let center = pos2(rect.left() + space::S + 2.5, rect.center().y);
    ui.painter().circle_filled(center, 2.8, color);
    let words_at = Rect::from_min_max(
        pos2(rect.left() + space::S + MARK, rect.top()),
        pos2(rect.right() - space::S + 1.0, rect.bottom()),
    );
    text::label(ui, words_at, words, ink(color), Align::Min)
}
