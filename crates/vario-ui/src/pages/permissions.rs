//! What each plugin asked for, has, and was refused.

mod draw;
mod groups;
mod words;

use egui::Ui;

use self::draw::card;
use self::groups::groups;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::model::PluginView;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{TextField, column, heading};

const ABOUT: &str = "A plugin may do what it asked for and you allowed, and nothing else. Its own \
                     folder is always its own.";

pub(crate) fn permissions(ui: &mut Ui, cx: &mut Cx<'_>) {
    column(ui, |ui| {
        heading(ui, cx.colors, "Permissions", ABOUT);
        filter(ui, cx);
        ui.add_space(space::L);
        let model = cx.model;
        let sought = cx.state.rights_filter.trim().to_lowercase();
        let (on, off): (Vec<&PluginView>, Vec<&PluginView>) =
            model.plugins.iter().partition(|view| view.state.enabled);
        let mut found = 0;
        for view in on.into_iter().chain(off) {
            let stays = model.background.get(view.id()).map_or(&[][..], |info| &info.needs);
            let groups = groups(view, stays, &sought);
            if sought.is_empty() || names(view, &sought) || !groups.is_empty() {
                card(ui, cx, view, &groups);
                ui.add_space(space::M);
                found += 1;
            }
        }
        if found == 0 {
            let text =
                if sought.is_empty() { "There are no plugins" } else { "Nothing matches this" };
            let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.faint);
            text::row(ui, text, ink, dims::CONTROL);
        }
    });
}

fn filter(ui: &mut Ui, cx: &mut Cx<'_>) {
    let mut text = std::mem::take(&mut cx.state.rights_filter);
    let id = egui::Id::unique("filter of permissions");
    let field = TextField::new(id, "Filter by plugin or right").search();
    field.hint("Plugin, host, path or program").show(ui, cx, &mut text);
    cx.state.rights_filter = text;
}

/// Whether the plugin itself is meant; then all of its rights are shown.
pub(super) fn names(view: &PluginView, sought: &str) -> bool {
    view.name().to_lowercase().contains(sought) || view.id().to_lowercase().contains(sought)
}
