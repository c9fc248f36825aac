//! History as one line through time: single samples where they are kept, hours before that.

use vario_sqlite::{Database, Error as SqlError};

use super::history::{HOUR_MS, RAW_KEPT_MS, hourly, raw};
use crate::Error;

/// A quota over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The label of its progress line.
    pub label: String,
    /// At least one, oldest first.
    pub points: Vec<HistoryPoint>,
}

/// A quota at one moment, or over one hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistoryPoint {
    /// When the run ended, or the hour began.
    pub at_ms: i64,
    /// Whether this is a single run or all of an hour.
    pub grain: Grain,
    /// How much was used, in the line's unit; of an hour, in its last sample.
    pub used: f64,
    /// The least that was used.
    pub min: f64,
    /// The most.
    pub max: f64,
    /// Of how much.
    pub limit: f64,
}

/// What a [`HistoryPoint`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// One run.
    Sample,
    /// All runs of an hour.
    Hour,
}

impl Grain {
    /// Its name in what is exported.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sample => "sample",
            Self::Hour => "hour",
        }
    }
}

/// How much history there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HistorySize {
    /// Single samples.
    pub samples: u64,
    /// Hours.
    pub hours: u64,
    /// The room that both take in the file.
    pub bytes: u64,
    /// When the oldest hour began.
    pub oldest_ms: Option<i64>,
}

/// What upkeep dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pruned {
    /// Single samples.
    pub samples: u64,
    /// Hours.
    pub hours: u64,
}

/// The quotas of a plugin from `from_ms` to before `to_ms`, the one first that was measured first.
pub(super) fn series(
    database: &Database,
    plugin: &str,
    from_ms: i64,
    to_ms: i64,
    now_ms: i64,
) -> Result<Vec<Series>, Error> {
    // Whole hours on one side and single samples on the other, so that nothing counts twice; all
    // samples of this side are still there, whenever the last upkeep was.
    let kept_since = now_ms.saturating_sub(RAW_KEPT_MS);
    let border = kept_since.saturating_add(HOUR_MS - 1).div_euclid(HOUR_MS).saturating_mul(HOUR_MS);
    let mut series = Vec::new();
    for hour in hourly(database, plugin, from_ms, to_ms.min(border))? {
        let point = HistoryPoint {
            at_ms: hour.hour_ms,
            grain: Grain::Hour,
            used: hour.last,
            min: hour.min,
            max: hour.max,
            limit: hour.limit,
        };
        add(&mut series, hour.label, point);
    }
    for sample in raw(database, plugin, from_ms.max(border), to_ms)? {
        let point = HistoryPoint {
            at_ms: sample.at_ms,
            grain: Grain::Sample,
            used: sample.used,
            min: sample.used,
            max: sample.used,
            limit: sample.limit,
        };
        add(&mut series, sample.label, point);
    }
    Ok(series)
}

fn add(series: &mut Vec<Series>, label: String, point: HistoryPoint) {
    match series.iter_mut().find(|series| series.label == label) {
        Some(series) => series.points.push(point),
        None => series.push(Series { label, points: vec![point] }),
    }
}

/// The plugins of which there is any history, by id.
pub(super) fn plugins(database: &Database) -> Result<Vec<String>, Error> {
    let sql = "SELECT plugin FROM sample_hour UNION SELECT plugin FROM sample ORDER BY plugin";
    Ok(database.query(sql, &[], |row| row.get(0))?)
}

pub(super) fn size(database: &Database) -> Result<HistorySize, Error> {
    let sql = "SELECT (SELECT count(*) FROM sample), (SELECT count(*) FROM sample_hour), \
               (SELECT min(hour_ms) FROM sample_hour)";
    let counted = database.query_first(sql, &[], |row| {
        let (samples, hours): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok((samples.unsigned_abs(), hours.unsigned_abs(), row.get(2)?))
    })?;
    let (samples, hours, oldest_ms) = counted.unwrap_or_default();
    Ok(HistorySize { samples, hours, bytes: bytes(database)?, oldest_ms })
}

/// The pages of both tables and of their indices.
fn bytes(database: &Database) -> Result<u64, SqlError> {
    let sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN \
               (SELECT name FROM sqlite_schema WHERE tbl_name IN ('sample', 'sample_hour'))";
    let bytes: Option<i64> = database.query_first(sql, &[], |row| row.get(0))?;
    Ok(bytes.unwrap_or_default().unsigned_abs())
}
