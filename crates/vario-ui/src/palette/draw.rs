//! The palette's field and its list.

use egui::{
    Align, CornerRadius, CursorIcon, Id, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2,
};

use super::GAP;
use super::entries::{Entry, Icon};
use crate::card::plugin_icon;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::keys::keys_of;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{TextField, key_caps};

/// How many entries are in sight.
pub(super) const PAGE: usize = 9;

const ROW: f32 = 34.0;

/// Draws it, and gives the entry that was clicked on.
pub(super) fn content(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    found: &[Entry],
    chosen: usize,
    follow: bool,
) -> Option<usize> {
    ui.spacing_mut().item_spacing.y = 0.0;
    field(ui, cx, chosen);
    ui.add_space(GAP);
    if found.is_empty() {
        let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.faint);
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
        text::label(ui, rect.shrink2(vec2(space::M, 0.0)), "Nothing matches this", ink, Align::Min);
        return None;
    }
    let mut clicked = None;
    let most = ui.ctx().content_rect().height() - 140.0;
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let height = (PAGE as f32 * ROW).min(most).max(2.0 * ROW);
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).animated(false).show(
        ui,
        |ui| {
            for (index, entry) in found.iter().enumerate() {
                let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
                if index == chosen && follow {
                    ui.scroll_to_rect(rect, None);
                }
                if ui.is_rect_visible(rect) && row(ui, cx, entry, index, index == chosen, rect) {
                    clicked = Some(index);
                }
            }
        },
    );
    clicked
}

fn option_id(index: usize) -> Id {
    Id::unique(("palette entry", index))
}

fn field(ui: &mut Ui, cx: &mut Cx<'_>, chosen: usize) {
    let Some(mut state) = cx.state.palette.take() else { return };
    let before = state.text.clone();
    let id = Id::unique("palette field");
    let field = TextField::new(id, "Command").search().hint("What to do");
    let response = field.show(ui, cx, &mut state.text);
    if !state.shown_before {
        response.request_focus();
        state.shown_before = true;
    }
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_role(Role::EditableComboBox);
        node.set_active_descendant(option_id(chosen).accesskit_id());
    });
    state.chosen = if state.text == before { chosen } else { 0 };
    cx.state.palette = Some(state);
}

fn row(
    ui: &mut Ui,
    cx: &mut Cx<'_>,
    entry: &Entry,
    index: usize,
    is_chosen: bool,
    rect: Rect,
) -> bool {
    let response = ui.interact(rect, option_id(index), Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &entry.name));
    let corner = CornerRadius::same(dims::RADIUS_SMALL);
    if is_chosen {
        ui.painter().rect_filled(rect, corner, cx.colors.accent_soft);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, corner, cx.colors.raised);
    }
    let inner = rect.shrink2(vec2(9.0, 0.0));
    let center = pos2(inner.left() + dims::GLYPH / 2.0, inner.center().y);
    let icon = Rect::from_center_size(center, vec2(dims::GLYPH, dims::GLYPH));
    match entry.icon {
        Icon::Own(glyph) => {
            let color = if is_chosen { cx.colors.text } else { cx.colors.faint };
            cx.state.icons.glyph(ui, icon, glyph, color);
        }
        Icon::Plugin(at) => {
            if let Some(view) = cx.model.plugins.get(at) {
                plugin_icon(ui, cx, view, icon);
            }
        }
    }
    let mut right = inner.right();
    let keys = keys_of(&entry.action);
    if !keys.is_empty() {
        right = key_caps(ui, cx.colors, &keys, pos2(right, inner.center().y)) - space::S;
    }
    if !entry.note.is_empty() {
        let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.muted);
        let place = inner.with_max_x(right);
        let painted = text::paint(ui, place, &entry.note, ink, Align::Max);
        right = painted.left() - space::S;
    }
    let words = Rect::from_min_max(
        pos2(icon.right() + space::S + space::XXS, inner.top()),
        pos2(right, inner.bottom()),
    );
    let ink = Ink::new(size::BODY, Weight::Medium, cx.colors.text);
    text::paint(ui, words, &entry.name, ink, Align::Min);
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}
