//! A form for the settings of one plugin, made from its manifest.

mod ask;
mod controls;
mod secret;
mod typed;

use egui::{Align, Rect, Ui, UiBuilder, pos2, vec2};
use vario_manifest::{SettingKind, SettingScope};

use self::ask::Ask;
use crate::card::plugin_icon;
use crate::cx::Cx;
use crate::fonts::Weight;
use crate::icons::Glyph;
use crate::model::PluginView;
use crate::state::Page;
use crate::text::{self, Ink};
use crate::theme::{dims, size, space};
use crate::widgets::{card_frame, column, icon_button};

const HEAD: f32 = 32.0;

pub(crate) fn plugin_settings(ui: &mut Ui, cx: &mut Cx<'_>, id: &str) {
    let model = cx.model;
    let quiet = Ink::new(size::BODY, Weight::Regular, cx.colors.faint);
    column(ui, |ui| {
        let Some(view) = model.plugins.iter().find(|view| view.id() == id) else {
            text::row(ui, "Provider not found", quiet, dims::CONTROL);
            return;
        };
        head(ui, cx, view);
        let about = text::clean(view.plugin.description.trim(), 400);
        if !about.is_empty() {
            ui.add_space(space::XS);
            let ink = Ink::new(size::BODY, Weight::Regular, cx.colors.muted);
            text::paragraph(ui, &about, ink, 3);
        }
        ui.add_space(space::L);
        if view.plugin.settings.is_empty() {
            text::row(ui, "This plugin has no settings", quiet, dims::CONTROL);
            return;
        }
        card_frame(cx.colors).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            for (index, setting) in view.plugin.settings.iter().enumerate() {
                if index > 0 {
                    ui.add_space(space::L);
                }
                let ask = Ask::new(view, setting);
                ui.push_id(&setting.key, |ui| row(ui, cx, &ask));
            }
        });
    });
}

fn head(ui: &mut Ui, cx: &mut Cx<'_>, view: &PluginView) {
    let (_, rect) = ui.allocate_space(vec2(ui.available_width(), HEAD));
    let center = rect.left_center() + vec2(dims::CONTROL / 2.0 - space::S, 0.0);
    let back = Rect::from_center_size(center, vec2(dims::CONTROL, dims::CONTROL));
    let mut child = ui.new_child(UiBuilder::new().max_rect(back).id_salt("back"));
    if icon_button(&mut child, cx, Glyph::Back, "Back to the settings", dims::CONTROL).clicked() {
        cx.state.page = Page::Settings;
    }
    let center = pos2(back.right() + space::S + dims::ICON / 2.0, rect.center().y);
    let icon = Rect::from_center_size(center, vec2(dims::ICON, dims::ICON));
    plugin_icon(ui, cx, view, icon);
    let words = rect.with_min_x(icon.right() + space::M);
    let ink = Ink::new(size::HEADING, Weight::Strong, cx.colors.text);
    let name = format!("{} settings", text::clean(view.name(), 200));
    text::label(ui, words, &name, ink, Align::Min);
}

fn row(ui: &mut Ui, cx: &mut Cx<'_>, ask: &Ask<'_>) {
    if ask.setting.scope == SettingScope::Airline {
        return controls::read_only(ui, cx, ask);
    }
    match &ask.setting.kind {
        SettingKind::Boolean => controls::boolean(ui, cx, ask),
        SettingKind::Range { min, max, step } => controls::range(ui, cx, ask, *min..=*max, *step),
        SettingKind::List { options } => controls::list(ui, cx, ask, options),
        SettingKind::Radio { options } => controls::radio(ui, cx, ask, options),
        SettingKind::Secret { placeholder } => secret::secret(ui, cx, ask, placeholder.as_deref()),
        _ => typed::typed(ui, cx, ask),
    }
}
