//! What list and page of a background plugin share: its buttons, and what it lacks.

use egui::{Rect, Ui};
use vario_model::{BackgroundInfo, NeedReason};
use vario_permissions::PermissionSet;

use super::name;
use super::standing::{possible, wants_account};
use crate::card::lacked;
use crate::command::Command;
use crate::cx::Cx;
use crate::icons::Glyph;
use crate::model::Lifecycle;
use crate::state::Page;
use crate::widgets::{Link, link};

/// A button, and what it does.
pub(super) enum Does {
    Lifecycle(Lifecycle),
    Enable,
    Accounts,
}

/// What can be done with it, the most likely last.
pub(super) fn buttons(cx: &Cx<'_>, info: &BackgroundInfo) -> Vec<(Does, &'static str)> {
    if !info.enabled {
        return vec![(Does::Enable, "Enable")];
    }
    // One thing after the other.
    if cx.model.background.doing.contains_key(&info.id) {
        return Vec::new();
    }
    let mut all: Vec<(Does, &'static str)> =
        possible(info).into_iter().map(|(what, word)| (Does::Lifecycle(what), word)).collect();
    if wants_account(info) {
        all = vec![(Does::Accounts, "Accounts")];
    }
    all
}

pub(super) fn run(cx: &mut Cx<'_>, info: &BackgroundInfo, does: &Does) {
    let id = || info.id.clone();
    match does {
        Does::Lifecycle(what) => cx.send(Command::Background { id: id(), what: *what }),
        Does::Enable => cx.send(Command::Enable { id: id(), on: true }),
        Does::Accounts => cx.state.page = Page::Accounts,
    }
}

/// What a button is called by a screen reader.
pub(super) fn spoken(info: &BackgroundInfo, does: &Does, word: &str) -> String {
    match does {
        Does::Accounts => format!("Accounts for {}", name(info)),
        _ => format!("{word} {}", name(info)),
    }
}

/// Draws its buttons at the right of a place; gives where they begin.
pub(super) fn controls(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    info: &BackgroundInfo,
    place: Rect,
    narrow: bool,
) -> f32 {
    let mut rest = place;
    for (does, word) in buttons(cx, info).into_iter().rev() {
        let spoken = spoken(info, &does, word);
        let glyph = match does {
            Does::Lifecycle(Lifecycle::Restart) if narrow => Some(Glyph::Refresh),
            _ => None,
        };
        let color = match does {
            Does::Lifecycle(Lifecycle::Stop | Lifecycle::Restart) => cx.colors.muted,
            _ => cx.colors.accent,
        };
        let shown = Link { text: word, glyph, spoken: &spoken, color };
        let id = ui.scope_id().with(word);
        let (response, left) = link(ui, cx, id, rest, &shown);
        rest = left;
        if response.clicked() {
            run(cx, info, &does);
        }
    }
    rest.right()
}

/// What it lacked since it was started, as far as it was not granted since.
pub(super) fn missing(cx: &Cx<'_>, info: &BackgroundInfo) -> PermissionSet {
    let rights = cx.model.plugin(&info.id).map(|view| &view.rights);
    lacked(&info.needs, rights, NeedReason::NotGranted)
}

/// Its family and version.
pub(super) fn kind(info: &BackgroundInfo) -> String {
    let family = family(&info.dialect);
    match info.version.trim() {
        "" => family.to_owned(),
        version => format!("{family} {version}"),
    }
}

/// What people call a family of plugins.
pub(in crate::pages) fn family(dialect: &str) -> &str {
    match dialect {
        "smartcars" => "smartCARS",
        "stratos" => "Stratos",
        "mudstack" => "Mudstack",
        "vario" => "Vario",
        "openusage" => "OpenUsage",
        other => other,
    }
}
