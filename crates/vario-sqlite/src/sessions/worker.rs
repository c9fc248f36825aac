//! One thread per open database: it owns the connection and all that borrows from it.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::hooks::Authorization;
use rusqlite::{Batch, Connection, OpenFlags};

use super::cursor::{Cursor, fetch};
use super::params::Params;
use super::{Changes, Column, codes};
use crate::plugin::stop::Stop;
use crate::plugin::{
    self, GRACE, STACK_BYTES, Unopened, WRITE_PATIENCE, authorize, growth, guard, journal,
};
use crate::{Call, CancelHandle, Error, SqlValue};

/// Said when a database had to be given up.
pub(super) const LOST: &str = "SQLITE_INTERRUPT: the database did not answer and was closed";

/// How many compiled statements are kept; others are compiled again when they are used.
const KEPT_STATEMENTS: usize = 64;

/// How much text of statements that were prepared and not finalized is kept, in bytes.
const MAX_STATEMENTS: usize = 8 * 1024 * 1024;

/// How many cursors may be open.
const MAX_CURSORS: usize = 32;

/// How long the end of a database is waited for.
const CLOSING: Duration = Duration::from_secs(1);

/// What a worker is asked to do.
pub(super) enum Op {
    Exec { sql: String, growth: Option<u64> },
    Prepare(String),
    Run { statement: u32, params: Params, growth: Option<u64> },
    Rows { statement: u32, params: Params, only_first: bool, limit: usize },
    Iterate { statement: u32, params: Params },
    Next(u32),
    End(u32),
    Finalize(u32),
    State,
}

/// What comes back.
pub(super) enum Answer {
    Done,
    Prepared { statement: u32, is_reader: bool, columns: Vec<Column> },
    Changes(Changes),
    Rows(Vec<Vec<SqlValue>>),
    Cursor(u32),
    State { is_in_transaction: bool },
}

struct Job {
    op: Op,
    answer: SyncSender<Result<Answer, String>>,
}

/// An open database, as its users see it.
pub(super) struct Worker {
    /// None once it was given up; held for the time of one call.
    jobs: Mutex<Option<Sender<Job>>>,
    stop: Stop,
    is_lost: AtomicBool,
    /// Ends when the connection is closed.
    closed: Mutex<Receiver<()>>,
}

impl Worker {
    pub(super) fn open(path: &str, call: &Call, cancel: CancelHandle) -> Result<Self, Error> {
        plugin::interruption(call).map_or(Ok(()), Err)?;
        let (jobs, inbox) = mpsc::channel();
        let (opened, answer) = mpsc::sync_channel(1);
        let (alive, closed) = mpsc::sync_channel::<()>(0);
        let stop = Stop::new(cancel);
        let (own_path, own_call, own_stop) = (path.to_owned(), call.clone(), stop.clone());
        let work = move || {
            // The call holds the folder open that the database's files are named by.
            let (_alive, own_call) = (alive, own_call);
            match Desk::open(&own_path, &own_call, &own_stop) {
                Ok(desk) => {
                    // Nobody listens any more if that took too long; then there are no jobs.
                    let _ = opened.send(Ok(Answer::Done));
                    desk.serve(&inbox, &own_stop);
                }
                Err(words) => {
                    let _ = opened.send(Err(words));
                }
            }
        };
        thread::Builder::new()
            .name("vario-sqlite".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(work)
            .map_err(|error| Error::Session(format!("no thread to work on: {error}")))?;
        let worker = Self {
            jobs: Mutex::new(Some(jobs)),
            stop,
            is_lost: AtomicBool::new(false),
            closed: Mutex::new(closed),
        };
        worker.wait(&answer, call)?;
        Ok(worker)
    }

    /// Does one thing, when it is its turn.
    pub(super) fn ask(&self, op: Op, call: &Call) -> Result<Answer, Error> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        plugin::interruption(call).map_or(Ok(()), Err)?;
        let (sender, answer) = mpsc::sync_channel(1);
        // What a late deadline of the call before may have left.
        self.stop.clear();
        let is_sent =
            jobs.as_ref().is_some_and(|jobs| jobs.send(Job { op, answer: sender }).is_ok());
        let found = if is_sent {
            self.wait(&answer, call)
        } else {
            self.is_lost.store(true, Ordering::Release);
            Err(Error::Session(LOST.to_owned()))
        };
        if self.is_lost() {
            // The thread ends when it is done with what it does.
            *jobs = None;
        }
        found
    }

    /// Whether the database had to be given up.
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost.load(Ordering::Acquire)
    }

    fn wait(
        &self,
        answer: &Receiver<Result<Answer, String>>,
        call: &Call,
    ) -> Result<Answer, Error> {
        let left = call.deadline.saturating_duration_since(Instant::now());
        let mut found = answer.recv_timeout(left);
        if matches!(found, Err(RecvTimeoutError::Timeout)) {
            self.stop.set();
            found = answer.recv_timeout(GRACE);
        }
        match found {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(words)) => Err(plugin::interruption(call).unwrap_or(Error::Session(words))),
            Err(RecvTimeoutError::Timeout) => {
                self.is_lost.store(true, Ordering::Release);
                Err(Error::TimedOut)
            }
            // The binding panicked, as it does on names in a damaged file that are no text.
            Err(RecvTimeoutError::Disconnected) => {
                self.is_lost.store(true, Ordering::Release);
                Err(Error::Session("SQLITE_CORRUPT: malformed database schema".to_owned()))
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        *self.jobs.get_mut().unwrap_or_else(PoisonError::into_inner) = None;
        self.stop.set();
        let closed = self.closed.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _whoever_comes_next_finds_it_closed = closed.recv_timeout(CLOSING);
    }
}

/// The connection, and what belongs to it for as long as it is open.
struct Desk {
    connection: Connection,
    /// Whether the host itself runs a statement, which may do what a plugin may not.
    host_speaks: Arc<AtomicBool>,
}

impl Desk {
    fn open(path: &str, call: &Call, stop: &Stop) -> Result<Self, String> {
        let words = |error: rusqlite::Error| codes::words(&error);
        let not_a_file = || "SQLITE_CANTOPEN: unable to open database file".to_owned();
        let file = plugin::File::new(path, call).map_err(|_not_in_its_folder| not_a_file())?;
        if journal::names_another_file(&file.real) {
            return Err(format!("SQLITE_CANTOPEN: {}", plugin::shell::FOREIGN_JOURNAL));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let watched = stop.clone();
        let most = WRITE_PATIENCE.as_millis() / guard::LOCK_PAUSE.as_millis();
        let patience = move |count: i32| {
            !watched.is_set() && u128::try_from(count).is_ok_and(|count| count < most)
        };
        let opened = plugin::open(&file, false, flags, call, stop, patience);
        let mut connection = opened.map_err(|error| match error {
            Unopened::NotAFile => not_a_file(),
            Unopened::File(error) | Unopened::Content(error) => codes::words(&error),
        })?;
        connection
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
            .map_err(words)?;
        growth::limit(&connection, call.max_growth_bytes).map_err(words)?;
        connection.set_prepared_statement_cache_capacity(KEPT_STATEMENTS);
        let host_speaks = Arc::new(AtomicBool::new(false));
        let is_host = Arc::clone(&host_speaks);
        let judge = move |context: rusqlite::hooks::AuthContext<'_>| {
            if is_host.load(Ordering::Relaxed) {
                Authorization::Allow
            } else {
                authorize::authorize(context)
            }
        };
        connection.authorizer(Some(judge)).map_err(words)?;
        Ok(Self { connection, host_speaks })
    }

    fn serve(&self, inbox: &Receiver<Job>, stop: &Stop) {
        let mut table = Table::new(self);
        while let Ok(Job { op, answer }) = inbox.recv() {
            let found = if stop.is_set() {
                Err("SQLITE_INTERRUPT: interrupted".to_owned())
            } else {
                table.work(op)
            };
            // A caller that gave up takes no answer.
            let _ = answer.send(found);
        }
    }

    fn limit_growth(&self, growth: Option<u64>) -> Result<(), String> {
        let Some(bytes) = growth else { return Ok(()) };
        self.host_speaks.store(true, Ordering::Relaxed);
        let limited = growth::limit(&self.connection, bytes);
        self.host_speaks.store(false, Ordering::Relaxed);
        limited.map_err(|error| codes::words(&error))
    }
}

/// What a plugin has on a database: statements and cursors by number.
struct Table<'c> {
    desk: &'c Desk,
    statements: HashMap<u32, Text>,
    by_text: HashMap<Rc<str>, u32>,
    cursors: HashMap<u32, Cursor<'c>>,
    last: u32,
    bytes: usize,
}

/// A statement is its text; compiled ones are in the connection's cache. The same text is the same
/// statement, so that a plugin that prepares one again and again needs no more of them.
struct Text {
    sql: Rc<str>,
    /// How often it was prepared, less how often finalized.
    users: u32,
}

impl<'c> Table<'c> {
    fn new(desk: &'c Desk) -> Self {
        Self {
            desk,
            statements: HashMap::new(),
            by_text: HashMap::new(),
            cursors: HashMap::new(),
            last: 0,
            bytes: 0,
        }
    }

    fn work(&mut self, op: Op) -> Result<Answer, String> {
        Ok(match op {
            Op::Exec { sql, growth } => {
                self.desk.limit_growth(growth)?;
                exec(&self.desk.connection, &sql)?;
                Answer::Done
            }
            Op::Prepare(sql) => self.prepare(&sql)?,
            Op::Run { statement, params, growth } => {
                self.desk.limit_growth(growth)?;
                Answer::Changes(self.run(statement, &params)?)
            }
            Op::Rows { statement, params, only_first, limit } => {
                let mut statement = self.compiled(statement)?;
                Answer::Rows(fetch(&mut statement, &params, only_first, limit)?)
            }
            Op::Iterate { statement, params } => {
                if self.cursors.len() >= MAX_CURSORS {
                    return Err(format!(
                        "no more than {MAX_CURSORS} iterators may be open at once"
                    ));
                }
                let cursor = Cursor::new(self.compiled(statement)?, &params)?;
                let number = self.number();
                self.cursors.insert(number, cursor);
                Answer::Cursor(number)
            }
            Op::Next(cursor) => self.next(cursor)?,
            Op::End(cursor) => {
                self.cursors.remove(&cursor);
                Answer::Done
            }
            Op::Finalize(statement) => {
                self.finalize(statement);
                Answer::Done
            }
            Op::State => Answer::State { is_in_transaction: !self.desk.connection.is_autocommit() },
        })
    }

    fn number(&mut self) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.last
    }

    fn compiled(&self, statement: u32) -> Result<rusqlite::CachedStatement<'c>, String> {
        let text = self.statements.get(&statement).ok_or("This statement has been finalized")?;
        self.desk.connection.prepare_cached(&text.sql).map_err(|error| codes::words(&error))
    }

    fn prepare(&mut self, sql: &str) -> Result<Answer, String> {
        let statement = self.desk.connection.prepare_cached(sql);
        let statement = statement.map_err(|error| codes::words(&error))?;
        let columns = columns(&statement);
        if columns.is_empty() && statement.expanded_sql().is_none() {
            return Err("The supplied SQL string contains no statements".to_owned());
        }
        drop(statement);
        let number = match self.by_text.get(sql) {
            Some(number) => *number,
            None => self.remember(sql)?,
        };
        if let Some(text) = self.statements.get_mut(&number) {
            text.users = text.users.saturating_add(1);
        }
        Ok(Answer::Prepared { statement: number, is_reader: !columns.is_empty(), columns })
    }

    fn remember(&mut self, sql: &str) -> Result<u32, String> {
        if self.bytes + sql.len() > MAX_STATEMENTS {
            return Err("too many statements were prepared and not finalized".to_owned());
        }
        let number = self.number();
        let sql: Rc<str> = sql.into();
        self.bytes += sql.len();
        self.by_text.insert(Rc::clone(&sql), number);
        self.statements.insert(number, Text { sql, users: 0 });
        Ok(number)
    }

    fn finalize(&mut self, statement: u32) {
        let Some(text) = self.statements.get_mut(&statement) else { return };
        text.users = text.users.saturating_sub(1);
        if text.users == 0
            && let Some(text) = self.statements.remove(&statement)
        {
            self.bytes -= text.sql.len();
            self.by_text.remove(&text.sql);
        }
    }

    fn run(&self, statement: u32, params: &Params) -> Result<Changes, String> {
        let connection = &self.desk.connection;
        let before = connection.total_changes();
        let mut statement = self.compiled(statement)?;
        params.bind(&mut statement)?;
        let mut rows = statement.raw_query();
        while rows.next().map_err(|error| codes::words(&error))?.is_some() {}
        // The count of the last statement that changed anything stays when this one did not.
        let is_changed = connection.total_changes() != before;
        let rows = if is_changed { connection.changes() } else { 0 };
        Ok(Changes { rows, last_row: connection.last_insert_rowid() })
    }

    fn next(&mut self, number: u32) -> Result<Answer, String> {
        let Some(cursor) = self.cursors.get_mut(&number) else {
            return Ok(Answer::Rows(Vec::new()));
        };
        let rows = cursor.next();
        if rows.as_ref().map_or(true, Vec::is_empty) {
            self.cursors.remove(&number);
        }
        rows.map(Answer::Rows)
    }
}

fn exec(connection: &Connection, sql: &str) -> Result<(), String> {
    let words = |error: rusqlite::Error| codes::words(&error);
    let mut statements = Batch::new(connection, sql);
    while let Some(mut statement) = statements.next().map_err(words)? {
        let mut rows = statement.raw_query();
        while rows.next().map_err(words)?.is_some() {}
    }
    Ok(())
}

fn columns(statement: &rusqlite::Statement<'_>) -> Vec<Column> {
    let origins = statement.columns_with_metadata();
    let declared = statement.columns();
    let both = origins.zip(declared).map(|(origin, column)| Column {
        name: origin.name().to_owned(),
        column: origin.origin_name().map(str::to_owned),
        table: origin.table_name().map(str::to_owned),
        declared: column.decl_type().map(str::to_owned),
    });
    both.collect()
}
