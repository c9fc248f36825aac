//! Where plugins are looked for.

use egui::{Align, Rect, Ui, UiBuilder, pos2, vec2};

use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Kind, badge, badge_width, button, icon_button};

const SIDE: f32 = 26.0;

pub(super) fn folders(ui: &mut Ui, cx: &mut Cx<'_>) {
    let model = cx.model;
    ui.spacing_mut().item_spacing.y = space::XXS;
    for (index, folder) in model.settings.folders.iter().enumerate() {
        ui.push_id(("folder", index), |ui| row(ui, cx, folder, index == 0));
    }
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        if button(ui, cx.colors, Kind::Plain, "Add folder…").clicked() {
            cx.send(Command::AddFolder);
        }
        if button(ui, cx.colors, Kind::Plain, "Rescan").clicked() {
            cx.send(Command::Rescan);
        }
        if button(ui, cx.colors, Kind::Plain, "Install a plugin…").clicked() {
            cx.state.install_shown = true;
        }
    });
}

fn row(ui: &mut Ui, cx: &mut Cx<'_>, folder: &str, is_default: bool) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), dims::CONTROL));
    let icon = Rect::from_center_size(
        pos2(rect.left() + dims::GLYPH / 2.0, rect.center().y),
        vec2(dims::GLYPH, dims::GLYPH),
    );
    cx.state.icons.glyph(ui, icon, Glyph::Folder, cx.colors.faint);
    let shown = text::clean(folder, 300);
    // The picture in the button stands at the edge, not the button.
    let mut right = rect.right() + 5.0;
    let mut press = |ui: &mut Ui, cx: &mut Cx<'_>, glyph, name: &str| {
        let place = Rect::from_min_max(pos2(right - SIDE, rect.top()), pos2(right, rect.bottom()));
        right -= SIDE;
        let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt(name));
        icon_button(&mut child, cx, glyph, name, SIDE).clicked()
    };
    if !is_default && press(ui, cx, Glyph::Close, &format!("Remove {shown}")) {
        cx.send(Command::RemoveFolder(folder.to_owned()));
    }
    if press(ui, cx, Glyph::External, &format!("Open {shown}")) {
        cx.send(Command::OpenFolder(folder.to_owned()));
    }
    right -= space::S;
    if is_default {
        let width = badge_width(ui, "Default", 80.0);
        let place = rect.with_max_x(right);
        badge(ui, place, "Default", cx.colors.muted, cx.colors.edge, 80.0);
        right -= width + space::S;
    }
    let words = Rect::from_min_max(pos2(icon.right() + space::S, rect.top()), rect.max);
    let ink = Ink::new(size::CAPTION + 0.5, Weight::Mono, cx.colors.text);
    text::label(ui, words.with_max_x(right), &shown, ink, Align::Min);
}
