//! One background plugin in the list.

use egui::{
    Align, CornerRadius, CursorIcon, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2,
};
use vario_model::{BackgroundInfo, BackgroundState};

use super::standing::{self, Tone, standing};
use super::{head, icon, name};
use crate::action::Action;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::state::Page;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Link, focus_ring, link, pill, pill_width};

const ROW: f32 = 58.0;
const LINE: f32 = 20.0;
const NEEDS: f32 = 28.0;
const ICON: f32 = 22.0;

/// The room for buttons, so that states stand in one column.
const BUTTONS: f32 = 132.0;

/// With less room than this, buttons are pictures.
const NARROW: f32 = 560.0;

pub(super) fn row(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    // One more at either end is there for the keyboard to go on to.
    if ui.is_rect_visible(rect.expand2(vec2(0.0, ROW))) {
        whole(ui, cx, info, rect);
    }
    lacks(ui, cx, info);
    failed(ui, cx, info);
}

fn whole(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo, rect: Rect) {
    let opened = ground(ui, cx, info, rect);
    let narrow = rect.width() < NARROW;
    let middle = rect.center().y;
    let center = pos2(rect.left() + ICON / 2.0, middle);
    icon(ui, cx, info, Rect::from_center_size(center, vec2(ICON, ICON)));

    let state = standing(cx, info);
    let first = Rect::from_min_max(
        pos2(rect.left() + ICON + space::M, middle - LINE),
        pos2(rect.right(), middle),
    );
    let second = first.translate(vec2(0.0, LINE));
    // In a narrow window the state stands above the buttons, else before them.
    let (words_to, badge) = if narrow {
        let place = second.with_max_x(rect.right() + space::XS);
        (head::controls(ui, cx, info, place, true), first)
    } else {
        let place = Rect::from_min_max(pos2(first.left(), rect.top()), rect.max);
        let place = place.with_max_x(rect.right() + space::S);
        head::controls(ui, cx, info, place, false);
        (0.0, place.with_max_x(rect.right() - BUTTONS))
    };
    let words = if narrow { state.short() } else { state.words };
    let badge_width = pill_width(ui, words);
    pill(ui, cx, badge, words, state.tone.color(cx.colors));

    let ink = Ink::new(size::BODY, Weight::Strong, cx.colors.text);
    let edge = badge.right() - badge_width - space::M;
    text::paint(ui, first.with_max_x(edge), &name(info), ink, Align::Min);
    let (words, color) = about(cx, info, state.tone);
    let ink = Ink::new(size::CAPTION + 0.5, Weight::Regular, color);
    let edge = if narrow { words_to - space::S } else { edge };
    text::label(ui, second.with_max_x(edge), &words, ink, Align::Min);
    if opened.clicked() {
        cx.state.page = Page::BackgroundOf(info.id.clone());
    }
}

/// What is clicked on to open it.
fn ground(ui: &mut Ui, cx: &Cx<'_>, info: &BackgroundInfo, rect: Rect) -> Response {
    let response = ui.interact(rect, ui.scope_id().with("open"), Sense::click());
    let spoken = format!("Open {}", name(info));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    let ground = rect.expand2(vec2(space::S, -space::XS));
    if response.hovered() || response.has_focus() {
        let corner = CornerRadius::same(dims::RADIUS_SMALL + 2);
        ui.painter().rect_filled(ground, corner, cx.colors.raised.gamma_multiply(0.6));
    }
    focus_ring(ui, &response, ground.shrink(2.0), dims::RADIUS_SMALL);
    response.on_hover_cursor(CursorIcon::PointingHand)
}

/// What is to be known about it, in a line.
fn about(cx: &mut Cx<'_>, info: &BackgroundInfo, tone: Tone) -> (String, egui::Color32) {
    let reason = standing::reason(cx, info).filter(|_| info.enabled);
    if let Some(reason) = reason {
        // There is no room for what code looks like.
        let reason = reason.replace('`', "");
        let color = match tone {
            Tone::Bad => cx.colors.bad,
            _ => cx.colors.muted,
        };
        return (reason, color);
    }
    let mut parts = Vec::new();
    if info.state == BackgroundState::Active {
        parts.extend(standing::uptime(cx, info));
        parts.extend(info.memory_bytes.map(standing::size));
    } else {
        parts.push(head::kind(info));
    }
    if info.restarts > 0 {
        parts.push(standing::count(u64::from(info.restarts), "restart"));
    }
    if !info.routes.is_empty() {
        parts.push(standing::count(info.routes.len() as u64, "route"));
    }
    (parts.join("  ·  "), cx.colors.muted)
}

/// What it lacks, and the way to allow it.
fn lacks(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    let missing = head::missing(cx, info);
    let Some(first) = missing.iter().next() else { return };
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), NEEDS));
    let rect = rect.translate(vec2(0.0, -space::S));
    let icon =
        Rect::from_center_size(pos2(rect.left() + ICON / 2.0, rect.center().y), vec2(13.0, 13.0));
    cx.state.icons.glyph(ui, icon, Glyph::Lock, cx.colors.warn);
    let spoken = format!("Allow {}…", name(info));
    let shown = Link { text: "Allow…", glyph: None, spoken: &spoken, color: cx.colors.accent };
    let id = ui.scope_id().with("allow");
    let (allow, left) = link(ui, cx, id, rect.with_max_x(rect.right() + space::S), &shown);
    let more = match missing.len() - 1 {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let words = format!("Not allowed to {} {}{more}", first.verb(), first.object());
    let ink = Ink::new(size::CAPTION + 0.5, Weight::Regular, cx.colors.warn);
    let place = left.with_min_x(rect.left() + ICON + space::M);
    text::label(ui, place, &words, ink, Align::Min);
    if allow.clicked() {
        Action::Rights(info.id.clone()).run(cx);
    }
}

/// What could not be done for the user.
fn failed(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    let model = cx.model;
    let Some(words) = model.background.failed.get(&info.id) else { return };
    ui.horizontal_top(|ui| {
        ui.add_space(ICON + space::M);
        let ink = Ink::new(size::CAPTION + 0.5, Weight::Regular, cx.colors.bad);
        text::paragraph(ui, &standing::sentence(words), ink, 3);
    });
    ui.add_space(space::S);
}
