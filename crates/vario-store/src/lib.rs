//! What outlives a run: snapshots in SQLite, settings in a TOML file a person can edit.
//!
//! [`Paths`] says where things are, from an environment it is handed. [`Config`] reads and edits
//! `config.toml`: comments and order survive, a file that the user broke is never written.
//! [`Store`] keeps snapshots, history and the times that cool-downs count from; a damaged database
//! is set aside and begun anew. [`RunLock`] keeps two processes from running one plugin at once.
//!
//! Start at [`Paths::from_env`], [`Config::load`] and [`Store::open`]. Opening either never ends a
//! program: what is wrong becomes a warning, and defaults or memory take its place.
//!
//! This crate runs nothing and reads no clock: times are milliseconds since the epoch, passed in.
//! No secret is kept here, and nothing is ever written into a plugin's folder.

mod atomic;
mod config;
mod error;
mod folder;
mod lock;
mod paths;
mod store;

pub use crate::atomic::replace as replace_file;
pub use crate::config::{
    App, ByteSize, Config, Display, Entry, IconStyle, Limits, LogLevel, Millis, PluginSection,
    Plugins, Problem, Proxy, Settings, ThemeMode, Updates, config_schema,
};
pub use crate::error::Error;
pub use crate::folder::make_folder;
pub use crate::lock::RunLock;
pub use crate::paths::{HOME_VARIABLE, Paths};
pub use crate::store::{HOURS_KEPT_MS, HourSample, RAW_KEPT_MS, Record, Sample, Store, StoreMode};
