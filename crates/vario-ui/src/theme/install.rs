//! The theme as egui wants it.

use egui::epaint::Shadow;
use egui::style::{ScrollStyle, Selection, WidgetVisuals};
use egui::{
    Color32, Context, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme,
    Visuals, vec2,
};

use super::{DARK, LIGHT, Palette, dims, size, space};

/// Gives a context our two looks. Which of them shows is set by [`Context::set_theme`].
pub fn install(ctx: &Context) {
    ctx.set_style_of(Theme::Dark, style(&DARK));
    ctx.set_style_of(Theme::Light, style(&LIGHT));
}

fn style(palette: &Palette) -> Style {
    let mut style = Style { visuals: visuals(palette), animation_time: 0.12, ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, FontId::new(size::CAPTION, FontFamily::Proportional)),
        (TextStyle::Body, FontId::new(size::BODY, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(size::BODY, FontFamily::Proportional)),
        (TextStyle::Heading, FontId::new(size::HEADING, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(size::CAPTION, FontFamily::Monospace)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(space::S, space::S);
    spacing.button_padding = vec2(10.0, space::XS);
    spacing.menu_margin = Margin::same(4);
    spacing.window_margin = Margin::same(16);
    spacing.interact_size = vec2(dims::CONTROL, dims::CONTROL);
    spacing.icon_width = 16.0;
    spacing.icon_width_inner = 8.0;
    spacing.combo_width = 120.0;
    spacing.slider_width = 160.0;
    spacing.slider_rail_height = 4.0;
    spacing.tooltip_width = 360.0;
    spacing.scroll = ScrollStyle { bar_width: 8.0, floating_width: 4.0, ..ScrollStyle::floating() };
    spacing.scroll.fade.strength = 0.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;
    style.url_in_tooltip = true;
    style
}

fn visuals(palette: &Palette) -> Visuals {
    let mut visuals = if palette.dark { Visuals::dark() } else { Visuals::light() };
    let corner = CornerRadius::same(dims::RADIUS_SMALL);
    let state = |fill: Color32, edge: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, edge),
        corner_radius: corner,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    visuals.widgets.noninteractive = state(palette.surface, palette.line, palette.text);
    visuals.widgets.inactive = state(palette.raised, palette.line, palette.text);
    visuals.widgets.hovered = state(palette.hover, palette.edge, palette.text);
    visuals.widgets.active = state(palette.hover, palette.accent, palette.text);
    visuals.widgets.open = state(palette.hover, palette.edge, palette.text);
    visuals.selection =
        Selection { bg_fill: palette.accent_soft, stroke: Stroke::new(1.0, palette.accent) };
    visuals.weak_text_color = Some(palette.muted);
    visuals.hyperlink_color = palette.accent;
    visuals.faint_bg_color = palette.raised;
    visuals.extreme_bg_color = palette.canvas;
    visuals.text_edit_bg_color = Some(palette.canvas);
    visuals.code_bg_color = palette.raised;
    visuals.warn_fg_color = palette.warn;
    visuals.error_fg_color = palette.bad;
    visuals.panel_fill = palette.canvas;
    visuals.window_fill = palette.surface;
    visuals.window_stroke = Stroke::new(1.0, palette.edge);
    visuals.window_corner_radius = CornerRadius::same(dims::RADIUS);
    visuals.menu_corner_radius = CornerRadius::same(8);
    let shadow = Shadow { offset: [0, 8], blur: 24, spread: 0, color: palette.shadow };
    visuals.window_shadow = shadow;
    visuals.popup_shadow = shadow;
    visuals.text_cursor.stroke = Stroke::new(1.5, palette.accent);
    // A blinking cursor would draw frames for ever.
    visuals.text_cursor.blink = false;
    visuals.slider_trailing_fill = true;
    visuals
}
