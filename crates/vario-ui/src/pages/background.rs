//! Plugins that stay: how they are, and what can be done with them.

mod head;
mod list;
mod one;
mod plugin_log;
mod routes;
mod standing;

use egui::Ui;
use vario_model::BackgroundInfo;

pub(super) use self::head::family;
pub(crate) use self::one::background_of;
pub(crate) use self::standing::possible;
pub(super) use self::standing::{sentence, size};
use super::home::{choice, middle};
use crate::action::Action;
use crate::card::plugin_icon;
use crate::cx::Cx;
use crate::icons::Glyph;
use crate::theme::space;
use crate::widgets::{card_frame, column, heading, notice, rule};

const ABOUT: &str = "These plugins stay: each runs in a process of its own, answers requests and \
                     hears events for as long as Vario runs.";

const EMPTY: &str = "A background plugin stays while Vario runs: it answers requests, hears events \
                     and does its work in a process of its own. smartCARS, Stratos and Mudstack \
                     plugins are of this kind, and so can your own be. Drop one on this window, as \
                     a folder or a zip file, to install it.";

pub(crate) fn background(ui: &mut Ui, cx: &mut Cx<'_>) {
    let model = cx.model;
    let view = &model.background;
    if view.asked && view.plugins.is_empty() && view.problem.is_none() {
        middle(ui, cx, Glyph::Background, "No background plugins yet", EMPTY);
        match choice(ui, cx, &["Install a plugin…", "Rescan"]) {
            Some("Rescan") => Action::Rescan.run(cx),
            Some(_) => Action::Install.run(cx),
            None => {}
        }
        return;
    }
    column(ui, |ui| {
        heading(ui, cx.colors, "Background", ABOUT);
        trouble(ui, cx);
        if view.plugins.is_empty() {
            if !view.asked {
                super::settings::nothing(ui, cx, "Looking…");
            }
            return;
        }
        card_frame(cx.colors).inner_margin(egui::Margin::symmetric(16, 4)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            for (index, info) in view.plugins.iter().enumerate() {
                if index > 0 {
                    rule(ui, cx.colors);
                }
                ui.push_id(("background", &info.id), |ui| list::row(ui, cx, info));
            }
        });
    });
}

/// Why nothing, or nothing new, is known.
fn trouble(ui: &mut Ui, cx: &mut Cx<'_>) {
    let model = cx.model;
    if let Some(problem) = &model.background.problem {
        let words = standing::sentence(problem);
        notice(ui, cx, Glyph::Warning, cx.colors.warn, &words);
        ui.add_space(space::M);
    }
}

/// The plugin's icon; the common one where its manifest is not known.
fn icon(ui: &Ui, cx: &mut Cx<'_>, info: &BackgroundInfo, rect: egui::Rect) {
    let model = cx.model;
    match model.plugin(&info.id) {
        Some(view) => plugin_icon(ui, cx, view, rect),
        None => cx.state.icons.glyph(ui, rect, Glyph::Plugin, cx.colors.muted),
    }
}

/// Its name, its id where the manifest leaves the name empty.
fn name(info: &BackgroundInfo) -> String {
    let name = if crate::text::is_blank(&info.name) { &info.id } else { &info.name };
    crate::text::clean(name, 200)
}
