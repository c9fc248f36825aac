//! Which plugins run, and in which order.

use egui::{
    Align, CornerRadius, CursorIcon, Key, Modifiers, Rect, Response, Role, Sense, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use super::nothing;
use crate::card::plugin_icon;
use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::model::PluginView;
use crate::order::moved;
use crate::state::{Drag, Page};
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{focus_ring, icon_button, switch};

const ROW: f32 = 36.0;
const SIDE: f32 = 28.0;

pub(super) fn plugins(ui: &mut Ui, cx: &mut Cx<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let model = cx.model;
    if model.plugins.is_empty() {
        return nothing(ui, cx, "No plugin was found in the folders below");
    }
    let top = ui.cursor().top();
    for (index, view) in model.plugins.iter().enumerate() {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
        // One row more at either end is there for the keyboard to go on to.
        if ui.is_rect_visible(rect.expand2(vec2(0.0, ROW))) || is_dragged(cx, view) {
            ui.push_id(("plugin", view.id()), |ui| row(ui, cx, view, index, top, rect));
        }
    }
    if !ui.input(|input| input.pointer.any_down()) {
        // The one that was dragged may be gone.
        cx.state.settings_drag = None;
    }
    if let Some(drag) = &cx.state.settings_drag {
        #[expect(clippy::cast_precision_loss, reason = "the number of plugins")]
        let y = top + drag.to as f32 * ROW;
        let room = ui.max_rect();
        let line = Rect::from_min_max(pos2(room.left(), y - 1.0), pos2(room.right(), y + 1.0));
        ui.painter().rect_filled(line, CornerRadius::same(1), cx.colors.accent);
    }
}

fn is_dragged(cx: &Cx<'_>, view: &PluginView) -> bool {
    cx.state.settings_drag.as_ref().is_some_and(|drag| drag.id == view.id())
}

fn row(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, index: usize, top: f32, rect: Rect) {
    let name = text::clean(view.name(), 200);
    if is_dragged(cx, view) {
        let ground = rect.expand2(vec2(space::S, 0.0));
        ui.painter().rect_filled(ground, CornerRadius::same(8), cx.colors.raised);
    }
    grip(ui, cx, view, &name, index, top, rect);
    let icon = Rect::from_center_size(
        pos2(rect.left() + 22.0 + dims::ICON / 2.0, rect.center().y),
        vec2(dims::ICON, dims::ICON),
    );
    plugin_icon(ui, cx, view, icon);
    let right = controls(ui, cx, view, &name, rect);
    let words = Rect::from_min_max(
        pos2(icon.right() + space::S + space::XXS, rect.top()),
        pos2(right - space::S, rect.bottom()),
    );
    let enabled = view.state.enabled;
    let color = if enabled { cx.colors.text } else { cx.colors.muted };
    let ink = Ink::new(size::BODY, Weight::Medium, color);
    let painted = text::label(ui, words, &name, ink, Align::Min).rect;
    let behind = words.with_min_x(painted.right() + space::S);
    if behind.width() > 40.0 && !view.plugin.version.is_empty() {
        let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.faint);
        text::label(ui, behind, &view.plugin.version, ink, Align::Min);
    }
}

/// What stands at the right; gives where it begins.
fn controls(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, name: &str, rect: Rect) -> f32 {
    let on = view.state.enabled;
    let center = pos2(rect.right() - 17.0, rect.center().y);
    let place = Rect::from_center_size(center, vec2(34.0, 20.0));
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt("enable"));
    if switch(&mut child, cx.colors, &format!("Enable {name}"), on).clicked() {
        cx.send(Command::Enable { id: view.id().to_owned(), on: !on });
    }
    let mut right = place.left() - space::S;
    let mut next = |ui: &mut Ui, salt: &str| {
        let center = pos2(right - SIDE / 2.0, rect.center().y);
        right -= SIDE;
        let place = Rect::from_center_size(center, vec2(SIDE, SIDE));
        ui.new_child(UiBuilder::new().max_rect(place).id_salt(salt))
    };
    if cx.model.platform.notifications {
        let told = cx.model.settings.notify.contains(view.id());
        let mut child = next(ui, "notify");
        if bell(&mut child, cx, name, told).clicked() {
            cx.send(Command::Notify { id: view.id().to_owned(), on: !told });
        }
    }
    if !view.plugin.settings.is_empty() {
        let spoken = format!("Settings of {name}");
        if icon_button(&mut next(ui, "settings"), cx, Glyph::Settings, &spoken, SIDE).clicked() {
            cx.state.page = Page::PluginSettings(view.id().to_owned());
        }
    }
    right
}

fn bell(ui: &mut Ui, cx: &mut Cx<'_>, name: &str, on: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(SIDE, SIDE), Sense::click());
    let spoken = format!("Notifications of {name}");
    response.widget_info(|| WidgetInfo::selected(Role::Switch, true, on, &spoken));
    if response.hovered() {
        let corner = CornerRadius::same(dims::RADIUS_SMALL);
        ui.painter().rect_filled(rect, corner, cx.colors.hover);
    }
    let color = if on { cx.colors.accent } else { cx.colors.faint };
    let inner = Rect::from_center_size(rect.center(), vec2(dims::GLYPH, dims::GLYPH));
    cx.state.icons.glyph(ui, inner, Glyph::Bell, color);
    if !on {
        // Struck out: on and off must not differ by colour alone.
        let (from, to) = (inner.left_top() + vec2(2.0, 2.0), inner.right_bottom() - vec2(2.0, 2.0));
        ui.painter().line_segment([from, to], (3.5, cx.colors.surface));
        ui.painter().line_segment([from, to], (1.4, color));
    }
    focus_ring(ui, &response, rect, dims::RADIUS_SMALL);
    let words = if on { "Notifications are on" } else { "Notifications are off" };
    response.on_hover_cursor(CursorIcon::PointingHand).on_hover_text(words)
}

fn grip(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    view: &PluginView,
    name: &str,
    index: usize,
    top: f32,
    rect: Rect,
) {
    let place = Rect::from_center_size(pos2(rect.left() + 6.0, rect.center().y), vec2(20.0, 28.0));
    let id = ui.scope_id().with("grip");
    let response = ui.interact(place, id, Sense::click_and_drag());
    let spoken = format!("Move {name}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let hot = response.hovered() || response.dragged();
    let color = if hot { cx.colors.text } else { cx.colors.faint };
    let inner = Rect::from_center_size(place.center(), vec2(dims::GLYPH, dims::GLYPH));
    cx.state.icons.glyph(ui, inner, Glyph::Grip, color);
    focus_ring(ui, &response, place, 4);
    let response = response.on_hover_cursor(CursorIcon::Grab);
    drag(ui, cx, view, &response, top);
    if response.has_focus() {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::ALT, key));
        if pressed(Key::ArrowUp) {
            put(cx, view.id(), index.saturating_sub(1));
        } else if pressed(Key::ArrowDown) {
            put(cx, view.id(), index + 2);
        }
    }
    if !response.dragged() {
        response.on_hover_text("Drag, or press Alt and an arrow key");
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the place in a list, not negative"
)]
fn drag(ui: &Ui, cx: &mut Cx<'_>, view: &PluginView, response: &Response, top: f32) {
    if response.dragged()
        && let Some(pos) = response.interact_pointer_pos()
    {
        let to = ((pos.y - top) / ROW).round().max(0.0) as usize;
        let to = to.min(cx.model.plugins.len());
        cx.state.settings_drag = Some(Drag { id: view.id().to_owned(), to });
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        let under = Rect::from_center_size(pos, vec2(1.0, 2.0 * ROW));
        ui.scroll_to_rect(under, None);
    }
    if is_dragged(cx, view) && !response.dragged() {
        let drag = cx.state.settings_drag.take();
        if let Some(drag) = drag.filter(|_| response.drag_stopped()) {
            put(cx, &drag.id, drag.to);
        }
    }
}

fn put(cx: &mut Cx<'_>, id: &str, to: usize) {
    let ids: Vec<&str> = cx.model.plugins.iter().map(PluginView::id).collect();
    if let Some(order) = moved(&ids, id, to) {
        cx.send(Command::Reorder(order));
    }
}
