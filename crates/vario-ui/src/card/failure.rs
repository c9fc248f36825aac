//! What went wrong, in place of lines or above old ones.

use egui::{Align, Rect, Ui, pos2, vec2};

use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::model::PluginView;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::notice;

/// A box with the whole text.
pub(super) fn failure(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView) {
    let text = view.state.error.as_deref().unwrap_or_default();
    let tint = cx.colors.bad;
    notice(ui, cx, Glyph::Warning, tint, text);
}

/// One line above old lines, the whole text when pointed at.
pub(super) fn failure_line(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView) {
    let text = view.state.error.as_deref().unwrap_or_default();
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), dims::ROW));
    let icon = Rect::from_center_size(pos2(rect.left() + 7.0, rect.center().y), vec2(13.0, 13.0));
    cx.state.icons.glyph(ui, icon, Glyph::Warning, cx.colors.bad);
    let place = Rect::from_min_max(pos2(icon.right() + space::S - 2.0, rect.top()), rect.max);
    let ink = Ink::new(size::CAPTION, Weight::Medium, cx.colors.bad);
    text::label(ui, place, text, ink, Align::Min);
}
