//! The database: snapshots, the times that cool-downs count from, history, audit, and what plugins
//! keep by key.

mod audit;
mod history;
mod open;
mod record;
mod series;
mod tables;
mod values;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

use parking_lot::Mutex;
use serde_json::{Map, Value};
use vario_model::{AuditEntry, Need, RunTrigger, Snapshot};
use vario_sqlite::Database;

use crate::store::open::Opened;
use crate::{Error, Paths};

pub use crate::store::audit::{AUDIT_KEPT, AUDIT_KEPT_PER_PLUGIN};
pub use crate::store::history::{HOURS_KEPT_MS, HourSample, RAW_KEPT_MS, Sample};
pub use crate::store::record::Record;
pub use crate::store::series::{Grain, HistoryPoint, HistorySize, Pruned, Series};
pub use crate::store::values::{VALUE_BYTES, VALUE_KEY_BYTES, VALUE_OVERHEAD_BYTES, VALUES_BYTES};

/// How long to wait for another process that writes.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// Where what is saved goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreMode {
    /// Into the file.
    Lasting,
    /// Nowhere: the file can be read but not written, and saving fails.
    ReadOnly,
    /// Into memory, until the program ends: the file could not be used.
    Memory,
}

/// What outlives a run. Threads share one; processes each open their own.
///
/// Opening falls back rather than failing, see [`StoreMode`]; each fall-back leaves a warning. An
/// error while saving or reading is returned, and leaves what was saved before. A database found to
/// be damaged, then or later, is set aside as `state.db.corrupt-1` (2, 3 …) and a new one begun.
#[derive(Debug)]
pub struct Store {
    opened: Mutex<Opened>,
}

impl Store {
    /// Opens the store, and makes it if there is none.
    ///
    /// # Errors
    /// Only if not even a database in memory can be had.
    pub fn open(paths: &Paths) -> Result<Self, Error> {
        Self::open_file(&paths.database())
    }

    /// As [`Store::open`], for a file elsewhere.
    pub fn open_file(path: &Path) -> Result<Self, Error> {
        Self::open_within(path, BUSY_WAIT)
    }

    fn open_within(path: &Path, busy_wait: Duration) -> Result<Self, Error> {
        Ok(Self { opened: Mutex::new(Opened::open(path, busy_wait)?) })
    }

    /// Where what is saved goes.
    pub fn mode(&self) -> StoreMode {
        self.opened.lock().mode
    }

    /// What had to be done to open the store, and what since; each is told once.
    pub fn take_warnings(&self) -> Vec<String> {
        std::mem::take(&mut self.opened.lock().warnings)
    }

    /// Keeps the outcome of a run that ended at `now_ms`, and its quotas in the history.
    ///
    /// A success, in the sense of contract section 5.2, becomes the good snapshot; anything else
    /// leaves the older one. A manual run starts the cool-down if it brought data (section 5.3).
    /// About once a day this also drops history that is too old.
    pub fn save(&self, snapshot: &Snapshot, trigger: RunTrigger, now_ms: i64) -> Result<(), Error> {
        let json = record::to_json(snapshot)?;
        self.with(|database| {
            database.transaction(|database| {
                record::save(database, snapshot, &json, trigger, now_ms)?;
                history::add(database, snapshot, now_ms)?;
                if history::is_prune_due(database, now_ms)? {
                    history::prune(database, now_ms)?;
                }
                Ok(())
            })
        })
    }

    /// What is known of one plugin.
    pub fn record(&self, plugin: &str) -> Result<Option<Record>, Error> {
        self.with(|database| record::one(database, plugin))
    }

    /// What is known of every plugin that ever ran, by id.
    pub fn records(&self) -> Result<Vec<Record>, Error> {
        self.with(record::all)
    }

    /// How the last run ended, well or not.
    pub fn latest(&self, plugin: &str) -> Result<Option<Snapshot>, Error> {
        Ok(self.record(plugin)?.and_then(|record| record.latest))
    }

    /// How the last run of each plugin ended, by id.
    pub fn latest_all(&self) -> Result<Vec<Snapshot>, Error> {
        Ok(self.records()?.into_iter().filter_map(|record| record.latest).collect())
    }

    /// The last success (contract section 5.2).
    pub fn latest_good(&self, plugin: &str) -> Result<Option<Snapshot>, Error> {
        Ok(self.record(plugin)?.and_then(|record| record.good))
    }

    /// How the last run ended if that was at most `max_age_ms` before `now_ms`. A run in the future
    /// means that the clock was set back: then nothing is fresh.
    ///
    /// Failures count too: asking again at once would ask the provider more often than wanted.
    pub fn fresh(
        &self,
        plugin: &str,
        max_age_ms: i64,
        now_ms: i64,
    ) -> Result<Option<Snapshot>, Error> {
        let record = self.record(plugin)?;
        Ok(record.filter(|record| record.is_fresh(max_age_ms, now_ms)).and_then(|it| it.latest))
    }

    /// What the last run lacked, whether it went well or not.
    pub fn last_needs(&self, plugin: &str) -> Result<Vec<Need>, Error> {
        Ok(self.latest(plugin)?.map(|snapshot| snapshot.needs).unwrap_or_default())
    }

    /// When the last run ended.
    pub fn last_run(&self, plugin: &str) -> Result<Option<i64>, Error> {
        Ok(self.record(plugin)?.map(|record| record.last_run_ms))
    }

    /// When the last manual run that brought data ended; the cool-down counts from then.
    pub fn last_manual_ok(&self, plugin: &str) -> Result<Option<i64>, Error> {
        Ok(self.record(plugin)?.and_then(|record| record.last_manual_ok_ms))
    }

    /// The quotas of a plugin from `from_ms` to before `to_ms`, oldest first; kept for 30 days.
    pub fn history(&self, plugin: &str, from_ms: i64, to_ms: i64) -> Result<Vec<Sample>, Error> {
        self.with(|database| history::raw(database, plugin, from_ms, to_ms))
    }

    /// The same by the hour, for hours that begin in that time; kept for a year.
    pub fn hourly(&self, plugin: &str, from_ms: i64, to_ms: i64) -> Result<Vec<HourSample>, Error> {
        self.with(|database| history::hourly(database, plugin, from_ms, to_ms))
    }

    /// The quotas of a plugin from `from_ms` to before `to_ms`, the one first that was measured
    /// first: every single sample of the last 30 days before `now_ms`, hours before that.
    pub fn series(
        &self,
        plugin: &str,
        from_ms: i64,
        to_ms: i64,
        now_ms: i64,
    ) -> Result<Vec<Series>, Error> {
        self.with(|database| series::series(database, plugin, from_ms, to_ms, now_ms))
    }

    /// The plugins of which there is any history, by id; some may be there no more.
    pub fn history_plugins(&self) -> Result<Vec<String>, Error> {
        self.with(series::plugins)
    }

    /// How much history there is. Looks at the whole file.
    pub fn history_size(&self) -> Result<HistorySize, Error> {
        self.with(series::size)
    }

    /// Drops history that is too old, and says how much that was. [`Store::save`] does this by
    /// itself once a day.
    pub fn prune(&self, now_ms: i64) -> Result<Pruned, Error> {
        self.with(|database| database.transaction(|database| history::prune(database, now_ms)))
    }

    /// Adds host calls to the audit log, all or none. Texts beyond 1 KiB are cut, and the oldest
    /// entries go when there are more than [`AUDIT_KEPT_PER_PLUGIN`] or [`AUDIT_KEPT`].
    ///
    /// # Errors
    /// When they cannot be written. The first time that is also a warning, see
    /// [`Store::take_warnings`], so that a run can go on and ignore it.
    pub fn append_audit(&self, entries: &[AuditEntry]) -> Result<(), Error> {
        if entries.is_empty() {
            return Ok(());
        }
        let add =
            |database: &Database| database.transaction(|database| audit::append(database, entries));
        self.with(add).inspect_err(|error| self.opened.lock().audit_failed(error))
    }

    /// The last `limit` host calls of a plugin, or of all, the newest last.
    pub fn audit(&self, plugin: Option<&str>, limit: usize) -> Result<Vec<AuditEntry>, Error> {
        self.with(|database| audit::newest(database, plugin, limit))
    }

    /// What a plugin keeps under a key; nothing if it keeps nothing there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn plugin_value(&self, plugin: &str, key: &str) -> Result<Option<Value>, Error> {
        self.with(|database| values::one(database, plugin, key))
    }

    /// All that a plugin keeps, by key.
    ///
    /// # Errors
    /// As [`Store::plugin_value`].
    pub fn plugin_values(&self, plugin: &str) -> Result<Map<String, Value>, Error> {
        self.with(|database| values::all(database, plugin))
    }

    /// Keeps a value, in the place of what is kept under that key. When this returns it survives
    /// the end of the process, whatever ends it.
    ///
    /// # Errors
    /// [`Error::PluginValue`] beyond [`VALUE_KEY_BYTES`], [`VALUE_BYTES`] or [`VALUES_BYTES`], or if
    /// the value is nested too deeply to be read again; else when it cannot be written. What was
    /// kept before still is.
    pub fn set_plugin_value(&self, plugin: &str, key: &str, value: &Value) -> Result<(), Error> {
        let entry = values::Entry::new(plugin, key, value)?;
        self.with(|database| database.transaction(|database| values::set(database, &entry)))
    }

    /// Forgets a value. Gives whether there was one.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn remove_plugin_value(&self, plugin: &str, key: &str) -> Result<bool, Error> {
        self.with(|database| values::remove(database, plugin, key))
    }

    /// Forgets all that a plugin keeps by key; [`Store::forget`] leaves that, so that a plugin that
    /// comes back finds it.
    ///
    /// # Errors
    /// As [`Store::remove_plugin_value`].
    pub fn forget_plugin_values(&self, plugin: &str) -> Result<(), Error> {
        self.with(|database| values::forget(database, plugin))
    }

    /// Forgets a plugin, with its history and its host calls.
    pub fn forget(&self, plugin: &str) -> Result<(), Error> {
        self.with(|database| database.transaction(|database| record::forget(database, plugin)))
    }

    /// Does some work. If the database turns out to be damaged, it is begun anew and the work is
    /// done once more.
    fn with<T>(&self, work: impl Fn(&Database) -> Result<T, Error>) -> Result<T, Error> {
        let mut opened = self.opened.lock();
        match work(&opened.database) {
            Err(error) if error.is_corrupt() && opened.mode == StoreMode::Lasting => {
                opened.begin_anew(&error)?;
                work(&opened.database)
            }
            other => other,
        }
    }
}
