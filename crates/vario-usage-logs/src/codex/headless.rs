//! Results of runs without a session. They are rare and of many forms, so they are read as a whole.

use serde_json::Value;

use super::Raw;
use super::line::{milliseconds, raw_of};
use crate::days;
use crate::notes::Reason;

/// What a result says.
pub(super) struct Outcome {
    pub(super) used: Raw,
    pub(super) model: Option<String>,
    pub(super) time: Option<i64>,
    /// The day, as far as it can be told from what is written.
    pub(super) date: Option<String>,
}

/// Where a result may have its fields: on the outside, or one level in.
const INSIDE: [&str; 3] = ["data", "result", "response"];

pub(super) fn read(text: &[u8]) -> Result<Outcome, Reason> {
    let line: Value = serde_json::from_slice(text).map_err(|_not_text| Reason::NotText)?;
    let used = first(&line, |value| raw_of(value.get("usage")?)).ok_or(Reason::NoUsage)?;
    if used == Raw::default() {
        return Err(Reason::NoTokens);
    }
    Ok(Outcome {
        used,
        model: first(&line, model),
        time: first(&line, |value| times(value).find_map(moment)),
        date: first(&line, |value| times(value).find_map(date)),
    })
}

fn first<T>(line: &Value, find: impl Fn(&Value) -> Option<T>) -> Option<T> {
    find(line).or_else(|| INSIDE.iter().find_map(|name| find(line.get(name)?)))
}

fn model(value: &Value) -> Option<String> {
    let places = ["/model", "/model_name", "/metadata/model"];
    let names = places.iter().filter_map(|place| value.pointer(place)?.as_str());
    names.map(str::trim).find(|name| !name.is_empty()).map(str::to_owned)
}

fn times(value: &Value) -> impl Iterator<Item = &Value> {
    ["timestamp", "created_at", "createdAt"].into_iter().filter_map(|name| value.get(name))
}

/// A moment, written as text or as a number of seconds or milliseconds.
pub(super) fn moment(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => days::parse(text.trim().as_bytes()),
        value => milliseconds(value.as_u64()?),
    }
}

fn date(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    text.get(..10)?.parse::<jiff::civil::Date>().ok()?;
    Some(text.to_owned())
}
