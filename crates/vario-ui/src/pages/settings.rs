//! The settings (contract section 7.10), and what is kept beside them.

mod folders;
mod general;
mod looks;
mod notifications;
mod plugins;
mod safety;
mod shortcut;

use egui::Ui;

use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::state::Page;
use crate::text::{self, Ink};
use crate::theme::{dims, size};
use crate::widgets::{Kind, Named, button, button_width, column, field, heading, section};
use crate::widgets::{segmented, segmented_width};

pub(crate) fn settings(ui: &mut Ui, cx: &mut Cx<'_>) {
    column(ui, |ui| {
        heading(ui, cx.colors, "Settings", "");
        section(ui, cx.colors, "Plugins", |ui| plugins::plugins(ui, cx));
        section(ui, cx.colors, "General", |ui| general::general(ui, cx));
        section(ui, cx.colors, "Display", |ui| looks::display(ui, cx));
        if cx.model.platform.tray {
            section(ui, cx.colors, "Tray", |ui| looks::tray(ui, cx));
        }
        section(ui, cx.colors, "Accounts", |ui| accounts(ui, cx));
        if cx.model.platform.notifications {
            section(ui, cx.colors, "Notifications", |ui| notifications::notifications(ui, cx));
        }
        section(ui, cx.colors, "Plugin folders", |ui| folders::folders(ui, cx));
        section(ui, cx.colors, "Safety", |ui| safety::safety(ui, cx));
        section(ui, cx.colors, "About", |ui| about(ui, cx));
    });
}

/// A choice, and what its values are called in the configuration.
struct Choice<'a, T> {
    named: Named<'a>,
    key: &'static str,
    current: T,
    /// What it is, what is shown, and what the configuration calls it.
    options: &'a [(T, &'a str, &'static str)],
}

/// A row with a choice, which is sent if it changes.
fn choose<T: Copy + PartialEq>(ui: &mut Ui, cx: &mut Cx<'_>, choice: &Choice<'_, T>) {
    let shown: Vec<(T, &str)> = choice.options.iter().map(|(own, text, _)| (*own, *text)).collect();
    let width = segmented_width(ui, &shown);
    let chosen = field(ui, cx.colors, choice.named, width, |ui| {
        segmented(ui, cx.colors, choice.named.name, choice.current, &shown)
    });
    let chosen = choice.options.iter().find(|(own, ..)| chosen == Some(*own));
    if let Some((_, _, value)) = chosen {
        cx.send(Command::SetSetting { key: choice.key, value: (*value).to_owned() });
    }
}

fn accounts(ui: &mut Ui, cx: &mut Cx<'_>) {
    let about = "Who is signed in, for plugins of smartCARS and Stratos.";
    let named = Named { name: "Accounts", about };
    let words = "Manage accounts";
    let width = button_width(ui, words);
    let clicked = field(ui, cx.colors, named, width, |ui| {
        button(ui, cx.colors, Kind::Plain, words).clicked()
    });
    if clicked {
        cx.state.page = Page::Accounts;
    }
}

fn about(ui: &mut Ui, cx: &mut Cx<'_>) {
    let version = text::clean(&cx.model.version, 60);
    let words = format!("Vario {version}");
    let named = Named { name: &words, about: "Free software under the MIT licence." };
    let keys = "Keyboard shortcuts";
    let width = button_width(ui, keys);
    let clicked =
        field(ui, cx.colors, named, width, |ui| button(ui, cx.colors, Kind::Plain, keys).clicked());
    if clicked {
        cx.state.shortcuts_shown = true;
    }
}

/// A quiet line where there is nothing to list.
pub(super) fn nothing(ui: &mut Ui, cx: &Cx<'_>, words: &str) {
    let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.faint);
    text::row(ui, words, ink, dims::ROW);
}
