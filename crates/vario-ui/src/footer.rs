//! The footer: when plugins are updated next, and the way to the palette.

use egui::{Align, CursorIcon, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use vario_output::present::footer_text;

use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::text::{self, Ink};
use crate::theme::{size, space};
use crate::widgets::focus_ring;

const MINUTE_MS: i64 = 60_000;

pub(crate) fn footer(ui: &mut Ui, cx: &mut Cx<'_>) {
    let rect = ui.max_rect();
    let inner = rect.shrink2(vec2(space::L, 0.0));
    let enabled = cx.model.plugins.iter().any(|view| view.state.enabled);
    let left_ms = cx.model.next_update_at.filter(|_| enabled).map(|at| at - cx.now_ms);
    // The text changes once a minute; the last minute is told in two steps.
    if let Some(left_ms) = left_ms.filter(|left_ms| *left_ms > 0) {
        let step = if left_ms > MINUTE_MS { MINUTE_MS } else { MINUTE_MS / 2 };
        let until = (left_ms - 1).rem_euclid(step) + 1;
        cx.changes_in(u64::try_from(until).unwrap_or(1).max(1000));
    }
    let text = footer_text(left_ms);
    if link(ui, cx, inner, &text, &format!("{text}. Refresh all"), Align::Min) {
        cx.send(Command::RefreshAll);
    }
    let keys = if cfg!(target_os = "macos") { "⌘K" } else { "Ctrl K" };
    if link(ui, cx, inner, &format!("Commands  {keys}"), "Open the command palette", Align::Max) {
        cx.state.open_palette();
    }
}

fn link(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, text: &str, name: &str, align: Align) -> bool {
    let ink = Ink::new(size::CAPTION, Weight::Regular, cx.colors.faint);
    let width = text::line(ui, text, ink, rect.width() / 2.0).size().x;
    let x = if align == Align::Max { rect.right() - width } else { rect.left() };
    let place = Rect::from_center_size(pos2(x + width / 2.0, rect.center().y), vec2(width, 20.0));
    let response =
        ui.interact(place, ui.scope_id().with(("footer", name.len(), align)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    let hot = response.hovered() || response.has_focus();
    let color = if hot { cx.colors.text } else { cx.colors.faint };
    text::paint(ui, place, text, Ink { color, ..ink }, Align::Min);
    focus_ring(ui, &response, place, 4);
    response.on_hover_cursor(CursorIcon::PointingHand).clicked()
}
