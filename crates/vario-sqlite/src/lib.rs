//! SQLite on a plugin's behalf and for the store, linked in, with deadlines.
//!
//! For plugins: [`query`] and [`exec`] answer as the `sqlite3` program did in the original hosts
//! (probe contract section 4.8), down to the empty text for zero rows and the second, immutable
//! attempt. A [`Call`] carries the deadline, the [`CancelHandle`] and the limits. A plugin's SQL is
//! taken for hostile, and so is the file: it reaches that file and nothing else, not the process
//! either, and it cannot take more memory or time than it was given.
//!
//! For background plugins: [`Sessions`], the databases that one keeps open, with prepared
//! statements, parameters, transactions and rows that are fetched piece by piece.
//!
//! For the store: [`Database`], a thin safe wrapper with [`SqlValue`]s, transactions, migrations
//! and an [`ErrorKind`] that tells a corrupt file from a full disk.
//!
//! This crate does not decide which files a plugin may open, does not expand `~`, and knows no
//! table of ours. Paths are always names of files: `file:` URLs and `:memory:` mean nothing here.

mod call;
mod database;
mod error;
mod path;
mod plugin;
mod sessions;
mod value;

#[cfg(test)]
mod tests;

pub use crate::call::{Call, CancelHandle, DEFAULT_MAX_GROWTH_BYTES, DEFAULT_MAX_RESULT_BYTES};
pub use crate::database::{Database, OpenOptions, Row};
pub use crate::error::{Error, ErrorKind};
pub use crate::plugin::{exec, query};
pub use crate::sessions::{Changes, Column, Params, Prepared, Sessions, State};
pub use crate::value::{FromSqlValue, SqlValue};
