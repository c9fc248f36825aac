//! One of a few, below each other.

use egui::{Align, CursorIcon, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::focus_ring;
use crate::fonts::Weight;
use crate::text::{self, Ink};
use crate::theme::{Palette, size, space};

const HEIGHT: f32 = 26.0;

/// Gives the place of what was chosen now. `name` is what the choice is about.
pub(crate) fn choices(
    ui: &mut Ui,
    colors: &Palette,
    name: &str,
    current: Option<usize>,
    options: &[&str],
) -> Option<usize> {
    let mut chosen = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    for (index, option) in options.iter().enumerate() {
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
        let is_current = current == Some(index);
        let spoken = format!("{name}: {option}");
        let enabled = ui.is_enabled();
        response
            .widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, is_current, &spoken));
        let center = pos2(rect.left() + 8.0, rect.center().y);
        let edge = if is_current { colors.accent } else { colors.faint };
        ui.painter().circle_stroke(center, 6.5, Stroke::new(1.4, edge));
        if is_current {
            ui.painter().circle_filled(center, 3.5, colors.accent);
        }
        let place = Rect::from_min_max(pos2(center.x + 8.0 + space::S, rect.top()), rect.max);
        let ink = Ink::new(size::BODY, Weight::Regular, colors.text);
        text::paint(ui, place, option, ink, Align::Min);
        focus_ring(ui, &response, rect.shrink2(vec2(0.0, 2.0)), 4);
        if response.on_hover_cursor(CursorIcon::PointingHand).clicked() && !is_current {
            chosen = Some(index);
        }
    }
    chosen
}
