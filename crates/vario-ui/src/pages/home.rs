//! The overview: a card of each enabled plugin (contract section 7.1).

use egui::{Layout, Rect, Ui, UiBuilder, pos2, vec2};
use vario_value::LogLevel;

use crate::card::{self, Extent};
use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::model::PluginView;
use crate::state::Page;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Kind, button, button_width, notice};

/// The columns of a page.
struct Grid {
    left: f32,
    width: f32,
    count: usize,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a few columns"
)]
fn grid(room: Rect, cards: usize) -> Grid {
    let fitting = ((room.width() + space::L) / (dims::COLUMN + space::L)).floor().max(1.0) as usize;
    let count = fitting.min(cards).max(1);
    let gaps = space::L * (count as f32 - 1.0);
    let width = ((room.width() - gaps) / count as f32).min(dims::WIDEST);
    let used = width * count as f32 + gaps;
    Grid { left: room.left() + ((room.width() - used) / 2.0).max(0.0).round(), width, count }
}

pub(crate) fn home(ui: &mut Ui, cx: &mut Cx<'_>) {
    let model = cx.model;
    let enabled = || model.plugins.iter().filter(|view| view.state.enabled);
    let shown: Vec<&PluginView> = enabled().filter(|view| !view.only_stays()).collect();
    if model.plugins.is_empty() {
        return first_start(ui, cx);
    }
    if shown.is_empty() {
        if enabled().next().is_some() {
            only_background(ui, cx);
        } else {
            none_enabled(ui, cx);
        }
        return;
    }
    cards(ui, cx, &shown);
}

/// Each card goes where there is most room, so that a tall one leaves no hole beside it.
#[expect(clippy::cast_precision_loss, reason = "a few columns")]
fn cards(ui: &mut Ui, cx: &mut Cx<'_>, shown: &[&PluginView]) {
    let room = ui.available_rect_before_wrap();
    let grid = grid(room, shown.len());
    let mut bottoms = vec![room.top(); grid.count];
    for view in shown {
        let Some(column) = (0..bottoms.len()).min_by(|a, b| bottoms[*a].total_cmp(&bottoms[*b]))
        else {
            continue;
        };
        let left = grid.left + column as f32 * (grid.width + space::L);
        let place =
            Rect::from_min_size(pos2(left, bottoms[column]), vec2(grid.width, f32::INFINITY));
        let mut child = ui.new_child(
            UiBuilder::new()
                .id_salt(("overview", view.id()))
                .max_rect(place)
                .layout(Layout::top_down(egui::Align::Min)),
        );
        card::show(&mut child, cx, view, Extent::Overview);
        bottoms[column] = child.min_rect().bottom() + space::L;
    }
    let bottom = bottoms.into_iter().fold(room.top(), f32::max);
    ui.allocate_rect(
        Rect::from_min_max(room.min, pos2(room.right(), bottom - space::L)),
        egui::Sense::hover(),
    );
}

/// What is in the middle of a page that has nothing to show.
pub(super) fn middle(ui: &mut Ui, cx: &mut Cx<'_>, glyph: Glyph, title: &str, about: &str) {
    ui.add_space((ui.available_height() * 0.22).clamp(space::XL, 160.0));
    let (_, place) = ui.allocate_space(vec2(ui.available_width(), 40.0));
    let ground = Rect::from_center_size(place.center(), vec2(40.0, 40.0));
    ui.painter().rect_filled(ground, egui::CornerRadius::same(dims::RADIUS), cx.colors.raised);
    let icon = Rect::from_center_size(ground.center(), vec2(20.0, 20.0));
    cx.state.icons.glyph(ui, icon, glyph, cx.colors.muted);
    ui.add_space(space::M);
    let (_, row) = ui.allocate_space(vec2(ui.available_width(), 26.0));
    let ink = Ink::new(size::TITLE + 1.0, Weight::Strong, cx.colors.text);
    text::label(ui, row, title, ink, egui::Align::Center);
    ui.add_space(space::XS);
    let width = ui.available_width().min(420.0);
    centred(ui, width, |ui| {
        text::centred(ui, about, Ink::new(size::BODY, Weight::Regular, cx.colors.muted), 8);
    });
    ui.add_space(space::L);
}

/// Something of a known width in the middle.
fn centred<R>(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let indent = ((ui.available_width() - width) / 2.0).max(0.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.add_space(indent);
        ui.vertical(|ui| {
            ui.set_width(width);
            add(ui)
        })
        .inner
    })
    .inner
}

fn first_start(ui: &mut Ui, cx: &mut Cx<'_>) {
    let folder = cx.model.settings.folders.first().map(String::as_str);
    let about = match folder {
        Some(folder) => format!(
            "A plugin is a folder with a manifest and a script. Put plugins into `{folder}`: they \
             show up here at once, and may do nothing until you allow it."
        ),
        None => "A plugin is a folder with a manifest and a script. Name a folder of plugins in \
                 the settings."
            .to_owned(),
    };
    middle(ui, cx, Glyph::Plugin, "No plugins yet", &about);
    let folder = folder.map(str::to_owned);
    let names: &[&str] = if folder.is_some() {
        &["Open the folder", "Rescan", "Settings"]
    } else {
        &["Settings", "Rescan"]
    };
    match choice(ui, cx, names) {
        Some("Open the folder") => cx.commands.extend(folder.map(Command::OpenFolder)),
        Some("Rescan") => cx.send(Command::Rescan),
        Some("Settings") => cx.state.page = Page::Settings,
        _ => {}
    }
}

/// The contract's words (section 7.1).
fn none_enabled(ui: &mut Ui, cx: &mut Cx<'_>) {
    let about = "Plugins were found, and all of them are switched off.";
    middle(ui, cx, Glyph::Plugin, "No providers enabled", about);
    if choice(ui, cx, &["Settings"]).is_some() {
        cx.state.page = Page::Settings;
    }
}

/// Nothing has anything to show here.
fn only_background(ui: &mut Ui, cx: &mut Cx<'_>) {
    let about =
        "Every plugin that is enabled stays in the background, where it has a page of its own.";
    middle(ui, cx, Glyph::Background, "Nothing to show here", about);
    if choice(ui, cx, &["Background"]).is_some() {
        cx.state.page = Page::Background;
    }
}

/// Buttons in the middle; the first is the one to press.
pub(super) fn choice<'a>(ui: &mut Ui, cx: &Cx<'_>, names: &[&'a str]) -> Option<&'a str> {
    let widths: f32 = names.iter().map(|name| button_width(ui, name) + space::S).sum();
    let mut chosen = None;
    centred(ui, (widths - space::S).min(ui.available_width()), |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, space::S);
            for (index, name) in names.iter().enumerate() {
                let kind = if index == 0 { Kind::Primary } else { Kind::Plain };
                if button(ui, cx.colors, kind, name).clicked() {
                    chosen = Some(*name);
                }
            }
        });
    });
    chosen
}

/// An unknown plugin (contract section 7.1).
pub(super) fn not_found(ui: &mut Ui, cx: &mut Cx<'_>) {
    middle(ui, cx, Glyph::Search, "Provider not found", "It may have been removed or renamed.");
    if choice(ui, cx, &["Back to the overview"]).is_some() {
        cx.state.page = Page::Home;
    }
}

/// What the user must know, above every page.
pub(crate) fn notices(ui: &mut Ui, cx: &mut Cx<'_>) {
    let model = cx.model;
    for entry in &model.notices {
        let (glyph, tint) = match entry.level {
            LogLevel::Error => (Glyph::Warning, cx.colors.bad),
            LogLevel::Warn => (Glyph::Warning, cx.colors.warn),
            LogLevel::Info | LogLevel::Debug => (Glyph::Log, cx.colors.accent),
        };
        notice(ui, cx, glyph, tint, &entry.text);
        ui.add_space(space::M);
    }
}
