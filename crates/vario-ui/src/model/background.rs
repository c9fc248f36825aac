//! Plugins that stay.

use std::collections::BTreeMap;

use vario_model::{BackgroundInfo, MenuCommand};

use super::LogEntry;

/// What whoever hosts background plugins said last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BackgroundView {
    /// Whether it was asked already.
    pub asked: bool,
    /// Why nothing is known, in words; the rest is what was known before.
    pub problem: Option<String>,
    /// Every plugin with a background part, by id.
    pub plugins: Vec<BackgroundInfo>,
    /// The entries of context menus of those that are active.
    pub menu: Vec<MenuCommand>,
    /// What is being done for the user, by plugin.
    pub doing: BTreeMap<String, Lifecycle>,
    /// What could not be done for the user, by plugin.
    pub failed: BTreeMap<String, String>,
    /// The end of the log of the plugin whose page is shown.
    pub log: PluginLog,
    /// The route that was tried last.
    pub tried: Option<Tried>,
}

impl BackgroundView {
    /// The plugin of this id.
    pub fn get(&self, id: &str) -> Option<&BackgroundInfo> {
        self.plugins.iter().find(|info| info.id == id)
    }
}

/// What the user can make a background plugin do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifecycle {
    /// Start.
    Start,
    /// Stop.
    Stop,
    /// Stop, and start afresh.
    Restart,
}

/// The end of a plugin's own log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PluginLog {
    /// The plugin.
    pub id: String,
    /// Its lines, oldest first.
    pub lines: Vec<LogEntry>,
    /// Why it cannot be read.
    pub problem: Option<String>,
}

/// A route that was tried by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The plugin.
    pub id: String,
    /// In capital letters.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// What it answered, or why there is no answer; nothing while it is waited for.
    pub outcome: Option<Result<Answered, String>>,
}

/// What a route answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status of HTTP.
    pub status: u16,
    /// Its `content-type`; may be empty.
    pub kind: String,
    /// Its body; what is no text is named by its size.
    pub body: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}
