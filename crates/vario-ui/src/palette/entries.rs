//! Everything that can be done.

use vario_model::Refusal;
use vario_output::present::{DisplayMode, ResetDisplay, cooldown_text};

use crate::action::Action;
use crate::cx::Cx;
use crate::icons::Glyph;
use crate::model::{PluginView, ThemeMode};
use crate::pages::possible;
use crate::state::Page;
use crate::text;

/// One thing to do.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) action: Action,
    pub(super) icon: Icon,
    /// What stands in the way of it now.
    pub(super) note: String,
}

/// What stands before it.
#[derive(Debug)]
pub(super) enum Icon {
    Own(Glyph),
    /// A plugin's, by its place in the model.
    Plugin(usize),
}

fn own(glyph: Glyph, name: &str, action: Action) -> Entry {
    Entry { name: name.to_owned(), action, icon: Icon::Own(glyph), note: String::new() }
}

pub(super) fn entries(cx: &mut Cx<'_>) -> Vec<Entry> {
    let mut all = vec![own(Glyph::Home, "Home", Action::Open(Page::Home))];
    let views = cx.model.plugins.iter().enumerate();
    let on = views.clone().filter(|(_, view)| view.state.enabled);
    all.extend(on.map(|(at, view)| open(at, view)));
    all.extend([
        own(Glyph::Refresh, "Refresh all", Action::RefreshAll),
        own(Glyph::Background, "Background", Action::Open(Page::Background)),
        own(Glyph::Shield, "Permissions", Action::Open(Page::Permissions)),
        own(Glyph::Log, "Event log", Action::Open(Page::Log)),
        own(Glyph::Settings, "Settings", Action::Open(Page::Settings)),
        own(Glyph::Account, "Accounts", Action::Open(Page::Accounts)),
        own(Glyph::Install, "Install a plugin…", Action::Install),
    ]);
    all.extend(display(cx));
    all.extend([
        own(Glyph::Folder, "Add plugin folder…", Action::AddFolder),
        own(Glyph::Refresh, "Rescan plugin folders", Action::Rescan),
        own(Glyph::Close, "Clear the event log", Action::ClearLog),
        own(Glyph::Keyboard, "Keyboard shortcuts", Action::Shortcuts),
    ]);
    for (at, view) in views {
        all.extend(of_plugin(cx, at, view));
    }
    all
}

fn display(cx: &Cx<'_>) -> Vec<Entry> {
    let settings = &cx.model.settings;
    let mode = match settings.mode {
        DisplayMode::Left => "Show what is used",
        DisplayMode::Used => "Show what is left",
    };
    let reset = match settings.reset {
        ResetDisplay::Relative => "Show resets as a time",
        ResetDisplay::Absolute => "Show resets as time left",
    };
    let mut all = vec![
        own(Glyph::Settings, mode, Action::ToggleMode),
        own(Glyph::Hourglass, reset, Action::ToggleReset),
    ];
    let themes = [
        ("Theme: system", ThemeMode::System),
        ("Theme: light", ThemeMode::Light),
        ("Theme: dark", ThemeMode::Dark),
    ];
    let other = themes.into_iter().filter(|(_, theme)| *theme != settings.theme);
    all.extend(other.map(|(name, theme)| own(Glyph::Settings, name, Action::Theme(theme))));
    all
}

fn name(view: &PluginView) -> String {
    text::clean(view.name(), 80)
}

fn open(at: usize, view: &PluginView) -> Entry {
    let action = Action::Open(view.page());
    Entry { name: name(view), action, icon: Icon::Plugin(at), note: String::new() }
}

fn of_plugin(cx: &mut Cx<'_>, at: usize, view: &PluginView) -> Vec<Entry> {
    let name = name(view);
    let id = || view.id().to_owned();
    let entry =
        |name: String, action| Entry { name, action, icon: Icon::Plugin(at), note: String::new() };
    let mut all = Vec::new();
    if view.state.enabled && !view.only_stays() {
        let note = match view.state.refusal(cx.now_ms) {
            Some(Refusal::Loading) => "Loading".to_owned(),
            Some(Refusal::CoolingDown { left_ms }) => {
                cx.changes_in(1000);
                cooldown_text(left_ms).unwrap_or_default()
            }
            None => String::new(),
        };
        let refresh = entry(format!("Refresh {name}"), Action::Refresh(id()));
        all.push(Entry { note, ..refresh });
    }
    if let Some(info) = cx.model.background.get(view.id()) {
        for (what, word) in possible(info) {
            all.push(entry(format!("{word} {name}"), Action::Background(id(), what)));
        }
        // What has no other page has its own name.
        if !(view.only_stays() && view.state.enabled) {
            let action = Action::Open(Page::BackgroundOf(id()));
            all.push(entry(format!("Background of {name}"), action));
        }
    }
    if !view.plugin.settings.is_empty() {
        let action = Action::Open(Page::PluginSettings(id()));
        all.push(entry(format!("Settings of {name}"), action));
    }
    all.push(entry(format!("Permissions of {name}"), Action::Rights(id())));
    let on = view.state.enabled;
    let word = if on { "Disable" } else { "Enable" };
    all.push(entry(format!("{word} {name}"), Action::Enable(id(), !on)));
    all
}
