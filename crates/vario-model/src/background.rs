use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::rights::Need;

/// Where a background plugin is in its life (reference of Mudstack, section 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BackgroundState {
    /// Known, not loaded.
    Registered,
    /// Its process is being made.
    Loading,
    /// Its module was evaluated.
    Loaded,
    /// Its start is pending.
    Activating,
    /// It gets events and requests.
    Active,
    /// Its start takes too long; it is served all the same, where its family allows that.
    Degraded,
    /// Its end is pending.
    Deactivating,
    /// It has ended in good order; its process is still there.
    Inactive,
    /// Its process is being ended.
    Unloading,
    /// Its process is gone.
    Unloaded,
    /// It could not be loaded or started, or crashed too often.
    Failed,
}

impl BackgroundState {
    /// Its name, for people and programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Loading => "loading",
            Self::Loaded => "loaded",
            Self::Activating => "activating",
            Self::Active => "active",
            Self::Degraded => "degraded",
            Self::Deactivating => "deactivating",
            Self::Inactive => "inactive",
            Self::Unloading => "unloading",
            Self::Unloaded => "unloaded",
            Self::Failed => "failed",
        }
    }
}

/// A route of a background plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RouteInfo {
    /// In capital letters; `*` when the plugin's own router decides.
    pub method: String,
    /// The path, or its beginning.
    pub path: String,
    /// What the plugin says about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// An entry of a context menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MenuCommand {
    /// The plugin.
    pub plugin_id: String,
    /// The command.
    pub id: String,
    /// Text to show.
    pub title: String,
    /// More about it; may be empty.
    pub description: String,
}

/// One background plugin, as fronts show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BackgroundInfo {
    /// The plugin.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its version; may be empty.
    pub version: String,
    /// Its family.
    pub dialect: String,
    /// Whether the user wants it to run.
    pub enabled: bool,
    /// Where it is in its life.
    pub state: BackgroundState,
    /// Why it is there, when that needs a word: what failed, what it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Since when it is active, in milliseconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_since: Option<i64>,
    /// How often it was restarted after a crash.
    pub restarts: u32,
    /// Its process, while there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// What its process holds in memory, in bytes, where that can be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// Its routes, while it serves them.
    pub routes: Vec<RouteInfo>,
    /// Its own channels for its user interface.
    pub channels: Vec<String>,
    /// Whether it brings pages of its own.
    pub has_ui: bool,
    /// What it lacked since it was started.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
}
