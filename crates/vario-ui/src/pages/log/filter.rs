//! Which entries are shown.

use std::collections::BTreeMap;

use egui::{Id, Ui};
use vario_value::LogLevel;

use crate::cx::Cx;
use crate::model::{LogEntry, Model};
use crate::state::LogFilter;
use crate::theme::space;
use crate::widgets::{TextField, segmented, segmented_width, select};

const SELECT: f32 = 170.0;

const LEVELS: [(Option<LogLevel>, &str); 4] = [
    (None, "All"),
    (Some(LogLevel::Info), "Info"),
    (Some(LogLevel::Warn), "Warnings"),
    (Some(LogLevel::Error), "Errors"),
];

/// Stands for the program itself among the ids of plugins, of which none is empty.
const OWN: &str = "";

/// The entries that pass, newest first.
pub(super) fn shown<'a>(model: &'a Model, filter: &LogFilter) -> Vec<&'a LogEntry> {
    let sought = filter.text.trim().to_lowercase();
    let passes = |entry: &&LogEntry| {
        let plugin = entry.plugin.as_deref().unwrap_or(OWN);
        filter.plugin.as_deref().is_none_or(|id| id == plugin)
            && filter.level.is_none_or(|level| entry.level >= level)
            && (sought.is_empty()
                || entry.text.to_lowercase().contains(&sought)
                || plugin.to_lowercase().contains(&sought))
    };
    model.log.iter().rev().filter(passes).collect()
}

/// Every plugin that is there or has left something: its id and its name.
fn plugins(model: &Model) -> Vec<(&str, &str)> {
    let mut known: Vec<(&str, &str)> =
        model.plugins.iter().map(|view| (view.id(), view.name())).collect();
    let gone: BTreeMap<&str, &str> = model
        .log
        .iter()
        .filter_map(|entry| entry.plugin.as_deref())
        .filter(|id| known.iter().all(|(own, _)| own != id))
        .map(|id| (id, id))
        .collect();
    known.extend(gone);
    known
}

pub(super) fn filter(ui: &mut Ui, cx: &mut Cx<'_>) {
    let levels = segmented_width(ui, &LEVELS);
    let narrow = ui.available_width() < levels + SELECT + 180.0;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(space::S, space::S);
        let room = ui.available_width();
        let text = if narrow { room } else { room - levels - SELECT - 2.0 * space::S };
        search(ui, cx, text);
        if narrow {
            ui.end_row();
        }
        plugin(ui, cx, if room < levels + SELECT + space::S { room } else { SELECT });
        let level = cx.state.log.level;
        if let Some(level) = segmented(ui, cx.colors, "At least", level, &LEVELS) {
            cx.state.log.level = level;
        }
    });
}

fn search(ui: &mut Ui, cx: &mut Cx<'_>, width: f32) {
    let mut text = std::mem::take(&mut cx.state.log.text);
    let field = TextField::new(Id::unique("filter of the log"), "Filter by text").search();
    field.hint("Text").width(width).show(ui, cx, &mut text);
    cx.state.log.text = text;
}

fn plugin(ui: &mut Ui, cx: &mut Cx<'_>, width: f32) {
    let plugins = plugins(cx.model);
    let names = plugins.iter().map(|(_, name)| *name);
    let options: Vec<&str> = ["All plugins", "Vario itself"].into_iter().chain(names).collect();
    let current = match cx.state.log.plugin.as_deref() {
        None => Some(0),
        Some(OWN) => Some(1),
        Some(id) => plugins.iter().position(|(own, _)| *own == id).map(|at| at + 2),
    };
    match select(ui, cx, "Plugin", width, current, &options) {
        None => {}
        Some(0) => cx.state.log.plugin = None,
        Some(1) => cx.state.log.plugin = Some(OWN.to_owned()),
        Some(at) => {
            cx.state.log.plugin = plugins.get(at - 2).map(|(id, _)| (*id).to_owned());
        }
    }
}
