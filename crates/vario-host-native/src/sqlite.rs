//! `ctx.host.sqlite` (contract section 4.8).

use std::path::Path;

use vario_host::{HostError, Scope};
use vario_sqlite::{Call, CancelHandle, Error};

use crate::fs::Place;
use crate::wait;

/// The rows as JSON text; an empty text when there are none.
pub(crate) fn query(place: &Place, sql: &str, scope: &Scope) -> Result<String, HostError> {
    let path = place.real().to_string_lossy();
    with_call(place, scope, |call| vario_sqlite::query(&path, sql, &call))
}

/// `growth` is by how many bytes the file may grow, if that is limited.
pub(crate) fn exec(
    place: &Place,
    sql: &str,
    growth: Option<u64>,
    scope: &Scope,
) -> Result<(), HostError> {
    let path = place.real().to_string_lossy();
    with_call(place, scope, |mut call| {
        call.max_growth_bytes = call.max_growth_bytes.min(growth.unwrap_or(u64::MAX));
        vario_sqlite::exec(&path, sql, &call)
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

fn with_call<T>(
    place: &Place,
    scope: &Scope,
    run: impl FnOnce(Call) -> Result<T, Error>,
) -> Result<T, HostError> {
    let cancel = CancelHandle::new();
    let fire = cancel.clone();
    let _guard = scope.cancel.on_cancel(move || fire.cancel());
    // The path was resolved and judged; what is a link by now was put there since.
    let call = Call { cancel, no_follow: true, ..Call::until(scope.deadline) };
    #[cfg(target_os = "linux")]
    let call = {
        let folder = place.folder().try_clone_to_owned();
        let folder = folder.map_err(|error| HostError::Failed(error.to_string()))?;
        Call { folder: Some(std::sync::Arc::new(folder)), ..call }
    };
    #[cfg(not(target_os = "linux"))]
    let Place { .. } = place;
    run(call).map_err(|error| match error {
        Error::Cancelled => wait::cancelled(),
        error => HostError::Failed(error.to_string()),
    })
}
