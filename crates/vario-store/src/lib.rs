//! What outlives a run: snapshots in SQLite, settings and grants in TOML files a person can edit.
//!
//! [`Paths`] says where things are, from an environment it is handed. [`Config`] reads and edits
//! `config.toml`, and [`Grants`] `grants.toml`: comments and order survive, a file that the user
//! broke is never written. [`Accounts`] does the same for `accounts.toml`: who is signed in, without
//! any secret. [`PluginLogs`] keeps what plugins that stay have to say. [`Store`] keeps snapshots, history, the audit log, what plugins
//! keep by key and the times that cool-downs count from; a damaged database is set aside and begun anew. [`RunLock`] keeps two
//! processes from running one plugin at once, and [`StateLock`] says which of them owns all this.
//!
//! [`import_openusage`] takes over what an older program left behind.
//!
//! Start at [`Paths::from_env`], [`Config::load`], [`Grants::load`] and [`Store::open`]. Opening
//! them never ends a program: what is wrong becomes a warning, and defaults, no grants or memory
//! take its place.
//!
//! This crate runs nothing and reads no clock: times are milliseconds since the epoch, passed in.
//! No secret is kept here, and nothing is ever written into a plugin's folder.

mod accounts;
mod atomic;
mod config;
mod document;
mod error;
mod folder;
mod grants;
mod import;
mod lock;
mod logs;
mod paths;
mod state_lock;
mod store;

#[cfg(test)]
mod tests;

pub use crate::accounts::{AccountEntry, AccountKind, AccountSecret, Accounts, accounts_schema};
pub use crate::atomic::replace as replace_file;
pub use crate::config::{
    App, ByteSize, Config, Display, Entry, IconStyle, Isolation, Limits, LogLevel, Millis,
    Notifications, PluginSection, Plugins, Proxy, Settings, ThemeMode, Updates, config_schema,
};
pub use crate::document::Problem;
pub use crate::error::Error;
pub use crate::folder::make_folder;
pub use crate::grants::{Grants, PluginGrants, grants_schema};
pub use crate::import::{ImportLine, ImportOutcome, import_openusage};
pub use crate::lock::{RunLock, Sole, SoleLock};
pub use crate::logs::{LOG_BYTES, LOG_MESSAGE_BYTES, LogLine, PluginLogs};
pub use crate::paths::{HOME_VARIABLE, Paths};
pub use crate::state_lock::StateLock;
pub use crate::store::{
    AUDIT_KEPT, AUDIT_KEPT_PER_PLUGIN, Grain, HOURS_KEPT_MS, HistoryPoint, HistorySize, HourSample,
    Pruned, RAW_KEPT_MS, Record, Sample, Series, Store, StoreMode, VALUE_BYTES, VALUE_KEY_BYTES,
    VALUE_OVERHEAD_BYTES, VALUES_BYTES,
};
