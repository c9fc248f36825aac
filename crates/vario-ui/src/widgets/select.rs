//! One of many, the others behind a click.

use egui::{
    Align, CornerRadius, CursorIcon, Popup, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use super::focus_ring;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};

const OPTION: f32 = 28.0;

/// Gives the place of what was chosen now. `name` is what the choice is about.
pub(crate) fn select(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    name: &str,
    width: f32,
    current: Option<usize>,
    options: &[&str],
) -> Option<usize> {
    let width = width.min(ui.available_width());
    let (rect, response) = ui.allocate_exact_size(vec2(width, dims::CONTROL), Sense::click());
    let shown = current.and_then(|at| options.get(at)).copied().unwrap_or("Choose…");
    let enabled = ui.is_enabled();
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, enabled, name);
        info.current_text_value = Some(shown.to_owned());
        info
    });
    let colors = cx.colors;
    let hot = response.hovered() || response.is_pointer_button_down_on();
    let corner = CornerRadius::same(dims::RADIUS_SMALL);
    let fill = if hot { colors.hover } else { colors.raised };
    ui.painter().rect(rect, corner, fill, Stroke::new(1.0, colors.edge), StrokeKind::Inside);
    let color = if current.is_some() { colors.text } else { colors.faint };
    let ink = Ink::new(size::BODY, Weight::Medium, color);
    let inner = rect.shrink2(vec2(10.0, 0.0));
    let words = Rect::from_min_max(inner.min, pos2(inner.right() - 20.0, inner.bottom()));
    text::paint(ui, words, shown, ink, Align::Min);
    let arrow = pos2(inner.right() - 5.0, inner.center().y);
    let tip = Stroke::new(1.5, colors.faint);
    ui.painter()
        .line(vec![arrow + vec2(-4.0, -2.0), arrow + vec2(0.0, 2.0), arrow + vec2(4.0, -2.0)], tip);
    focus_ring(ui, &response, rect, dims::RADIUS_SMALL);
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let mut chosen = None;
    Popup::menu(&response).width(width).accessible_name(name).show(|ui| {
        ui.set_min_width(width - 8.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(OPTION * 10.5).show(ui, |ui| {
            for (index, text) in options.iter().enumerate() {
                if option(ui, cx, text, current == Some(index)) {
                    chosen = Some(index);
                    ui.close();
                }
            }
        });
    });
    chosen.filter(|chosen| Some(*chosen) != current)
}

fn option(ui: &mut Ui, cx: &mut Cx<'_>, text: &str, is_current: bool) -> bool {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), OPTION), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_current, text));
    if !ui.is_rect_visible(rect) {
        return response.clicked();
    }
    let corner = CornerRadius::same(dims::RADIUS_SMALL);
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, corner, cx.colors.hover);
    }
    let mark = pos2(rect.right() - 7.0 - space::S, rect.center().y);
    if is_current {
        let mark = Rect::from_center_size(mark, vec2(14.0, 14.0));
        cx.state.icons.glyph(ui, mark, Glyph::Check, cx.colors.accent);
    }
    let place = Rect::from_min_max(
        pos2(rect.left() + space::S, rect.top()),
        pos2(mark.x - space::M, rect.bottom()),
    );
    let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.text);
    text::paint(ui, place, text, ink, Align::Min);
    focus_ring(ui, &response, rect.shrink(2.0), dims::RADIUS_SMALL);
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}
