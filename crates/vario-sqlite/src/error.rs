use rusqlite::ErrorCode;

/// What went wrong. The texts for plugins are those of contract section 4.8.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A line of a plugin's SQL starts with a dot.
    #[error("sqlite3 dot-commands are not allowed")]
    DotCommand,
    /// The deadline passed, before or while a statement ran.
    #[error("probe timed out")]
    TimedOut,
    /// [`CancelHandle::cancel`](crate::CancelHandle::cancel) was called.
    #[error("sqlite3 statement cancelled")]
    Cancelled,
    /// The result of a query is larger than allowed.
    #[error("sqlite3 result exceeds the limit of {limit} bytes")]
    ResultTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Both attempts of a query failed.
    #[error("sqlite3 error: {first} (fallback: {fallback})")]
    Query {
        /// What the `sqlite3` program would have said.
        first: String,
        /// The same for the immutable attempt.
        fallback: String,
    },
    /// A writing statement failed.
    #[error("sqlite3 error: {0}")]
    Exec(String),
    /// Work on an open database of [`Sessions`](crate::Sessions) failed. What SQLite itself says
    /// begins with the extended name of its code: `SQLITE_CONSTRAINT_UNIQUE: UNIQUE …`.
    #[error("{0}")]
    Session(String),
    /// A [`Database`](crate::Database) failed.
    #[error("database {path}: {message}")]
    Database {
        /// What to make of it.
        kind: ErrorKind,
        /// The file.
        path: String,
        /// What SQLite says.
        message: String,
    },
    /// A [`Database`](crate::Database) was written by a later version.
    #[error("database {path} has format {found}, this version knows up to {known}; update vario")]
    NewerFormat {
        /// The file.
        path: String,
        /// Its `user_version`.
        found: u32,
        /// The number of migrations known here.
        known: u32,
    },
}

/// What a caller can do about a failing [`Database`](crate::Database).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file is damaged or no database: set it aside.
    Corrupt,
    /// The file or its folder cannot be written.
    ReadOnly,
    /// The disk is full.
    Full,
    /// Another connection held the lock for longer than the time-out.
    Busy,
    /// Anything else: wrong SQL, a violated constraint, an unreachable file.
    Other,
}

impl Error {
    /// What a caller can do about it. Errors of plugins are all [`ErrorKind::Other`].
    pub fn kind(&self) -> ErrorKind {
        if let Self::Database { kind, .. } = self { *kind } else { ErrorKind::Other }
    }

    pub(crate) fn database(path: &str, error: &rusqlite::Error) -> Self {
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => ErrorKind::Corrupt,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => ErrorKind::ReadOnly,
            Some(ErrorCode::DiskFull) => ErrorKind::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => ErrorKind::Busy,
            _ => ErrorKind::Other,
        };
        let message = match error {
            rusqlite::Error::SqliteFailure(_, Some(message))
            | rusqlite::Error::SqlInputError { msg: message, .. } => message.clone(),
            other => other.to_string(),
        };
        Self::Database { kind, path: path.to_owned(), message }
    }

    pub(crate) fn corrupt(path: &str, message: impl Into<String>) -> Self {
        Self::Database { kind: ErrorKind::Corrupt, path: path.to_owned(), message: message.into() }
    }
}
