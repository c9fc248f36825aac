use vario_model::{AuditEntry, Need, NeedReason};
use vario_sqlite::{Database, Row, SqlValue};

use crate::Error;

/// How many entries of one plugin are kept: the newest.
pub const AUDIT_KEPT_PER_PLUGIN: u32 = 5_000;

/// How many entries are kept in all, at most.
pub const AUDIT_KEPT: u32 = 50_000;

/// Counting all entries takes a while, so that is not done at each addition but once in as many
/// entries; by so many fewer are left then that there are never more than [`AUDIT_KEPT`].
const PRUNE_EVERY: u32 = 1_000;

/// The longest text that is kept, in bytes.
const MAX_TEXT: usize = 1024;

/// What a text ends with that was cut.
const CUT: &str = "…";

pub(super) fn append(database: &Database, entries: &[AuditEntry]) -> Result<(), Error> {
    // The entries of one plugin are numbered without gaps, so that the oldest are found at once.
    let sql = "INSERT INTO audit (plugin, number, at_ms, run, function, target, allowed, \
               permission, reason, ok, bytes, duration_us) \
               SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 \
               FROM audit WHERE plugin = ?1";
    let mut last = 0;
    for entry in entries {
        let need = entry.need.as_ref();
        let values: [SqlValue; 11] = [
            entry.plugin_id.as_str().into(),
            entry.at_ms.into(),
            entry.run.into(),
            cut(&entry.function).into(),
            cut(&entry.target).into(),
            entry.allowed.into(),
            need.map(|need| cut(&need.permission)).into(),
            need.map(|need| reason_name(need.reason)).into(),
            entry.ok.into(),
            whole(entry.bytes).into(),
            whole(entry.duration_us).into(),
        ];
        database.execute(sql, &values)?;
        last = database.last_insert_rowid();
    }
    prune(database, entries, last)
}

/// Drops the oldest entries if there are too many since `added`, of which the last has the row id
/// `last`.
fn prune(database: &Database, added: &[AuditEntry], last: i64) -> Result<(), Error> {
    let mut plugins: Vec<&str> = added.iter().map(|entry| entry.plugin_id.as_str()).collect();
    plugins.sort_unstable();
    plugins.dedup();
    let of_plugin = "DELETE FROM audit WHERE plugin = ?1 AND number <= \
                     (SELECT max(number) FROM audit WHERE plugin = ?1) - ?2";
    for plugin in plugins {
        database.execute(of_plugin, &[plugin.into(), AUDIT_KEPT_PER_PLUGIN.into()])?;
    }
    let every = i64::from(PRUNE_EVERY);
    let first = last.saturating_sub(i64::try_from(added.len()).unwrap_or(i64::MAX));
    if first.div_euclid(every) != last.div_euclid(every) {
        let of_all = "DELETE FROM audit WHERE id <= \
                      (SELECT id FROM audit ORDER BY id DESC LIMIT 1 OFFSET ?1)";
        database.execute(of_all, &[(AUDIT_KEPT - PRUNE_EVERY).into()])?;
    }
    Ok(())
}

pub(super) fn newest(
    database: &Database,
    plugin: Option<&str>,
    limit: usize,
) -> Result<Vec<AuditEntry>, Error> {
    let filter = if plugin.is_some() { "WHERE plugin = ?2" } else { "" };
    let order = if plugin.is_some() { "number" } else { "id" };
    let sql = format!(
        "SELECT plugin, at_ms, run, function, target, allowed, permission, reason, ok, bytes, \
         duration_us FROM audit {filter} ORDER BY {order} DESC LIMIT ?1"
    );
    let limit = SqlValue::from(i64::try_from(limit).unwrap_or(i64::MAX));
    let values: Vec<SqlValue> = [limit].into_iter().chain(plugin.map(SqlValue::from)).collect();
    let mut entries = database.query(&sql, &values, read)?;
    entries.reverse();
    Ok(entries)
}

fn read(row: &Row<'_>) -> Result<AuditEntry, vario_sqlite::Error> {
    let permission: Option<String> = row.get(6)?;
    let reason: Option<String> = row.get(7)?;
    let need = |permission| Need { permission, reason: reason_of(reason.as_deref()) };
    let count = |column| row.get::<i64>(column).map(|count| u64::try_from(count).unwrap_or(0));
    Ok(AuditEntry {
        plugin_id: row.get(0)?,
        at_ms: row.get(1)?,
        run: row.get(2)?,
        function: row.get(3)?,
        target: row.get(4)?,
        allowed: row.get(5)?,
        need: permission.map(need),
        ok: row.get(8)?,
        bytes: count(9)?,
        duration_us: count(10)?,
    })
}

fn reason_name(reason: NeedReason) -> &'static str {
    match reason {
        NeedReason::NotRequested => "notRequested",
        NeedReason::NotGranted => "notGranted",
        NeedReason::Denied => "denied",
    }
}

fn reason_of(name: Option<&str>) -> NeedReason {
    let all = [NeedReason::NotRequested, NeedReason::NotGranted, NeedReason::Denied];
    let found = all.into_iter().find(|reason| Some(reason_name(*reason)) == name);
    found.unwrap_or(NeedReason::NotGranted)
}

/// The text, or as much of it as is kept.
fn cut(text: &str) -> String {
    if text.len() <= MAX_TEXT {
        return text.to_owned();
    }
    format!("{}{CUT}", &text[..text.floor_char_boundary(MAX_TEXT - CUT.len())])
}

/// SQLite's whole numbers are signed.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
