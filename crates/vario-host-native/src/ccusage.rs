//! `ctx.host.ccusage.query` (contract section 4.10): there is no runner yet, which is one of the
//! contract's own answers, and plugins go on without token usage.

use vario_host::{Scope, UsageOptions};
use vario_value::Value;

pub(crate) fn query(options: &UsageOptions, scope: &Scope) -> Value {
    // Whose logs are meant decides nothing yet.
    let _provider = options.provider(&scope.plugin_id);
    no_runner()
}

/// Said when there is none, and when the plugin may not have one.
pub(crate) fn no_runner() -> Value {
    Value::from([("status", Value::from("no_runner"))])
}
