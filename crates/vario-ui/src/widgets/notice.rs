//! A box that says what is wrong.

use egui::{Color32, CornerRadius, Frame, Margin, Rect, Stroke, Ui, vec2};

use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};

/// A text beside a picture, on a quiet ground. What stands between backticks is code.
pub(crate) fn notice(ui: &mut Ui, cx: &mut Cx<'_>, glyph: Glyph, tint: Color32, text: &str) {
    let ground = cx.colors.surface.lerp_to_gamma(tint, if cx.colors.dark { 0.10 } else { 0.07 });
    let edge = cx.colors.surface.lerp_to_gamma(tint, 0.28);
    Frame::new()
        .fill(ground)
        .stroke(Stroke::new(1.0, edge))
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::symmetric(12, 10))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            let top = ui.cursor().min;
            let icon = Rect::from_min_size(top + vec2(0.0, 0.5), vec2(dims::GLYPH, dims::GLYPH));
            cx.state.icons.glyph(ui, icon, glyph, tint);
            let indent = dims::GLYPH + space::S;
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.add_space(indent);
                ui.vertical(|ui| {
                    let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.text);
                    let code = Ink::new(size::CAPTION, Weight::Mono, cx.colors.text);
                    let behind = cx.colors.surface.lerp_to_gamma(tint, 0.2);
                    text::with_code(ui, text, ink, code, behind, 8);
                });
            });
        });
}
