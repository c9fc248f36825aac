//! `ctx.host.http.request` (contract section 4.6).

use std::time::Duration;

use vario_host::{HostError, HttpRequest, LogEntry, LogOrigin, Scope, redact};
use vario_http::{Call, CancelHandle, Error, HttpClient, Request};
use vario_value::{LogLevel, Value};

use crate::wait;

pub(crate) fn request(
    client: &HttpClient,
    wanted: &HttpRequest,
    scope: &Scope,
) -> Result<Value, HostError> {
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
        if line.is_some() {
            log(line.as_deref(), &format!(" -> failed{}", cause(&error)), scope);
        }
        match error {
            Error::Cancelled => wait::cancelled(),
            error => HostError::Failed(error.to_string()),
        }
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

/// Why a request failed, which its text does not tell: the contract has one for everything.
fn cause(error: &Error) -> String {
    let mut words = String::new();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        words.push_str(": ");
        words.push_str(&redact::log_text(&redact::url(&error.to_string())));
        source = error.source();
    }
    words
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
