//! `ctx.host.http.request` (contract section 4.6), and [`fetch`] for background plugins.

pub(crate) mod fetch;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use vario_host::{HostError, HttpRequest, LogEntry, LogOrigin, Scope, redact};
use vario_http::{
    AddressCheck, Call, CancelHandle, DEFAULT_MAX_BODY_BYTES, Error, HttpClient, Request, Response,
    Target,
};
use vario_permissions::{Host, Refusal, Rights};
use vario_value::{LogLevel, Value};

use crate::access;
use crate::credentials::{Credentials, Current, EXCHANGE_TIME, Refresh};
use crate::refusal::Failure;
use crate::wait;

/// Sends a request whose host and port the plugin may reach by name. `target` is where it leads;
/// without one the request says what is wrong with it, and goes nowhere.
pub(crate) fn request(
    client: &Arc<HttpClient>,
    wanted: &HttpRequest,
    target: Option<&Target>,
    credentials: &Arc<Credentials>,
    current: Current<'_>,
    scope: &Scope,
) -> Result<Value, Failure> {
    let check = target.map(|target| Addresses::new(target, scope));
    let mut refresh = None;
    if let (Some(target), Some(check)) = (target, &check) {
        check.before_resolving(client.uses_proxy(target))?;
        refresh = credentials.before_request(wanted, scope, current)?;
    }
    let line = log_line(wanted, scope);
    log(line.as_deref(), "", scope);
    let request = Request {
        url: wanted.url.clone(),
        method: wanted.method.clone(),
        headers: wanted.headers.clone(),
        body: wanted.body.clone().map(String::into_bytes),
        timeout: Duration::from_millis(wanted.timeout_ms),
        ignore_tls: wanted.ignore_tls,
        max_body_bytes: scope.http_body_bytes,
    };
    let address_check: Arc<dyn AddressCheck> = match check.clone() {
        Some(check) => Arc::new(check),
        None => Arc::new(|_: &str, _: SocketAddr| false),
    };
    let sent = match refresh {
        None => send(client, &request, address_check, scope),
        Some(refresh) => exchange(client, request, address_check, (credentials, refresh), scope)?,
    };
    let response = sent.map_err(|error| failed(&error, check.as_ref(), line.as_deref(), scope))?;
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

/// Why there is no answer, which is logged as well.
fn failed(error: &Error, check: Option<&Addresses>, line: Option<&str>, scope: &Scope) -> Failure {
    if line.is_some() {
        log(line, &format!(" -> failed{}", cause(error)), scope);
    }
    match (error, check) {
        (Error::Cancelled, _) => wait::cancelled().into(),
        (Error::AddressRefused { address, .. }, Some(check)) => match check.judge(*address) {
            Err(refusal) => Failure::Refused(refusal),
            Ok(()) => HostError::Failed(error.to_string()).into(),
        },
        _ => HostError::Failed(error.to_string()).into(),
    }
}

/// Sends a request that may be given up at any time.
fn send(
    client: &HttpClient,
    request: &Request,
    address_check: Arc<dyn AddressCheck>,
    scope: &Scope,
) -> Result<Response, Error> {
    let cancel = CancelHandle::new();
    let fire = cancel.clone();
    let _guard = scope.cancel.on_cancel(move || fire.cancel());
    let address_check = Some(address_check);
    client.send(request, &Call { cancel, address_check, ..Call::until(scope.deadline) })
}

/// Sends a request whose answer may be the only key to the user's account: neither the run's end
/// nor the plugin's time-out nor a low limit may cut it.
fn exchange(
    client: &Arc<HttpClient>,
    mut request: Request,
    address_check: Arc<dyn AddressCheck>,
    (credentials, refresh): (&Arc<Credentials>, Refresh),
    scope: &Scope,
) -> Result<Result<Response, Error>, HostError> {
    let limit = request.max_body_bytes;
    request.max_body_bytes = limit.max(DEFAULT_MAX_BODY_BYTES);
    request.timeout = EXCHANGE_TIME;
    let client = Arc::clone(client);
    let go = move |deadline| {
        let address_check = Some(address_check);
        client.send(&request, &Call { address_check, ..Call::until(deadline) })
    };
    let sent = credentials.exchange(refresh, scope, go, answered)?;
    Ok(sent.and_then(|response| {
        let is_within = response.bytes_received <= limit as u64;
        if is_within { Ok(response) } else { Err(Error::BodyTooLarge { limit }) }
    }))
}

/// Status and body.
fn answered(sent: &Result<Response, Error>) -> Option<(u16, &str)> {
    let response = sent.as_ref().ok()?;
    Some((response.status, response.body.as_str()))
}

/// Whether the plugin may reach a host at the addresses that its name turns out to have.
#[derive(Clone)]
struct Addresses {
    rights: Arc<Rights>,
    host: Host,
    port: u16,
}

impl Addresses {
    fn new(target: &Target, scope: &Scope) -> Self {
        let (host, port) = (access::host(target), target.port());
        Self { rights: Arc::clone(&scope.rights), host, port }
    }

    fn judge(&self, address: SocketAddr) -> Result<(), Refusal> {
        // The right is to the port that the plugin asked for.
        self.rights.check_address(&self.host, address.ip(), self.port)
    }

    /// What can be judged without asking anybody: an address that the URL spells, and behind a
    /// proxy, which looks names up by itself, the names that always mean this very machine.
    fn before_resolving(&self, is_proxied: bool) -> Result<(), Refusal> {
        let known = match &self.host {
            Host::Ip(address) => Some(*address),
            name if is_proxied && name.is_localhost() => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            Host::Name(_) => None,
        };
        known.map_or(Ok(()), |address| self.judge(SocketAddr::new(address, self.port)))
    }
}

impl AddressCheck for Addresses {
    fn allows(&self, _host: &str, address: SocketAddr) -> bool {
        self.judge(address).is_ok()
    }
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
