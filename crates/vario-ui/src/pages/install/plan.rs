//! What would be installed, in words.

use egui::{Align, Color32, Rect, Ui, pos2, vec2};
use vario_permissions::PermissionSet;

use super::super::background::{family, sentence, size};
use crate::card::rights_list;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::model::InstallPlan;
use crate::text::{self, Ink};
use crate::theme::{self, dims, space};
use crate::widgets::notice;

/// More rights are told of by their number; all are on the page of permissions.
const MOST: usize = 40;

/// Name and version.
pub(super) fn name(plan: &InstallPlan) -> String {
    let name = if text::is_blank(&plan.name) { &plan.id } else { &plan.name };
    format!("{} {}", text::clean(name, 120), text::clean(&plan.version, 40)).trim_end().to_owned()
}

/// Who made it, and what it is.
pub(super) fn about(plan: &InstallPlan) -> String {
    let author = text::clean(plan.author.trim(), 80);
    let by = if author.is_empty() {
        "by an author it does not name".to_owned()
    } else {
        format!("by {author}")
    };
    format!("{} plugin {by}", family(&plan.dialect))
}

pub(super) fn plan(ui: &mut Ui, cx: &mut Cx<'_>, plan: &InstallPlan) {
    if plan.replaces.as_ref().is_some_and(|replaced| replaced.same) {
        return line(ui, cx, "Exactly this is installed already.");
    }
    let unknown = "Nothing vouches for this code or for who made it. Install it only if you know \
                   where it comes from.";
    notice(ui, cx, Glyph::Warning, cx.colors.warn, unknown);
    ui.add_space(space::M);
    for warning in &plan.warnings {
        notice(ui, cx, Glyph::Warning, cx.colors.warn, &sentence(warning));
        ui.add_space(space::M);
    }
    for change in changes(plan) {
        line(ui, cx, &change);
    }
    rights(ui, cx, plan);
    ui.add_space(space::M);
    let files = if plan.files == 1 { "1 file".to_owned() } else { format!("{} files", plan.files) };
    let facts = format!("{}  ·  {files}, {}  ·  {}", plan.id, size(plan.bytes), plan.source);
    let ink = Ink::new(theme::size::CAPTION, Weight::Regular, cx.colors.faint);
    text::paragraph(ui, &facts, ink, 3);
}

fn line(ui: &mut Ui, cx: &Cx<'_>, words: &str) {
    let ink = Ink::new(theme::size::BODY, Weight::Regular, cx.colors.text);
    text::paragraph(ui, words, ink, 4);
    ui.add_space(space::XS);
}

/// What it does here, and what is different from what is installed; a line each.
fn changes(plan: &InstallPlan) -> Vec<String> {
    let mut lines = Vec::new();
    if plan.stays {
        lines.push("It stays: it runs by itself for as long as Vario does.".to_owned());
    }
    if plan.has_ui {
        lines.push("It brings pages of its own.".to_owned());
    }
    let Some(from) = &plan.replaces else { return lines };
    let version = |version: &str| match version.trim() {
        "" => "a version without a number".to_owned(),
        version => text::clean(version, 40),
    };
    let words = format!("It replaces {} by {}.", version(&from.version), version(&plan.version));
    lines.insert(0, words);
    if let Some(old) = &from.other_dialect {
        lines.push(format!("It was a {} plugin before.", family(old)));
    }
    if let Some(old) = &from.other_author {
        let old = if text::is_blank(old) { "nobody".to_owned() } else { text::clean(old, 80) };
        lines.push(format!("Its author was {old} before."));
    }
    for (what, settings) in [("New", &plan.new_settings), ("Dropped", &plan.dropped_settings)] {
        if !settings.is_empty() {
            lines.push(format!("{what} settings: {}.", settings.join(", ")));
        }
    }
    lines
}

/// What it asks for, what it no longer does, and what it has at once.
fn rights(ui: &mut Ui, cx: &mut Cx<'_>, plan: &InstallPlan) {
    let update = plan.replaces.is_some();
    let asks = plan.asks_for.clone().unwrap_or_default();
    let (warn, muted, good) = (cx.colors.warn, cx.colors.muted, cx.colors.good);
    let title = if update { "It newly asks to" } else { "It asks to" };
    group(ui, cx, (Glyph::Shield, warn), title, &plan.new_rights);
    let title = "It no longer asks to";
    group(ui, cx, (Glyph::Close, muted), title, &plan.dropped_rights);
    let title = "It may do at once, as the version before it";
    group(ui, cx, (Glyph::Check, good), title, &plan.has_at_once);
    if plan.asks_for.is_none() {
        ui.add_space(space::S);
        let words = "Its manifest does not say what it needs; it gets nothing that you do not \
                     grant.";
        line(ui, cx, words);
    } else if asks.is_empty() {
        ui.add_space(space::S);
        line(ui, cx, "It asks for nothing beyond its own data.");
    } else if !plan.new_rights.is_empty() {
        ui.add_space(space::S);
        let words = if update {
            "Installing allows nothing that is new; you are asked later."
        } else {
            "Installing allows none of this; you are asked later."
        };
        line(ui, cx, words);
    }
}

fn group(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    (glyph, color): (Glyph, Color32),
    title: &str,
    rights: &PermissionSet,
) {
    if rights.is_empty() {
        return;
    }
    ui.add_space(space::S);
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), dims::ROW));
    let icon = Rect::from_center_size(pos2(rect.left() + 7.0, rect.center().y), vec2(14.0, 14.0));
    cx.state.icons.glyph(ui, icon, glyph, color);
    let ink = Ink::new(theme::size::BODY, Weight::Medium, cx.colors.text);
    text::label(ui, rect.with_min_x(icon.right() + space::S), title, ink, Align::Min);
    rights_list(ui, cx, rights, MOST);
}
