//! A plugin's card (contract section 7.3).

mod chart;
mod failure;
mod header;
mod line;
mod progress;
mod refused;
mod skeleton;

use egui::Ui;
use vario_model::Card;
use vario_output::Line;
use vario_output::present::{groups, overview};

use crate::cx::Cx;
use crate::model::PluginView;
use crate::theme::space;
use crate::widgets::card_frame;

pub(crate) use self::header::plugin_icon;
pub(crate) use self::refused::{lacked, refused, right_row, rights_list};

/// Which lines a card shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Those of the overview; the name leads to the page.
    Overview,
    /// All, and links.
    Page,
}

/// With more lines than this only those in sight are laid out.
const MANY_LINES: usize = 60;

/// Draws a plugin's card.
pub(crate) fn show(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, extent: Extent) {
    card_frame(cx.colors).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.push_id(("card", view.id()), |ui| body(ui, cx, view, extent));
    });
}

fn body(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, extent: Extent) {
    header::header(ui, cx, view, extent);
    if extent == Extent::Page {
        header::links(ui, cx, view);
    }
    let all: &[Line] = view.state.data.as_ref().map_or(&[], |data| &data.output.lines);
    let lines: Vec<&Line> = match extent {
        Extent::Overview => overview(all, &view.overview_labels()),
        Extent::Page => all.iter().collect(),
    };
    match view.state.card(!lines.is_empty()) {
        Card::Skeleton => {
            ui.add_space(space::M);
            skeleton::skeleton(ui, cx, view, extent);
        }
        Card::Error => {
            ui.add_space(space::M);
            failure::failure(ui, cx, view);
        }
        Card::StaleData => {
            ui.add_space(space::S);
            failure::failure_line(ui, cx, view);
            all_lines(ui, cx, view, &lines);
        }
        Card::Data => {
            if lines.is_empty() {
                header::no_lines(ui, cx, extent);
            }
            all_lines(ui, cx, view, &lines);
        }
        Card::Empty => {}
    }
    refused::refused(ui, cx, view, &view.needs);
}

fn all_lines(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, lines: &[&Line]) {
    let only_visible = lines.len() > MANY_LINES;
    for (index, group) in groups(lines).enumerate() {
        ui.add_space(if index == 0 { space::S + space::XS } else { space::M });
        for (place, line) in group.iter().enumerate() {
            let height = line::height(cx, line);
            let (_, rect) = ui.allocate_space(egui::vec2(ui.available_width(), height));
            if only_visible && !ui.is_rect_visible(rect) {
                continue;
            }
            ui.push_id((index, place), |ui| line::draw(ui, cx, view, line, rect));
        }
    }
}
