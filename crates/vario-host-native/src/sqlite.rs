//! `ctx.host.sqlite` (contract section 4.8).

use std::path::Path;

use vario_host::{HostError, Scope};
use vario_sqlite::{Call, CancelHandle, Error};

use crate::wait;

/// The rows as JSON text; an empty text when there are none. The path has no link in it.
pub(crate) fn query(path: &Path, sql: &str, scope: &Scope) -> Result<String, HostError> {
    with_call(scope, |call| vario_sqlite::query(&path.to_string_lossy(), sql, &call))
}

/// `growth` is by how many bytes the file may grow, if that is limited. The path has no link in it.
pub(crate) fn exec(
    path: &Path,
    sql: &str,
    growth: Option<u64>,
    scope: &Scope,
) -> Result<(), HostError> {
    with_call(scope, |mut call| {
        call.max_growth_bytes = call.max_growth_bytes.min(growth.unwrap_or(u64::MAX));
        vario_sqlite::exec(&path.to_string_lossy(), sql, &call)
    })
}

/// What the `sqlite3` program says of a file that it cannot get at, twice over for a query.
pub(crate) fn cannot_open(path: &Path, sql: &str, is_query: bool) -> HostError {
    if sql.lines().any(|line| line.trim_start().starts_with('.')) {
        return HostError::Failed(Error::DotCommand.to_string());
    }
    let path = path.display();
    let words = format!("Error: unable to open database \"{path}\": unable to open database file");
    HostError::Failed(if is_query {
        format!("sqlite3 error: {words} (fallback: {words})")
    } else {
        format!("sqlite3 error: {words}")
    })
}

fn with_call<T>(scope: &Scope, run: impl FnOnce(Call) -> Result<T, Error>) -> Result<T, HostError> {
    let cancel = CancelHandle::new();
    let fire = cancel.clone();
    let _guard = scope.cancel.on_cancel(move || fire.cancel());
    // The path was resolved and judged; what is a link by now was put there since.
    let call = Call { cancel, no_follow: true, ..Call::until(scope.deadline) };
    run(call).map_err(|error| match error {
        Error::Cancelled => wait::cancelled(),
        error => HostError::Failed(error.to_string()),
    })
}
