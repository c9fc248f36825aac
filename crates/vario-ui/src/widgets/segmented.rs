//! One of a few, all of them in sight.

use egui::{
    Align, CornerRadius, CursorIcon, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, vec2,
};

use super::focus_ring;
use crate::fonts::Weight;
use crate::text::{self, Ink};
use crate::theme::{Palette, dims, size};

const PADDING: f32 = 11.0;

fn widths<T>(ui: &Ui, choices: &[(T, &str)]) -> Vec<f32> {
    let ink = Ink::new(size::BODY, Weight::Medium, egui::Color32::WHITE);
    let width = |text: &str| text::line(ui, text, ink, 200.0).size().x + 2.0 * PADDING;
    choices.iter().map(|(_, text)| width(text)).collect()
}

/// How wide it will be.
pub(crate) fn segmented_width<T>(ui: &Ui, choices: &[(T, &str)]) -> f32 {
    widths(ui, choices).iter().sum::<f32>() + 4.0
}

/// Gives what was chosen now. `name` is what the choice is about.
pub(crate) fn segmented<T: Copy + PartialEq>(
    ui: &mut Ui,
    colors: &Palette,
    name: &str,
    current: T,
    choices: &[(T, &str)],
) -> Option<T> {
    let ink = |color| Ink::new(size::BODY, Weight::Medium, color);
    let widths = widths(ui, choices);
    let total: f32 = widths.iter().sum::<f32>() + 4.0;
    let (_, rect) = ui.allocate_space(vec2(total, dims::CONTROL));
    let corner = CornerRadius::same(dims::RADIUS_SMALL + 1);
    let line = Stroke::new(1.0, colors.line);
    ui.painter().rect(rect, corner, colors.raised, line, StrokeKind::Inside);
    let mut x = rect.left() + 2.0;
    let mut chosen = None;
    for ((value, text), width) in choices.iter().zip(widths) {
        let place =
            Rect::from_min_size(egui::pos2(x, rect.top() + 2.0), vec2(width, rect.height() - 4.0));
        x += width;
        let id = ui.make_persistent_id((name, text));
        let response = ui.interact(place, id, Sense::click());
        let is_current = *value == current;
        let spoken = format!("{name}: {text}");
        response.widget_info(|| {
            WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), is_current, &spoken)
        });
        let inner = CornerRadius::same(dims::RADIUS_SMALL - 1);
        if is_current {
            let fill = if colors.dark { colors.edge } else { colors.surface };
            let edge = Stroke::new(1.0, colors.edge);
            ui.painter().rect(place, inner, fill, edge, StrokeKind::Inside);
        } else if response.hovered() {
            ui.painter().rect_filled(place, inner, colors.hover);
        }
        let color = if is_current { colors.text } else { colors.muted };
        text::paint(ui, place, text, ink(color), Align::Center);
        focus_ring(ui, &response, place, dims::RADIUS_SMALL - 1);
        if response.on_hover_cursor(CursorIcon::PointingHand).clicked() && !is_current {
            chosen = Some(*value);
        }
    }
    chosen
}
