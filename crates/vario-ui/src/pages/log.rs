//! The event log, newest first.

mod filter;
mod rows;
mod time;
mod wrap;

use egui::{Ui, vec2};

pub(super) use self::rows::{as_line, rows};

use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::model::LogEntry;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Kind, button, button_width, heading};

pub(crate) fn log(ui: &mut Ui, cx: &mut Cx<'_>) {
    heading(ui, cx.colors, "Event log", "");
    filter::filter(ui, cx);
    ui.add_space(space::M);
    let model = cx.model;
    let shown: Vec<&LogEntry> = filter::shown(model, &cx.state.log);
    actions(ui, cx, &shown);
    ui.add_space(space::S);
    if shown.is_empty() {
        let words =
            if model.log.is_empty() { "Nothing has happened yet" } else { "Nothing matches this" };
        let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.faint);
        text::row(ui, words, ink, dims::CONTROL);
        return;
    }
    rows(ui, cx, &shown, true);
}

/// How many there are, and what can be done with them.
fn actions(ui: &mut Ui, cx: &mut Cx<'_>, shown: &[&LogEntry]) {
    let (copy, clear) = ("Copy all shown", "Clear");
    let width = button_width(ui, copy) + space::S + button_width(ui, clear);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        let all = cx.model.log.len();
        let words = match (shown.len(), all) {
            (shown, all) if shown == all => format!("{all} entries"),
            (shown, all) => format!("{shown} of {all} entries"),
        };
        let room = (ui.available_width() - width - space::S).max(0.0);
        let (_, rect) = ui.allocate_space(vec2(room, dims::CONTROL));
        let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.muted);
        text::label(ui, rect, &words, ink, egui::Align::Min);
        ui.add_enabled_ui(!shown.is_empty(), |ui| {
            if button(ui, cx.colors, Kind::Plain, copy).clicked() {
                // As a log is read: what came first stands first.
                let lines: Vec<String> =
                    shown.iter().rev().map(|entry| as_line(cx, entry)).collect();
                cx.send(Command::Copy(lines.join("\n")));
            }
        });
        ui.add_enabled_ui(all > 0, |ui| {
            let response = button(ui, cx.colors, Kind::Danger, clear);
            if response.accessible_name("Clear the event log").clicked() {
                cx.send(Command::ClearLog);
            }
        });
    });
}
