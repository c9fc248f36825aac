use vario_model::{RunTrigger, Snapshot};
use vario_sqlite::{Database, Row, SqlValue};

use crate::Error;

/// What is known of one plugin.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The plugin's id.
    pub plugin: String,
    /// When its last run ended.
    pub last_run_ms: i64,
    /// When its last manual run that brought data ended.
    pub last_manual_ok_ms: Option<i64>,
    /// Its last success (contract section 5.2).
    pub good: Option<Snapshot>,
    /// How its last run ended, well or not.
    pub latest: Option<Snapshot>,
}

impl Record {
    /// Whether the last run ended at most `max_age_ms` before `now_ms`, and not after it.
    pub fn is_fresh(&self, max_age_ms: i64, now_ms: i64) -> bool {
        (0..=max_age_ms).contains(&now_ms.saturating_sub(self.last_run_ms))
    }
}

const COLUMNS: &str = "SELECT plugin, run_ms, manual_ok_ms, good, latest FROM run";

pub(super) fn to_json(snapshot: &Snapshot) -> Result<String, Error> {
    serde_json::to_string(snapshot)
        .map_err(|source| Error::Snapshot { plugin: snapshot.provider_id.clone(), source })
}

pub(super) fn save(
    database: &Database,
    snapshot: &Snapshot,
    json: &str,
    trigger: RunTrigger,
    now_ms: i64,
) -> Result<(), Error> {
    // The rule of section 5.2, taken from the output itself and not from what was noted of it.
    let (good, latest) =
        if snapshot.output.is_ok() { (Some(json), None) } else { (None, Some(json)) };
    let brought_data = snapshot.output.ui_error().is_none();
    let manual_ok_ms = (trigger == RunTrigger::Manual && brought_data).then_some(now_ms);
    let sql = "INSERT INTO run (plugin, run_ms, manual_ok_ms, good, latest) \
               VALUES (?1, ?2, ?3, ?4, ?5) \
               ON CONFLICT (plugin) DO UPDATE SET \
               run_ms = excluded.run_ms, \
               manual_ok_ms = coalesce(excluded.manual_ok_ms, manual_ok_ms), \
               good = coalesce(excluded.good, good), \
               latest = excluded.latest";
    let values: [SqlValue; 5] = [
        snapshot.provider_id.as_str().into(),
        now_ms.into(),
        manual_ok_ms.into(),
        good.into(),
        latest.into(),
    ];
    database.execute(sql, &values)?;
    Ok(())
}

pub(super) fn one(database: &Database, plugin: &str) -> Result<Option<Record>, Error> {
    let sql = format!("{COLUMNS} WHERE plugin = ?1");
    Ok(database.query_first(&sql, &[plugin.into()], read)?)
}

pub(super) fn all(database: &Database) -> Result<Vec<Record>, Error> {
    let sql = format!("{COLUMNS} ORDER BY plugin");
    Ok(database.query(&sql, &[], read)?)
}

fn read(row: &Row<'_>) -> Result<Record, vario_sqlite::Error> {
    let good: Option<String> = row.get(3)?;
    let latest: Option<String> = row.get(4)?;
    // A snapshot that this version does not understand is as good as none; the next run mends it.
    let snapshot = |json: &String| serde_json::from_str(json).ok();
    let good: Option<Snapshot> = good.as_ref().and_then(snapshot);
    let latest = latest.as_ref().map_or_else(|| good.clone(), snapshot);
    Ok(Record {
        plugin: row.get(0)?,
        last_run_ms: row.get(1)?,
        last_manual_ok_ms: row.get(2)?,
        good,
        latest,
    })
}

pub(super) fn forget(database: &Database, plugin: &str) -> Result<(), Error> {
    for table in ["run", "sample", "sample_hour", "audit"] {
        database.execute(&format!("DELETE FROM {table} WHERE plugin = ?1"), &[plugin.into()])?;
    }
    Ok(())
}
