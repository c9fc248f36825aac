//! Settings that are chosen rather than typed. What is chosen is kept at once.

use std::ops::RangeInclusive;

use egui::style::HandleShape;
use egui::{Align, Rect, Slider, SliderClamping, Stroke, Ui, pos2, vec2};
use serde_json::Value;
use vario_manifest::SettingOption;

use super::ask::Ask;
use super::typed::reset;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::text::{self, Ink};
use crate::theme::{Palette, dims, size, space};
use crate::widgets::{
    above, choices, control_width, field, follow_focus, segmented, segmented_width, select, switch,
};

pub(super) fn boolean(ui: &mut Ui, cx: &mut Cx<'_>, ask: &Ask<'_>) {
    let on = ask.value().and_then(Value::as_bool).unwrap_or(false);
    let clicked = field(ui, cx.colors, ask.named(), 34.0, |ui| {
        switch(ui, cx.colors, ask.name(), on).clicked()
    });
    if clicked {
        ask.send(cx, Value::Bool(!on));
    }
    reset(ui, cx, ask);
}

fn current(ask: &Ask<'_>, options: &[SettingOption]) -> Option<usize> {
    let value = ask.value().and_then(Value::as_str)?;
    options.iter().position(|option| option.value == value)
}

fn labels(options: &[SettingOption]) -> Vec<&str> {
    let label = |option: &'_ SettingOption| option.label.trim().is_empty();
    options
        .iter()
        .map(|option| if label(option) { option.value.as_str() } else { option.label.as_str() })
        .collect()
}

fn choose(cx: &mut Cx<'_>, ask: &Ask<'_>, options: &[SettingOption], chosen: Option<usize>) {
    if let Some(option) = chosen.and_then(|at| options.get(at)) {
        ask.send(cx, Value::String(option.value.clone()));
    }
}

pub(super) fn list(ui: &mut Ui, cx: &mut Cx<'_>, ask: &Ask<'_>, options: &[SettingOption]) {
    let now = current(ask, options);
    let width = 240.0;
    let chosen = field(ui, cx.colors, ask.named(), width, |ui| {
        select(ui, cx, ask.name(), control_width(ui, width), now, &labels(options))
    });
    choose(cx, ask, options, chosen);
    reset(ui, cx, ask);
}

/// Side by side where there is room, else below each other.
pub(super) fn radio(ui: &mut Ui, cx: &mut Cx<'_>, ask: &Ask<'_>, options: &[SettingOption]) {
    let now = current(ask, options);
    let labels = labels(options);
    let side: Vec<(Option<usize>, &str)> =
        labels.iter().enumerate().map(|(at, label)| (Some(at), *label)).collect();
    let width = segmented_width(ui, &side);
    let chosen = if width <= 340.0_f32.min(ui.available_width()) {
        field(ui, cx.colors, ask.named(), width, |ui| {
            segmented(ui, cx.colors, ask.name(), now, &side).flatten()
        })
    } else {
        above(ui, cx.colors, ask.named(), ("", cx.colors.text));
        choices(ui, cx.colors, ask.name(), now, &labels)
    };
    choose(cx, ask, options, chosen);
    reset(ui, cx, ask);
}

/// A slider. What it is dragged over is a draft; what it is let go at is kept.
pub(super) fn range(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    ask: &Ask<'_>,
    bounds: RangeInclusive<f64>,
    step: Option<f64>,
) {
    let now = ask.value().and_then(Value::as_f64).unwrap_or(*bounds.start());
    let draft = cx.state.drafts.get(&ask.place()).and_then(|draft| draft.parse().ok());
    let mut number = draft.unwrap_or(now);
    let colors = cx.colors;
    let response =
        field(ui, colors, ask.named(), 240.0, |ui| slider(ui, colors, &mut number, bounds, step));
    let response = response.accessible_name(ask.name());
    let typed = ((number * 1e6).round() / 1e6).to_string();
    let is_held = response.dragged() || response.is_pointer_button_down_on();
    if is_held && !response.drag_stopped() {
        cx.state.drafts.insert(ask.place(), typed);
    } else {
        cx.state.drafts.remove(&ask.place());
        let moved = (number - now).abs() > f64::EPSILON * now.abs().max(1.0);
        if moved && let Ok(value) = ask.setting.parse(&typed) {
            ask.send(cx, value);
        }
    }
    reset(ui, cx, ask);
}

fn slider(
    ui: &mut Ui,
    colors: &Palette,
    number: &mut f64,
    bounds: RangeInclusive<f64>,
    step: Option<f64>,
) -> egui::Response {
    // Laid out by hand: a row may run in either direction.
    let (_, rect) = ui.allocate_space(vec2(control_width(ui, 240.0), dims::CONTROL));
    let value = 52.0;
    let builder = egui::UiBuilder::new().max_rect(rect.with_max_x(rect.right() - value));
    let mut child = ui.new_child(builder.layout(egui::Layout::left_to_right(Align::Center)));
    child.spacing_mut().slider_width = child.available_width();
    let visuals = child.visuals_mut();
    visuals.selection.bg_fill = colors.accent;
    visuals.widgets.inactive.bg_fill = colors.track;
    for look in [&mut visuals.widgets.inactive, &mut visuals.widgets.hovered] {
        look.fg_stroke = Stroke::new(1.5, colors.accent);
    }
    child.spacing_mut().interact_size.y = dims::GLYPH;
    let mut slider =
        Slider::new(number, bounds).show_value(false).handle_shape(HandleShape::Circle);
    slider = slider.clamping(SliderClamping::Always).smart_aim(false);
    if let Some(step) = step.filter(|step| step.is_finite() && *step > 0.0) {
        slider = slider.step_by(step);
    }
    let response = child.add(slider);
    follow_focus(&child, &response);
    let ink = Ink::new(size::BODY, Weight::Medium, colors.text);
    let words = ((*number * 100.0).round() / 100.0).to_string();
    text::label(ui, rect.with_min_x(rect.right() - value), &words, ink, Align::Max);
    response
}

/// A setting that somebody else sets.
pub(super) fn read_only(ui: &mut Ui, cx: &mut Cx<'_>, ask: &Ask<'_>) {
    let shown = match ask.value() {
        _ if ask.setting.kind.is_secret() => "Not shown".to_owned(),
        Some(value) => {
            text::clean(&value.as_str().map_or_else(|| value.to_string(), str::to_owned), 200)
        }
        None => "Not set".to_owned(),
    };
    field(ui, cx.colors, ask.named(), 240.0, |ui| {
        let (_, rect) = ui.allocate_space(vec2(240.0_f32.min(ui.available_width()), dims::CONTROL));
        let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
        let room = rect.width() - dims::GLYPH - space::S;
        let width = text::line(ui, &shown, ink, room).size().x;
        let at_right = ui.layout().prefer_right_to_left();
        let left = if at_right { rect.right() - width } else { rect.left() + 14.0 + space::S };
        let words =
            Rect::from_min_size(pos2(left - 0.5, rect.top()), vec2(width + 0.5, rect.height()));
        text::label(ui, words, &shown, ink, Align::Min);
        let center = pos2(words.left() - space::S - 7.0, rect.center().y);
        let lock = Rect::from_center_size(center, vec2(14.0, 14.0));
        cx.state.icons.glyph(ui, lock, Glyph::Lock, cx.colors.faint);
        let id = ui.scope_id().with("lock");
        ui.interact(rect, id, egui::Sense::hover()).on_hover_text("Set by the airline, not by you");
    });
}
