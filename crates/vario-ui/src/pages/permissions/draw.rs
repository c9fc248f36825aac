//! A plugin's rights as a card, of which only what is in sight is laid out.

use egui::{Align, Color32, CornerRadius, Rect, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};
use vario_permissions::{Permission, PermissionSet};

use super::groups::{Group, Why};
use super::words::{self, ROW};
use crate::card::plugin_icon;
use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::model::PluginView;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Kind, Link, button, link};

const HEADER: f32 = 24.0;
const TITLE: f32 = 24.0;
const PAD: egui::Vec2 = vec2(16.0, 14.0);

/// Words give way to signs in a card narrower than this.
const NARROW: f32 = 400.0;

/// One thing in the card, with its height.
enum Item<'a> {
    Header,
    Space(f32),
    Title(Why),
    Note(&'a str),
    Right(Why, &'a Permission),
    All(&'a str, &'a PermissionSet),
}

impl Item<'_> {
    fn height(&self, ui: &Ui, width: f32, cell: f32) -> f32 {
        match self {
            Self::Header => HEADER,
            Self::Space(height) => *height,
            Self::Title(_) => TITLE,
            Self::Note(text) => note_height(ui, text, width),
            Self::Right(why, right) => words::height(ui, right, width - room(*why, width), cell),
            Self::All(..) => dims::CONTROL,
        }
    }
}

fn items<'a>(view: &PluginView, groups: &'a [Group]) -> Vec<Item<'a>> {
    let mut items = vec![Item::Header];
    if groups.is_empty() {
        items.extend([Item::Space(space::XS), Item::Note(nothing(view))]);
    }
    for group in groups {
        items.extend([Item::Space(space::M), Item::Title(group.why)]);
        items.extend(group.why.note().map(Item::Note));
        items.extend(group.rights.iter().map(|right| Item::Right(group.why, right)));
        // One right has its own button.
        let all = group.why.allow_all().filter(|_| group.rights.len() > 1);
        if let Some(all) = all {
            items.extend([Item::Space(space::S), Item::All(all, &group.rights)]);
        }
    }
    items
}

fn nothing(view: &PluginView) -> &'static str {
    if view.plugin.permissions.is_some() {
        "Asks for nothing, and may do nothing outside of its own folder."
    } else {
        "Its manifest does not say what it needs. What it is refused when it runs is listed here."
    }
}

pub(super) fn card(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, groups: &[Group]) {
    let items = items(view, groups);
    let width = ui.available_width() - 2.0 * PAD.x;
    let indent = indent(width);
    let cell = words::cell(ui);
    let height = |item: &Item<'_>| item.height(ui, width - indent, cell);
    let heights: Vec<f32> = items.iter().map(height).collect();
    let whole = heights.iter().sum::<f32>() + 2.0 * PAD.y;
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), whole));
    if !ui.is_rect_visible(rect) {
        return;
    }
    let edge = Stroke::new(1.0, cx.colors.line);
    let corner = CornerRadius::same(dims::RADIUS);
    ui.painter().rect(rect, corner, cx.colors.surface, edge, StrokeKind::Inside);
    let inner = rect.shrink2(PAD);
    let mut top = inner.top();
    for (item, height) in items.iter().zip(heights) {
        let place = Rect::from_min_size(pos2(inner.left(), top), vec2(inner.width(), height));
        top += height;
        // A row more at either end is there for the keyboard to go on to.
        if ui.is_rect_visible(place.expand2(vec2(0.0, ROW))) {
            draw(ui, cx, view, item, place);
        }
    }
}

/// How much of a row's width its buttons take.
fn room(why: Why, width: f32) -> f32 {
    match why {
        Why::NeverAsked => 0.0,
        Why::Granted | Why::Denied => 56.0,
        _ if is_narrow(width) => 56.0,
        _ => 104.0,
    }
}

fn is_narrow(width: f32) -> bool {
    width < NARROW - 22.0
}

/// Rights stand under the words of their title where there is room.
fn indent(width: f32) -> f32 {
    if width < NARROW { 0.0 } else { 14.0 + space::S }
}

fn draw(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, item: &Item<'_>, place: Rect) {
    let indented = Rect::from_min_max(place.min + vec2(indent(place.width()), 0.0), place.max);
    match item {
        Item::Space(_) => {}
        Item::Header => header(ui, cx, view, place),
        Item::Title(why) => title(ui, cx, *why, place),
        Item::Note(text) => note(ui, cx, text, indented),
        Item::Right(why, right) => row(ui, cx, view, *why, right, indented),
        Item::All(text, rights) => all(ui, cx, view, text, rights, indented),
    }
}

fn header(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, place: Rect) {
    let icon = Rect::from_center_size(
        pos2(place.left() + dims::ICON / 2.0, place.center().y),
        vec2(dims::ICON, dims::ICON),
    );
    plugin_icon(ui, cx, view, icon);
    let (words, color) = state(cx, view);
    let ink = Ink::new(size::CAPTION, Weight::Medium, color);
    let width = text::line(ui, &words, ink, place.width() * 0.5).size().x;
    let right = Rect::from_min_max(pos2(place.right() - width - 0.5, place.top()), place.max);
    text::label(ui, right, &words, ink, Align::Max);
    let left = Rect::from_min_max(
        pos2(icon.right() + space::S + space::XXS, place.top()),
        pos2(right.left() - space::M, place.bottom()),
    );
    let title = if view.state.enabled { cx.colors.text } else { cx.colors.muted };
    let title = Ink::new(size::TITLE, Weight::Strong, title);
    text::label(ui, left, view.name(), title, Align::Min);
}

/// How it stands with the plugin, in a few words.
fn state(cx: &Cx<'_>, view: &PluginView) -> (String, Color32) {
    let open = view.rights.open().len();
    if !view.state.enabled {
        return ("Disabled".to_owned(), cx.colors.faint);
    }
    if !view.needs.is_empty() {
        return ("Refused in the last run".to_owned(), cx.colors.warn);
    }
    match open {
        0 => ("Nothing to decide".to_owned(), cx.colors.faint),
        open => (format!("{open} to decide"), cx.colors.muted),
    }
}

fn title(ui: &mut Ui, cx: &mut Cx<'_>, why: Why, place: Rect) {
    let (glyph, color) = match why {
        Why::Granted => (Glyph::Check, cx.colors.good),
        Why::Asked | Why::Known => (Glyph::Shield, cx.colors.muted),
        Why::Refused | Why::NeverAsked => (Glyph::Lock, cx.colors.warn),
        Why::Denied => (Glyph::Close, cx.colors.bad),
    };
    let icon = Rect::from_center_size(pos2(place.left() + 7.0, place.center().y), vec2(14.0, 14.0));
    cx.state.icons.glyph(ui, icon, glyph, color);
    let words = Rect::from_min_max(pos2(icon.right() + space::S, place.top()), place.max);
    let ink = Ink::new(size::BODY, Weight::Medium, cx.colors.text);
    text::label(ui, words, why.title(), ink, Align::Min);
}

fn note_ink(color: Color32) -> Ink {
    Ink::new(size::CAPTION, Weight::Regular, color)
}

fn note_height(ui: &Ui, text: &str, width: f32) -> f32 {
    let font = note_ink(Color32::WHITE).font();
    let galley = ui.painter().layout(text.to_owned(), font, Color32::WHITE, width);
    galley.size().y + space::XS
}

fn note(ui: &mut Ui, cx: &Cx<'_>, text: &str, place: Rect) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt(text));
    text::paragraph(&mut child, text, note_ink(cx.colors.muted), 4);
}

fn row(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, why: Why, right: &Permission, place: Rect) {
    let name = text::clean(view.name(), 200);
    let words = format!("{} {}", right.verb(), right.object());
    let words = words.trim_end();
    let narrow = is_narrow(place.width());
    let taken = room(why, place.width());
    let id = ui.scope_id().with(("right", view.id(), why.title(), right.to_string()));
    // The words of the last one stand below those of the header.
    let mut rest = Rect::from_min_size(place.min, vec2(place.width() + space::S, ROW));
    let mut press = |ui: &mut Ui, cx: &mut Cx<'_>, text: &str, spoken: &str, glyph, color| {
        let shown = Link { text, glyph, spoken, color };
        let (response, left) = link(ui, cx, id.with(text), rest, &shown);
        rest = left;
        response.clicked()
    };
    let only = || [right.clone()].into_iter().collect::<PermissionSet>();
    let plugin = || view.id().to_owned();
    match why {
        Why::Granted => {
            let spoken = format!("Revoke from {name}: {words}");
            if press(ui, cx, "Revoke", &spoken, None, cx.colors.muted) {
                cx.send(Command::Revoke { id: plugin(), rights: only() });
            }
        }
        Why::Denied => {
            let spoken = format!("No longer deny {name}: {words}");
            if press(ui, cx, "Lift", &spoken, None, cx.colors.muted) {
                cx.send(Command::Revoke { id: plugin(), rights: only() });
            }
        }
        Why::Asked | Why::Known | Why::Refused => {
            let (cross, check) = (narrow.then_some(Glyph::Close), narrow.then_some(Glyph::Check));
            let spoken = format!("Deny {name}: {words}");
            if press(ui, cx, "Deny", &spoken, cross, cx.colors.muted) {
                cx.send(Command::Deny { id: plugin(), rights: only() });
            }
            let spoken = format!("Allow {name}: {words}");
            if press(ui, cx, "Allow", &spoken, check, cx.colors.accent) {
                cx.send(Command::Grant { id: plugin(), rights: only() });
            }
        }
        Why::NeverAsked => {}
    }
    let said = place.with_max_x(place.right() - taken);
    words::draw(ui, cx, right, said);
    let over = ui.interact(said, id.with("pattern"), egui::Sense::hover());
    over.on_hover_ui(|ui| {
        let ink = Ink::new(size::CAPTION, Weight::Mono, cx.colors.text);
        ui.label(ink.rich(text::clean(&right.to_string(), 400)));
    });
}

fn all(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    view: &PluginView,
    text: &str,
    rights: &PermissionSet,
    place: Rect,
) {
    let builder = UiBuilder::new().max_rect(place).id_salt(("all", view.id(), text));
    let name = text::clean(view.name(), 200);
    let response = button(&mut ui.new_child(builder), cx.colors, Kind::Primary, text);
    if response.accessible_name(format!("{text}: {name}")).clicked() {
        cx.send(Command::Grant { id: view.id().to_owned(), rights: rights.clone() });
    }
}
