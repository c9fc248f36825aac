//! What a plugin was refused, and the button that allows exactly that.

use egui::{Align, CornerRadius, Frame, Margin, Rect, Stroke, Ui, pos2, vec2};
use vario_model::{Need, NeedReason};
use vario_permissions::{Permission, PermissionSet};

use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::model::{PluginView, RightsView};
use crate::state::Page;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{Kind, button};

/// More rights than this are read on the page of permissions, not in a card.
const MOST: usize = 12;

/// What was lacking for a reason. What was granted since is lacking no more.
pub(crate) fn lacked(
    needs: &[Need],
    rights: Option<&RightsView>,
    reason: NeedReason,
) -> PermissionSet {
    let needs = needs.iter().filter(|need| need.reason == reason);
    let parsed = needs.filter_map(|need| need.permission.parse::<Permission>().ok());
    parsed.filter(|right| rights.is_none_or(|rights| !rights.granted.covers(right))).collect()
}

/// What a plugin was refused, `needs`, in a box; nothing where that is nothing.
pub(crate) fn refused(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, needs: &[Need]) {
    let lacked = |reason| lacked(needs, Some(&view.rights), reason);
    let missing = lacked(NeedReason::NotGranted);
    let denied = lacked(NeedReason::Denied);
    let never = lacked(NeedReason::NotRequested);
    if missing.is_empty() && denied.is_empty() && never.is_empty() {
        return;
    }
    ui.add_space(space::M);
    let tint = cx.colors.warn;
    let ground = cx.colors.surface.lerp_to_gamma(tint, if cx.colors.dark { 0.08 } else { 0.06 });
    Frame::new()
        .fill(ground)
        .stroke(Stroke::new(1.0, cx.colors.surface.lerp_to_gamma(tint, 0.28)))
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::symmetric(12, 10))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = space::XS;
            if !missing.is_empty() {
                title(ui, cx, "Not allowed to");
                rights_list(ui, cx, &missing, MOST);
                ui.add_space(space::XS);
                buttons(ui, cx, view, &missing);
            }
            if !denied.is_empty() {
                title(ui, cx, "Denied by you");
                rights_list(ui, cx, &denied, MOST);
            }
            if !never.is_empty() {
                title(ui, cx, "Never asked for, so it cannot be allowed");
                rights_list(ui, cx, &never, MOST);
            }
        });
}

fn title(ui: &mut Ui, cx: &mut Cx<'_>, text: &str) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), dims::ROW));
    let icon = Rect::from_center_size(pos2(rect.left() + 7.0, rect.center().y), vec2(14.0, 14.0));
    cx.state.icons.glyph(ui, icon, Glyph::Lock, cx.colors.warn);
    let place = Rect::from_min_max(pos2(icon.right() + space::S, rect.top()), rect.max);
    let ink = Ink::new(size::BODY, Weight::Medium, cx.colors.text);
    text::label(ui, place, text, ink, Align::Min);
}

fn buttons(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView, missing: &PermissionSet) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        // What is not listed must not be allowed by accident.
        if missing.len() > MOST {
            if button(ui, cx.colors, Kind::Plain, "Review…").clicked() {
                cx.state.page = Page::Permissions;
            }
            return;
        }
        let name = text::clean(view.name(), 200);
        let allow = button(ui, cx.colors, Kind::Primary, "Allow");
        if allow.accessible_name(format!("Allow {name}")).clicked() {
            cx.send(Command::Grant { id: view.id().to_owned(), rights: missing.clone() });
        }
        let deny = button(ui, cx.colors, Kind::Plain, "Deny");
        if deny.accessible_name(format!("Deny {name}")).clicked() {
            cx.send(Command::Deny { id: view.id().to_owned(), rights: missing.clone() });
        }
    });
}

/// Rights in plain words, one a row.
pub(crate) fn rights_list(ui: &mut Ui, cx: &Cx<'_>, rights: &PermissionSet, most: usize) {
    for right in rights.iter().take(most) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), 18.0));
        let rect = Rect::from_min_max(pos2(rect.left() + 14.0 + space::S, rect.top()), rect.max);
        right_row(ui, cx, right, rect);
    }
    if rights.len() > most {
        let text = format!("and {} more", rights.len() - most);
        text::row(ui, &text, Ink::new(size::CAPTION, Weight::Regular, cx.colors.muted), 18.0);
    }
}

/// A right in plain words: what is done, and what it is done with.
pub(crate) fn right_row(
    ui: &mut Ui,
    cx: &Cx<'_>,
    right: &vario_permissions::Permission,
    rect: Rect,
) {
    let verb = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
    let object = Ink::new(size::CAPTION + 0.5, Weight::Mono, cx.colors.text);
    let painted = text::label(ui, rect, right.verb(), verb, Align::Min).rect;
    let what = right.object();
    if !what.is_empty() {
        let left = painted.right() + 6.0;
        let place = Rect::from_min_max(pos2(left, rect.top()), rect.max);
        text::label(ui, place, &what, object, Align::Min);
    }
}
