//! Buttons with a word, and with a picture.

use egui::{
    Align, Color32, CornerRadius, CursorIcon, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, vec2,
};

use super::focus_ring;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::text::{self, Ink};
use crate::theme::{Palette, dims, size, space};

/// How much a button asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The one thing to do here.
    Primary,
    /// One of several.
    Plain,
    /// Takes something away.
    Danger,
}

const PADDING: f32 = 12.0;

fn ink(color: Color32) -> Ink {
    Ink::new(size::BODY, Weight::Medium, color)
}

/// How wide a button will be.
pub(crate) fn button_width(ui: &Ui, text: &str) -> f32 {
    text::line(ui, text, ink(Color32::WHITE), 320.0).size().x + 2.0 * PADDING
}

/// A button with a word.
pub(crate) fn button(ui: &mut Ui, colors: &Palette, kind: Kind, text: &str) -> Response {
    let width = button_width(ui, text).min(ui.available_width().max(dims::CONTROL));
    let (rect, response) = ui.allocate_exact_size(vec2(width, dims::CONTROL), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, text));
    if ui.is_rect_visible(rect) {
        let hot = response.hovered() || response.is_pointer_button_down_on();
        let (fill, edge, color) = match kind {
            Kind::Primary => {
                let fill = if hot {
                    colors.accent.lerp_to_gamma(colors.text, 0.12)
                } else {
                    colors.accent
                };
                (fill, fill, colors.on_accent)
            }
            Kind::Plain => {
                (if hot { colors.hover } else { colors.raised }, colors.edge, colors.text)
            }
            Kind::Danger => {
                (if hot { colors.bad_soft } else { colors.raised }, colors.edge, colors.bad)
            }
        };
        let corner = CornerRadius::same(dims::RADIUS_SMALL);
        ui.painter().rect(rect, corner, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
        text::paint(ui, rect.shrink2(vec2(PADDING - 2.0, 0.0)), text, ink(color), Align::Center);
    }
    focus_ring(ui, &response, rect, dims::RADIUS_SMALL);
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// A button with a picture, in a square of `side` points. Its name is its tooltip, too.
pub(crate) fn icon_button(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    glyph: Glyph,
    name: &str,
    side: f32,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    if ui.is_rect_visible(rect) {
        let hot = response.hovered() || response.has_focus();
        if hot {
            let corner = CornerRadius::same(dims::RADIUS_SMALL);
            ui.painter().rect_filled(rect, corner, cx.colors.hover);
        }
        let color = if hot { cx.colors.text } else { cx.colors.faint };
        let glyph_side = (side - space::M).clamp(13.0, dims::GLYPH);
        let inner = Rect::from_center_size(rect.center(), vec2(glyph_side, glyph_side));
        cx.state.icons.glyph(ui, inner, glyph, color);
    }
    focus_ring(ui, &response, rect, dims::RADIUS_SMALL);
    response.on_hover_cursor(CursorIcon::PointingHand)
}
