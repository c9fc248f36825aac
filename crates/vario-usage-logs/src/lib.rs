//! Counts and prices tokens in the session logs of Claude Code and Codex, as ccusage does.
//!
//! [`Environment::folders`] says where logs are, from values it is handed, and
//! [`Environment::model_aliases`] what models in them are meant to be. [`Scan`] is a question, and
//! [`Scan::run`] answers it with a [`Report`]: a row for each day or session, with tokens and cost,
//! and every file that could not be counted as a whole. [`Scan::explain`] says of every line whether
//! it counts, why not, and at which price. [`PriceTable`] holds a release's own prices, with their
//! date and the hours at which some are dearer, and takes a file with others.
//!
//! Releases of ccusage differ in what they take for a copy, so the [`RuleSet`] is part of the
//! question and has a release's name. [`Cache`] lets a scan go on where the last one of the same
//! folders ended: lines that were counted are not read again, and when nothing has changed, nothing
//! is read at all.
//!
//! Files are read through one buffer a thread, whatever their length, and only a few numbers are
//! kept of each line. A file that is damaged, unreadable or being written counts as far as it is
//! sound, and is named.
//!
//! What it does not do: it reads no environment variable, no clock and no `ccusage.json` (whose
//! settings are those of another program), asks no network for prices, and writes nothing but its
//! cache. Copies are told by hashes of 128 bits. Edits in the middle of a
//! file that keep everything before its old end in place are not noticed; logs only grow.

mod aliases;
mod blocks;
mod cache;
mod claude;
mod codex;
mod days;
mod error;
mod explain;
mod folders;
mod hash;
mod json;
mod json_report;
mod log;
mod notes;
mod prices;
mod question;
mod report;
mod rules;
mod scan;
mod small;
mod stop;
#[cfg(test)]
mod testing;

pub use crate::aliases::ModelAliases;
pub use crate::cache::Cache;
pub use crate::error::Error;
pub use crate::explain::{ExplainedLine, ExplainedMessage};
pub use crate::folders::Environment;
pub use crate::notes::Reason;
pub use crate::prices::{Above, Price, PriceTable, Tariff};
pub use crate::report::{ModelRow, Problem, Report, Row, Tokens};
pub use crate::rules::{CodexSpeed, CostMode, Grouping, RuleSet, Source, UnknownRuleSet};
pub use crate::scan::{Scan, parse_day, parse_timezone};
