//! What plugins keep by key.

use serde_json::{Map, Value};
use vario_sqlite::{Database, Row};

use crate::Error;

/// The longest key, in bytes.
pub const VALUE_KEY_BYTES: usize = 1024;

/// The longest value, in bytes of its JSON text.
pub const VALUE_BYTES: usize = 1024 * 1024;

/// What one plugin can keep in all: keys and values, and [`VALUE_OVERHEAD_BYTES`] for each.
pub const VALUES_BYTES: usize = 16 * 1024 * 1024;

/// What a value costs besides its key and its text, so that millions of tiny ones are too many.
pub const VALUE_OVERHEAD_BYTES: usize = 64;

/// How much of a key is named in an error.
const SHOWN_KEY: usize = 60;

/// A value that is ready to be kept.
pub(super) struct Entry<'a> {
    plugin: &'a str,
    key: &'a str,
    json: String,
    bytes: u32,
}

impl<'a> Entry<'a> {
    /// Checks everything that can be checked without the database.
    pub(super) fn new(plugin: &'a str, key: &'a str, value: &Value) -> Result<Self, Error> {
        let refuse = |message: String| refused(plugin, key, message);
        if key.len() > VALUE_KEY_BYTES {
            let found = key.len();
            let words = format!("the key has {found} bytes; {VALUE_KEY_BYTES} are the most");
            return Err(refuse(words));
        }
        let json = serde_json::to_string(value).map_err(|error| refuse(error.to_string()))?;
        if json.len() > VALUE_BYTES {
            let found = json.len();
            let words = format!("the value has {found} bytes as JSON; {VALUE_BYTES} are the most");
            return Err(refuse(words));
        }
        // What is nested too deeply could be written, but never read again.
        if let Err(error) = serde_json::from_str::<Value>(&json) {
            return Err(refuse(format!("it could not be read again: {error}")));
        }
        let bytes = json.len() + key.len() + VALUE_OVERHEAD_BYTES;
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        Ok(Self { plugin, key, json, bytes })
    }
}

pub(super) fn one(database: &Database, plugin: &str, key: &str) -> Result<Option<Value>, Error> {
    let sql = "SELECT value FROM plugin_value WHERE plugin = ?1 AND key = ?2";
    let text: Option<String> =
        database.query_first(sql, &[plugin.into(), key.into()], |row| row.get(0))?;
    text.map(|text| parse(plugin, key, &text)).transpose()
}

pub(super) fn all(database: &Database, plugin: &str) -> Result<Map<String, Value>, Error> {
    let sql = "SELECT key, value FROM plugin_value WHERE plugin = ?1 ORDER BY key";
    let read = |row: &Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
    let rows = database.query(sql, &[plugin.into()], read)?;
    let value = |(key, text): (String, String)| Ok((key.clone(), parse(plugin, &key, &text)?));
    rows.into_iter().map(value).collect()
}

/// To be called within a transaction.
pub(super) fn set(database: &Database, entry: &Entry<'_>) -> Result<(), Error> {
    let Entry { plugin, key, json, bytes } = entry;
    let sql = "SELECT coalesce(sum(bytes), 0) FROM plugin_value WHERE plugin = ?1 AND key <> ?2";
    let others: Option<i64> =
        database.query_first(sql, &[(*plugin).into(), (*key).into()], |row| row.get(0))?;
    let total = others.unwrap_or(0).saturating_add(i64::from(*bytes));
    if usize::try_from(total).is_ok_and(|total| total > VALUES_BYTES) {
        let words = format!("the plugin would keep {total} bytes; {VALUES_BYTES} are the most");
        return Err(refused(plugin, key, words));
    }
    let sql = "INSERT INTO plugin_value (plugin, key, value, bytes) VALUES (?1, ?2, ?3, ?4) \
               ON CONFLICT (plugin, key) DO UPDATE SET \
               value = excluded.value, bytes = excluded.bytes";
    let values = [(*plugin).into(), (*key).into(), json.as_str().into(), (*bytes).into()];
    database.execute(sql, &values)?;
    Ok(())
}

pub(super) fn remove(database: &Database, plugin: &str, key: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM plugin_value WHERE plugin = ?1 AND key = ?2";
    Ok(database.execute(sql, &[plugin.into(), key.into()])? > 0)
}

pub(super) fn forget(database: &Database, plugin: &str) -> Result<(), Error> {
    database.execute("DELETE FROM plugin_value WHERE plugin = ?1", &[plugin.into()])?;
    Ok(())
}

/// Only a hand at the database itself can have written what is no JSON.
fn parse(plugin: &str, key: &str, text: &str) -> Result<Value, Error> {
    serde_json::from_str(text)
        .map_err(|error| refused(plugin, key, format!("what is kept is no JSON: {error}")))
}

fn refused(plugin: &str, key: &str, message: String) -> Error {
    let end = key.floor_char_boundary(SHOWN_KEY);
    let cut = if end < key.len() { "…" } else { "" };
    let key = format!("{}{cut}", key[..end].escape_debug());
    Error::PluginValue { plugin: plugin.to_owned(), key, message }
}
