//! A plugin's page: its card with all lines, its history, its last run, and what it may do.

mod calls;
mod history;

use egui::{Align, Layout, Rect, Ui, UiBuilder, pos2, vec2};
use vario_output::present::updated_text;

use super::home::not_found;
use crate::card::{self, Extent, rights_list};
use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::model::PluginView;
use crate::state::Page;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Kind, button, section};

/// With more room than this, what is beside the card stands beside it.
const TWO_COLUMNS: f32 = 820.0;

/// More rights than this are read on the page of permissions.
const MOST_RIGHTS: usize = 12;

pub(crate) fn plugin(ui: &mut Ui, cx: &mut Cx<'_>, id: &str) {
    let model = cx.model;
    let Some(view) = model.plugins.iter().find(|view| view.id() == id) else {
        return not_found(ui, cx);
    };
    let room = ui.available_rect_before_wrap();
    if room.width() < TWO_COLUMNS {
        let width = room.width().min(dims::READING);
        let left = room.left() + ((room.width() - width) / 2.0).round();
        let bottom = column(ui, "page", pos2(left, room.top()), width, |ui| {
            card::show(ui, cx, view, Extent::Page);
            ui.add_space(space::L);
            beside(ui, cx, view);
        });
        take(ui, room, bottom);
        return;
    }
    let used = room.width().min(2.0 * dims::WIDEST + space::XL);
    let width = ((used - space::XL) / 2.0).floor();
    let left = room.left() + ((room.width() - used) / 2.0).round();
    let card = column(ui, "card", pos2(left, room.top()), width, |ui| {
        card::show(ui, cx, view, Extent::Page);
    });
    let right = pos2(left + width + space::XL, room.top());
    let facts = column(ui, "facts", right, width, |ui| beside(ui, cx, view));
    take(ui, room, card.max(facts));
}

/// Draws a column and gives its lower edge.
fn column(ui: &mut Ui, name: &str, min: egui::Pos2, width: f32, add: impl FnOnce(&mut Ui)) -> f32 {
    let place = Rect::from_min_size(min, vec2(width, f32::INFINITY));
    let layout = Layout::top_down(Align::Min);
    let mut child = ui.new_child(UiBuilder::new().id_salt(name).max_rect(place).layout(layout));
    child.spacing_mut().item_spacing.y = 0.0;
    add(&mut child);
    child.min_rect().bottom()
}

fn take(ui: &mut Ui, room: Rect, bottom: f32) {
    let used = Rect::from_min_max(room.min, pos2(room.right(), bottom));
    ui.allocate_rect(used, egui::Sense::hover());
}

fn beside(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView) {
    let colors = cx.colors;
    if !view.history.is_empty() {
        section(ui, colors, "History", |ui| history::history(ui, cx, view));
    }
    section(ui, colors, "Last run", |ui| last_run(ui, cx, view));
    section(ui, colors, "Permissions in use", |ui| permissions(ui, cx, view));
    about(ui, cx, view);
}

/// A name at the left, what it is at the right.
pub(super) fn fact(ui: &mut Ui, cx: &Cx<'_>, name: &str, value: &str) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), dims::ROW));
    let muted = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
    let ink = Ink::new(size::BODY, Weight::Medium, cx.colors.text);
    let value_width = text::line(ui, value, ink, rect.width() * 0.72).size().x;
    let left =
        Rect::from_min_max(rect.min, pos2(rect.right() - value_width - space::M, rect.max.y));
    text::label(ui, left, name, muted, Align::Min);
    let right = Rect::from_min_max(pos2(rect.right() - value_width - 0.5, rect.top()), rect.max);
    text::label(ui, right, value, ink, Align::Max);
}

fn last_run(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView) {
    let Some(run) = &view.last_run else {
        let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
        text::row(ui, "It has not run yet.", ink, dims::ROW);
        return;
    };
    // "Updated 3m ago" on the page says when; here the words stand alone.
    cx.changes_in(60_000);
    let ago = updated_text(run.at_ms, cx.now_ms);
    let ago = ago.strip_prefix("Updated ").unwrap_or(&ago);
    ui.spacing_mut().item_spacing.y = space::XS;
    fact(ui, cx, "Finished", ago);
    fact(ui, cx, "Took", &duration(run.duration_ms));
    fact(ui, cx, "Host calls", &run.host_calls.to_string());
    if !view.calls.is_empty() {
        ui.add_space(space::S);
        calls::calls(ui, cx, view);
    }
}

/// Milliseconds for people: `87 ms`, `1.2 s`.
fn duration(ms: u64) -> String {
    if ms < 1000 { format!("{ms} ms") } else { format!("{}.{} s", ms / 1000, ms % 1000 / 100) }
}

fn permissions(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView) {
    ui.spacing_mut().item_spacing.y = space::XS;
    if view.rights.granted.is_empty() {
        let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
        text::paragraph(ui, "None. It can only compute and show text.", ink, 2);
    } else {
        rights_list(ui, cx, &view.rights.granted, MOST_RIGHTS);
    }
    ui.add_space(space::XS);
    if button(ui, cx.colors, Kind::Plain, "Manage permissions").clicked() {
        cx.state.page = Page::Permissions;
    }
}

fn about(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView) {
    let plugin = &view.plugin;
    let colors = cx.colors;
    section(ui, colors, "About", |ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        fact(ui, cx, "Id", view.id());
        if !plugin.version.is_empty() {
            fact(ui, cx, "Version", &plugin.version);
        }
        if !view.folder.is_empty() {
            fact(ui, cx, "Folder", &view.folder);
        }
        ui.add_space(space::S);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, space::S);
            if plugin.background.is_some()
                && button(ui, colors, Kind::Plain, "Background").clicked()
            {
                cx.state.page = Page::BackgroundOf(view.id().to_owned());
            }
            if !plugin.settings.is_empty()
                && button(ui, colors, Kind::Plain, "Plugin settings").clicked()
            {
                cx.state.page = Page::PluginSettings(view.id().to_owned());
            }
            if !view.folder.is_empty() && button(ui, colors, Kind::Plain, "Open folder").clicked() {
                cx.send(Command::OpenFolder(view.folder.clone()));
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations() {
        let cases = [(0, "0 ms"), (999, "999 ms"), (1000, "1.0 s"), (1290, "1.2 s")];
        for (ms, expected) in cases {
            assert_eq!(duration(ms), expected);
        }
    }
}
