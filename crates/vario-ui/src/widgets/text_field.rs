//! A field to type in.

use egui::{
    Align2, Color32, CornerRadius, Frame, Id, Margin, Rect, Response, Stroke, TextEdit, Ui,
    UiBuilder, pos2, vec2,
};

use super::{follow_focus, icon_button};
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::text::Ink;
use crate::theme::{dims, size, space};

/// No field takes more; a paste of a whole file would stand still.
const MOST: usize = 20_000;

/// A field to type in, of one line or of several.
#[derive(Debug)]
pub(crate) struct TextField<'a> {
    id: Id,
    name: &'a str,
    hint: &'a str,
    width: f32,
    rows: usize,
    weight: Weight,
    secret: bool,
    bad: bool,
    search: bool,
}

impl<'a> TextField<'a> {
    /// `name` is what screen readers call it.
    pub(crate) fn new(id: Id, name: &'a str) -> Self {
        Self {
            id,
            name,
            hint: "",
            width: f32::INFINITY,
            rows: 1,
            weight: Weight::Regular,
            secret: false,
            bad: false,
            search: false,
        }
    }

    /// Shown while there is no text.
    pub(crate) fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    pub(crate) fn width(self, width: f32) -> Self {
        Self { width, ..self }
    }

    pub(crate) fn rows(self, rows: usize) -> Self {
        Self { rows, ..self }
    }

    /// For what is read letter by letter.
    pub(crate) fn mono(self) -> Self {
        Self { weight: Weight::Mono, ..self }
    }

    /// Shows dots.
    pub(crate) fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// What stands in it cannot be taken.
    pub(crate) fn bad(self, bad: bool) -> Self {
        Self { bad, ..self }
    }

    /// With a glass before it, and a button that empties it.
    pub(crate) fn search(self) -> Self {
        Self { search: true, ..self }
    }

    pub(crate) fn show(self, ui: &mut Ui, cx: &mut Cx<'_>, text: &mut String) -> Response {
        let colors = cx.colors;
        let focused = ui.memory(|memory| memory.has_focus(self.id));
        let edge = match (self.bad, focused) {
            (true, _) => colors.bad,
            (false, true) => colors.accent,
            (false, false) => colors.edge,
        };
        let is_full = self.search && !text.is_empty();
        let (left, right) = if self.search { (31, if is_full { 30 } else { 9 }) } else { (9, 9) };
        let vertical = if self.rows > 1 { 6 } else { 4 };
        let frame = Frame::new()
            .fill(if colors.dark { colors.canvas } else { colors.surface })
            .stroke(Stroke::new(1.0, edge))
            .corner_radius(CornerRadius::same(dims::RADIUS_SMALL))
            .inner_margin(Margin { left, right, top: vertical, bottom: vertical });
        let width = self.width.min(ui.available_width());
        let size = if self.weight == Weight::Mono { size::CAPTION + 0.5 } else { size::BODY };
        let ink = Ink::new(size, self.weight, colors.text);
        let edit = if self.rows > 1 {
            TextEdit::multiline(text).desired_rows(self.rows)
        } else {
            TextEdit::singleline(text).min_size(vec2(0.0, dims::CONTROL))
        };
        let align = if self.rows > 1 { Align2::LEFT_TOP } else { Align2::LEFT_CENTER };
        let edit = edit
            .id(self.id)
            .hint_text(Ink { color: colors.faint, ..ink }.rich(self.hint))
            .font(ink.font())
            .text_color(ink.color)
            .password(self.secret)
            .char_limit(MOST)
            .desired_width(width)
            .align(align)
            .frame(frame);
        let response = faint_hints(ui, colors.faint, |ui| ui.add(edit)).accessible_name(self.name);
        follow_focus(ui, &response);
        let rect = response.rect;
        if self.search {
            let center = pos2(rect.left() + 17.0, rect.center().y);
            let glass = Rect::from_center_size(center, vec2(14.0, 14.0));
            cx.state.icons.glyph(ui, glass, Glyph::Search, colors.faint);
        }
        if is_full && self.emptied(ui, cx, rect) {
            text.clear();
            ui.memory_mut(|memory| memory.request_focus(self.id));
        }
        response
    }

    fn emptied(&self, ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect) -> bool {
        let side = 22.0;
        let center = pos2(rect.right() - side / 2.0 - space::XS, rect.center().y);
        let place = Rect::from_center_size(center, vec2(side, side));
        let builder = UiBuilder::new().max_rect(place).id_salt((self.id, "clear"));
        let mut child = ui.new_child(builder);
        let name = format!("Clear {}", self.name);
        icon_button(&mut child, cx, Glyph::Close, &name, side).clicked()
    }
}

/// Hints take their colour from the theme's weak text.
fn faint_hints<R>(ui: &mut Ui, color: Color32, add: impl FnOnce(&mut Ui) -> R) -> R {
    let before = ui.visuals().weak_text_color;
    ui.visuals_mut().weak_text_color = Some(color);
    let inner = add(ui);
    ui.visuals_mut().weak_text_color = before;
    inner
}
