//! Keys, as they are printed on a keyboard.

use egui::{Align, Color32, CornerRadius, Pos2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::fonts::Weight;
use crate::text::{self, Ink};
use crate::theme::{Palette, size, space};

const HEIGHT: f32 = 20.0;

/// Paints keys that are pressed together, up to a place at the right; gives where they begin. They
/// say nothing to a screen reader: whatever they belong to does.
pub(crate) fn key_caps(ui: &Ui, colors: &Palette, keys: &[String], right: Pos2) -> f32 {
    let ink = |color: Color32| Ink::new(size::CAPTION, Weight::Medium, color);
    let mut x = right.x;
    for key in keys.iter().rev() {
        let width = text::line(ui, key, ink(Color32::WHITE), 80.0).size().x + 12.0;
        let width = width.max(HEIGHT);
        let rect =
            Rect::from_min_size(pos2(x - width, right.y - HEIGHT / 2.0), vec2(width, HEIGHT));
        let stroke = Stroke::new(1.0, colors.edge);
        let corner = CornerRadius::same(4);
        ui.painter().rect(rect, corner, colors.raised, stroke, StrokeKind::Inside);
        text::paint(ui, rect, key, ink(colors.muted), Align::Center);
        x -= width + space::XS;
    }
    x + space::XS
}
