//! What keys and the palette do.

use vario_output::present::DisplayMode;

use crate::command::Command;
use crate::cx::Cx;
use crate::model::{Lifecycle, PluginView, ThemeMode};
use crate::state::Page;

/// One thing that can be done without pointing at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// Shows a page.
    Open(Page),
    /// Shows the page of an enabled plugin, counted from 0.
    OpenNth(usize),
    /// Shows what a plugin may do.
    Rights(String),
    /// Back to where the page is reached from.
    Leave,
    /// Runs the plugin whose page is open, else all.
    RefreshHere,
    Refresh(String),
    RefreshAll,
    Enable(String, bool),
    /// Used or left.
    ToggleMode,
    /// A span of time or a time.
    ToggleReset,
    Theme(ThemeMode),
    Rescan,
    AddFolder,
    ClearLog,
    /// Asks what to install.
    Install,
    /// Starts or stops a background plugin.
    Background(String, Lifecycle),
    Palette,
    Shortcuts,
}

impl Action {
    pub(crate) fn run(&self, cx: &mut Cx<'_>) {
        match self {
            Self::Open(page) => cx.state.page = page.clone(),
            Self::OpenNth(nth) => {
                let enabled = cx.model.plugins.iter().filter(|view| view.state.enabled);
                if let Some(view) = enabled.into_iter().nth(*nth) {
                    cx.state.page = view.page();
                }
            }
            Self::Rights(id) => {
                cx.state.rights_filter =
                    find(cx, id).map_or_else(|| id.clone(), |view| view.name().to_owned());
                cx.state.page = Page::Permissions;
            }
            Self::Leave => leave(cx),
            Self::RefreshHere => match cx.state.page.clone() {
                Page::Plugin(id) => refresh(cx, &id),
                _ => cx.send(Command::RefreshAll),
            },
            Self::Refresh(id) => refresh(cx, id),
            Self::RefreshAll => cx.send(Command::RefreshAll),
            Self::Enable(id, on) => cx.send(Command::Enable { id: id.clone(), on: *on }),
            Self::ToggleMode => {
                let value = match cx.model.settings.mode {
                    DisplayMode::Used => "left",
                    DisplayMode::Left => "used",
                };
                set(cx, "display.display_mode", value);
            }
            Self::ToggleReset => toggle_reset(cx),
            Self::Theme(theme) => {
                let value = match theme {
                    ThemeMode::System => "system",
                    ThemeMode::Light => "light",
                    ThemeMode::Dark => "dark",
                };
                set(cx, "display.theme_mode", value);
            }
            Self::Rescan => cx.send(Command::Rescan),
            Self::AddFolder => cx.send(Command::AddFolder),
            Self::ClearLog => cx.send(Command::ClearLog),
            Self::Install => cx.state.install_shown = true,
            Self::Background(id, what) => {
                cx.send(Command::Background { id: id.clone(), what: *what });
            }
            Self::Palette => cx.state.open_palette(),
            Self::Shortcuts => cx.state.shortcuts_shown = true,
        }
    }
}

fn find<'a>(cx: &Cx<'a>, id: &str) -> Option<&'a PluginView> {
    cx.model.plugins.iter().find(|view| view.id() == id)
}

/// As its button does: not while it runs or cools down.
fn refresh(cx: &mut Cx<'_>, id: &str) {
    let may = find(cx, id)
        .is_some_and(|view| view.state.enabled && view.state.refusal(cx.now_ms).is_none());
    if may {
        cx.send(Command::Refresh(id.to_owned()));
    }
}

fn leave(cx: &mut Cx<'_>) {
    cx.state.page = match cx.state.page {
        Page::PluginSettings(_) | Page::Accounts => Page::Settings,
        Page::BackgroundOf(_) => Page::Background,
        _ => Page::Home,
    };
}

fn toggle_reset(cx: &mut Cx<'_>) {
    use vario_output::present::ResetDisplay;
    let value = match cx.model.settings.reset.other() {
        ResetDisplay::Relative => "relative",
        ResetDisplay::Absolute => "absolute",
    };
    set(cx, "display.reset_timer_display_mode", value);
}

fn set(cx: &mut Cx<'_>, key: &'static str, value: &str) {
    cx.send(Command::SetSetting { key, value: value.to_owned() });
}
