//! The host calls of the last run.

use egui::{Align, Rect, Ui, pos2, vec2};
use vario_model::AuditEntry;

use super::duration;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::model::PluginView;
use crate::text::{self, Ink};
use crate::theme::{size, space};
use crate::widgets::{dot, rule};

/// More calls than this are counted, not shown; `vario audit` prints them all.
const MOST: usize = 30;

const ROW: f32 = 20.0;

pub(super) fn calls(ui: &mut Ui, cx: &Cx<'_>, view: &PluginView) {
    rule(ui, cx.colors);
    ui.add_space(space::XS);
    for call in view.calls.iter().take(MOST) {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW));
        if ui.is_rect_visible(rect) {
            row(ui, cx, call, rect);
        }
    }
    if let Some(more) = view.calls.len().checked_sub(MOST).filter(|more| *more > 0) {
        let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.faint);
        text::row(ui, &format!("and {more} more; `vario audit` lists them"), ink, ROW);
    }
}

fn row(ui: &mut Ui, cx: &Cx<'_>, call: &AuditEntry, rect: Rect) {
    let (color, said) = match (call.allowed, call.ok) {
        (false, _) => (cx.colors.warn, "Refused"),
        (true, false) => (cx.colors.bad, "Failed"),
        (true, true) => (cx.colors.good, "Done"),
    };
    dot(ui, pos2(rect.left() + 5.0, rect.center().y), color, said).on_hover_text(said);
    let time = Ink::new(size::CAPTION, Weight::Regular, cx.colors.faint);
    let took = duration(call.duration_us / 1000);
    let took_width = text::line(ui, &took, time, 80.0).size().x;
    let right = Rect::from_min_max(pos2(rect.right() - took_width - 0.5, rect.top()), rect.max);
    text::label(ui, right, &took, time, Align::Max);

    let mono = Ink::new(size::CAPTION, Weight::Mono, cx.colors.text);
    let left = rect.left() + space::L + 2.0;
    let room = right.left() - space::S - left;
    let name_width = text::line(ui, &call.function, mono, room * 0.5).size().x;
    let name = Rect::from_min_size(pos2(left, rect.top()), vec2(name_width, rect.height()));
    text::label(ui, name, &call.function, mono, Align::Min);
    let target = Rect::from_min_max(
        pos2(name.right() + space::S, rect.top()),
        pos2(left + room, rect.bottom()),
    );
    if !call.target.is_empty() && target.width() > 20.0 {
        text::label(ui, target, &call.target, Ink { color: cx.colors.muted, ..mono }, Align::Min);
    }
}
