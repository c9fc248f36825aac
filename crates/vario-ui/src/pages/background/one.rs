//! The page of one background plugin.

use egui::{Align, Rect, Ui, UiBuilder, pos2, vec2};
use vario_model::{BackgroundInfo, BackgroundState};

use super::standing::{self, Tone, standing};
use super::{head, icon, name, plugin_log, routes, trouble};
use crate::action::Action;
use crate::card::refused;
use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::state::{Hosted, Page};
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{
    Kind, Link, button, column, icon_button, link, notice, pill, pill_width, section,
};

const HEAD: f32 = 32.0;

const FOREIGN: &str = "This page is made for the Stratos shell and needs the modules that it \
                       shares, so it cannot be opened here.";

pub(crate) fn background_of(ui: &mut Ui, cx: &mut Cx<'_>, id: &str) {
    if cx.state.hosted.id != id {
        cx.state.hosted = Hosted { id: id.to_owned(), ..Hosted::default() };
    }
    let model = cx.model;
    column(ui, |ui| {
        let Some(info) = model.background.get(id) else {
            back(ui, cx, id, None);
            ui.add_space(space::L);
            trouble(ui, cx);
            if model.background.problem.is_none() {
                let words = if model.background.asked {
                    "There is no background plugin of this name any more"
                } else {
                    "Looking…"
                };
                super::super::settings::nothing(ui, cx, words);
            }
            return;
        };
        back(ui, cx, &name(info), Some(info));
        about(ui, cx, info);
        ui.add_space(space::M);
        actions(ui, cx, info);
        ui.add_space(space::L);
        trouble(ui, cx);
        troubles(ui, cx, info);
        section(ui, cx.colors, "State", |ui| facts(ui, cx, info));
        if !info.routes.is_empty() {
            section(ui, cx.colors, "Routes", |ui| routes::routes(ui, cx, info));
        }
        if !info.channels.is_empty() {
            section(ui, cx.colors, "Channels of its own page", |ui| channels(ui, cx, info));
        }
        menu(ui, cx, info);
        plugin_log::log(ui, cx, info);
    });
}

/// The way back, and whose page this is.
fn back(ui: &mut Ui, cx: &mut Cx<'_>, name: &str, info: Option<&BackgroundInfo>) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), HEAD));
    let center = rect.left_center() + vec2(dims::CONTROL / 2.0 - space::S, 0.0);
    let button = Rect::from_center_size(center, vec2(dims::CONTROL, dims::CONTROL));
    let mut child = ui.new_child(UiBuilder::new().max_rect(button).id_salt("back"));
    let spoken = "Back to the background plugins";
    if icon_button(&mut child, cx, Glyph::Back, spoken, dims::CONTROL).clicked() {
        cx.state.page = Page::Background;
    }
    let mut left = button.right() + space::S;
    let mut right = rect.right();
    if let Some(info) = info {
        let center = pos2(left + dims::ICON / 2.0, rect.center().y);
        icon(ui, cx, info, Rect::from_center_size(center, vec2(dims::ICON, dims::ICON)));
        left += dims::ICON + space::M;
        let state = standing(cx, info);
        pill(ui, cx, rect, state.words, state.tone.color(cx.colors));
        right -= pill_width(ui, state.words) + space::M;
    }
    let ink = Ink::new(size::HEADING, Weight::Strong, cx.colors.text);
    let words = Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom()));
    text::label(ui, words, name, ink, Align::Min);
}

/// What it says of itself.
fn about(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    let model = cx.model;
    let said = model.plugin(&info.id).map_or("", |view| view.plugin.description.trim());
    let said = text::clean(said, 400);
    if !said.is_empty() {
        ui.add_space(space::XS);
        let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
        text::paragraph(ui, &said, ink, 3);
    }
}

/// Everything that is done with the whole of it.
fn actions(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    let model = cx.model;
    let colors = cx.colors;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        for (does, word) in head::buttons(cx, info).into_iter().rev() {
            let kind = match word {
                "Stop" | "Restart" => Kind::Plain,
                _ => Kind::Primary,
            };
            let response = button(ui, colors, kind, word);
            if response.accessible_name(head::spoken(info, &does, word)).clicked() {
                head::run(cx, info, &does);
            }
        }
        if info.has_ui {
            page(ui, cx, info);
        }
        let name = name(info);
        let has_settings =
            model.plugin(&info.id).is_some_and(|view| !view.plugin.settings.is_empty());
        if has_settings {
            let response = button(ui, colors, Kind::Plain, "Settings");
            if response.accessible_name(format!("Settings of {name}")).clicked() {
                cx.state.page = Page::PluginSettings(info.id.clone());
            }
        }
        let response = button(ui, colors, Kind::Plain, "Permissions");
        if response.accessible_name(format!("Permissions of {name}")).clicked() {
            Action::Rights(info.id.clone()).run(cx);
        }
    });
}

/// Its own page, in the browser.
fn page(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    let is_foreign = info.dialect == "stratos";
    let colors = cx.colors;
    let shown = ui.add_enabled_ui(!is_foreign, |ui| button(ui, colors, Kind::Plain, "Open page"));
    let response = shown.inner.on_disabled_hover_text(FOREIGN);
    if response.clicked() {
        cx.send(Command::OpenPage {
            id: info.id.clone(),
            dark: colors.dark,
            foreground: hex(colors.text),
            background: hex(colors.canvas),
        });
    }
}

fn hex(color: egui::Color32) -> String {
    let [red, green, blue, _] = color.to_array();
    format!("{red:02x}{green:02x}{blue:02x}")
}

/// What is wrong with it, and what it lacks.
fn troubles(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    let model = cx.model;
    if let Some(words) = model.background.failed.get(&info.id) {
        notice(ui, cx, Glyph::Warning, cx.colors.bad, &standing::sentence(words));
        ui.add_space(space::M);
    }
    let state = standing(cx, info);
    if let Some(reason) = standing::reason(cx, info).filter(|_| info.enabled) {
        let (glyph, tint) = match state.tone {
            Tone::Bad => (Glyph::Warning, cx.colors.bad),
            Tone::Waiting => (Glyph::Hourglass, cx.colors.warn),
            _ => (Glyph::Log, cx.colors.accent),
        };
        notice(ui, cx, glyph, tint, &reason);
        ui.add_space(space::M);
    }
    if let Some(view) = model.plugin(&info.id) {
        let before = ui.cursor().top();
        refused(ui, cx, view, &info.needs);
        if ui.cursor().top() > before {
            ui.add_space(space::L);
        }
    }
}

fn facts(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    ui.spacing_mut().item_spacing.y = space::XS;
    let is_active = matches!(info.state, BackgroundState::Active | BackgroundState::Degraded);
    let since = standing::uptime(cx, info).filter(|_| is_active);
    let mut fact = |name: &str, value: &str| super::super::plugin::fact(ui, cx, name, value);
    if let Some(since) = since {
        fact("Active for", &since);
    }
    if let Some(bytes) = info.memory_bytes {
        fact("Memory", &standing::size(bytes));
    }
    fact("Restarts after a crash", &info.restarts.to_string());
    if let Some(pid) = info.pid {
        fact("Process", &pid.to_string());
    }
    fact("Kind", &head::kind(info));
    fact("Id", &info.id);
}

fn channels(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    ui.spacing_mut().item_spacing.y = space::XXS;
    for channel in &info.channels {
        let ink = Ink::new(size::CAPTION + 0.5, Weight::Mono, cx.colors.text);
        text::row(ui, channel, ink, dims::ROW);
    }
}

/// Its entries of context menus.
fn menu(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    let model = cx.model;
    let own: Vec<_> =
        model.background.menu.iter().filter(|entry| entry.plugin_id == info.id).collect();
    if own.is_empty() {
        return;
    }
    section(ui, cx.colors, "Context menu", |ui| {
        ui.spacing_mut().item_spacing.y = space::S;
        for (index, entry) in own.into_iter().enumerate() {
            ui.push_id(("menu", index), |ui| {
                let title = if text::is_blank(&entry.title) { &entry.id } else { &entry.title };
                let has_more = !text::is_blank(&entry.description);
                let height = if has_more { 2.0 * dims::ROW } else { dims::CONTROL };
                let (_, rect) = ui.allocate_space(vec2(ui.available_width(), height));
                let spoken = format!("Run {}", text::clean(title, 200));
                let shown =
                    Link { text: "Run", glyph: None, spoken: &spoken, color: cx.colors.accent };
                let id = ui.scope_id().with("run");
                let place = rect.with_max_x(rect.right() + space::S);
                let (response, left) = link(ui, cx, id, place, &shown);
                let first = if has_more { left.with_max_y(left.top() + dims::ROW) } else { left };
                let ink = Ink::new(size::BODY, Weight::Medium, cx.colors.text);
                text::label(ui, first, title, ink, Align::Min);
                if has_more {
                    let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.muted);
                    let second = left.with_min_y(left.top() + dims::ROW);
                    text::label(ui, second, &entry.description, ink, Align::Min);
                }
                if response.clicked() {
                    let (id, command) = (info.id.clone(), entry.id.clone());
                    cx.send(Command::RunMenu { id, command });
                }
            });
        }
    });
}
