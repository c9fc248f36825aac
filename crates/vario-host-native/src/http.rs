//! `ctx.host.http.request` (contract section 4.6).

use std::time::{Duration, Instant};

use vario_host::{HostError, HttpRequest, LogEntry, LogOrigin, Scope, redact};
use vario_http::{Call, CancelHandle, HttpClient, Request};
use vario_value::{LogLevel, Value};

pub(crate) fn request(
    client: &HttpClient,
    wanted: &HttpRequest,
    scope: &Scope,
) -> Result<Value, HostError> {
    if Instant::now() >= scope.deadline {
        return Err(HostError::failed("probe timed out"));
    }
    let line = log_line(wanted, scope);
    log(line.as_deref(), "", scope);
    let cancel = CancelHandle::new();
    let fire = cancel.clone();
    let _guard = scope.cancel.on_cancel(move || fire.cancel());
    let request = Request {
        url: wanted.url.clone(),
        method: wanted.method.clone(),
        headers: wanted.headers.clone(),
        body: wanted.body.clone(),
        timeout: Duration::from_millis(wanted.timeout_ms),
        ignore_tls: wanted.ignore_tls,
        max_body_bytes: scope.http_body_bytes,
    };
    let call = Call { cancel, ..Call::until(scope.deadline) };
    let response = client.send(&request, &call).map_err(|error| {
        log(line.as_deref(), " -> failed", scope);
        HostError::Failed(error.to_string())
    })?;
    if line.is_some() {
        let preview = redact::body_preview(&response.body);
        log(line.as_deref(), &format!(" -> {} | {preview}", response.status), scope);
    }
    let headers = response.headers.into_iter().map(|(name, value)| (name, Value::Str(value)));
    Ok(Value::from([
        ("status", Value::Int(i64::from(response.status))),
        ("headers", Value::Map(headers.collect())),
        ("bodyText", Value::Str(response.body)),
    ]))
}

fn log_line(wanted: &HttpRequest, scope: &Scope) -> Option<String> {
    scope
        .log
        .wants(LogLevel::Info)
        .then(|| format!("HTTP {} {}", wanted.method, redact::url(&wanted.url)))
}

fn log(line: Option<&str>, rest: &str, scope: &Scope) {
    if let Some(line) = line {
        scope.log.write(LogEntry {
            plugin_id: scope.plugin_id.clone(),
            level: LogLevel::Info,
            origin: LogOrigin::Host,
            message: format!("{line}{rest}"),
        });
    }
}
