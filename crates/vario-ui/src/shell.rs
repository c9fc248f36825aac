//! The window: side bar, page, footer, and what lies over them.

use std::time::Duration;

use egui::{CentralPanel, Context, Frame, Margin, Panel, ScrollArea, ThemePreference, Ui};

use crate::command::Command;
use crate::cx::Cx;
use crate::fonts::{self, FontFile};
use crate::model::{Model, Now, ThemeMode};
use crate::pages;
use crate::state::{Page, State};
use crate::theme::{self, Palette, dims, space};
use crate::{footer, keys, palette, sidebar};

/// What comes out of a frame.
#[derive(Debug, Default)]
#[must_use]
pub struct Shown {
    /// What the user wants done, in order.
    pub commands: Vec<Command>,
    /// When what is shown is no longer true, if nothing else happens until then. The app asks for
    /// a repaint then, unless the window is hidden.
    pub repaint_after: Option<Duration>,
}

/// Prepares a context: themes and fonts. `extra` are fonts for characters that ours lack.
pub fn setup(ctx: &Context, extra: Vec<FontFile>) {
    ctx.set_fonts(fonts::definitions(extra));
    theme::install(ctx);
}

/// Draws one frame into the whole of `ui`.
pub fn show(ui: &mut Ui, model: &Model, state: &mut State, now: &Now) -> Shown {
    let wanted = match model.settings.theme {
        ThemeMode::System => ThemePreference::System,
        ThemeMode::Light => ThemePreference::Light,
        ThemeMode::Dark => ThemePreference::Dark,
    };
    if ui.ctx().options(|options| options.theme_preference) != wanted {
        ui.ctx().set_theme(wanted);
    }
    let colors = Palette::of(ui);
    leave_what_is_gone(model, state);
    let mut cx = Cx::new(model, state, now, colors);
    keys::act(ui, &mut cx);

    let plain = |fill| Frame::new().fill(fill).inner_margin(Margin::ZERO);
    Panel::left("vario side bar")
        .exact_size(dims::SIDE)
        .resizable(false)
        .frame(plain(colors.chrome))
        .show(ui, |ui| sidebar::sidebar(ui, &mut cx));
    Panel::bottom("vario footer")
        .exact_size(dims::FOOTER)
        .resizable(false)
        .frame(plain(colors.chrome))
        .show(ui, |ui| footer::footer(ui, &mut cx));
    CentralPanel::default().frame(plain(colors.canvas)).show(ui, |ui| page(ui, &mut cx));
    pages::install(ui, &mut cx);
    palette::palette(ui, &mut cx);
    keys::overview(ui, &mut cx);
    dropped(ui, &mut cx);
    Shown { commands: cx.commands, repaint_after: cx.repaint_ms.map(Duration::from_millis) }
}

/// A plugin that was disabled or removed has no page (contract section 7.1).
fn leave_what_is_gone(model: &Model, state: &mut State) {
    let is_enabled =
        |id: &str| model.plugins.iter().any(|view| view.id() == id && view.state.enabled);
    if let Page::Plugin(id) = &state.page
        && model.plugins.iter().any(|view| view.id() == id)
        && !is_enabled(id)
    {
        state.page = Page::Home;
    }
}

fn page(ui: &mut Ui, cx: &mut Cx<'_>) {
    let page = cx.state.page.clone();
    let narrow = ui.available_width() < 480.0;
    let side = if narrow { 12 } else { 24 };
    ScrollArea::vertical().id_salt(("page", format!("{page:?}"))).auto_shrink(false).show(
        ui,
        |ui| {
            let frame =
                Frame::new().inner_margin(Margin { left: side, right: side, top: 20, bottom: 24 });
            frame.show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                pages::notices(ui, cx);
                match &page {
                    Page::Home => pages::home(ui, cx),
                    Page::Plugin(id) => pages::plugin(ui, cx, id),
                    Page::Permissions => pages::permissions(ui, cx),
                    Page::Settings => pages::settings(ui, cx),
                    Page::PluginSettings(id) => pages::plugin_settings(ui, cx, id),
                    Page::Log => pages::log(ui, cx),
                    Page::Background => pages::background(ui, cx),
                    Page::BackgroundOf(id) => pages::background_of(ui, cx, id),
                    Page::Accounts => pages::accounts(ui, cx),
                }
                ui.add_space(space::S);
            });
        },
    );
}

/// Files dropped on the window are offered for installation.
fn dropped(ui: &Ui, cx: &mut Cx<'_>) {
    let paths = ui.input(|input| {
        let files = input.raw.dropped_files.iter();
        files.map(|file| file.path().to_owned()).collect::<Vec<_>>()
    });
    for path in paths {
        cx.send(Command::Install(path));
    }
}
