//! Installing a plugin: what it is, what it may do and what would be different; then it is asked.

mod plan;

use egui::{Align, Rect, ScrollArea, Ui, pos2, vec2};

use crate::action::Action;
use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::model::{InstallPlan, InstallView};
use crate::state::Page;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Dialog, Kind, button, dialog, notice};

const HOW: &str = "Drop a plugin on this window, as a folder or as a zip file, or choose one. \
                   Nothing is installed before you have seen what it is and agreed.";

/// A dialog over the window while there is something to install or to choose.
pub(crate) fn install(ui: &mut Ui, cx: &mut Cx<'_>) {
    let model = cx.model;
    if model.install.is_none() && !cx.state.install_shown {
        return;
    }
    let shape = Dialog { name: "Install a plugin", width: dims::DIALOG, top: None, margin: 20 };
    let (is_left, ()) = dialog(ui, cx, &shape, |ui, cx| {
        ui.spacing_mut().item_spacing.y = 0.0;
        match &model.install {
            None => choose(ui, cx),
            Some(InstallView::Reading(path)) => busy(ui, cx, "Looking at it…", path),
            Some(InstallView::Working(name)) => busy(ui, cx, "Installing…", name),
            Some(InstallView::Refused { path, why }) => refused(ui, cx, path, why),
            Some(InstallView::Asked(plan)) => asked(ui, cx, plan),
            Some(InstallView::Done { id, name, asks, keeps, can_go_back }) => {
                let rights = match (asks, keeps) {
                    (_, true) => "It keeps the rights it was granted.",
                    (true, false) => "It may do nothing until you allow it.",
                    (false, false) => "It asks for nothing beyond its own data.",
                };
                title(ui, cx, Glyph::Check, "Installed", name);
                said(ui, cx, rights, id, *can_go_back);
                done(ui, cx, id, *asks);
            }
        }
    });
    // What is at work is not left half done.
    if is_left && !matches!(model.install, Some(InstallView::Working(_))) {
        leave(cx);
    }
}

fn leave(cx: &mut Cx<'_>) {
    cx.state.install_shown = false;
    if cx.model.install.is_some() {
        cx.send(Command::LeaveInstall);
    }
}

fn title(ui: &mut Ui, cx: &mut Cx<'_>, glyph: Glyph, words: &str, about: &str) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 36.0));
    let ground = Rect::from_min_size(rect.min, vec2(36.0, 36.0));
    ui.painter().rect_filled(ground, egui::CornerRadius::same(8), cx.colors.raised);
    let icon = Rect::from_center_size(ground.center(), vec2(18.0, 18.0));
    cx.state.icons.glyph(ui, icon, glyph, cx.colors.muted);
    let place = Rect::from_min_max(
        pos2(ground.right() + space::M, rect.top() - 1.0),
        pos2(rect.right(), rect.center().y),
    );
    let ink = Ink::new(size::TITLE + 1.0, Weight::Strong, cx.colors.text);
    let place = if about.is_empty() { place.with_max_y(rect.bottom()) } else { place };
    text::label(ui, place, words, ink, Align::Min);
    if !about.is_empty() {
        let ink = Ink::new(size::CAPTION + 0.5, Weight::Regular, cx.colors.muted);
        let place = place.translate(vec2(0.0, 19.0));
        text::label(ui, place, about, ink, Align::Min);
    }
    ui.add_space(space::L);
}

/// Buttons at the right, the first of them outermost; gives which was pressed.
fn buttons(ui: &mut Ui, cx: &Cx<'_>, names: &[(Kind, &'static str)]) -> Option<&'static str> {
    let mut pressed = None;
    ui.add_space(space::L);
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), dims::CONTROL),
        egui::Layout::right_to_left(Align::Center).with_main_wrap(true),
        |ui| {
            ui.spacing_mut().item_spacing = vec2(space::S, space::S);
            for (kind, name) in names {
                if button(ui, cx.colors, *kind, name).clicked() {
                    pressed = Some(*name);
                }
            }
        },
    );
    pressed
}

fn choose(ui: &mut Ui, cx: &mut Cx<'_>) {
    title(ui, cx, Glyph::Install, "Install a plugin", "");
    text::paragraph(ui, HOW, Ink::new(size::BODY, Weight::Regular, cx.colors.muted), 6);
    let names = [
        (Kind::Primary, "Choose a zip file…"),
        (Kind::Plain, "Choose a folder…"),
        (Kind::Plain, "Cancel"),
    ];
    match buttons(ui, cx, &names) {
        Some("Cancel") => leave(cx),
        Some(name) => cx.send(Command::ChooseInstall { folder: name == "Choose a folder…" }),
        None => {}
    }
}

fn busy(ui: &mut Ui, cx: &mut Cx<'_>, words: &str, what: &str) {
    title(ui, cx, Glyph::Hourglass, words, what);
    let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
    text::paragraph(ui, "This takes a moment.", ink, 1);
}

fn refused(ui: &mut Ui, cx: &mut Cx<'_>, path: &str, why: &str) {
    title(ui, cx, Glyph::Warning, "This cannot be installed", path);
    notice(ui, cx, Glyph::Warning, cx.colors.bad, &super::background::sentence(why));
    if buttons(ui, cx, &[(Kind::Primary, "Close")]).is_some() {
        leave(cx);
    }
}

fn asked(ui: &mut Ui, cx: &mut Cx<'_>, plan: &InstallPlan) {
    title(ui, cx, Glyph::Install, &plan::name(plan), &plan::about(plan));
    let most = (ui.ctx().content_rect().height() - 220.0).max(120.0);
    ScrollArea::vertical().id_salt("plan").max_height(most).show(ui, |ui| {
        ui.set_width(ui.available_width());
        plan::plan(ui, cx, plan);
    });
    let is_same = plan.replaces.as_ref().is_some_and(|replaced| replaced.same);
    let names: &[(Kind, &str)] = match (&plan.replaces, is_same) {
        (_, true) => &[(Kind::Primary, "Close")],
        (Some(_), _) => &[(Kind::Primary, "Update"), (Kind::Plain, "Cancel")],
        (None, _) => &[(Kind::Primary, "Install"), (Kind::Plain, "Cancel")],
    };
    match buttons(ui, cx, names) {
        Some("Install" | "Update") => cx.send(Command::InstallNow),
        Some(_) => leave(cx),
        None => {}
    }
}

/// What is to be known now.
fn said(ui: &mut Ui, cx: &Cx<'_>, rights: &str, id: &str, can_go_back: bool) {
    let words = if can_go_back {
        format!("{rights} `vario rollback {id}` brings the version before it back.")
    } else {
        rights.to_owned()
    };
    let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.text);
    let code = Ink::new(size::CAPTION, Weight::Mono, cx.colors.text);
    text::with_code(ui, &words, ink, code, cx.colors.raised, 4);
}

/// What comes next.
fn done(ui: &mut Ui, cx: &mut Cx<'_>, id: &str, asks: bool) {
    let names: &[(Kind, &str)] = if asks {
        &[(Kind::Primary, "Permissions…"), (Kind::Plain, "Close")]
    } else {
        &[(Kind::Primary, "Close"), (Kind::Plain, "Open it")]
    };
    let pressed = buttons(ui, cx, names);
    if pressed.is_some() {
        leave(cx);
    }
    match pressed {
        Some("Permissions…") => Action::Rights(id.to_owned()).run(cx),
        Some("Open it") => {
            let own = cx.model.plugin(id).map(crate::model::PluginView::page);
            cx.state.page = own.unwrap_or_else(|| Page::Plugin(id.to_owned()));
        }
        _ => {}
    }
}
