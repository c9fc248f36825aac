//! What SQLite says, with the name of its code in front.

use std::ffi::c_int;

use rusqlite::{Error, ffi};

/// The most bytes of what SQLite says: a message may hold a text of the statement's.
const MAX_MESSAGE: usize = 2000;

macro_rules! names {
    ($($name:ident),* $(,)?) => {
        /// The codes that have a name, extended ones too.
        const NAMES: &[(c_int, &str)] = &[$((ffi::$name, stringify!($name))),*];
    };
}

names! {
    SQLITE_ERROR, SQLITE_INTERNAL, SQLITE_PERM, SQLITE_ABORT, SQLITE_BUSY, SQLITE_LOCKED,
    SQLITE_NOMEM, SQLITE_READONLY, SQLITE_INTERRUPT, SQLITE_IOERR, SQLITE_CORRUPT,
    SQLITE_NOTFOUND, SQLITE_FULL, SQLITE_CANTOPEN, SQLITE_PROTOCOL, SQLITE_EMPTY, SQLITE_SCHEMA,
    SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_MISUSE, SQLITE_NOLFS, SQLITE_AUTH,
    SQLITE_FORMAT, SQLITE_RANGE, SQLITE_NOTADB,
    SQLITE_ERROR_MISSING_COLLSEQ, SQLITE_ERROR_RETRY, SQLITE_ERROR_SNAPSHOT,
    SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC,
    SQLITE_IOERR_DIR_FSYNC, SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_FSTAT, SQLITE_IOERR_UNLOCK,
    SQLITE_IOERR_RDLOCK, SQLITE_IOERR_DELETE, SQLITE_IOERR_NOMEM, SQLITE_IOERR_ACCESS,
    SQLITE_IOERR_CHECKRESERVEDLOCK, SQLITE_IOERR_LOCK, SQLITE_IOERR_CLOSE, SQLITE_IOERR_SHMOPEN,
    SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_SHMLOCK, SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SEEK,
    SQLITE_IOERR_DELETE_NOENT, SQLITE_IOERR_MMAP, SQLITE_IOERR_GETTEMPPATH,
    SQLITE_IOERR_CONVPATH, SQLITE_LOCKED_SHAREDCACHE, SQLITE_BUSY_RECOVERY, SQLITE_BUSY_SNAPSHOT,
    SQLITE_BUSY_TIMEOUT, SQLITE_CANTOPEN_NOTEMPDIR, SQLITE_CANTOPEN_ISDIR,
    SQLITE_CANTOPEN_FULLPATH, SQLITE_CANTOPEN_CONVPATH, SQLITE_CANTOPEN_SYMLINK,
    SQLITE_CORRUPT_VTAB, SQLITE_CORRUPT_SEQUENCE, SQLITE_CORRUPT_INDEX, SQLITE_READONLY_RECOVERY,
    SQLITE_READONLY_CANTLOCK, SQLITE_READONLY_ROLLBACK, SQLITE_READONLY_DBMOVED,
    SQLITE_READONLY_CANTINIT, SQLITE_READONLY_DIRECTORY, SQLITE_ABORT_ROLLBACK,
    SQLITE_CONSTRAINT_CHECK, SQLITE_CONSTRAINT_COMMITHOOK, SQLITE_CONSTRAINT_FOREIGNKEY,
    SQLITE_CONSTRAINT_FUNCTION, SQLITE_CONSTRAINT_NOTNULL, SQLITE_CONSTRAINT_PRIMARYKEY,
    SQLITE_CONSTRAINT_TRIGGER, SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_VTAB,
    SQLITE_CONSTRAINT_ROWID, SQLITE_CONSTRAINT_PINNED, SQLITE_CONSTRAINT_DATATYPE,
}

/// The name of a code; that of its family where it has none of its own.
fn name(code: c_int) -> &'static str {
    let find = |code| NAMES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name);
    find(code).or_else(|| find(code & 0xff)).unwrap_or("SQLITE_ERROR")
}

/// `SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.a`
pub(super) fn words(error: &Error) -> String {
    let mut words = match error {
        Error::SqliteFailure(failure, message) => {
            let message = message.clone().unwrap_or_else(|| failure.to_string());
            format!("{}: {message}", name(failure.extended_code))
        }
        Error::SqlInputError { error: failure, msg, .. } => {
            format!("{}: {msg}", name(failure.extended_code))
        }
        Error::MultipleStatement => {
            "The supplied SQL string contains more than one statement".to_owned()
        }
        Error::NulError(_) => "SQLITE_ERROR: the SQL holds a null character".to_owned(),
        other => format!("SQLITE_ERROR: {other}"),
    };
    if words.len() > MAX_MESSAGE {
        words.truncate(words.floor_char_boundary(MAX_MESSAGE));
        words.push('\u{2026}');
    }
    words
}
