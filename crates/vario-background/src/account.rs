//! Who is signed in, as plugins see it, and requests in their name.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use serde_json::Value as Json;
use vario_host::{Call, Cancel, HostError, NoWitness, Scope};
use vario_manifest::Dialect;
use vario_permissions::{Access, Bases, Rights};
use vario_value::{LogLevel, Map, Value};

use crate::hub::Hub;
use crate::parts::{Account, AccountKind};
use crate::refused;
use crate::session::Session;

/// Whose account a plugin of this family sees.
pub(crate) fn kind(dialect: Dialect) -> AccountKind {
    match dialect {
        Dialect::Smartcars => AccountKind::Smartcars,
        _ => AccountKind::Stratos,
    }
}

fn of(session: &Session) -> Option<Account> {
    session.parts.accounts.current(kind(session.plugin.dialect))
}

/// The account's document as a plugin gets it; null when nobody is signed in. Without the right to
/// the tokens they are empty, as they are where there are none.
pub(crate) fn current(session: &Session) -> Value {
    let Some(account) = of(session) else { return Value::Null };
    let mut document = account.document;
    if session.plugin.dialect == Dialect::Smartcars {
        if !may_know_tokens(session) {
            clear_tokens(&mut document);
        }
        // Each plugin has a folder of its own (smartCARS reference, section 4).
        let folder = session.parts.data_dir(session.id());
        document.insert("storagePath".to_owned(), Json::from(folder.to_string_lossy().as_ref()));
    }
    Value::from_json(&Json::Object(document))
}

/// Where an identity holds tokens.
const TOKENS: [(&str, &str); 2] = [("tfdi_design_user", "token"), ("va_user", "session")];

/// Leaves them empty, as they are where there are none.
pub(crate) fn clear_tokens(document: &mut serde_json::Map<String, Json>) {
    for (part, key) in TOKENS {
        if let Some(token) = document.get_mut(part).and_then(|part| part.get_mut(key)) {
            *token = Json::from("");
        }
    }
}

pub(crate) fn may_know_tokens(session: &Session) -> bool {
    refused::check(session, "account.token", &Access::Account).is_ok()
}

/// The airline's token; nothing without the right to it, as where there is none.
pub(crate) fn token(session: &Session) -> Option<String> {
    of(session)?.token.filter(|_| may_know_tokens(session))
}

/// Refreshes that are shared by whoever needs one at the same time.
#[derive(Default)]
pub(crate) struct Refreshing {
    /// How many have ended. Whoever waits for its turn shares what the one before came to.
    ended: AtomicU64,
    /// The refresh token that was refused last: it is not tried again.
    refused: Mutex<Option<String>>,
}

/// A request to the airline (Stratos reference, section 4, rules 1 to 4): the base address and the
/// token of this moment, and after a 401 one refresh and one repetition.
pub(crate) fn fetch(
    hub: &Arc<Hub>,
    session: &Session,
    request: &Value,
) -> Result<Value, HostError> {
    let account =
        of(session).ok_or_else(|| HostError::failed("nobody is signed in to an airline"))?;
    let (request, is_ours) = prepared(&account, request)?;
    let before = hub.refreshing.ended.load(Ordering::Acquire);
    let answer = send(session, &request, is_ours.then_some(&account))?;
    let was_sent_a_token = is_ours && account.token.is_some() && is_from(&account, &answer);
    if !is_unauthorized(&answer) || !was_sent_a_token {
        return Ok(answer);
    }
    match refreshed(hub, session, &account, before) {
        Some(renewed) => send(session, &request, Some(&renewed)),
        None => Ok(answer),
    }
}

fn is_unauthorized(answer: &Value) -> bool {
    answer.get("status").and_then(Value::as_f64) == Some(401.0)
}

/// Whether the airline itself answered: who was asked because of a redirect got no token.
fn is_from(account: &Account, answer: &Value) -> bool {
    let base = account.document.get("baseUrl").and_then(Json::as_str).unwrap_or_default();
    let url = answer.get("url").and_then(Value::as_str);
    url.is_none_or(|url| origin(url) == origin(base))
}

/// The request with its whole address, and whether that is the airline's: no other gets the token.
fn prepared(account: &Account, request: &Value) -> Result<(Map, bool), HostError> {
    let base = account.document.get("baseUrl").and_then(Json::as_str).unwrap_or_default();
    let given = request.get("url").and_then(Value::as_str).unwrap_or_default();
    let is_absolute = given.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let url = if is_absolute {
        given.to_owned()
    } else if base.is_empty() {
        return Err(HostError::failed("the airline has no base address"));
    } else if given.is_empty() {
        base.to_owned()
    } else {
        format!("{}/{}", base.trim_end_matches('/'), given.trim_start_matches('/'))
    };
    let is_ours = origin(&url).is_some() && origin(&url) == origin(base);
    let mut request = request.as_map().cloned().unwrap_or_default();
    request.insert("url".to_owned(), url.into());
    Ok((request, is_ours))
}

/// Scheme, host and port, in small letters.
fn origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest[..end].rsplit('@').next()?.to_ascii_lowercase();
    let scheme = scheme.to_ascii_lowercase();
    let default = if scheme == "https" { ":443" } else { ":80" };
    Some(format!("{scheme}://{}", authority.strip_suffix(default).unwrap_or(&authority)))
}

fn send(session: &Session, request: &Map, account: Option<&Account>) -> Result<Value, HostError> {
    let mut request = request.clone();
    if let Some(token) = account.and_then(|account| account.token.as_deref()) {
        set_header(&mut request, "authorization", &format!("Bearer {token}"));
    }
    http(session, &session.scope(), request)
}

fn http(session: &Session, scope: &Scope, request: Map) -> Result<Value, HostError> {
    let call =
        Call { id: session.number(), name: "http.fetch".into(), args: vec![Value::Map(request)] };
    session.parts.host.call(&call, scope)
}

/// Sets a header in either form headers may have, in place of one of that name.
fn set_header(request: &mut Map, name: &str, value: &str) {
    let mut pairs = Vec::new();
    match request.get("headers") {
        Some(Value::List(list)) => pairs.clone_from(list),
        Some(Value::Map(map)) => pairs.extend(
            map.iter().map(|(name, value)| Value::List(vec![name.as_str().into(), value.clone()])),
        ),
        _ => {}
    }
    pairs.retain(|pair| {
        let known = pair.as_list().and_then(|pair| pair.first()?.as_str());
        !known.is_some_and(|known| known.eq_ignore_ascii_case(name))
    });
    pairs.push(Value::List(vec![name.into(), value.into()]));
    request.insert("headers".to_owned(), Value::List(pairs));
}

/// The account with a new token; nothing when there is no way to one. `before` is how many
/// refreshes had ended when the request was sent.
fn refreshed(hub: &Hub, session: &Session, used: &Account, before: u64) -> Option<Account> {
    // Held during the refresh: whoever else got a 401 waits here and shares the outcome.
    let mut refused = hub.refreshing.refused.lock();
    let kind = kind(session.plugin.dialect);
    let now = session.parts.accounts.current(kind)?;
    // Another one was bound meanwhile, and its token is not for this airline.
    if now.name != used.name || now.document.get("baseUrl") != used.document.get("baseUrl") {
        return None;
    }
    if now.token.is_some() && now.token != used.token {
        return Some(now);
    }
    let refresh_token = now.refresh_token.clone()?;
    let url = now.refresh_url.clone()?;
    let was_tried = hub.refreshing.ended.load(Ordering::Acquire) != before;
    if was_tried || refused.as_ref() == Some(&refresh_token) {
        return None;
    }
    let asked = ask_for_token(session, &url, &refresh_token);
    hub.refreshing.ended.fetch_add(1, Ordering::Release);
    let (token, rotated) = match asked {
        Ok(tokens) => tokens,
        Err(refusal) => {
            session.note(LogLevel::Warn, refusal.words());
            if refusal == NoToken::Refused {
                *refused = Some(refresh_token);
            }
            return None;
        }
    };
    let kept = session.parts.accounts.renew(kind, &now.name, &token, rotated.as_deref());
    if let Err(words) = kept {
        session.note(LogLevel::Warn, &format!("the new token is not kept: {words}"));
    }
    Some(Account { token: Some(token), refresh_token: rotated.or(Some(refresh_token)), ..now })
}

/// Why there is no new token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NoToken {
    /// The airline said no; it would again.
    Refused,
    /// It could not be asked, or did not answer the question; later it may.
    Unanswered,
}

impl NoToken {
    fn words(self) -> &'static str {
        match self {
            Self::Refused => "the airline refuses to renew the sign-in: sign in again",
            Self::Unanswered => "the sign-in could not be renewed: the airline gave no new token",
        }
    }
}

/// RFC 6749, section 6, for a public client: no secret is sent.
fn ask_for_token(
    session: &Session,
    url: &str,
    refresh_token: &str,
) -> Result<(String, Option<String>), NoToken> {
    let form = format!("grant_type=refresh_token&refresh_token={}", encode(refresh_token));
    let header = |name: &str, value: &str| Value::List(vec![name.into(), value.into()]);
    let headers = vec![
        header("content-type", "application/x-www-form-urlencoded"),
        header("accept", "application/json"),
    ];
    let request = Map::from_iter([
        ("url".to_owned(), Value::from(url)),
        ("method".to_owned(), "POST".into()),
        ("headers".to_owned(), Value::List(headers)),
        ("body".to_owned(), form.into()),
        ("redirect".to_owned(), "error".into()),
    ]);
    // The address is the user's own setting; the plugin never sees this exchange, and its end
    // does not cut it: the answer may hold the only refresh token that is still good.
    let scope = Scope {
        rights: Arc::new(Rights::all(Bases::default())),
        witness: Arc::new(NoWitness),
        cancel: Cancel::new(),
        ..session.scope()
    };
    let answer = http(session, &scope, request).map_err(|_no_answer| NoToken::Unanswered)?;
    match answer.get("status").and_then(Value::as_f64) {
        Some(200.0) => {}
        // RFC 6749, section 5.2.
        Some(400.0 | 401.0 | 403.0) => return Err(NoToken::Refused),
        _ => return Err(NoToken::Unanswered),
    }
    tokens(&answer).ok_or(NoToken::Unanswered)
}

/// RFC 6749, section 5.1: the token, and the refresh token if that is another now.
fn tokens(answer: &Value) -> Option<(String, Option<String>)> {
    let body = match answer.get("body") {
        Some(Value::Bytes(bytes)) => serde_json::from_slice::<Json>(bytes).ok()?,
        Some(Value::Str(text)) => serde_json::from_str(text).ok()?,
        _ => return None,
    };
    let text = |key: &str| {
        body.get(key).and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    Some((text("access_token")?, text("refresh_token")))
}

/// As `application/x-www-form-urlencoded` has it.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _a_string_takes_everything = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        let document = serde_json::json!({ "baseUrl": "https://va.example/api/" });
        let Json::Object(document) = document else { unreachable!() };
        Account {
            name: "a".to_owned(),
            document,
            token: Some("t".to_owned()),
            refresh_token: None,
            refresh_url: None,
        }
    }

    #[test]
    fn only_the_airline_itself_gets_the_token() {
        for (given, whole, ours) in [
            ("/pireps", "https://va.example/api/pireps", true),
            ("pireps?x=1", "https://va.example/api/pireps?x=1", true),
            ("", "https://va.example/api/", true),
            ("https://VA.example:443/other", "https://VA.example:443/other", true),
            ("https://va.example.evil/api", "https://va.example.evil/api", false),
            ("https://va.example@evil/api", "https://va.example@evil/api", false),
            ("http://va.example/api", "http://va.example/api", false),
            ("https://evil/?u=https://va.example", "https://evil/?u=https://va.example", false),
        ] {
            let request = Value::from([("url", Value::from(given))]);
            let (request, is_ours) = prepared(&account(), &request).unwrap();
            assert_eq!(request.get("url").and_then(Value::as_str), Some(whole));
            assert_eq!(is_ours, ours, "{given}");
        }
    }
}
