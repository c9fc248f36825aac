//! `database.*`: files of SQLite's in the plugin's own folder that stay open.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use vario_host::{CancelGuard, HostError, Scope};
use vario_sqlite::{Call, CancelHandle, Column, Error, Params, Sessions, SqlValue};
use vario_value::Value;

use crate::fs::{self, Place, quota};
use crate::{paths, wait};

/// How long one call may take.
const CALL_TIME: Duration = Duration::from_secs(30);

/// The room is not measured again before so many times as long as that took have passed.
const REST: u32 = 20;

/// The largest integer that every script's number holds (Stratos reference, section 4).
const LARGEST: u64 = (1 << 53) - 1;

/// How far above its quota a plugin's folder may be for a write-ahead log, in bytes.
const SLACK: u64 = 32 * 1024 * 1024;

/// The databases that one run has open.
pub(crate) struct Databases {
    sessions: Sessions,
    cancel: CancelHandle,
    _guard: CancelGuard,
    /// When the room was measured last for a database, and how long that took.
    measured: Mutex<HashMap<u64, (Instant, Duration)>>,
}

impl Databases {
    pub(crate) fn new(scope: &Scope) -> Self {
        let cancel = CancelHandle::new();
        let fire = cancel.clone();
        Self {
            sessions: Sessions::new(cancel.clone()),
            cancel,
            _guard: scope.cancel.on_cancel(move || fire.cancel()),
            measured: Mutex::default(),
        }
    }

    /// The run is over: what runs is interrupted, and everything closed with the last call.
    pub(crate) fn end(&self) {
        self.cancel.cancel();
    }

    /// Opens the file at a place that was judged.
    pub(crate) fn open(&self, place: &Place, room: Option<u64>, scope: &Scope) -> Answer {
        let call = Call { no_follow: true, ..self.call(scope) };
        let call = Call { max_growth_bytes: room.unwrap_or(u64::MAX), ..call };
        #[cfg(target_os = "linux")]
        let call = {
            let folder = place.folder().try_clone_to_owned();
            let folder = folder.map_err(|error| HostError::Failed(error.to_string()))?;
            Call { folder: Some(std::sync::Arc::new(folder)), ..call }
        };
        let path = place.real().to_string_lossy();
        self.sessions.open(&path, &call).map(number).map_err(failed)
    }

    /// Answers any call but that which opens.
    pub(crate) fn answer(&self, member: &str, args: &[Value], scope: &Scope) -> Answer {
        let call = self.call(scope);
        let it = id(args);
        let sessions = &self.sessions;
        let params = || params(args.get(1).unwrap_or(&Value::Absent));
        let sql = || crate::access::text(args, 1);
        let is_whole = |place: usize| matches!(args.get(place), Some(Value::Bool(true)));
        let answer = match member {
            "exec" => {
                let growth = self.growth(it, scope)?;
                sessions.exec(it, sql(), growth, &call).map(|()| Value::Absent)
            }
            "prepare" => sessions.prepare(it, sql(), &call).map(|prepared| {
                Value::from([
                    ("statement", number(prepared.statement)),
                    ("reader", Value::Bool(prepared.is_reader)),
                    ("columns", Value::List(prepared.columns.into_iter().map(column).collect())),
                ])
            }),
            "run" => {
                let growth = self.growth(it >> 32, scope)?;
                sessions.run(it, params()?, growth, &call).map(|changes| {
                    let last = changes.last_row;
                    let last = if is_whole(2) { digits(last) } else { Value::Int(last) };
                    Value::from([("changes", number(changes.rows)), ("lastInsertRowid", last)])
                })
            }
            "get" => match sessions.get(it, params()?, &call).map_err(failed)? {
                Some(cells) => return row(cells, is_whole(2)),
                None => Ok(Value::Absent),
            },
            "all" => {
                let found = sessions.all(it, params()?, &call).map_err(failed)?;
                return rows(found, is_whole(2));
            }
            "iterate" => sessions.iterate(it, params()?, &call).map(number),
            "next" => {
                let found = sessions.next(it, &call).map_err(failed)?;
                return rows(found, is_whole(1));
            }
            "end" => sessions.end(it, &call).map(|()| Value::Absent),
            "finalize" => sessions.finalize(it, &call).map(|()| Value::Absent),
            "close" => {
                sessions.close(it);
                self.measured.lock().remove(&it);
                Ok(Value::Absent)
            }
            "state" => sessions.state(it, &call).map(|state| {
                Value::from([
                    ("open", Value::Bool(state.is_open)),
                    ("inTransaction", Value::Bool(state.is_in_transaction)),
                ])
            }),
            other => {
                return Err(HostError::Failed(format!("there is no host function `{other}`")));
            }
        };
        answer.map_err(failed)
    }

    fn call(&self, scope: &Scope) -> Call {
        let deadline = scope.deadline.min(Instant::now() + CALL_TIME);
        Call { cancel: self.cancel.clone(), ..Call::until(deadline) }
    }

    /// By how much a database may grow from now on; none where that was looked at just now.
    fn growth(&self, database: u64, scope: &Scope) -> Result<Option<u64>, HostError> {
        let now = Instant::now();
        let last = self.measured.lock().get(&database).copied();
        if last.is_some_and(|(at, took)| now.duration_since(at) < took * REST) {
            return Ok(None);
        }
        let used = fs::resolve::real(&scope.plugin_data_dir).map_or(0, |data| quota::used(&data));
        self.measured.lock().insert(database, (now, now.elapsed()));
        if used > quota::DATA_BYTES + SLACK {
            let HostError::Failed(words) = fs::full() else { return Ok(None) };
            return Err(HostError::Failed(format!("SQLITE_FULL: {words}")));
        }
        Ok(Some(quota::DATA_BYTES.saturating_sub(used)))
    }
}

type Answer = Result<Value, HostError>;

/// Where the database of this name is.
pub(crate) fn path(name: &str, scope: &Scope) -> Result<PathBuf, HostError> {
    const OURS: [&str; 3] = ["-wal", "-shm", "-journal"];
    let is_name = !name.trim().is_empty()
        && name.len() <= 200
        && name != "."
        && !name.contains("..")
        && !name.contains(|character: char| {
            matches!(character, '/' | '\\' | ':') || character.is_control()
        })
        && !OURS.iter().any(|end| name.to_ascii_lowercase().ends_with(end));
    if is_name {
        Ok(paths::absolute(scope.plugin_data_dir.join(name)))
    } else {
        Err(HostError::Failed(format!("`{}` is no name of a database", name.escape_debug())))
    }
}

fn failed(error: Error) -> HostError {
    match error {
        Error::Cancelled => wait::cancelled(),
        Error::TimedOut => HostError::failed("SQLITE_INTERRUPT: the statement took too long"),
        error => HostError::Failed(error.to_string()),
    }
}

/// The number that a call begins with.
fn id(args: &[Value]) -> u64 {
    let found = match args.first() {
        Some(Value::Int(number)) => u64::try_from(*number).ok(),
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole")]
        Some(Value::Float(number)) if number.fract() == 0.0 && *number >= 0.0 => {
            Some(*number as u64)
        }
        _ => None,
    };
    // No number is that large, so it is one that was never given.
    found.unwrap_or(u64::MAX)
}

fn number(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn column(column: Column) -> Value {
    let or_null = |text: Option<String>| text.map_or(Value::Null, Value::Str);
    Value::from([
        ("name", Value::Str(column.name)),
        ("column", or_null(column.column)),
        ("table", or_null(column.table)),
        ("type", or_null(column.declared)),
    ])
}

fn rows(rows: Vec<Vec<SqlValue>>, is_whole: bool) -> Answer {
    rows.into_iter().map(|cells| row(cells, is_whole)).collect::<Result<_, _>>().map(Value::List)
}

fn row(cells: Vec<SqlValue>, is_whole: bool) -> Answer {
    let cell = |cell| match cell {
        SqlValue::Null => Ok(Value::Null),
        SqlValue::Integer(number) if is_whole => Ok(digits(number)),
        SqlValue::Integer(number) if number.unsigned_abs() > LARGEST => {
            Err(HostError::Failed(format!("{number} is too large for a number of the script's")))
        }
        SqlValue::Integer(number) => Ok(Value::Int(number)),
        SqlValue::Real(number) => Ok(Value::Float(number)),
        SqlValue::Text(text) => Ok(Value::Str(text)),
        SqlValue::Blob(bytes) => Ok(Value::Bytes(bytes)),
    };
    cells.into_iter().map(cell).collect::<Result<_, _>>().map(Value::List)
}

/// An integer that no script's number need hold: a list of its digits, which no cell is otherwise.
fn digits(number: i64) -> Value {
    Value::List(vec![Value::Str(number.to_string())])
}

fn of_digits(list: &[Value]) -> Option<i64> {
    let [Value::Str(digits)] = list else { return None };
    digits.parse().ok()
}

/// A list is positional, and one object in it is for the names; an object alone is that.
fn params(value: &Value) -> Result<Params, HostError> {
    let mut params = Params::default();
    match value {
        Value::Absent | Value::Null => {}
        Value::Map(_) => name_params(value, &mut params)?,
        Value::List(items) => {
            for item in items {
                if item.as_map().is_some() {
                    name_params(item, &mut params)?;
                } else {
                    params.positional.push(cell(item)?);
                }
            }
        }
        other => params.positional.push(cell(other)?),
    }
    Ok(params)
}

fn name_params(map: &Value, params: &mut Params) -> Result<(), HostError> {
    if !params.named.is_empty() {
        let words = "You cannot specify named parameters in two different objects";
        return Err(HostError::failed(words));
    }
    for (name, value) in map.as_map().into_iter().flatten() {
        // What the statement does not have is not looked at, and may be of any type.
        if let Ok(value) = cell(value) {
            params.named.push((name.clone(), value));
        }
    }
    Ok(())
}

fn cell(value: &Value) -> Result<SqlValue, HostError> {
    Ok(match value {
        Value::Absent | Value::Null => SqlValue::Null,
        Value::Int(number) => SqlValue::Integer(*number),
        Value::Float(number) => SqlValue::Real(*number),
        Value::Str(text) => SqlValue::Text(text.clone()),
        Value::Bytes(bytes) => SqlValue::Blob(bytes.clone()),
        Value::List(list) if let Some(number) = of_digits(list) => SqlValue::Integer(number),
        Value::Bool(_) | Value::List(_) | Value::Map(_) => {
            let words = "SQLite3 can only bind numbers, strings, bigints, buffers, and null";
            return Err(HostError::failed(words));
        }
    })
}
