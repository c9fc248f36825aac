use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::{Batch, Connection, OpenFlags};

use crate::plugin::json::Output;
use crate::plugin::stop::Stop;
use crate::{Call, Error, path};

pub(crate) mod authorize;
mod functions;
pub(crate) mod growth;
pub(crate) mod guard;
#[cfg(target_os = "linux")]
mod held;
pub(crate) mod journal;
mod json;
pub(crate) mod shell;
pub(crate) mod stop;

/// How long a write waits for another program's lock. The `sqlite3` program gave up at once, but a
/// write is usually a refreshed token, and losing that logs the user out of their tool.
pub(crate) const WRITE_PATIENCE: Duration = Duration::from_secs(5);

/// SQLite's parser and the walkers of its trees recurse, within the limits set in [`guard`].
pub(crate) const STACK_BYTES: usize = 8 * 1024 * 1024;

/// How long after the deadline a statement may take to notice it.
pub(crate) const GRACE: Duration = Duration::from_millis(250);

/// Runs SQL read-only and gives the rows as `sqlite3 -readonly -json` prints them.
///
/// Each statement with rows gives one JSON array and a line break; without any the text is empty.
/// A database with a write-ahead log that nobody has open is opened as immutable: otherwise a
/// reader leaves a log and an index beside it. If that proves wrong, or the database is another,
/// it is read with its locks. If anything fails, a last attempt opens the file as immutable: that ignores locks, and a
/// write-ahead log with them. Real numbers have the fewest digits that read back the same.
pub fn query(path: &str, sql: &str, call: &Call) -> Result<String, Error> {
    check(sql, call)?;
    let file = File::new(path, call)?;
    let read = |is_immutable: bool| {
        let (file, flags) = (file.clone(), OpenFlags::SQLITE_OPEN_READ_ONLY);
        attempt(call, sql, move |sql, call, stop| {
            let mut connection = open(&file, is_immutable, flags, call, stop, |_| false)
                .map_err(|error| error.as_shell(&file.shown(is_immutable)))?;
            guard::close(&mut connection).map_err(|error| prepare_failed(&error))?;
            let mut output = Output::new(call.max_result_bytes);
            run(&connection, sql, Some(&mut output))?;
            Ok(output.finish())
        })
    };
    if let Some(before) = journal::at_rest(&file.real)
        && let Ok(rows) = read(true)
        && journal::at_rest(&file.real) == Some(before)
    {
        return Ok(rows);
    }
    let first = match read(false) {
        Err(Error::Exec(text)) => text,
        other => return other,
    };
    match read(true) {
        Err(Error::Exec(fallback)) => Err(Error::Query { first, fallback }),
        other => other,
    }
}

/// A file and its names.
#[derive(Clone)]
pub(crate) struct File {
    /// What it is called in messages.
    name: String,
    /// What is opened.
    pub(crate) real: PathBuf,
}

impl File {
    pub(crate) fn new(path: &str, call: &Call) -> Result<Self, Error> {
        let name = path::literal(path).into_owned();
        #[cfg(target_os = "linux")]
        if let Some(folder) = &call.folder {
            let real = held::name_in(folder, Path::new(path)).filter(|_| held::is_known());
            let real = real.ok_or_else(|| Error::Exec(shell::not_a_file(&name)))?;
            return Ok(Self { name, real });
        }
        let real = PathBuf::from(&name);
        Ok(Self { name, real })
    }

    /// As SQLite is to read it.
    fn to_open(&self, is_immutable: bool) -> Cow<'_, str> {
        let real = self.real.to_string_lossy();
        if is_immutable { path::immutable_url(&real).into() } else { real }
    }

    /// As messages have it.
    fn shown(&self, is_immutable: bool) -> Cow<'_, str> {
        if is_immutable { path::immutable_url(&self.name).into() } else { (&*self.name).into() }
    }
}

/// Runs SQL that may write. The file is created if it is missing; rows are thrown away.
///
/// Statements before a failing one keep their effect, as each is a transaction of its own unless
/// the SQL says otherwise.
pub fn exec(path: &str, sql: &str, call: &Call) -> Result<(), Error> {
    check(sql, call)?;
    let file = File::new(path, call)?;
    attempt(call, sql, move |sql, call, stop| {
        if journal::names_another_file(&file.real) {
            return Err(Error::Exec(shell::FOREIGN_JOURNAL.to_owned()));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let (give_up, watched) = (Instant::now() + WRITE_PATIENCE, call.clone());
        let patience = move |_| !watched.is_over() && Instant::now() < give_up;
        let mut connection = open(&file, false, flags, call, stop, patience)
            .map_err(|error| error.as_shell(&file.shown(false)))?;
        growth::limit(&connection, call.max_growth_bytes)
            .map_err(|error| prepare_failed(&error))?;
        guard::close(&mut connection).map_err(|error| prepare_failed(&error))?;
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
pub(crate) fn interruption(call: &Call) -> Option<Error> {
    if call.cancel.is_cancelled() {
        Some(Error::Cancelled)
    } else {
        (Instant::now() >= call.deadline).then_some(Error::TimedOut)
    }
}

/// Runs `work` on a thread of its own, and gives it up if it does not notice the deadline.
///
/// A single function call may take some seconds and looks at no clock. The thread also catches
/// the panics of the binding, which wants every name in a schema to be UTF-8; a damaged file may
/// hold others.
fn attempt<T: Send + 'static>(
    call: &Call,
    sql: &str,
    work: impl FnOnce(&str, &Call, &Stop) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let stop = Stop::new(call.cancel.clone());
    let (own_sql, own_call, own_stop) = (sql.to_owned(), call.clone(), stop.clone());
    let run = move || {
        // Nobody listens any more if this took too long.
        let _ = sender.send(work(&own_sql, &own_call, &own_stop));
    };
    thread::Builder::new()
        .name("vario-sqlite".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(run)
        .map_err(|error| Error::Exec(format!("Error: no thread to work on: {error}")))?;
    let left = call.deadline.saturating_duration_since(Instant::now());
    let mut result = receiver.recv_timeout(left);
    if matches!(result, Err(RecvTimeoutError::Timeout)) {
        stop.set();
        result = receiver.recv_timeout(GRACE);
    }
    match result {
        Ok(Err(Error::Exec(text))) => Err(interruption(call).unwrap_or(Error::Exec(text))),
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(Error::TimedOut),
        Err(RecvTimeoutError::Disconnected) => Err(Error::Exec(shell::MALFORMED.to_owned())),
    }
}

pub(crate) fn open(
    file: &File,
    is_immutable: bool,
    mut flags: OpenFlags,
    call: &Call,
    stop: &Stop,
    patience: impl Fn(i32) -> bool + Send + 'static,
) -> Result<Connection, Unopened> {
    let real = &file.real;
    let metadata = if call.no_follow { real.symlink_metadata() } else { real.metadata() };
    // Opening a pipe waits for somebody to write to it, and a device never ends.
    if metadata.is_ok_and(|metadata| !metadata.is_file()) {
        return Err(Unopened::NotAFile);
    }
    if call.no_follow {
        flags |= OpenFlags::SQLITE_OPEN_NOFOLLOW;
    }
    flags.set(OpenFlags::SQLITE_OPEN_URI, is_immutable);
    flags |= OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = connect(&file.to_open(is_immutable), flags, call).map_err(Unopened::File)?;
    guard::install(connection, stop, patience).map_err(Unopened::Content)
}

/// Why a database is not open.
pub(crate) enum Unopened {
    /// It is a folder, a pipe or a device.
    NotAFile,
    /// The file cannot be opened.
    File(rusqlite::Error),
    /// What is in it is no database.
    Content(rusqlite::Error),
}

impl Unopened {
    /// In the words of the `sqlite3` program, for a file of this name.
    fn as_shell(&self, name: &str) -> Error {
        match self {
            Self::NotAFile => Error::Exec(shell::not_a_file(name)),
            Self::File(error) => Error::Exec(shell::cannot_open(name, error)),
            Self::Content(error) => prepare_failed(error),
        }
    }
}

fn connect(name: &str, flags: OpenFlags, call: &Call) -> rusqlite::Result<Connection> {
    #[cfg(target_os = "linux")]
    if call.folder.is_some() {
        return Connection::open_with_flags_and_vfs(name, flags, held::FILE_SYSTEM);
    }
    #[cfg(not(target_os = "linux"))]
    let Call { .. } = call;
    Connection::open_with_flags(name, flags)
}

fn prepare_failed(error: &rusqlite::Error) -> Error {
    Error::Exec(shell::failed(shell::Stage::Prepare, error))
}

/// Runs every statement to its end, with the rows to `output` if there is one.
fn run(connection: &Connection, sql: &str, mut output: Option<&mut Output>) -> Result<(), Error> {
    let step = |error| Error::Exec(shell::failed(shell::Stage::Step, &error));
    let mut statements = Batch::new(connection, sql);
    while let Some(mut statement) = statements.next().map_err(|error| prepare_failed(&error))? {
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
