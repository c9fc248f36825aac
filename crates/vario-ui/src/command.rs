//! What a user wants done.

use serde_json::Value;
use vario_permissions::PermissionSet;

/// What the app has to do for the user. The crate itself does nothing of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Command {
    /// Run a plugin, by hand.
    Refresh(String),
    /// Run all enabled plugins that may run, by hand.
    RefreshAll,
    /// Enable or disable a plugin.
    Enable {
        /// The plugin.
        id: String,
        /// Which.
        on: bool,
    },
    /// The plugins' order, all ids.
    Reorder(Vec<String>),
    /// Change a setting, as text that the configuration understands.
    SetSetting {
        /// Its name in the configuration, such as `display.theme_mode`.
        key: &'static str,
        /// Its value; empty to forget it.
        value: String,
    },
    /// Change a plugin's setting.
    SetPluginSetting {
        /// The plugin.
        id: String,
        /// The setting.
        key: String,
        /// Its value, checked already; `null` to forget it.
        value: Value,
    },
    /// Keep a plugin's secret in the keychain.
    SetSecret {
        /// The plugin.
        id: String,
        /// The setting.
        key: String,
        /// The secret; nothing to forget it.
        value: Option<Secret>,
    },
    /// Let a plugin send notifications, or not.
    Notify {
        /// The plugin.
        id: String,
        /// Which.
        on: bool,
    },
    /// Allow rights to a plugin.
    Grant {
        /// The plugin.
        id: String,
        /// Exactly the rights that were shown.
        rights: PermissionSet,
    },
    /// Deny rights to a plugin, whatever else is allowed.
    Deny {
        /// The plugin.
        id: String,
        /// Which.
        rights: PermissionSet,
    },
    /// Take back what was allowed or denied.
    Revoke {
        /// The plugin.
        id: String,
        /// Which.
        rights: PermissionSet,
    },
    /// Open a page in the system's browser.
    OpenLink(String),
    /// Show a folder in the system's file manager.
    OpenFolder(String),
    /// Look for plugins in one more folder, which the user is asked for.
    AddFolder,
    /// Look no longer in a folder.
    RemoveFolder(String),
    /// Put text on the clipboard.
    Copy(String),
    /// Look for plugins again.
    Rescan,
    /// Install what was dropped on the window.
    Install(std::path::PathBuf),
    /// Empty the event log.
    ClearLog,
}

/// A text that is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}
