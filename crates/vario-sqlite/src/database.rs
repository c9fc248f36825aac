use std::path::Path;
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params_from_iter};

use crate::{Error, FromSqlValue, SqlValue, path};

/// How to open a [`Database`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenOptions {
    /// Never write, and fail if the file is missing.
    pub read_only: bool,
    /// How long to wait for another connection's lock.
    pub busy_timeout: Duration,
    /// Keep a write-ahead log, so that others read while one writes.
    pub wal: bool,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { read_only: false, busy_timeout: Duration::from_secs(5), wal: true }
    }
}

/// One connection to a database of ours. It can be moved between threads, not shared.
#[derive(Debug)]
pub struct Database {
    connection: Connection,
    path: String,
}

impl Database {
    /// Opens the file and reads its header, so that a file that is no database is found out now.
    ///
    /// It is created if missing, unless `read_only`. Where only reading is possible, SQLite opens
    /// it for that without an error: see [`Database::is_read_only`].
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let name = path.to_str().map(path::literal).ok_or_else(|| {
            let error = rusqlite::Error::InvalidPath(path.to_owned());
            Error::database(&shown, &error)
        })?;
        let mode = if options.read_only {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        };
        let flags = mode | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&*name, flags)
            .map_err(|error| Error::database(&shown, &error))?;
        Self { connection, path: shown }.prepare(options)
    }

    /// Opens a file for reading without its log and without locks: where even the files for those
    /// cannot be made, in a folder or on a disk that takes nothing. What another process writes
    /// meanwhile may be seen in part, and what is only in the log is not seen.
    pub fn open_immutable(path: &Path) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let url = path::immutable_url(&shown);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(url, flags)
            .map_err(|error| Error::database(&shown, &error))?;
        let options = OpenOptions { read_only: true, wal: false, ..OpenOptions::default() };
        Self { connection, path: shown }.prepare(&options)
    }

    /// A database without a file, for tests and throw-away work.
    pub fn in_memory() -> Result<Self, Error> {
        let path = ":memory:".to_owned();
        let connection =
            Connection::open_in_memory().map_err(|error| Error::database(&path, &error))?;
        Self { connection, path }.prepare(&OpenOptions::default())
    }

    fn prepare(self, options: &OpenOptions) -> Result<Self, Error> {
        // SQLite counts in 31 bits of milliseconds.
        let wait = options.busy_timeout.min(Duration::from_millis(i32::MAX.unsigned_abs().into()));
        self.checked(self.connection.busy_timeout(wait))?;
        self.query("PRAGMA schema_version", &[], |_| Ok(()))?;
        if options.wal && !self.is_read_only() {
            self.query("PRAGMA journal_mode = WAL", &[], |_| Ok(()))?;
            // With a log a crash loses nothing that was checkpointed, and never the whole file.
            self.execute_batch("PRAGMA synchronous = NORMAL")?;
        }
        Ok(self)
    }

    /// Whether it was opened for reading, be it that the file system allows nothing else.
    pub fn is_read_only(&self) -> bool {
        self.connection.is_readonly("main").unwrap_or(true)
    }

    /// Runs one statement and gives the number of rows it changed. `?1` is the first parameter.
    pub fn execute(&self, sql: &str, params: &[SqlValue]) -> Result<usize, Error> {
        let run = || self.connection.prepare_cached(sql)?.execute(params_from_iter(params));
        self.checked(run())
    }

    /// Runs any number of statements without parameters.
    pub fn execute_batch(&self, sql: &str) -> Result<(), Error> {
        self.checked(self.connection.execute_batch(sql))
    }

    /// Runs one statement and collects what `read` makes of its rows.
    pub fn query<T>(
        &self,
        sql: &str,
        params: &[SqlValue],
        mut read: impl FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        let mut statement = self.checked(self.connection.prepare_cached(sql))?;
        let mut rows = self.checked(statement.query(params_from_iter(params)))?;
        let mut found = Vec::new();
        while let Some(row) = self.checked(rows.next())? {
            found.push(read(&Row { row, path: &self.path })?);
        }
        Ok(found)
    }

    /// Like [`Database::query`], but for the first row only.
    pub fn query_first<T>(
        &self,
        sql: &str,
        params: &[SqlValue],
        read: impl FnOnce(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let mut statement = self.checked(self.connection.prepare_cached(sql))?;
        let mut rows = self.checked(statement.query(params_from_iter(params)))?;
        let row = self.checked(rows.next())?;
        row.map(|row| read(&Row { row, path: &self.path })).transpose()
    }

    /// Runs `work` in a transaction that takes the write lock at once.
    ///
    /// An error or a panic undoes everything. Transactions do not nest.
    pub fn transaction<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let begin = Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate);
        let transaction = self.checked(begin)?;
        let result = work(self)?;
        self.checked(transaction.commit())?;
        Ok(result)
    }

    /// How many migrations the file has seen: its `user_version`.
    pub fn user_version(&self) -> Result<u32, Error> {
        let read = |row: &Row<'_>| row.get(0);
        let version = self.query_first("PRAGMA user_version", &[], read)?;
        version.ok_or_else(|| Error::corrupt(&self.path, "it has no version"))
    }

    /// Brings the file up to date and gives the number of steps taken.
    ///
    /// Step `n` leads from version `n` to `n + 1`; steps are never changed, only added. All happens
    /// in one transaction, so two programs at once, or a crash, do no harm.
    pub fn migrate(&self, steps: &[&str]) -> Result<u32, Error> {
        let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
        let pending = |found: u32| {
            let path = self.path.clone();
            known.checked_sub(found).ok_or(Error::NewerFormat { path, found, known })
        };
        // No lock is taken, and nothing written, if there is nothing to do.
        if pending(self.user_version()?)? == 0 {
            return Ok(0);
        }
        self.transaction(|database| {
            let found = database.user_version()?;
            let taken = pending(found)?;
            for step in steps.iter().skip(found as usize) {
                database.execute_batch(step)?;
            }
            database.execute_batch(&format!("PRAGMA user_version = {known}"))?;
            Ok(taken)
        })
    }

    /// Reads the whole file and fails with [`ErrorKind::Corrupt`](crate::ErrorKind::Corrupt) at the
    /// first thing that is wrong. Slow for large files.
    pub fn quick_check(&self) -> Result<(), Error> {
        let found: Option<String> =
            self.query_first("PRAGMA quick_check(1)", &[], |row| row.get(0))?;
        match found.as_deref() {
            Some("ok") => Ok(()),
            other => Err(Error::corrupt(&self.path, other.unwrap_or("quick check found nothing"))),
        }
    }

    /// The row id of the last insertion.
    pub fn last_insert_rowid(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    fn checked<T>(&self, result: rusqlite::Result<T>) -> Result<T, Error> {
        result.map_err(|error| Error::database(&self.path, &error))
    }
}

/// One row of a result.
#[derive(Debug)]
pub struct Row<'row> {
    row: &'row rusqlite::Row<'row>,
    path: &'row str,
}

impl Row<'_> {
    /// The cell in this column, counted from 0. An error if it is missing or of another type.
    pub fn get<T: FromSqlValue>(&self, column: usize) -> Result<T, Error> {
        let cell = self.row.get_ref(column).map_err(|error| Error::database(self.path, &error))?;
        let value = match cell {
            ValueRef::Null => Some(SqlValue::Null),
            ValueRef::Integer(number) => Some(SqlValue::Integer(number)),
            ValueRef::Real(number) => Some(SqlValue::Real(number)),
            ValueRef::Text(text) => std::str::from_utf8(text).ok().map(SqlValue::from),
            ValueRef::Blob(bytes) => Some(SqlValue::Blob(bytes.to_vec())),
        };
        value.and_then(T::from_sql).ok_or_else(|| {
            let found = cell.data_type();
            Error::corrupt(self.path, format!("column {column} holds an unexpected {found}"))
        })
    }
}
