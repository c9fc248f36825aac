//! The side bar: home, the enabled plugins in their order, and the program's own pages.

use egui::{
    CornerRadius, CursorIcon, Key, Modifiers, Rect, Response, Role, ScrollArea, Sense, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};
use vario_model::{BackgroundState, Refusal};
use vario_output::present::{cooldown_text, left_text, primary_metric};

use crate::card::plugin_icon;
use crate::command::Command;
use crate::cx::Cx;
use crate::icons::Glyph;
use crate::model::PluginView;
use crate::order::{moved, reordered};
use crate::state::{Drag, Page};
use crate::text;
use crate::theme::{dims, space};
use crate::widgets::focus_ring;

/// A place in the bar.
const PLACE: f32 = 40.0;

/// The ground under an icon.
const GROUND: f32 = 36.0;

pub(crate) fn sidebar(ui: &mut Ui, cx: &mut Cx<'_>) {
    let rect = ui.max_rect();
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    ui.add_space(space::M - 2.0);
    if own(ui, cx, Glyph::Home, "Home", cx.state.page == Page::Home).clicked() {
        cx.state.page = Page::Home;
    }
    ui.add_space(space::S);
    let (_, line) = ui.allocate_space(vec2(rect.width(), 1.0));
    let line = line.shrink2(vec2(14.0, 0.0));
    ui.painter().rect_filled(line, CornerRadius::ZERO, cx.colors.line);
    ui.add_space(space::S);

    let below = 4.0 * PLACE + space::M;
    let room = (rect.bottom() - ui.cursor().top() - below).max(0.0);
    let list = Rect::from_min_size(pos2(rect.left(), ui.cursor().top()), vec2(rect.width(), room));
    ui.scope_builder(UiBuilder::new().max_rect(list), |ui| {
        let area = ScrollArea::vertical().id_salt("plugins").auto_shrink(false);
        let area = area.min_scrolled_height(0.0);
        let shown = area.show(ui, |ui| plugins(ui, cx));
        if shown.content_size.y > room + 1.0 {
            let edge = Rect::from_min_max(pos2(list.left(), list.bottom() - 1.0), list.max);
            let edge = edge.shrink2(vec2(14.0, 0.0));
            ui.painter().rect_filled(edge, CornerRadius::ZERO, cx.colors.line);
        }
    });

    let bottom = Rect::from_min_max(pos2(rect.left(), rect.bottom() - below + 4.0), rect.max);
    ui.scope_builder(UiBuilder::new().max_rect(bottom), |ui| {
        for (glyph, name, page) in [
            (Glyph::Background, "Background", Page::Background),
            (Glyph::Shield, "Permissions", Page::Permissions),
            (Glyph::Log, "Event log", Page::Log),
            (Glyph::Settings, "Settings", Page::Settings),
        ] {
            let mut chosen = cx.state.page == page;
            chosen |= is_below(cx, &page);
            if own(ui, cx, glyph, name, chosen).clicked() {
                cx.state.page = page;
            }
        }
    });
}

/// Whether the page that is shown is reached from another one, and has no place of its own here.
fn is_below(cx: &Cx<'_>, above: &Page) -> bool {
    match &cx.state.page {
        Page::PluginSettings(_) | Page::Accounts => *above == Page::Settings,
        Page::BackgroundOf(id) => {
            let view = cx.model.plugin(id);
            let has_place = view.is_some_and(|view| view.state.enabled && view.only_stays());
            *above == Page::Background && !has_place
        }
        _ => false,
    }
}

fn place(ui: &mut Ui, cx: &Cx<'_>, name: &str, chosen: bool, sense: Sense) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), PLACE), sense);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, name));
    let ground = Rect::from_center_size(rect.center(), vec2(GROUND, GROUND));
    let corner = CornerRadius::same(8);
    if chosen {
        ui.painter().rect_filled(ground, corner, cx.colors.accent_soft);
        let mark =
            Rect::from_center_size(pos2(rect.left() + 1.5, rect.center().y), vec2(3.0, 18.0));
        ui.painter().rect_filled(
            mark,
            CornerRadius { ne: 2, se: 2, ..CornerRadius::ZERO },
            cx.colors.accent,
        );
    } else if response.hovered() {
        ui.painter().rect_filled(ground, corner, cx.colors.hover);
    }
    focus_ring(ui, &response, ground.shrink(2.0), 7);
    (ground, response.on_hover_cursor(CursorIcon::PointingHand))
}

fn own(ui: &mut Ui, cx: &mut Cx<'_>, glyph: Glyph, name: &str, chosen: bool) -> Response {
    let (ground, response) = place(ui, cx, name, chosen, Sense::click());
    let color = if chosen { cx.colors.text } else { cx.colors.muted };
    let icon = Rect::from_center_size(ground.center(), vec2(dims::ICON, dims::ICON));
    cx.state.icons.glyph(ui, icon, glyph, color);
    response.on_hover_text(name)
}

fn plugins(ui: &mut Ui, cx: &mut Cx<'_>) {
    let model = cx.model;
    let shown: Vec<&PluginView> = model.plugins.iter().filter(|view| view.state.enabled).collect();
    let top = ui.cursor().top();
    for (index, view) in shown.iter().enumerate() {
        ui.push_id(("side", view.id()), |ui| plugin(ui, cx, &shown, index, view, top));
    }
    if let Some(drag) = &cx.state.drag {
        #[expect(clippy::cast_precision_loss, reason = "the number of plugins")]
        let y = top + drag.to as f32 * PLACE;
        let line = Rect::from_center_size(pos2(ui.max_rect().center().x, y), vec2(GROUND, 2.0));
        ui.painter().rect_filled(line, CornerRadius::same(1), cx.colors.accent);
    }
}

fn plugin(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    shown: &[&PluginView],
    index: usize,
    view: &PluginView,
    top: f32,
) {
    let name = text::clean(view.name(), 200);
    let page = view.page();
    let chosen = cx.state.page == page;
    let (ground, response) = place(ui, cx, &name, chosen, Sense::click_and_drag());
    let icon = Rect::from_center_size(ground.center(), vec2(20.0, 20.0));
    plugin_icon(ui, cx, view, icon);
    if view.state.error.is_some() || has_failed(cx, view) {
        let center = icon.right_top() + vec2(1.0, 0.0);
        ui.painter().circle_filled(center, 4.5, cx.colors.chrome);
        ui.painter().circle_filled(center, 3.0, cx.colors.bad);
    }
    if response.clicked() {
        cx.state.page = page;
    }
    menu(cx, view, &response);
    let response = response.on_hover_ui(|ui| tooltip(ui, cx, view, &name));
    drag(ui, cx, shown, view, &response, top);
    if response.has_focus() {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::ALT, key));
        let to = if pressed(Key::ArrowUp) {
            index.checked_sub(1)
        } else if pressed(Key::ArrowDown) {
            Some(index + 2)
        } else {
            None
        };
        if let Some(to) = to {
            put(cx, shown, view.id(), to);
        }
    }
}

/// Whether its background part could not be kept up.
fn has_failed(cx: &Cx<'_>, view: &PluginView) -> bool {
    let info = cx.model.background.get(view.id());
    info.is_some_and(|info| info.state == BackgroundState::Failed)
}

fn tooltip(ui: &mut Ui, cx: &Cx<'_>, view: &PluginView, name: &str) {
    ui.label(name);
    let settings = &cx.model.settings;
    let Some(data) = &view.state.data else { return };
    let primary = view.plugin.primary_candidates();
    let weekly = view.plugin.weekly_candidate();
    let metric = primary_metric(&data.output.lines, &primary, weekly, settings.metric);
    if let Some(metric) = metric {
        let label = text::clean(&metric.line.label, 60);
        ui.weak(format!("{label} · {}", left_text(metric.line, settings.mode)));
    }
}

fn menu(cx: &mut Cx<'_>, view: &PluginView, response: &Response) {
    response.context_menu(|ui| {
        ui.set_min_width(180.0);
        if !view.only_stays() {
            refresh(ui, cx, view);
        }
        if !view.plugin.settings.is_empty() && ui.button("Plugin settings…").clicked() {
            cx.state.page = Page::PluginSettings(view.id().to_owned());
            ui.close();
        }
        if ui.button("Disable plugin").clicked() {
            cx.send(Command::Enable { id: view.id().to_owned(), on: false });
            ui.close();
        }
    });
}

fn refresh(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView) {
    let refusal = view.state.refusal(cx.now_ms);
    let refresh = ui.add_enabled(refusal.is_none(), egui::Button::new("Refresh usage"));
    let refresh = match refusal {
        Some(Refusal::CoolingDown { left_ms }) => {
            refresh.on_disabled_hover_text(cooldown_text(left_ms).unwrap_or_default())
        }
        _ => refresh,
    };
    if refresh.clicked() {
        cx.send(Command::Refresh(view.id().to_owned()));
        ui.close();
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the place in a list, not negative"
)]
fn drag(
    ui: &Ui,
    cx: &mut Cx<'_>,
    shown: &[&PluginView],
    view: &PluginView,
    response: &Response,
    top: f32,
) {
    if response.dragged()
        && let Some(pos) = response.interact_pointer_pos()
    {
        let to = ((pos.y - top) / PLACE).round().max(0.0) as usize;
        let to = to.min(shown.len());
        cx.state.drag = Some(Drag { id: view.id().to_owned(), to });
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        #[expect(clippy::cast_precision_loss, reason = "the number of plugins")]
        let is_long = shown.len() as f32 * PLACE > ui.clip_rect().height();
        let around = Rect::from_center_size(pos, vec2(1.0, PLACE)).y_range();
        let seen = ui.clip_rect().y_range();
        if is_long && !(seen.contains(around.min) && seen.contains(around.max)) {
            ui.scroll_to_rect(Rect::from_x_y_ranges(ui.clip_rect().x_range(), around), None);
        }
    }
    let is_mine = cx.state.drag.as_ref().is_some_and(|drag| drag.id == view.id());
    if is_mine && !response.dragged() {
        let drag = cx.state.drag.take();
        if let Some(drag) = drag.filter(|_| response.drag_stopped()) {
            put(cx, shown, &drag.id, drag.to);
        }
    }
}

fn put(cx: &mut Cx<'_>, shown: &[&PluginView], id: &str, to: usize) {
    let ids: Vec<&str> = shown.iter().map(|view| view.id()).collect();
    if let Some(order) = moved(&ids, id, to) {
        let all: Vec<&str> = cx.model.plugins.iter().map(PluginView::id).collect();
        cx.send(Command::Reorder(reordered(&all, &order)));
    }
}
