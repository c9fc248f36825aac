//! The end of a plugin's own log.

use egui::{Align, Id, Ui, vec2};
use vario_model::BackgroundInfo;
use vario_value::LogLevel;

use super::super::log::{as_line, rows};
use super::standing;
use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::model::LogEntry;
use crate::state::LogFilter;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Kind, TextField, button, segmented, segmented_width, switch};

const LEVELS: [(Option<LogLevel>, &str); 3] =
    [(None, "All"), (Some(LogLevel::Warn), "Warnings"), (Some(LogLevel::Error), "Errors")];

pub(super) fn log(ui: &mut Ui, cx: &mut Cx<'_>, info: &BackgroundInfo) {
    let ink = Ink::new(size::CAPTION, Weight::Strong, cx.colors.muted);
    text::row(ui, "Log", ink, dims::ROW);
    ui.add_space(space::XS);
    filter(ui, cx);
    ui.add_space(space::S);
    let model = cx.model;
    let log = &model.background.log;
    let known = log.id == info.id;
    let all: &[LogEntry] = if known { &log.lines } else { &[] };
    let shown: Vec<&LogEntry> =
        all.iter().rev().filter(|it| passes(&cx.state.hosted.log, it)).collect();
    actions(ui, cx, &shown, all.len());
    ui.add_space(space::S);
    if let Some(problem) = log.problem.as_ref().filter(|_| known) {
        let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.bad);
        text::paragraph(ui, &standing::sentence(problem), ink, 3);
    }
    if shown.is_empty() {
        let words =
            if all.is_empty() { "It has written nothing yet" } else { "Nothing matches this" };
        let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.faint);
        text::row(ui, words, ink, dims::CONTROL);
        return;
    }
    rows(ui, cx, &shown, false);
}

fn passes(filter: &LogFilter, entry: &LogEntry) -> bool {
    let sought = filter.text.trim().to_lowercase();
    filter.level.is_none_or(|level| entry.level >= level)
        && (sought.is_empty() || entry.text.to_lowercase().contains(&sought))
}

fn filter(ui: &mut Ui, cx: &mut Cx<'_>) {
    let levels = segmented_width(ui, &LEVELS);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        let room = ui.available_width();
        let narrow = room < levels + 180.0;
        let mut text = std::mem::take(&mut cx.state.hosted.log.text);
        let field = TextField::new(Id::unique("filter of a plugin's log"), "Filter the log");
        let width = if narrow { room } else { room - levels - space::S };
        field.search().hint("Text").width(width).show(ui, cx, &mut text);
        cx.state.hosted.log.text = text;
        let level = cx.state.hosted.log.level;
        if let Some(level) = segmented(ui, cx.colors, "At least", level, &LEVELS) {
            cx.state.hosted.log.level = level;
        }
    });
}

fn actions(ui: &mut Ui, cx: &mut Cx<'_>, shown: &[&LogEntry], all: usize) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), dims::CONTROL));
    let layout = egui::Layout::right_to_left(Align::Center);
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout));
    let ui = &mut child;
    ui.spacing_mut().item_spacing.x = space::S;
    ui.add_enabled_ui(!shown.is_empty(), |ui| {
        let response = button(ui, cx.colors, Kind::Plain, "Copy");
        if response.accessible_name("Copy the log").clicked() {
            // As a log is read: what came first stands first.
            let lines: Vec<String> = shown.iter().rev().map(|entry| as_line(cx, entry)).collect();
            cx.send(Command::Copy(lines.join("\n")));
        }
    });
    let follow = !cx.state.hosted.still;
    if switch(ui, cx.colors, "Follow the log", follow).clicked() {
        cx.state.hosted.still = follow;
    }
    let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
    let width = text::line(ui, "Follow", ink, 100.0).size().x;
    let (_, place) = ui.allocate_space(vec2(width, dims::CONTROL));
    text::paint(ui, place, "Follow", ink, Align::Max);
    let words = match (shown.len(), all) {
        (shown, all) if shown == all => standing::count(all as u64, "line"),
        (shown, all) => format!("{shown} of {all} lines"),
    };
    let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.muted);
    let left = rect.with_max_x(place.left() - space::S);
    text::label(ui, left, &words, ink, Align::Min);
}
