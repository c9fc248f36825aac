use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::{Batch, Connection, OpenFlags};

use crate::plugin::json::Output;
use crate::{Call, Error, path};

mod guard;
mod json;
mod shell;

/// How long a write waits for another program's lock. The `sqlite3` program gave up at once, but a
/// write is usually a refreshed token, and losing that logs the user out of their tool.
const WRITE_PATIENCE: Duration = Duration::from_secs(5);

/// Runs SQL read-only and gives the rows as `sqlite3 -readonly -json` prints them.
///
/// Each statement with rows gives one JSON array and a line break; without any the text is empty.
/// If anything fails, a second attempt opens the file as immutable: that ignores locks, and a
/// write-ahead log with them. Real numbers have the fewest digits that read back the same.
pub fn query(path: &str, sql: &str, call: &Call) -> Result<String, Error> {
    check(sql, call)?;
    let read = |name: &str, flags: OpenFlags| {
        attempt(call, || {
            let flags = flags | OpenFlags::SQLITE_OPEN_READ_ONLY;
            let connection = open(name, flags, call, Instant::now())?;
            let mut output = Output::new(call.max_result_bytes);
            run(&connection, sql, Some(&mut output))?;
            Ok(output.finish())
        })
    };
    let first = match read(&path::literal(path), OpenFlags::empty()) {
        Err(Error::Exec(text)) => text,
        other => return other,
    };
    match read(&path::immutable_url(path), OpenFlags::SQLITE_OPEN_URI) {
        Err(Error::Exec(fallback)) => Err(Error::Query { first, fallback }),
        other => other,
    }
}

/// Runs SQL that may write. The file is created if it is missing; rows are thrown away.
///
/// Statements before a failing one keep their effect, as each is a transaction of its own unless
/// the SQL says otherwise.
pub fn exec(path: &str, sql: &str, call: &Call) -> Result<(), Error> {
    check(sql, call)?;
    attempt(call, || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let patience = Instant::now() + WRITE_PATIENCE;
        let connection = open(&path::literal(path), flags, call, patience)?;
        run(&connection, sql, None)
    })
}

fn check(sql: &str, call: &Call) -> Result<(), Error> {
    if sql.lines().any(|line| line.trim_start().starts_with('.')) {
        return Err(Error::DotCommand);
    }
    interruption(call).map_or(Ok(()), Err)
}

/// Whether the call is over, and why.
fn interruption(call: &Call) -> Option<Error> {
    if call.cancel.is_cancelled() {
        Some(Error::Cancelled)
    } else {
        (Instant::now() >= call.deadline).then_some(Error::TimedOut)
    }
}

/// Turns a failure into the deadline's or the cancellation's error if that was the reason.
///
/// The binding panics at a column name that is not UTF-8, which a damaged file can hold.
fn attempt<T>(call: &Call, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let result = catch_unwind(AssertUnwindSafe(work));
    let result = result.unwrap_or_else(|_| Err(Error::Exec("Error: malformed schema".to_owned())));
    match result {
        Err(Error::Exec(text)) => Err(interruption(call).unwrap_or(Error::Exec(text))),
        other => other,
    }
}

fn open(name: &str, flags: OpenFlags, call: &Call, give_up: Instant) -> Result<Connection, Error> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(name, flags)
        .map_err(|error| Error::Exec(shell::cannot_open(name, &error)))
        .and_then(|connection| {
            guard::install(connection, call, give_up)
                .map_err(|error| Error::Exec(shell::failed(shell::Stage::Prepare, &error)))
        })
}

/// Runs every statement to its end, with the rows to `output` if there is one.
fn run(connection: &Connection, sql: &str, mut output: Option<&mut Output>) -> Result<(), Error> {
    let prepare = |error| Error::Exec(shell::failed(shell::Stage::Prepare, &error));
    let step = |error| Error::Exec(shell::failed(shell::Stage::Step, &error));
    let mut statements = Batch::new(connection, sql);
    while let Some(mut statement) = statements.next().map_err(prepare)? {
        // Unbound parameters are NULL, as in the shell.
        let mut rows = statement.raw_query();
        let mut is_first = true;
        while let Some(row) = rows.next().map_err(step)? {
            if let Some(output) = output.as_deref_mut() {
                output.row(row, is_first)?;
            }
            is_first = false;
        }
        if let Some(output) = output.as_deref_mut()
            && !is_first
        {
            output.end_rows()?;
        }
    }
    Ok(())
}
