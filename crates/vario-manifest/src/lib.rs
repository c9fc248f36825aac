//! Reads one plugin folder's manifest into a normalised plugin and reports every problem in it.
//!
//! Start at [`load`] (quick: file contents other than the manifest are not read) or [`check`]
//! (thorough: reads the entry and the icon too). Both are handed a [`Folder`] and answer with a
//! [`Loaded`]: a [`Plugin`] when nothing is an error, and the [`Diagnostics`] in any case, each
//! with file, JSON path, line, column, expectation and the nearest valid name.
//!
//! Five dialects end in the same [`Plugin`]; [`Dialect`] says how they are told apart. What a
//! plugin may ask for ([`Permissions`], [`Limits`], [`Refresh`]) is kept as it was written: only
//! type and shape are checked here. [`SettingDef`] checks values against their definition.
//!
//! The crate does no I/O beyond the folder it is handed; [`DiskFolder`] is its only file that
//! touches a disk, [`MemoryFolder`] is the twin for tests. It does not look for plugins in
//! several folders, grants nothing and runs nothing; it only offers the rules for that
//! ([`duplicate_ids`], [`is_candidate`], [`Plugin::check_script_id`]).

#![warn(
    clippy::disallowed_methods,
    reason = "the manifest is read through the folder it is handed"
)]

mod diagnostic;
mod dialect;
mod error;
mod files;
mod folder;
mod json;
mod limits;
mod load;
mod nearest;
mod permissions;
mod plugin;
mod read;
mod report;
mod rules;
mod schema;
mod settings;

#[cfg(test)]
mod tests;

pub use crate::diagnostic::{Diagnostic, Diagnostics, Excerpt, Part, Position, Severity};
pub use crate::dialect::Dialect;
pub use crate::error::Error;
pub use crate::files::{MAX_ENTRY_BYTES, MAX_ICON_BYTES, read_entry};
pub use crate::folder::{DiskFolder, Entry, Folder, MemoryFolder};
pub use crate::limits::Limits;
pub use crate::load::{Loaded, MANIFEST_FILES, MAX_MANIFEST_BYTES, check, load};
pub use crate::nearest::nearest;
pub use crate::permissions::Permissions;
pub use crate::plugin::{
    Author, Code, ContextMenuCommand, Dependency, Icon, Language, LineDef, LineKind, Link, Plugin,
    PluginKind, Refresh, Registration, Requirement, Scope, Subscription,
};
pub use crate::rules::{Duplicate, duplicate_ids, is_candidate};
pub use crate::schema::{schema, settings_schema};
pub use crate::settings::{SettingDef, SettingKind, SettingOption, SettingScope};
