//! Headings, sections, and rows of a form.

use egui::{Align, Color32, Layout, Ui, UiBuilder, vec2};

use super::card_frame;
use crate::fonts::Weight;
use crate::text::{self, Ink};
use crate::theme::{Palette, dims, size, space};

/// Content as wide as can be read, in the middle.
pub(crate) fn column<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    let room = ui.available_rect_before_wrap();
    let width = room.width().min(dims::READING);
    let left = room.left() + ((room.width() - width) / 2.0).round();
    let rect = egui::Rect::from_min_max(
        egui::pos2(left, room.top()),
        egui::pos2(left + width, room.bottom()),
    );
    let layout = Layout::top_down(Align::Min);
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), content).inner
}

/// The name of a page, and what it is for.
pub(crate) fn heading(ui: &mut Ui, colors: &Palette, name: &str, about: &str) {
    let ink = Ink::new(size::HEADING, Weight::Strong, colors.text);
    text::row(ui, name, ink, 26.0);
    if !about.is_empty() {
        ui.add_space(space::XXS);
        text::paragraph(ui, about, Ink::new(size::BODY, Weight::Regular, colors.muted), 3);
    }
    ui.add_space(space::L);
}

/// A card with a name above it.
pub(crate) fn section<R>(
    ui: &mut Ui,
    colors: &Palette,
    name: &str,
    content: impl FnOnce(&mut Ui) -> R,
) -> R {
    text::row(ui, name, Ink::new(size::CAPTION, Weight::Strong, colors.muted), dims::ROW);
    ui.add_space(space::XS);
    let inner = card_frame(colors).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space::M;
        content(ui)
    });
    ui.add_space(space::XL);
    inner.inner
}

/// What a row of a form is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'a> {
    pub(crate) name: &'a str,
    pub(crate) about: &'a str,
}

/// A row of a form: the name at the left, the control at the right; below each other where there is
/// no room for both.
pub(crate) fn field<R>(
    ui: &mut Ui,
    colors: &Palette,
    named: Named<'_>,
    control: f32,
    add: impl FnOnce(&mut Ui) -> R,
) -> R {
    let name = Ink::new(size::BODY, Weight::Medium, colors.text);
    let about = Ink::new(size::CAPTION, Weight::Regular, colors.muted);
    let width = ui.available_width();
    let label = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.y = space::XXS;
        text::row(ui, named.name, name, dims::ROW);
        if !named.about.is_empty() {
            text::paragraph(ui, named.about, about, 4);
        }
    };
    if width < control + 200.0 && control > 60.0 {
        return ui
            .vertical(|ui| {
                ui.spacing_mut().item_spacing.y = space::XS;
                label(ui);
                ui.add_space(space::XS);
                ui.horizontal(add).inner
            })
            .inner;
    }
    let top = ui.cursor().min;
    let left = egui::Rect::from_min_size(top, vec2(width - control - space::L, f32::INFINITY));
    let mut child =
        ui.new_child(UiBuilder::new().max_rect(left).layout(Layout::top_down(Align::Min)));
    if named.about.is_empty() {
        // A lone name stands beside the middle of its control.
        child.add_space((dims::CONTROL - dims::ROW) / 2.0);
    }
    label(&mut child);
    let used = child.min_rect().height();
    let height = used.max(dims::CONTROL);
    let (_, rect) = ui.allocate_space(vec2(width, height));
    let right = egui::Rect::from_min_max(
        egui::pos2(rect.right() - control, rect.top()),
        egui::pos2(rect.right(), rect.top() + dims::CONTROL.max(used.min(height))),
    );
    let layout = Layout::right_to_left(Align::Center);
    // The room is taken already, whatever stands in it.
    add(&mut ui.new_child(UiBuilder::new().max_rect(right).layout(layout)))
}

/// How wide a control of a row is: so wide, or as the row where it stands below its name.
pub(crate) fn control_width(ui: &Ui, width: f32) -> f32 {
    if ui.layout().prefer_right_to_left() { width } else { ui.available_width().min(420.0) }
}

/// The name above a control that is as wide as the form, with a note at its right.
pub(crate) fn above(ui: &mut Ui, colors: &Palette, named: Named<'_>, note: (&str, Color32)) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), dims::ROW));
    let ink = Ink::new(size::CAPTION, Weight::Medium, note.1);
    let width = text::line(ui, note.0, ink, rect.width() / 2.0).size().x;
    if !note.0.is_empty() {
        let place = rect.with_min_x(rect.right() - width - 0.5);
        text::label(ui, place, note.0, ink, Align::Max);
    }
    let name = Ink::new(size::BODY, Weight::Medium, colors.text);
    let place = rect.with_max_x(rect.right() - width - space::M);
    text::label(ui, place, named.name, name, Align::Min);
    if !named.about.is_empty() {
        let about = Ink::new(size::CAPTION, Weight::Regular, colors.muted);
        ui.add_space(space::XXS);
        text::paragraph(ui, named.about, about, 4);
    }
    ui.add_space(space::S - space::XXS);
}
