use std::cell::OnceCell;
use std::ffi::c_int;

use rusqlite::functions::{Context, FunctionFlags, SubType};
use rusqlite::limits::Limit;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Error, Result, ffi, params_from_iter};

use super::guard::MAX_VALUE_BYTES;
use super::stop::Stop;

/// The functions whose time grows with the product of their first two arguments' sizes, and the
/// largest product that is allowed: what a second or so is enough for.
///
/// The built-in ones run for hours at the largest sizes, and nothing can interrupt them.
const COSTLY: [Costly; 8] = [
    Costly { name: "instr", arguments: 2, most: 1 << 34, result: None },
    Costly { name: "replace", arguments: 3, most: 1 << 34, result: None },
    Costly { name: "trim", arguments: 2, most: 1 << 28, result: None },
    Costly { name: "ltrim", arguments: 2, most: 1 << 28, result: None },
    Costly { name: "rtrim", arguments: 2, most: 1 << 28, result: None },
    Costly { name: "unhex", arguments: 2, most: 1 << 28, result: None },
    Costly { name: "json_patch", arguments: 2, most: 1 << 32, result: JSON },
    Costly { name: "jsonb_patch", arguments: 2, most: 1 << 32, result: None },
];

/// What SQLite marks the texts with that its JSON functions take for JSON.
const JSON: SubType = Some(b'J' as u32);

#[derive(Clone, Copy)]
struct Costly {
    name: &'static str,
    arguments: u8,
    most: u64,
    result: SubType,
}

/// Puts a look at the sizes, and at `stop`, before these functions.
pub(super) fn bound(connection: &Connection, stop: &Stop) -> Result<()> {
    for costly in COSTLY {
        let stop = stop.clone();
        let mut flags = FunctionFlags::SQLITE_UTF8
            | FunctionFlags::SQLITE_DETERMINISTIC
            | FunctionFlags::SQLITE_INNOCUOUS;
        if costly.result.is_some() {
            flags |= FunctionFlags::SQLITE_RESULT_SUBTYPE;
        }
        let original = Original::new(costly);
        connection.create_scalar_function(
            costly.name,
            costly.arguments.into(),
            flags,
            move |arguments| {
                check(&costly, arguments, &stop)?;
                original.call(arguments).map(|cell| (cell, costly.result))
            },
        )?;
    }
    Ok(())
}

fn check(costly: &Costly, arguments: &Context<'_>, stop: &Stop) -> Result<()> {
    if stop.is_set() {
        return Err(failure(ffi::SQLITE_INTERRUPT));
    }
    // Numbers are short as texts.
    let size = |index| match arguments.get_raw(index) {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len() as u64,
        _ => 0,
    };
    if size(0).saturating_mul(size(1)) > costly.most {
        return Err(failure(ffi::SQLITE_TOOBIG));
    }
    Ok(())
}

/// Without a text of ours the code stays, and SQLite knows a text for it.
fn failure(code: c_int) -> Error {
    Error::SqliteFailure(ffi::Error::new(code), None)
}

/// The built-in function, on a connection of its own that is opened when it is first needed.
struct Original {
    sql: String,
    connection: OnceCell<Connection>,
}

impl Original {
    fn new(costly: Costly) -> Self {
        let parameters = vec!["?"; costly.arguments.into()].join(", ");
        Self { sql: format!("SELECT {}({parameters})", costly.name), connection: OnceCell::new() }
    }

    fn call(&self, arguments: &Context<'_>) -> Result<Cell> {
        let connection = if let Some(connection) = self.connection.get() {
            connection
        } else {
            let connection = Connection::open_in_memory()?;
            connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)?;
            self.connection.get_or_init(|| connection)
        };
        let parameters = (0..arguments.len()).map(|index| Borrowed(arguments.get_raw(index)));
        let mut statement = connection.prepare_cached(&self.sql)?;
        let result =
            statement.query_row(params_from_iter(parameters), |row| row.get_ref(0).map(Cell::from));
        result.map_err(|error| match error.sqlite_error() {
            Some(known) if known.extended_code != ffi::SQLITE_ERROR => failure(known.extended_code),
            _ => error,
        })
    }
}

/// An argument, with its text as it is: it may be no UTF-8.
struct Borrowed<'a>(ValueRef<'a>);

impl ToSql for Borrowed<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.0))
    }
}

/// What these functions give.
enum Cell {
    Null,
    Integer(i64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

impl From<ValueRef<'_>> for Cell {
    fn from(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Text(bytes) => Self::Text(bytes.to_vec()),
            ValueRef::Blob(bytes) => Self::Blob(bytes.to_vec()),
            // None of them gives a real number.
            ValueRef::Null | ValueRef::Real(_) => Self::Null,
        }
    }
}

impl ToSql for Cell {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(bytes) => ValueRef::Text(bytes),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
