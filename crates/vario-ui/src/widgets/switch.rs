//! On or off.

use egui::{CornerRadius, CursorIcon, Response, Role, Sense, Ui, WidgetInfo, vec2};

use super::focus_ring;
use crate::theme::Palette;

/// A switch with a name that is not shown beside it.
pub(crate) fn switch(ui: &mut Ui, colors: &Palette, name: &str, on: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(34.0, 20.0), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Switch, enabled, on, name));
    let mut fill = if on { colors.accent } else { colors.edge };
    if response.hovered() {
        fill = fill.lerp_to_gamma(colors.text, 0.12);
    }
    ui.painter().rect_filled(rect, CornerRadius::same(10), fill);
    let x = if on { rect.right() - 10.0 } else { rect.left() + 10.0 };
    let knob = if on { colors.on_accent } else { colors.surface };
    ui.painter().circle_filled(egui::pos2(x, rect.center().y), 7.0, knob);
    focus_ring(ui, &response, rect, 10);
    response.on_hover_cursor(CursorIcon::PointingHand)
}
