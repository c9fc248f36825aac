//! The overview of shortcuts.

use egui::{Align, Rect, Ui, UiBuilder, pos2, vec2};

use super::table::{Row, TABLE, Then, shown};
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Dialog, dialog, icon_button, key_caps};

const WIDTH: f32 = 400.0;
const ROW: f32 = 30.0;

pub(crate) fn overview(ui: &mut Ui, cx: &mut Cx<'_>) {
    if cx.state.shortcuts_shown {
        if cx.state.focus_before.is_none() {
            cx.state.focus_before = cx.state.focus;
        }
        let shape = Dialog { name: "Keyboard shortcuts", width: WIDTH, top: None, margin: 16 };
        let (is_left, closed) = dialog(ui, cx, &shape, content);
        if is_left || closed {
            cx.state.shortcuts_shown = false;
        }
    } else if cx.state.palette.is_none() {
        give_back(ui, cx);
    }
    // The last thing in a frame: whoever has the keyboard now had it when the next key comes.
    cx.state.focus = ui.memory(egui::Memory::focused);
}

/// Gives the keyboard back to what had it before a dialog, as soon as that may have it: until the
/// dialog has been gone for a frame, nothing below it can.
fn give_back(ui: &Ui, cx: &mut Cx<'_>) {
    if cx.state.focus_before.is_some() {
        if ui.memory(egui::Memory::top_modal_layer).is_some() {
            ui.ctx().request_repaint();
        } else if let Some(id) = cx.state.focus_before.take() {
            ui.memory_mut(|memory| memory.request_focus(id));
        }
    }
}

fn content(ui: &mut Ui, cx: &mut Cx<'_>) -> bool {
    ui.spacing_mut().item_spacing.y = 0.0;
    let (_, head) = ui.allocate_space(vec2(ui.available_width(), dims::CONTROL));
    let ink = Ink::new(size::TITLE, Weight::Strong, cx.colors.text);
    text::label(ui, head, "Keyboard shortcuts", ink, Align::Min);
    let center = pos2(head.right() - dims::CONTROL / 2.0 + 6.0, head.center().y);
    let place = Rect::from_center_size(center, vec2(dims::CONTROL, dims::CONTROL));
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt("close"));
    let close = icon_button(&mut child, cx, Glyph::Close, "Close", dims::CONTROL);
    let had_focus = ui.memory(egui::Memory::focused).is_some_and(|id| id == close.id);
    if !had_focus {
        close.request_focus();
    }
    ui.add_space(space::S);
    for row in TABLE.iter().filter(|row| !row.name.is_empty()) {
        line(ui, cx, row);
    }
    close.clicked()
}

fn line(ui: &mut Ui, cx: &Cx<'_>, row: &Row) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
    let shown: Vec<Vec<String>> = match row.then {
        // Nine of the same are told as one.
        Then::Nth => row
            .keys
            .first()
            .copied()
            .map(shown)
            .into_iter()
            .map(|mut keys| {
                keys.pop();
                keys.push("1 – 9".to_owned());
                keys
            })
            .collect(),
        _ => row.keys.iter().copied().map(shown).collect(),
    };
    let mut right = rect.right();
    let mut words = Vec::new();
    for keys in shown.iter().rev() {
        right = key_caps(ui, cx.colors, keys, pos2(right, rect.center().y)) - space::M;
        words.insert(0, keys.join(" "));
    }
    let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.text);
    let place = rect.with_max_x(right);
    let response = text::label(ui, place, row.name, ink, Align::Min);
    let spoken = format!("{}: {}", row.name, words.join(" or "));
    response.accessible_name(spoken);
}
