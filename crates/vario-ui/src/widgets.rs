//! The controls that pages are made of. Each has a name for screen readers, and shows its focus.

mod badge;
mod button;
mod choices;
mod dialog;
mod key_caps;
mod link;
mod notice;
mod pill;
mod rows;
mod segmented;
mod select;
mod switch;
mod text_field;

use egui::{CornerRadius, Frame, Id, Margin, Rect, Response, Stroke, StrokeKind, Ui};

pub(crate) use self::badge::{badge, badge_width, dot};
pub(crate) use self::button::{Kind, button, button_width, icon_button};
pub(crate) use self::choices::choices;
pub(crate) use self::dialog::{Dialog, dialog};
pub(crate) use self::key_caps::key_caps;
pub(crate) use self::link::{Link, link, link_width};
pub(crate) use self::notice::notice;
pub(crate) use self::pill::{pill, pill_width};
pub(crate) use self::rows::{Named, above, column, control_width, field, heading, section};
pub(crate) use self::segmented::{segmented, segmented_width};
pub(crate) use self::select::select;
pub(crate) use self::switch::switch;
pub(crate) use self::text_field::TextField;

use crate::theme::{Palette, dims};

/// The ground of a card.
pub(crate) fn card_frame(colors: &Palette) -> Frame {
    Frame::new()
        .fill(colors.surface)
        .stroke(Stroke::new(1.0, colors.line))
        .corner_radius(CornerRadius::same(dims::RADIUS))
        .inner_margin(Margin::symmetric(16, 14))
}

/// A ring around what the keyboard acts on.
pub(crate) fn focus_ring(ui: &Ui, response: &Response, rect: Rect, radius: u8) {
    follow_focus(ui, response);
    if response.has_focus() {
        let stroke = Stroke::new(1.5, Palette::of(ui).accent);
        // The gap shows the ring around what has the colour of the ring, too.
        ui.painter().rect_stroke(
            rect.expand(3.0),
            CornerRadius::same(radius.saturating_add(3)),
            stroke,
            StrokeKind::Inside,
        );
    }
}

/// Scrolls to what the keyboard has just come to, which may be out of sight. To be called for what
/// is out of sight, too.
pub(crate) fn follow_focus(ui: &Ui, response: &Response) {
    if !response.has_focus() {
        return;
    }
    // Backwards, the control does not hear that it has just got the focus.
    let key = Id::unique("followed focus");
    let before = ui.data_mut(|data| {
        let followed: &mut Option<Id> = data.get_temp_mut_or_default(key);
        followed.replace(response.id)
    });
    if before != Some(response.id) {
        // With its ring, and a little of what is around it.
        ui.scroll_to_rect(response.rect.expand(12.0), None);
    }
}

/// A fine line across.
pub(crate) fn rule(ui: &mut Ui, colors: &Palette) {
    let (_, rect) = ui.allocate_space(egui::vec2(ui.available_width(), 1.0));
    ui.painter().rect_filled(rect, CornerRadius::ZERO, colors.line);
}
