//! `ctx.host.sqlite` (contract section 4.8).

use std::path::Path;

use vario_host::{HostError, Scope};
use vario_sqlite::{Call, CancelHandle, Error};
use vario_value::Value;

use crate::wait;

/// The rows as JSON text; an empty text when there are none.
pub(crate) fn query(path: &Path, sql: &str, scope: &Scope) -> Result<Value, HostError> {
    with_call(scope, |call| vario_sqlite::query(&path.to_string_lossy(), sql, call)).map(Value::Str)
}

pub(crate) fn exec(path: &Path, sql: &str, scope: &Scope) -> Result<Value, HostError> {
    with_call(scope, |call| vario_sqlite::exec(&path.to_string_lossy(), sql, call))
        .map(|()| Value::Absent)
}

fn with_call<T>(
    scope: &Scope,
    run: impl FnOnce(&Call) -> Result<T, Error>,
) -> Result<T, HostError> {
    let cancel = CancelHandle::new();
    let fire = cancel.clone();
    let _guard = scope.cancel.on_cancel(move || fire.cancel());
    let call = Call { cancel, ..Call::until(scope.deadline) };
    run(&call).map_err(|error| match error {
        Error::Cancelled => wait::cancelled(),
        error => HostError::Failed(error.to_string()),
    })
}
