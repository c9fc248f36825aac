//! What a user wants done.

use serde_json::Value;
use vario_permissions::PermissionSet;

use crate::model::{AccountKind, Lifecycle};

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
    /// Look at a folder or a zip file that may be installed.
    Install(std::path::PathBuf),
    /// The same with what the user chooses in the system's dialog.
    ChooseInstall {
        /// A folder; else a file.
        folder: bool,
    },
    /// Install what was looked at.
    InstallNow,
    /// Do not, or be done with it.
    LeaveInstall,
    /// Start or stop a background plugin.
    Background {
        /// The plugin.
        id: String,
        /// What it is to do.
        what: Lifecycle,
    },
    /// Ask a route of a background plugin.
    TryRoute {
        /// The plugin.
        id: String,
        /// In capital letters.
        method: String,
        /// Path and query.
        target: String,
        /// What is sent; nothing if it is empty.
        body: String,
    },
    /// Run an entry of a context menu.
    RunMenu {
        /// The plugin.
        id: String,
        /// The entry.
        command: String,
    },
    /// Open a plugin's own page in the browser.
    OpenPage {
        /// The plugin.
        id: String,
        /// Whether the window is dark.
        dark: bool,
        /// The colour of its text, as six hexadecimal digits.
        foreground: String,
        /// The colour of its ground.
        background: String,
    },
    /// Make an account the one in use of its kind.
    UseAccount(String),
    /// Have no account of a kind in use.
    SignOut(AccountKind),
    /// Remove an account with its secrets.
    RemoveAccount(String),
    /// Add an airline for Stratos plugins.
    AddAirline(NewAirline),
    /// Add an identity for smartCARS plugins, from a file that the user is asked for.
    AddIdentity {
        /// What the user calls it; empty for what the file is called.
        name: String,
    },
    /// Empty the event log.
    ClearLog,
}

/// An airline as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAirline {
    /// What the user calls it.
    pub name: String,
    /// Where its service is.
    pub base_url: String,
    /// Where a new token is asked for; may be empty.
    pub refresh_url: String,
    /// The token; may be empty.
    pub token: Secret,
    /// What a new token is asked for with; may be empty.
    pub refresh_token: Secret,
}

/// A text that is not printed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}
