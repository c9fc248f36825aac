//! What window and engine tell each other.

use vario_ui::{
    AccountsView, BackgroundView, Command, InstallView, LogEntry, Model, Notice, PluginView,
    Watched,
};

/// Lines of the event log that are kept.
const LOG_LINES: usize = 2000;

/// What the window is told.
pub(crate) enum Update {
    /// Everything; what was known before is old.
    All(Box<Model>),
    /// One plugin.
    Plugin(Box<PluginView>),
    /// When plugins run next, in milliseconds since the epoch.
    Next(Option<i64>),
    /// A line of the event log.
    Log(LogEntry),
    /// The event log was emptied.
    LogCleared,
    /// Notices that replace the ones before.
    Notices(Vec<Notice>),
    /// Plugins that stay.
    Background(Box<BackgroundView>),
    /// Who is signed in.
    Accounts(Box<AccountsView>),
    /// What may be installed, while somebody is at it.
    Install(Option<Box<InstallView>>),
    /// Whether the desktop wants dark windows.
    Dark(bool),
}

impl Update {
    /// Brings a model up to date. Gives whether the desktop wants dark windows, if it says so.
    pub(crate) fn apply(self, model: &mut Model) -> Option<bool> {
        match self {
            Self::All(all) => {
                // What is not read with the rest is as it was.
                let before = std::mem::replace(model, *all);
                model.log = before.log;
                model.background = before.background;
                model.accounts = before.accounts;
                model.install = before.install;
            }
            Self::Plugin(view) => {
                let own = model.plugins.iter_mut().find(|own| own.id() == view.id());
                if let Some(own) = own {
                    *own = *view;
                }
            }
            Self::Next(at) => model.next_update_at = at,
            Self::Log(entry) => {
                if model.log.len() >= LOG_LINES {
                    model.log.drain(..LOG_LINES / 10);
                }
                model.log.push(entry);
            }
            Self::LogCleared => model.log.clear(),
            Self::Notices(notices) => model.notices = notices,
            Self::Background(background) => model.background = *background,
            Self::Accounts(accounts) => model.accounts = *accounts,
            Self::Install(install) => model.install = install.map(|view| *view),
            Self::Dark(dark) => return Some(dark),
        }
        None
    }
}

/// What the window tells the engine.
pub(crate) enum Order {
    /// What the user wants done.
    Do(Command),
    /// The plugin whose page is shown.
    Page(Option<String>),
    /// What somebody looks at that changes without being asked for.
    Watch(Watched),
    /// There is a window now that knows nothing.
    Tell,
}
