use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, Result, ffi};

use crate::Call;

/// How many steps of a statement's program pass between two looks at the clock: some 20 µs.
const STEPS_PER_CHECK: i32 = 1000;

/// How long to wait before asking for a lock again.
const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// The longest text, blob or row, so that one function call cannot fill the memory.
const MAX_VALUE_BYTES: i32 = 64 * 1024 * 1024;

/// Puts a plugin's statements under the call's deadline and limits.
///
/// A lock is waited for until `give_up`, the deadline or the cancellation.
pub(super) fn install(
    mut connection: Connection,
    call: &Call,
    give_up: Instant,
) -> Result<Connection> {
    let watched = call.clone();
    connection.progress_handler(STEPS_PER_CHECK, Some(move || watched.is_over()))?;
    let watched = call.clone();
    connection.busy_handler(Some(move |_| {
        if watched.is_over() || Instant::now() >= give_up {
            return false;
        }
        thread::sleep(LOCK_PAUSE);
        true
    }))?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)?;
    // The linked library has it on; the `sqlite3` program, and so the tools' own files, off.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, false)?;
    let call = call.clone();
    connection.authorizer(Some(move |context: AuthContext<'_>| authorize(&context, &call)))?;
    Ok(connection)
}

/// Rights are given per file, so nothing may reach another file, load code or change the process.
fn authorize(context: &AuthContext<'_>, call: &Call) -> Authorization {
    let is_allowed = match context.action {
        // An empty name is a temporary database: a plain `VACUUM` attaches one.
        AuthAction::Attach { filename } => {
            let check = call.attach_check.as_ref();
            filename.is_empty() || check.is_some_and(|check| check.allows(filename))
        }
        // The name is an expression that nobody has evaluated yet.
        AuthAction::Unknown { code: ffi::SQLITE_ATTACH, .. } => false,
        AuthAction::Function { function_name } => {
            !function_name.eq_ignore_ascii_case("load_extension")
        }
        // The first two belong to the whole process, the others would lift the limits set here.
        AuthAction::Pragma { pragma_name, pragma_value: Some(_) } => !matches!(
            pragma_name.to_ascii_lowercase().as_str(),
            "temp_store_directory"
                | "data_store_directory"
                | "soft_heap_limit"
                | "hard_heap_limit"
                | "busy_timeout"
        ),
        _ => true,
    };
    if is_allowed { Authorization::Allow } else { Authorization::Deny }
}
