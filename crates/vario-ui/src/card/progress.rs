//! A quota: title, bar, what is left, when it resets (contract sections 7.4 to 7.6).

use egui::{
    Align, Color32, CornerRadius, CursorIcon, Mesh, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};
use vario_output::present::{
    DisplayMode, PaceContext, PaceStatus, ResetDisplay, bar_percent, left_text, reset_text,
    right_text,
};
use vario_output::{ProgressLine, parse_rfc3339_ms};

use super::header::phase;
use super::line::shape_color;
use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::model::PluginView;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{dot, focus_ring};

/// The third row: what is missing, and when the quota runs out.
fn third_row(cx: &Cx<'_>, line: &ProgressLine) -> Option<(String, String)> {
    if line.used >= line.limit {
        return None;
    }
    let context = PaceContext::of(line, cx.now_ms)?;
    let deficit = context.deficit_text(cx.model.settings.mode);
    let runs_out = context.runs_out_text();
    if deficit.is_none() && runs_out.is_none() {
        return None;
    }
    Some((deficit.unwrap_or_default(), runs_out.unwrap_or_default()))
}

pub(super) fn height(cx: &Cx<'_>, line: &ProgressLine) -> f32 {
    let third = if third_row(cx, line).is_some() { dims::SMALL_ROW } else { 0.0 };
    dims::ROW + space::XS + dims::BAR + space::XS + dims::SMALL_ROW + third
}

pub(super) fn draw(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    view: &PluginView,
    line: &ProgressLine,
    rect: Rect,
) {
    let mode = cx.model.settings.mode;
    let pace = PaceContext::of(line, cx.now_ms);
    let row = |top: f32, height: f32| {
        Rect::from_min_size(pos2(rect.left(), rect.top() + top), vec2(rect.width(), height))
    };
    title(ui, cx, line, pace.as_ref(), row(0.0, dims::ROW));
    let bar_rect = row(dims::ROW + space::XS, dims::BAR);
    bar(ui, cx, view, line, pace.as_ref(), bar_rect);
    let below = dims::ROW + space::XS + dims::BAR + space::XS;
    figures(ui, cx, line, mode, row(below, dims::SMALL_ROW));
    if let Some((deficit, runs_out)) = third_row(cx, line) {
        let third = row(below + dims::SMALL_ROW, dims::SMALL_ROW);
        let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.bad);
        two(ui, third, (&deficit, ink), (&runs_out, ink));
    }
}

fn title(
    ui: &mut Ui,
    cx: &Cx<'_>,
    line: &ProgressLine,
    pace: Option<&PaceContext<'_>>,
    rect: Rect,
) {
    let ink = Ink::new(size::BODY, Weight::Medium, cx.colors.text);
    let room = rect.width() - 16.0;
    let width = text::line(ui, &line.label, ink, room).size().x;
    let name = Rect::from_min_size(rect.min, vec2(width, rect.height()));
    text::label(ui, name, &line.label, ink, Align::Min);
    let Some((context, pace)) = pace.and_then(|context| Some((context, context.pace()?))) else {
        return;
    };
    let color = match pace.status {
        PaceStatus::Ahead => cx.colors.good,
        PaceStatus::OnTrack => cx.colors.warn,
        PaceStatus::Behind => cx.colors.bad,
    };
    let status = context.status_text().unwrap_or_default();
    let detail = context.detail_text(cx.model.settings.mode);
    let center = pos2(name.right() + space::S + 1.0, rect.center().y + 0.5);
    dot(ui, center, color, status).on_hover_ui(|ui| {
        ui.label(Ink::new(size::BODY, Weight::Medium, cx.colors.text).rich(status));
        if let Some(detail) = detail {
            ui.label(Ink::new(size::CAPTION, Weight::Regular, cx.colors.muted).rich(detail));
        }
    });
}

#[expect(clippy::cast_possible_truncation, reason = "a percentage in points")]
fn bar(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    view: &PluginView,
    line: &ProgressLine,
    pace: Option<&PaceContext<'_>>,
    rect: Rect,
) {
    let mode = cx.model.settings.mode;
    let percent = bar_percent(line, mode);
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    let response = ui.interact(rect, id, Sense::hover());
    let name = text::clean(&line.label, 200);
    response.widget_info(|| WidgetInfo {
        value: Some(percent),
        ..WidgetInfo::labeled(Role::ProgressIndicator, true, &name)
    });
    let corner = CornerRadius::same(3);
    ui.painter().rect_filled(rect, corner, cx.colors.track);
    let filled = rect.width() * (percent / 100.0) as f32;
    let color = shape_color(cx, line.color.as_deref(), cx.colors.surface);
    if filled > 0.0 {
        let fill = Rect::from_min_size(rect.min, vec2(filled.max(dims::BAR), rect.height()));
        ui.painter().rect_filled(fill, corner, color);
        if view.state.loading && ui.is_rect_visible(fill) {
            shimmer(ui, cx, fill);
        }
    }
    if let Some(marker) = pace.and_then(|pace| pace.marker_percent(mode)) {
        let x = rect.left() + rect.width() * (marker / 100.0) as f32;
        let mark = Rect::from_center_size(pos2(x, rect.center().y), vec2(2.0, rect.height() + 6.0));
        // A gap around it, so that it is seen on the fill and beside it.
        ui.painter().rect_filled(mark.expand2(vec2(1.5, 0.0)), corner, cx.colors.surface);
        ui.painter().rect_filled(mark, CornerRadius::same(1), cx.colors.muted);
    }
}

/// A lighter place that wanders over the fill while new data is on its way.
fn shimmer(ui: &Ui, cx: &mut Cx<'_>, fill: Rect) {
    let at = phase(cx, 1400);
    let half = 36.0;
    let x = fill.left() - half + (fill.width() + 2.0 * half) * at;
    let mut mesh = Mesh::default();
    for (offset, strength) in [(-half, 0.0), (0.0, 0.4), (half, 0.0)] {
        let color = Color32::WHITE.gamma_multiply(strength);
        mesh.colored_vertex(pos2(x + offset, fill.top()), color);
        mesh.colored_vertex(pos2(x + offset, fill.bottom()), color);
    }
    for corner in 0..4 {
        mesh.add_triangle(corner, corner + 1, corner + 2);
    }
    // The rounded ends of the fill stay as they are.
    ui.painter_at(fill.shrink2(vec2(2.0, 0.0))).add(mesh);
}

fn figures(ui: &mut Ui, cx: &mut Cx<'_>, line: &ProgressLine, mode: DisplayMode, rect: Rect) {
    let ink = Ink::new(size::CAPTION, Weight::Medium, cx.colors.muted);
    let quiet = Ink::new(size::CAPTION, Weight::Regular, cx.colors.faint);
    let display = cx.model.settings.reset;
    let left = left_text(line, mode);
    let right = right_text(line, display, cx.now_ms, &cx.local);
    let resets_at = line.resets_at.as_deref().and_then(parse_rfc3339_ms);
    let Some(resets_at) = resets_at else {
        two(ui, rect, (&left, ink), (&right, quiet));
        return;
    };
    cx.changes_in(30_000);
    let room = rect.width() - space::M;
    let right_width = text::line(ui, &right, quiet, room * 0.7).size().x;
    let left_place =
        Rect::from_min_size(rect.min, vec2((room - right_width).max(0.0), rect.height()));
    text::label(ui, left_place, &left, ink, Align::Min);

    let place = Rect::from_min_max(pos2(rect.right() - right_width - 0.5, rect.top()), rect.max);
    let response = ui.interact(place, ui.scope_id().with("reset"), Sense::click());
    let spoken = format!("{}: {right}", text::clean(&line.label, 200));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let hot = response.hovered() || response.has_focus();
    let color = if hot { cx.colors.text } else { cx.colors.faint };
    text::paint(ui, place, &right, Ink { color, ..quiet }, Align::Max);
    focus_ring(ui, &response, place, 4);
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let other = reset_text(display.other(), resets_at, cx.now_ms, &cx.local);
    let response = match other {
        Some(other) => response.on_hover_text(other),
        None => response,
    };
    if response.clicked() {
        cx.send(Command::SetSetting {
            key: RESET_KEY,
            value: reset_name(display.other()).to_owned(),
        });
    }
}

/// The setting's name in the configuration.
pub(crate) const RESET_KEY: &str = "display.reset_timer_display_mode";

fn reset_name(display: ResetDisplay) -> &'static str {
    match display {
        ResetDisplay::Relative => "relative",
        ResetDisplay::Absolute => "absolute",
    }
}

/// Two texts of one row.
fn two(ui: &mut Ui, rect: Rect, left: (&str, Ink), right: (&str, Ink)) {
    let room = rect.width() - space::M;
    let right_width = text::line(ui, right.0, right.1, room * 0.6).size().x;
    if !left.0.is_empty() {
        let place = Rect::from_min_size(rect.min, vec2(room - right_width, rect.height()));
        text::label(ui, place, left.0, left.1, Align::Min);
    }
    if !right.0.is_empty() {
        let place =
            Rect::from_min_max(pos2(rect.right() - right_width - 0.5, rect.top()), rect.max);
        text::label(ui, place, right.0, right.1, Align::Max);
    }
}
