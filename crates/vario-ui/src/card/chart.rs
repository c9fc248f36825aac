//! Small bars in a row, large ones when pointed at (contract section 7.7).

use egui::{
    Align, Color32, CornerRadius, Frame, Margin, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2,
    vec2,
};
use vario_output::present::{BarSize, accessible_text, bar_heights, peak_text, point_text};
use vario_output::{BarChartLine, Point};

use super::line::{label_room, shape_color};
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::focus_ring;

const HEIGHT: f32 = 30.0;

/// The points that can be drawn, which are those that [`bar_heights`] counts.
fn drawn(line: &BarChartLine) -> Vec<&Point> {
    line.points.iter().filter(|point| point.value.is_finite() && point.value >= 0.0).collect()
}

pub(super) fn height(line: &BarChartLine) -> f32 {
    if drawn(line).is_empty() { 0.0 } else { HEIGHT }
}

pub(super) fn draw(ui: &mut Ui, cx: &Cx<'_>, line: &BarChartLine, rect: Rect) {
    let points = drawn(line);
    if points.is_empty() {
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few hundred points")]
    let wanted = points.len() as f32 * 9.0;
    let width = wanted.clamp(40.0, rect.width() * 0.6);
    let area = Rect::from_min_max(pos2(rect.right() - width, rect.top()), rect.max);
    let left = Rect::from_min_size(rect.min, vec2(label_room(rect, width), rect.height()));
    let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
    text::label(ui, left, &line.label, ink, Align::Min);

    let response = ui.interact(area.expand(2.0), ui.scope_id().with("chart"), Sense::click());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::GraphicsObject, true, accessible_text(line).unwrap_or_default())
    });
    let color = shape_color(cx, line.color.as_deref(), cx.colors.surface);
    let hovered = pointed(&response, area, points.len());
    bars(ui, area, &bar_heights(line, BarSize::Inline), color, cx.colors.text, hovered);
    focus_ring(ui, &response, area, 4);
    if response.has_focus() {
        response.show_tooltip_ui(|ui| pop_up(ui, cx, line, None));
    } else {
        response.on_hover_ui(|ui| pop_up(ui, cx, line, hovered));
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "the place of a bar among a few hundred"
)]
fn pointed(response: &Response, area: Rect, count: usize) -> Option<usize> {
    let at = response.hover_pos()?;
    let part = (at.x - area.left()) / area.width() * count as f32;
    (part >= 0.0).then_some(part as usize).filter(|index| *index < count)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the place of a bar among a few hundred"
)]
fn bars(
    ui: &Ui,
    area: Rect,
    heights: &[f64],
    color: Color32,
    hot: Color32,
    hovered: Option<usize>,
) {
    let step = area.width() / heights.len() as f32;
    let gap = if step >= 4.0 { 2.0 } else { step * 0.25 };
    for (index, percent) in heights.iter().enumerate() {
        let height = area.height() * (*percent / 100.0) as f32;
        let min = pos2(area.left() + index as f32 * step + gap / 2.0, area.bottom() - height);
        let bar = Rect::from_min_size(min, vec2(step - gap, height));
        let color = if hovered == Some(index) { color.lerp_to_gamma(hot, 0.45) } else { color };
        ui.painter().rect_filled(bar, CornerRadius::same(if step >= 6.0 { 2 } else { 0 }), color);
    }
}

fn pop_up(ui: &mut Ui, cx: &Cx<'_>, line: &BarChartLine, hovered: Option<usize>) {
    let frame = Frame::new().inner_margin(Margin::symmetric(8, 4));
    frame.show(ui, |ui| large(ui, cx, line, hovered));
}

fn large(ui: &mut Ui, cx: &Cx<'_>, line: &BarChartLine, hovered: Option<usize>) {
    let points = drawn(line);
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    ui.set_width(300.0);
    ui.spacing_mut().item_spacing.y = space::XS;
    let strong = Ink::new(size::BODY, Weight::Medium, cx.colors.text);
    let quiet = Ink::new(size::CAPTION, Weight::Regular, cx.colors.muted);
    let readout = match hovered.and_then(|index| points.get(index)) {
        Some(point) => point_text(point),
        None => peak_text(line).unwrap_or_default(),
    };
    two(ui, (&line.label, strong), (&readout, quiet), dims::ROW);
    let (_, area) = ui.allocate_space(vec2(ui.available_width(), 72.0));
    let color = shape_color(cx, line.color.as_deref(), cx.colors.surface);
    bars(ui, area, &bar_heights(line, BarSize::PopUp), color, cx.colors.text, hovered);
    let last = if points.len() > 1 { last.label.as_str() } else { "" };
    two(ui, (&first.label, quiet), (last, quiet), dims::SMALL_ROW);
    if let Some(note) = &line.note {
        text::paragraph(ui, note, quiet, 4);
    }
}

fn two(ui: &mut Ui, left: (&str, Ink), right: (&str, Ink), height: f32) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
    let width = text::line(ui, right.0, right.1, rect.width() * 0.6).size().x;
    let place = Rect::from_min_size(rect.min, vec2(rect.width() - width - space::M, height));
    text::label(ui, place, left.0, left.1, Align::Min);
    let place = Rect::from_min_max(pos2(rect.right() - width - 0.5, rect.top()), rect.max);
    text::label(ui, place, right.0, right.1, Align::Max);
}
