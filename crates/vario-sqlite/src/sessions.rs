//! Databases that one plugin keeps open.

mod codes;
mod cursor;
mod params;
mod worker;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use self::params::Params;
use self::worker::{Answer, Op, Worker};
use crate::{Call, CancelHandle, Error, SqlValue};

/// How many databases may be open at once.
const MAX_OPEN: usize = 16;

/// Numbers of statements and cursors hold that of their database above these bits.
const OWN_BITS: u32 = 32;

/// The databases that one run of a plugin has open, with their statements and cursors, all known
/// by numbers. A number is never used again.
///
/// Statements run under the limits of [`query`](crate::query) and [`exec`](crate::exec), and each
/// call ends by its deadline: the statement is interrupted, which takes back what it did. A
/// database whose statement does not heed that is given up. One call at a time works on a
/// database; others wait for their turn. What is dropped is closed, and an open transaction rolled
/// back.
///
/// Every method fails with [`Error::Session`] for what SQLite or the plugin did wrong, with
/// [`Error::TimedOut`] at the deadline and with [`Error::Cancelled`] after the cancellation. Of a
/// call it heeds deadline, cancellation and the size of results; the rest of it counts when a
/// database is opened.
#[derive(Default)]
pub struct Sessions {
    open: Mutex<HashMap<u32, Arc<Worker>>>,
    last: AtomicU32,
    cancel: CancelHandle,
}

/// A statement that was prepared.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// Its number.
    pub statement: u64,
    /// Whether it gives rows.
    pub is_reader: bool,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What the statement calls it.
    pub name: String,
    /// The table's column that it is, unless it is computed.
    pub column: Option<String>,
    /// The table that it is of.
    pub table: Option<String>,
    /// The type that it was declared with.
    pub declared: Option<String>,
}

/// What a statement did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    /// How many rows it inserted, changed or deleted.
    pub rows: u64,
    /// The number of the row that was inserted last on this connection.
    pub last_row: i64,
}

/// How a database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Whether it is open.
    pub is_open: bool,
    /// Whether a transaction is.
    pub is_in_transaction: bool,
}

impl Sessions {
    /// Nothing is open yet. `cancel` ends whatever statement runs.
    pub fn new(cancel: CancelHandle) -> Self {
        Self { cancel, ..Self::default() }
    }

    /// Opens the database at `path`, which is made if it is missing, and gives its number. It gets
    /// a write-ahead log, so that others can read it at any time.
    ///
    /// # Errors
    /// As said at [`Sessions`]; also when too many are open.
    pub fn open(&self, path: &str, call: &Call) -> Result<u64, Error> {
        if self.lock().len() >= MAX_OPEN {
            let words = format!("no more than {MAX_OPEN} databases may be open at once");
            return Err(Error::Session(words));
        }
        let worker = Worker::open(path, call, self.cancel.clone())?;
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        self.lock().insert(number, Arc::new(worker));
        Ok(number.into())
    }

    /// Runs every statement of `sql`. `growth` is by how many bytes the file may grow from now on;
    /// none leaves that as it was.
    ///
    /// # Errors
    /// As said at [`Sessions`]. Statements before a failing one keep their effect.
    pub fn exec(
        &self,
        database: u64,
        sql: &str,
        growth: Option<u64>,
        call: &Call,
    ) -> Result<(), Error> {
        let number = own_number(database)?;
        self.ask(number, Op::Exec { sql: sql.to_owned(), growth }, call).map(drop)
    }

    /// Prepares the one statement in `sql`.
    ///
    /// # Errors
    /// As said at [`Sessions`].
    pub fn prepare(&self, database: u64, sql: &str, call: &Call) -> Result<Prepared, Error> {
        let number = own_number(database)?;
        match self.ask(number, Op::Prepare(sql.to_owned()), call)? {
            Answer::Prepared { statement, is_reader, columns } => {
                Ok(Prepared { statement: whole(number, statement), is_reader, columns })
            }
            _ => Err(Error::Session(worker::LOST.to_owned())),
        }
    }

    /// Runs a statement to its end; rows are thrown away. `growth` as for [`Sessions::exec`].
    ///
    /// # Errors
    /// As said at [`Sessions`].
    pub fn run(
        &self,
        statement: u64,
        params: Params,
        growth: Option<u64>,
        call: &Call,
    ) -> Result<Changes, Error> {
        let (number, statement) = parts(statement);
        match self.ask(number, Op::Run { statement, params, growth }, call)? {
            Answer::Changes(changes) => Ok(changes),
            _ => Err(Error::Session(worker::LOST.to_owned())),
        }
    }

    /// The first row.
    ///
    /// # Errors
    /// As said at [`Sessions`].
    pub fn get(
        &self,
        statement: u64,
        params: Params,
        call: &Call,
    ) -> Result<Option<Vec<SqlValue>>, Error> {
        Ok(self.rows(statement, params, true, call)?.pop())
    }

    /// All rows.
    ///
    /// # Errors
    /// As said at [`Sessions`]; also when they are more than the call's limit.
    pub fn all(
        &self,
        statement: u64,
        params: Params,
        call: &Call,
    ) -> Result<Vec<Vec<SqlValue>>, Error> {
        self.rows(statement, params, false, call)
    }

    fn rows(
        &self,
        statement: u64,
        params: Params,
        only_first: bool,
        call: &Call,
    ) -> Result<Vec<Vec<SqlValue>>, Error> {
        let (number, statement) = parts(statement);
        let limit = call.max_result_bytes;
        match self.ask(number, Op::Rows { statement, params, only_first, limit }, call)? {
            Answer::Rows(rows) => Ok(rows),
            _ => Err(Error::Session(worker::LOST.to_owned())),
        }
    }

    /// Begins to run a statement whose rows are fetched piece by piece, and gives the cursor.
    ///
    /// # Errors
    /// As said at [`Sessions`].
    pub fn iterate(&self, statement: u64, params: Params, call: &Call) -> Result<u64, Error> {
        let (number, statement) = parts(statement);
        match self.ask(number, Op::Iterate { statement, params }, call)? {
            Answer::Cursor(cursor) => Ok(whole(number, cursor)),
            _ => Err(Error::Session(worker::LOST.to_owned())),
        }
    }

    /// Some more rows of a cursor. None mean that there are no more, and the cursor is gone.
    ///
    /// # Errors
    /// As said at [`Sessions`].
    pub fn next(&self, cursor: u64, call: &Call) -> Result<Vec<Vec<SqlValue>>, Error> {
        let (number, cursor) = parts(cursor);
        match self.ask(number, Op::Next(cursor), call)? {
            Answer::Rows(rows) => Ok(rows),
            _ => Err(Error::Session(worker::LOST.to_owned())),
        }
    }

    /// Ends a cursor early. One that is gone is no error.
    ///
    /// # Errors
    /// As said at [`Sessions`].
    pub fn end(&self, cursor: u64, call: &Call) -> Result<(), Error> {
        let (number, cursor) = parts(cursor);
        self.if_open(number, Op::End(cursor), call)
    }

    /// Forgets a statement. One that is gone is no error.
    ///
    /// # Errors
    /// As said at [`Sessions`].
    pub fn finalize(&self, statement: u64, call: &Call) -> Result<(), Error> {
        let (number, statement) = parts(statement);
        self.if_open(number, Op::Finalize(statement), call)
    }

    /// Closes a database with its statements and cursors. One that is closed is no error.
    pub fn close(&self, database: u64) {
        let closed = own_number(database).ok().and_then(|number| self.lock().remove(&number));
        // The last one that holds it waits until the file is closed.
        drop(closed);
    }

    /// How a database is.
    ///
    /// # Errors
    /// As said at [`Sessions`]; one that is closed is no error.
    pub fn state(&self, database: u64, call: &Call) -> Result<State, Error> {
        let closed = State { is_open: false, is_in_transaction: false };
        let Ok(number) = own_number(database) else { return Ok(closed) };
        let Some(worker) = self.worker(number) else { return Ok(closed) };
        match worker.ask(Op::State, call)? {
            Answer::State { is_in_transaction } => Ok(State { is_open: true, is_in_transaction }),
            _ => Err(Error::Session(worker::LOST.to_owned())),
        }
    }

    fn ask(&self, number: u32, op: Op, call: &Call) -> Result<Answer, Error> {
        let worker = self.worker(number).ok_or_else(not_open)?;
        let answer = worker.ask(op, call);
        if worker.is_lost() {
            self.lock().remove(&number);
        }
        answer
    }

    fn if_open(&self, number: u32, op: Op, call: &Call) -> Result<(), Error> {
        match self.worker(number) {
            Some(worker) => worker.ask(op, call).map(drop),
            None => Ok(()),
        }
    }

    fn worker(&self, number: u32) -> Option<Arc<Worker>> {
        self.lock().get(&number).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Arc<Worker>>> {
        // Nothing panics while it is held, and the map is always whole.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn not_open() -> Error {
    Error::Session("The database connection is not open".to_owned())
}

fn own_number(database: u64) -> Result<u32, Error> {
    u32::try_from(database).map_err(|_too_large| not_open())
}

fn whole(database: u32, own: u32) -> u64 {
    (u64::from(database) << OWN_BITS) | u64::from(own)
}

#[expect(clippy::cast_possible_truncation, reason = "the halves are taken apart")]
fn parts(number: u64) -> (u32, u32) {
    ((number >> OWN_BITS) as u32, number as u32)
}
