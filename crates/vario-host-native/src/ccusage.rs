//! `ctx.host.ccusage.query` (contract section 4.10): there is no runner yet, which is one of the
//! contract's own answers, and plugins go on without token usage.

use vario_host::{Scope, UsageOptions};
use vario_value::Value;

pub(crate) fn query(options: &Value, scope: &Scope) -> Value {
    // Whose logs are meant decides nothing yet; reading the options keeps the call's shape checked.
    let _provider = UsageOptions::from_value(options).provider(&scope.plugin_id);
    Value::from([("status", Value::from("no_runner"))])
}
