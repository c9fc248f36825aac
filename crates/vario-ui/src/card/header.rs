//! Name, refresh control, plan and links.

use egui::{Align, CursorIcon, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use vario_model::Refusal;
use vario_output::present::{IconFill, Theme, cooldown_text, icon_fill, updated_text};

use super::Extent;
use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::model::PluginView;
use crate::state::Page;
use crate::text::{self, Ink};
use crate::theme::{dims, legible, parse_color, size, space};
use crate::widgets::{Kind, badge, badge_width, button, focus_ring, icon_button};

const HEIGHT: f32 = 24.0;

/// Paints a plugin's icon in its brand colour (contract section 7.8).
pub(crate) fn plugin_icon(ui: &Ui, cx: &mut Cx<'_>, view: &PluginView, rect: Rect) {
    let theme = if cx.colors.dark { Theme::Dark } else { Theme::Light };
    let color = match icon_fill(view.plugin.brand_color.as_deref(), theme) {
        IconFill::Text => cx.colors.text,
        IconFill::White => egui::Color32::WHITE,
        // The contract keeps some colours that would hardly be seen.
        IconFill::Brand(brand) => parse_color(brand)
            .map_or(cx.colors.text, |color| legible(color, cx.colors.surface, cx.colors.text, 1.5)),
    };
    let source =
        view.icon.as_ref().map(|pair| if cx.colors.dark { &pair.dark } else { &pair.light });
    cx.state.icons.plugin(ui, rect, source, color);
}

pub(super) fn header(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, extent: Extent) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), HEIGHT));
    let icon = Rect::from_center_size(
        pos2(rect.left() + dims::ICON / 2.0, rect.center().y),
        vec2(dims::ICON, dims::ICON),
    );
    plugin_icon(ui, cx, view, icon);

    let plan = view.state.data.as_ref().and_then(|data| data.output.plan.as_deref());
    let plan = plan.filter(|plan| !text::is_blank(plan));
    let most = rect.width() / 2.0;
    let plan_width = plan.map_or(0.0, |plan| badge_width(ui, plan, most) + space::S);
    if let Some(plan) = plan {
        badge(ui, rect, plan, cx.colors.muted, cx.colors.edge, most);
    }

    let left = icon.right() + space::S + XS_MORE;
    let room = rect.right() - plan_width - left - HEIGHT - space::XS;
    let title = Ink::new(size::TITLE, Weight::Strong, cx.colors.text);
    let width = text::line(ui, view.name(), title, room).size().x;
    let place = Rect::from_min_size(pos2(left, rect.top()), vec2(width, HEIGHT));
    if extent == Extent::Overview {
        name_button(ui, cx, view, place, title);
    } else {
        text::label(ui, place, view.name(), title, Align::Min);
    }

    let control =
        Rect::from_min_size(pos2(place.right() + space::XS, rect.top()), vec2(HEIGHT, HEIGHT));
    ui.scope_builder(UiBuilder::new().max_rect(control), |ui| refresh(ui, cx, view, control));
}

/// The icon's box is a little wider than what is drawn in it.
const XS_MORE: f32 = 2.0;

fn name_button(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, rect: Rect, ink: Ink) {
    let response = ui.interact(rect, ui.scope_id().with("name"), Sense::click());
    let spoken = format!("Open {}", text::clean(view.name(), 200));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let painted = text::paint(ui, rect, view.name(), ink, Align::Min);
    if response.hovered() {
        let y = painted.bottom() - 1.0;
        ui.painter().hline(painted.x_range(), y, egui::Stroke::new(1.0, cx.colors.faint));
    }
    focus_ring(ui, &response, rect, dims::RADIUS_SMALL);
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let response = if painted.width() + 1.0 >= rect.width() && view.name().len() > 24 {
        response.on_hover_text(text::clean(view.name(), 400))
    } else {
        response
    };
    if response.clicked() {
        cx.state.page = Page::Plugin(view.id().to_owned());
    }
}

/// Spinner, hourglass or button (contract section 7.3).
fn refresh(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, rect: Rect) {
    let name = text::clean(view.name(), 200);
    let inner = Rect::from_center_size(rect.center(), vec2(14.0, 14.0));
    let still = |ui: &mut Ui, spoken: String| {
        let (_, response) = ui.allocate_exact_size(rect.size(), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
        response
    };
    match view.state.refusal(cx.now_ms) {
        Some(Refusal::Loading) => {
            still(ui, format!("{name} is loading"));
            spinner(ui, cx, inner);
        }
        Some(Refusal::CoolingDown { left_ms }) => {
            cx.changes_in(1000);
            let text = cooldown_text(left_ms).unwrap_or_default();
            let response = still(ui, format!("{name}: {text}"));
            cx.state.icons.glyph(ui, inner, Glyph::Hourglass, cx.colors.faint);
            response.on_hover_text(text);
        }
        None => {
            let spoken = format!("Refresh {name}");
            let response = icon_button(ui, cx, Glyph::Refresh, &spoken, HEIGHT);
            let response = match view.state.last_updated_at {
                Some(at) => response.on_hover_text(updated_text(at, cx.now_ms)),
                None => response.on_hover_text("Refresh"),
            };
            if response.clicked() {
                cx.send(Command::Refresh(view.id().to_owned()));
            }
        }
    }
}

/// How often a moving thing is drawn anew, in milliseconds.
pub(super) const FRAME_MS: u64 = 33;

/// The position in an endless movement of `period` milliseconds, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a period is short")]
pub(super) fn phase(cx: &mut Cx<'_>, period: i64) -> f32 {
    cx.changes_in(FRAME_MS);
    cx.now_ms.rem_euclid(period) as f32 / period as f32
}

fn spinner(ui: &Ui, cx: &mut Cx<'_>, rect: Rect) {
    if !ui.is_rect_visible(rect) {
        return;
    }
    let start = phase(cx, 900) * std::f32::consts::TAU;
    let center = rect.center();
    let radius = rect.width() / 2.0 - 1.0;
    let ring = egui::Stroke::new(1.6, cx.colors.track);
    ui.painter().circle_stroke(center, radius, ring);
    let points = (0_u8..=16).map(|step| {
        let angle = start + f32::from(step) / 16.0 * 1.7;
        center + radius * vec2(angle.cos(), angle.sin())
    });
    ui.painter().line(points.collect(), egui::Stroke::new(1.6, cx.colors.accent));
}

/// What a card without lines says.
pub(super) fn no_lines(ui: &mut Ui, cx: &Cx<'_>, extent: Extent) {
    let text = match extent {
        Extent::Overview => "Nothing for the overview",
        Extent::Page => "The plugin returned no lines",
    };
    ui.add_space(space::S);
    text::row(ui, text, Ink::new(size::BODY, Weight::Regular, cx.colors.faint), dims::ROW);
}

/// The manifest's links.
pub(super) fn links(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView) {
    if view.plugin.links.is_empty() {
        return;
    }
    ui.add_space(space::M);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        for link in &view.plugin.links {
            let label = if text::is_blank(&link.label) { &link.url } else { &link.label };
            let label = text::clean(label, 60);
            let response = button(ui, cx.colors, Kind::Plain, &label).on_hover_text(&link.url);
            if response.clicked() {
                cx.send(Command::OpenLink(link.url.clone()));
            }
        }
    });
}
