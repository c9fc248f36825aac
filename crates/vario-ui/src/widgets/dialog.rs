//! What lies over the window and has the keyboard for itself.

use egui::{Align2, CornerRadius, Frame, Id, Margin, Modal, Role, Shadow, Stroke, Ui, vec2};

use crate::cx::Cx;
use crate::theme::{dims, space};

/// How a dialog looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialog<'a> {
    /// For screen readers.
    pub(crate) name: &'a str,
    pub(crate) width: f32,
    /// How far below the window's edge it is; in the middle without.
    pub(crate) top: Option<f32>,
    pub(crate) margin: i8,
}

/// Gives whether it was left with Esc or a click beside it, and what its content gave.
pub(crate) fn dialog<R>(
    ui: &Ui,
    cx: &mut Cx<'_>,
    dialog: &Dialog<'_>,
    content: impl FnOnce(&mut Ui, &mut Cx<'_>) -> R,
) -> (bool, R) {
    let colors = cx.colors;
    let id = Id::unique(("dialog", dialog.name));
    let room = ui.ctx().content_rect();
    let width = dialog.width.min(room.width() - 2.0 * space::L);
    let shadow = Shadow { offset: [0, 12], blur: 32, spread: 0, color: colors.shadow };
    let frame = Frame::new()
        .fill(colors.surface)
        .stroke(Stroke::new(1.0, colors.edge))
        .corner_radius(CornerRadius::same(dims::RADIUS + 2))
        .shadow(shadow)
        .inner_margin(Margin::same(dialog.margin));
    // It is there at once: fading in would draw frames, and keys come faster.
    let mut area = Modal::default_area(id).fade_in(false);
    if let Some(top) = dialog.top {
        area = area.anchor(Align2::CENTER_TOP, vec2(0.0, top));
    }
    let modal = Modal::new(id).area(area).frame(frame).backdrop_color(colors.scrim);
    let shown = modal.show(ui.ctx(), |ui| {
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
            node.set_role(Role::Dialog);
            node.set_label(dialog.name);
            node.set_modal();
        });
        ui.set_width(width - 2.0 * f32::from(dialog.margin));
        content(ui, cx)
    });
    (shown.should_close(), shown.inner)
}
