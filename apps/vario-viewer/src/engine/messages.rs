//! What window and engine tell each other.

use vario_ui::{Command, LogEntry, Model, Notice, PluginView};

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
    /// Whether the desktop wants dark windows.
    Dark(bool),
}

impl Update {
    /// Brings a model up to date. Gives whether the desktop wants dark windows, if it says so.
    pub(crate) fn apply(self, model: &mut Model) -> Option<bool> {
        match self {
            Self::All(all) => {
                let log = std::mem::take(&mut model.log);
                *model = *all;
                model.log = log;
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
    /// There is a window now that knows nothing.
    Tell,
}
