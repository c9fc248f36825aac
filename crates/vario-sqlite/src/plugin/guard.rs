use std::thread;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, Result};

use super::stop::Stop;
use super::{authorize, functions};

/// How many steps of a statement's program pass between two looks at the [`Stop`]. Few, as a
/// single step may call a function that takes a second.
const STEPS_PER_CHECK: i32 = 10;

/// How long to wait before asking for a lock again.
pub(crate) const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// The longest text, blob or row, so that one function call cannot fill the memory.
pub(super) const MAX_VALUE_BYTES: i32 = 16 * 1024 * 1024;

/// What all connections of this process may take together. It is the only limit of SQLite's that
/// covers sorting, `DISTINCT`, recursive queries and many large values at once. Whoever asks for
/// memory when it is reached fails; that is nearly always the statement that took it, which
/// thereby gives it back.
const MAX_HEAP_BYTES: u32 = 256 * 1024 * 1024;

/// The most that temporary tables may hold: 32 MiB, in pages of the usual size.
const MAX_TEMPORARY_PAGES: u32 = 8192;

/// The most a plugin can ask of one statement. What is not listed is at SQLite's own limit.
const LIMITS: [(Limit, i32); 15] = [
    (Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, 1024 * 1024),
    (Limit::SQLITE_LIMIT_COLUMN, 1000),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 1000),
    (Limit::SQLITE_LIMIT_PARSER_DEPTH, 1000),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 500),
    (Limit::SQLITE_LIMIT_VDBE_OP, 1_000_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 127),
    // Not even without a file: what is kept there would escape the limit on temporary tables. A
    // plain `VACUUM` needs one and is not worth it.
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    // Matching takes as many steps as pattern and text have bytes, multiplied.
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 1000),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 32),
    (Limit::SQLITE_LIMIT_TRIGGER_STEPS, 1000),
    (Limit::SQLITE_LIMIT_SCHEMA, 100_000),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

/// Neither the SQL nor the file is trusted. Triggers and views work, as a tool's own file may need
/// them, but the functions in them are those that harm nobody. Strings in double quotes work, as
/// they did in the program.
const CONFIG: [(DbConfig, bool); 8] = [
    (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
    (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
    (DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, false),
    (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
    (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
    (DbConfig::SQLITE_DBCONFIG_DQS_DML, true),
    (DbConfig::SQLITE_DBCONFIG_DQS_DDL, true),
    // The linked library has it on; the `sqlite3` program, and so the tools' own files, off.
    (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false),
];

/// Puts a plugin's statements under the call's deadline and limits.
///
/// A lock is waited for as long as `patience` says, which is told how often it was asked for in
/// vain. [`close`] comes next.
pub(crate) fn install(
    mut connection: Connection,
    stop: &Stop,
    patience: impl Fn(i32) -> bool + Send + 'static,
) -> Result<Connection> {
    let watched = stop.clone();
    connection.progress_handler(STEPS_PER_CHECK, Some(move || watched.is_set()))?;
    connection.busy_handler(Some(move |count| {
        if !patience(count) {
            return false;
        }
        thread::sleep(LOCK_PAUSE);
        true
    }))?;
    for (limit, value) in LIMITS {
        connection.set_limit(limit, value)?;
    }
    for (config, value) in CONFIG {
        connection.set_db_config(config, value)?;
    }
    // What is temporary stays in memory: on disk it would be outside the file the plugin may use.
    connection.execute_batch(&format!(
        "PRAGMA hard_heap_limit = {MAX_HEAP_BYTES}; PRAGMA temp_store = MEMORY; \
         PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON; \
         PRAGMA temp.max_page_count = {MAX_TEMPORARY_PAGES}"
    ))?;
    functions::bound(&connection, stop)?;
    Ok(connection)
}

/// From here on the connection runs what the plugin wants, and only what plugins may do.
pub(crate) fn close(connection: &mut Connection) -> Result<()> {
    connection.authorizer(Some(authorize::authorize))
}
