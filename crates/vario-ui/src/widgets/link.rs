//! A quiet word to click on, in a place of its own.

use egui::{
    Align, Color32, CornerRadius, CursorIcon, Id, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2,
};

use super::focus_ring;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};

const HEIGHT: f32 = 24.0;

/// What it shows, and what it is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<'a> {
    pub(crate) text: &'a str,
    /// Shown instead of the text where there is little room.
    pub(crate) glyph: Option<Glyph>,
    /// For screen readers: with what it is about.
    pub(crate) spoken: &'a str,
    pub(crate) color: Color32,
}

fn ink(color: Color32) -> Ink {
    Ink::new(size::CAPTION + 0.5, Weight::Medium, color)
}

/// How wide it will be.
pub(crate) fn link_width(ui: &Ui, link: &Link<'_>) -> f32 {
    match link.glyph {
        Some(_) => HEIGHT,
        None => text::line(ui, link.text, ink(Color32::WHITE), 200.0).size().x + 2.0 * space::S,
    }
}

/// Draws it at the right of a place and gives what is left of that.
pub(crate) fn link(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    id: Id,
    place: Rect,
    link: &Link<'_>,
) -> (Response, Rect) {
    let width = link_width(ui, link);
    let center = egui::pos2(place.right() - width / 2.0, place.center().y);
    let rect = Rect::from_center_size(center, vec2(width, HEIGHT));
    let response = ui.interact(rect, id, Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, link.spoken));
    let hot = response.hovered() || response.has_focus();
    if hot {
        ui.painter().rect_filled(rect, CornerRadius::same(dims::RADIUS_SMALL), cx.colors.hover);
    }
    if let Some(glyph) = link.glyph {
        let inner = Rect::from_center_size(rect.center(), vec2(14.0, 14.0));
        cx.state.icons.glyph(ui, inner, glyph, link.color);
    } else {
        text::paint(ui, rect, link.text, ink(link.color), Align::Center);
    }
    focus_ring(ui, &response, rect, dims::RADIUS_SMALL);
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let response = if link.glyph.is_some() { response.on_hover_text(link.text) } else { response };
    let left = Rect::from_min_max(place.min, egui::pos2(rect.left() - space::XXS, place.bottom()));
    (response, left)
}
