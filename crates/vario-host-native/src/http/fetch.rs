//! `http.fetch`: bytes both ways, and redirects if they are wanted.
//!
//! Every hop is judged as the first one is: by name, by address, and for what it does with a
//! credential.

use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_host::{FetchRequest, HostError, HttpRequest, Redirect, Scope};
use vario_http::{
    AddressCheck, Call, CancelHandle, DEFAULT_MAX_BODY_BYTES, Error, HttpClient, RawResponse,
    Request, Target,
};
use vario_permissions::Access;
use vario_value::Value;

use super::{Addresses, failed, log, log_line};
use crate::access;
use crate::credentials::{Credentials, Current, EXCHANGE_TIME, Refresh};
use crate::refusal::Failure;

/// As many as browsers follow.
const MAX_REDIRECTS: usize = 20;

/// When a plugin says nothing.
const TIMEOUT: Duration = Duration::from_mins(1);

/// What is for one origin only.
const SECRET_HEADERS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// What is about the body.
const BODY_HEADERS: [&str; 5] =
    ["content-type", "content-length", "content-encoding", "content-language", "content-location"];

/// What a request is sent with.
pub(crate) struct Sender<'a> {
    pub(crate) client: &'a Arc<HttpClient>,
    pub(crate) credentials: &'a Arc<Credentials>,
    pub(crate) current: Current<'a>,
    pub(crate) scope: &'a Scope,
}

impl Sender<'_> {
    /// Sends a request whose host and port the plugin may reach by name, and follows where the
    /// answers lead.
    pub(crate) fn fetch(
        &self,
        mut wanted: FetchRequest,
        target: Option<&Target>,
    ) -> Result<Value, Failure> {
        let timeout = wanted.timeout_ms.map_or(TIMEOUT, Duration::from_millis);
        // A time beyond all reckoning is bounded by the run's.
        let until = Instant::now().checked_add(timeout).unwrap_or(self.scope.deadline);
        let until = until.min(self.scope.deadline);
        let Some(target) = target else {
            // The reading failed, and says why.
            let why = Target::of(&wanted.url).err().map(|error| error.to_string());
            return Err(HostError::Failed(why.unwrap_or_default()).into());
        };
        let mut target = target.clone();
        for hops in 0..=MAX_REDIRECTS {
            let answer = self.hop(&wanted, &target, until)?;
            let location = answer.header("location").filter(|_| is_redirect(answer.status));
            let next = match (location, wanted.redirect) {
                (None, _) | (_, Redirect::Manual) => {
                    return Ok(value(answer, &target, hops > 0));
                }
                (Some(_), Redirect::Error) => {
                    let words = format!("unexpected redirect from url ({})", target.url());
                    return Err(HostError::Failed(words).into());
                }
                (Some(location), Redirect::Follow) => target
                    .redirected(location)
                    .map_err(|error| HostError::Failed(format!("redirect: {error}")))?,
            };
            let access = Access::Net { host: access::host(&next), port: next.port() };
            self.scope.rights.check(&access)?;
            change(&mut wanted, answer.status, next.is_same_origin(&target));
            next.url().clone_into(&mut wanted.url);
            target = next;
        }
        Err(HostError::Failed(format!("too many redirects for url ({})", wanted.url)).into())
    }

    fn hop(
        &self,
        wanted: &FetchRequest,
        target: &Target,
        until: Instant,
    ) -> Result<RawResponse, Failure> {
        let check = Addresses::new(target, self.scope);
        check.before_resolving(self.client.uses_proxy(target))?;
        let as_text = as_text(wanted);
        let refresh = self.credentials.before_request(&as_text, self.scope, self.current)?;
        let line = log_line(&as_text, self.scope);
        log(line.as_deref(), "", self.scope);
        let request = Request {
            url: wanted.url.clone(),
            method: wanted.method.clone(),
            headers: wanted.headers.clone(),
            body: wanted.body.clone(),
            timeout: until.saturating_duration_since(Instant::now()),
            ignore_tls: false,
            max_body_bytes: self.scope.http_body_bytes,
        };
        let address_check: Arc<dyn AddressCheck> = Arc::new(check.clone());
        let sent = match refresh {
            None => self.send(&request, address_check),
            Some(refresh) => self.exchange(request, address_check, refresh)?,
        };
        let answer =
            sent.map_err(|error| failed(&error, Some(&check), line.as_deref(), self.scope))?;
        log(line.as_deref(), &format!(" -> {}", answer.status), self.scope);
        Ok(answer)
    }

    fn send(
        &self,
        request: &Request,
        address_check: Arc<dyn AddressCheck>,
    ) -> Result<RawResponse, Error> {
        let cancel = CancelHandle::new();
        let fire = cancel.clone();
        let _guard = self.scope.cancel.on_cancel(move || fire.cancel());
        let address_check = Some(address_check);
        let call = Call { cancel, address_check, ..Call::until(self.scope.deadline) };
        self.client.send_raw(request, &call)
    }

    /// Sends a request whose answer may be the only key to the user's account: nothing cuts it.
    fn exchange(
        &self,
        mut request: Request,
        address_check: Arc<dyn AddressCheck>,
        refresh: Refresh,
    ) -> Result<Result<RawResponse, Error>, HostError> {
        let limit = request.max_body_bytes;
        request.max_body_bytes = limit.max(DEFAULT_MAX_BODY_BYTES);
        request.timeout = EXCHANGE_TIME;
        let client = Arc::clone(self.client);
        let go = move |deadline| {
            let call = Call { address_check: Some(address_check), ..Call::until(deadline) };
            let answer = client.send_raw(&request, &call)?;
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            Ok((answer, text))
        };
        let sent = self.credentials.exchange(refresh, self.scope, go, answered)?;
        Ok(sent.and_then(|(answer, _)| {
            let is_within = answer.body.len() <= limit;
            if is_within { Ok(answer) } else { Err(Error::BodyTooLarge { limit }) }
        }))
    }
}

/// Status and body.
fn answered(sent: &Result<(RawResponse, String), Error>) -> Option<(u16, &str)> {
    sent.as_ref().ok().map(|(answer, text)| (answer.status, text.as_str()))
}

/// The same request as those know it that look for credentials in it.
fn as_text(wanted: &FetchRequest) -> HttpRequest {
    let body = wanted.body.as_deref().filter(|body| !body.is_empty());
    HttpRequest {
        url: wanted.url.clone(),
        method: wanted.method.clone(),
        headers: wanted.headers.clone(),
        body: body.map(|body| String::from_utf8_lossy(body).into_owned()),
        timeout_ms: 0,
        ignore_tls: false,
    }
}

fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// Makes of a request what is sent to where its answer leads, as the standard for `fetch` has it.
fn change(wanted: &mut FetchRequest, status: u16, is_same_origin: bool) {
    let is_get = matches!(wanted.method.as_str(), "GET" | "HEAD");
    let becomes_get = match status {
        301 | 302 => wanted.method == "POST",
        303 => !is_get,
        _ => false,
    };
    if becomes_get {
        "GET".clone_into(&mut wanted.method);
        wanted.body = None;
        wanted.headers.retain(|(name, _)| !is_one_of(name, &BODY_HEADERS));
    }
    if !is_same_origin {
        wanted.headers.retain(|(name, _)| !is_one_of(name, &SECRET_HEADERS));
    }
    // It names the host that was asked first.
    wanted.headers.retain(|(name, _)| !is_one_of(name, &["host"]));
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn value(answer: RawResponse, target: &Target, is_redirected: bool) -> Value {
    let pair = |(name, value)| Value::List(vec![Value::Str(name), Value::Str(value)]);
    Value::from([
        ("url", Value::from(target.url())),
        ("status", Value::Int(answer.status.into())),
        ("statusText", Value::from(answer.reason)),
        ("headers", Value::List(answer.headers.into_iter().map(pair).collect())),
        ("body", Value::Bytes(answer.body)),
        ("redirected", Value::Bool(is_redirected)),
    ])
}
