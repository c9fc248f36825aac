use vario_model::Snapshot;
use vario_output::Line;
use vario_sqlite::{Database, SqlValue};

use super::series::Pruned;
use crate::Error;

pub(super) const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How long every single sample is kept: 30 days.
pub const RAW_KEPT_MS: i64 = 30 * DAY_MS;

/// How long samples by the hour are kept: a year.
pub const HOURS_KEPT_MS: i64 = 365 * DAY_MS;

/// A quota at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The label of its progress line.
    pub label: String,
    /// When the run ended.
    pub at_ms: i64,
    /// How much was used, in the line's unit.
    pub used: f64,
    /// Of how much.
    pub limit: f64,
}

/// A quota over one hour.
#[derive(Debug, Clone, PartialEq)]
pub struct HourSample {
    /// The label of its progress line.
    pub label: String,
    /// When the hour began, in UTC.
    pub hour_ms: i64,
    /// How many samples there were.
    pub count: u32,
    /// The least that was used.
    pub min: f64,
    /// The most.
    pub max: f64,
    /// On average.
    pub mean: f64,
    /// In the last sample.
    pub last: f64,
    /// The limit in the last sample.
    pub limit: f64,
}

pub(super) fn add(database: &Database, snapshot: &Snapshot, now_ms: i64) -> Result<(), Error> {
    let sample = "INSERT INTO sample (plugin, at_ms, label, used, quota) \
                  VALUES (?1, ?2, ?3, ?4, ?5)";
    // Kept from the start rather than made when samples are dropped: then a year is there to see
    // at once, and dropping cannot lose anything half-way.
    let hour = "INSERT INTO sample_hour (plugin, hour_ms, label, count, used_min, used_max, \
                used_sum, used_last, quota_last) VALUES (?1, ?2, ?3, 1, ?4, ?4, ?4, ?4, ?5) \
                ON CONFLICT (plugin, hour_ms, label) DO UPDATE SET \
                count = count + 1, \
                used_min = min(used_min, excluded.used_min), \
                used_max = max(used_max, excluded.used_max), \
                used_sum = used_sum + excluded.used_sum, \
                used_last = excluded.used_last, \
                quota_last = excluded.quota_last";
    let hour_ms = now_ms.div_euclid(HOUR_MS).saturating_mul(HOUR_MS);
    for line in snapshot.output.lines.iter().filter_map(Line::as_progress) {
        let values = |at_ms: i64| -> [SqlValue; 5] {
            [
                snapshot.provider_id.as_str().into(),
                at_ms.into(),
                line.label.as_str().into(),
                line.used.into(),
                line.limit.into(),
            ]
        };
        database.execute(sample, &values(now_ms))?;
        database.execute(hour, &values(hour_ms))?;
    }
    Ok(())
}

pub(super) fn raw(
    database: &Database,
    plugin: &str,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<Sample>, Error> {
    let sql = "SELECT label, at_ms, used, quota FROM sample \
               WHERE plugin = ?1 AND at_ms >= ?2 AND at_ms < ?3 ORDER BY at_ms, rowid";
    let samples = database.query(sql, &[plugin.into(), from_ms.into(), to_ms.into()], |row| {
        Ok(Sample { label: row.get(0)?, at_ms: row.get(1)?, used: row.get(2)?, limit: row.get(3)? })
    })?;
    Ok(samples)
}

pub(super) fn hourly(
    database: &Database,
    plugin: &str,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<HourSample>, Error> {
    let sql = "SELECT label, hour_ms, count, used_min, used_max, used_sum / count, used_last, \
               quota_last FROM sample_hour \
               WHERE plugin = ?1 AND hour_ms >= ?2 AND hour_ms < ?3 ORDER BY hour_ms, label";
    let samples = database.query(sql, &[plugin.into(), from_ms.into(), to_ms.into()], |row| {
        Ok(HourSample {
            label: row.get(0)?,
            hour_ms: row.get(1)?,
            count: row.get(2)?,
            min: row.get(3)?,
            max: row.get(4)?,
            mean: row.get(5)?,
            last: row.get(6)?,
            limit: row.get(7)?,
        })
    })?;
    Ok(samples)
}

/// Whether the last upkeep is a day ago, or in the future because the clock was set back.
pub(super) fn is_prune_due(database: &Database, now_ms: i64) -> Result<bool, Error> {
    let sql = "SELECT at_ms FROM upkeep WHERE name = 'prune'";
    let last_ms: Option<i64> = database.query_first(sql, &[], |row| row.get(0))?;
    Ok(last_ms.is_none_or(|last_ms| last_ms > now_ms || now_ms.saturating_sub(last_ms) >= DAY_MS))
}

pub(super) fn prune(database: &Database, now_ms: i64) -> Result<Pruned, Error> {
    let before = |kept_ms: i64| [SqlValue::from(now_ms.saturating_sub(kept_ms))];
    let samples = database.execute("DELETE FROM sample WHERE at_ms < ?1", &before(RAW_KEPT_MS))?;
    let hours =
        database.execute("DELETE FROM sample_hour WHERE hour_ms < ?1", &before(HOURS_KEPT_MS))?;
    let sql = "INSERT INTO upkeep (name, at_ms) VALUES ('prune', ?1) \
               ON CONFLICT (name) DO UPDATE SET at_ms = excluded.at_ms";
    database.execute(sql, &[now_ms.into()])?;
    Ok(Pruned { samples: samples as u64, hours: hours as u64 })
}
