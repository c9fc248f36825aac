//! A plugin's own connections to this host's ports, without a port: they stay in this process, so
//! that they work whether or not anything is served (references of smartCARS, section 5, and
//! Stratos, section 5).

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use vario_permissions::Access;
use vario_value::{LogLevel, Value};

use crate::answer::CallError;
use crate::bus::{Event, Keep};
use crate::http::{Body, FROM, Request, Response};
use crate::hub::Hub;
use crate::refused;
use crate::router;
use crate::session::{Failed, Session};

/// The ports that plugins have written into their code.
const HTTP_PORTS: [u16; 3] = [7172, 2066, 6736];
const BUS_PORT: u16 = 7173;

/// Host and port of an address, and what follows; nothing if it is none of this machine's.
fn local(url: &str) -> Option<(&str, u16, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, target) = rest.split_at(end);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (authority, if scheme == "https" || scheme == "wss" { 443 } else { 80 }),
    };
    let is_local =
        ["localhost", "127.0.0.1", "[::1]"].contains(&host.to_ascii_lowercase().as_str());
    is_local.then_some((scheme, port, target))
}

/// How many connections a plugin may have.
const MAX_SOCKETS: usize = 16;

/// Opens a connection to the bus.
pub(crate) fn open(hub: &Arc<Hub>, session: &Arc<Session>, url: &str) -> Result<u64, String> {
    if !matches!(local(url), Some(("ws", BUS_PORT, _))) {
        return Err(format!(
            "`{url}`: only the event bus at ws://localhost:{BUS_PORT} can be reached by WebSocket"
        ));
    }
    let number = session.number();
    let mut sockets = session.sockets.lock();
    if sockets.len() >= MAX_SOCKETS {
        return Err(format!("a plugin may have {MAX_SOCKETS} connections to the bus"));
    }
    sockets.insert(number);
    drop(sockets);
    // Queued before any event, so that the script hears of it first.
    let told = session.tell("socket", socket_event(number, "open", ("data", Value::Absent)));
    told.map_err(|error| error.to_string())?;
    let weak = Arc::downgrade(session);
    let feed = hub.bus.subscribe(move |event| {
        let Some(session) = weak.upgrade() else { return Keep::No };
        if is_own(&session, number, event) {
            return Keep::Yes;
        }
        let frame = frame(event).to_string();
        match session.tell("socket", socket_event(number, "message", ("data", frame.into()))) {
            Ok(()) => Keep::Yes,
            Err(_deaf_or_gone) => {
                session.note(LogLevel::Warn, "a connection to the bus was too slow and is closed");
                session.sockets.lock().remove(&number);
                tell_lost(&session, number);
                Keep::No
            }
        }
    });
    hub.keep_feed(session.id(), number, feed);
    Ok(number)
}

/// Whether an event was sent over this connection, which does not hear itself.
fn is_own(session: &Session, number: u64, event: &Event) -> bool {
    let speaking = session.speaking.lock();
    speaking.as_ref().is_some_and(|(socket, id)| *socket == number && *id == event.id)
}

/// Tells a plugin that a connection is closed, as soon as it takes anything again: it may want to
/// open it anew.
fn tell_lost(session: &Arc<Session>, number: u64) {
    const AGAIN: Duration = Duration::from_millis(500);
    let lost = socket_event(number, "close", ("code", Value::Int(LOST)));
    if matches!(session.tell("socket", lost), Err(CallError::Busy(_))) {
        let weak = Arc::downgrade(session);
        session.timers.at(Instant::now() + AGAIN, move || {
            if let Some(session) = weak.upgrade() {
                tell_lost(&session, number);
            }
        });
    }
}

/// The longest type of an event a client may publish, in bytes.
const MAX_KIND: usize = 256;

/// An event as it goes over the wire; the one place where its form is decided (smartCARS reference,
/// section 6).
pub fn frame(event: &Event) -> Json {
    json!({
        "type": event.kind,
        "source": event.source,
        "data": event.payload,
        "timestamp": event.timestamp_ms,
    })
}

/// What a client of the bus says: `{type, data}`; anything else is ignored.
pub fn read_frame(text: &str) -> Option<(String, Json)> {
    let Ok(Json::Object(mut frame)) = serde_json::from_str(text) else { return None };
    let Some(Json::String(kind)) = frame.remove("type") else { return None };
    let data = frame.remove("data").unwrap_or_default();
    (!kind.is_empty() && kind.len() <= MAX_KIND).then_some((kind, data))
}

pub(crate) fn send(hub: &Hub, session: &Session, number: u64, text: &str) -> Result<(), String> {
    if !session.sockets.lock().contains(&number) {
        return Err("the connection is closed".to_owned());
    }
    if let Some((kind, data)) = read_frame(text) {
        // What was granted when it was opened may have been taken back.
        let access = Access::Bus(kind.clone());
        if let Err(error) = refused::check(session, "socket.send", &access) {
            return Err(error.to_string());
        }
        let event = Arc::new(Event::new(&kind, session.id(), data, session.parts.now_ms()));
        *session.speaking.lock() = Some((number, event.id.clone()));
        hub.bus.send(&event);
        *session.speaking.lock() = None;
    }
    Ok(())
}

pub(crate) fn close(hub: &Hub, session: &Session, number: u64) {
    if session.sockets.lock().remove(&number) {
        hub.drop_feed(session.id(), number);
        let event = socket_event(number, "close", ("code", Value::Int(ENDED)));
        let _gone_too = session.tell("socket", event);
    }
}

/// Codes of a connection's end (RFC 6455, section 7.4.1): as wished, and lost.
const ENDED: i64 = 1000;
const LOST: i64 = 1006;

fn socket_event(number: u64, event: &str, more: (&str, Value)) -> Value {
    Value::from([("socket", Value::Int(number.cast_signed())), ("event", Value::from(event)), more])
}

/// Answers a request to one of our own ports in this process. What it gives starts that, and
/// answers the call of this number in the end.
pub(crate) fn own_request(
    hub: &Arc<Hub>,
    session: &Arc<Session>,
    request: Option<&Value>,
) -> Option<impl FnOnce(u64) + use<>> {
    let request = request?;
    let url = request.get("url")?.as_str()?.to_owned();
    let (scheme, port, target) = local(&url)?;
    if scheme != "http" || !HTTP_PORTS.contains(&port) {
        return None;
    }
    let target = target.split('#').next().unwrap_or_default();
    let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
    let text = |key| request.get(key).and_then(Value::as_str);
    let mut headers = vec![("host".to_owned(), format!("localhost:{port}"))];
    for pair in request.get("headers").and_then(Value::as_list).unwrap_or_default() {
        if let Some([Value::Str(name), Value::Str(value)]) = pair.as_list() {
            headers.push((name.to_ascii_lowercase(), value.clone()));
        }
    }
    headers.retain(|(name, _)| name != FROM);
    headers.push((FROM.to_owned(), session.id().to_owned()));
    let body = match request.get("body") {
        Some(Value::Str(text)) => text.clone().into_bytes(),
        Some(Value::Bytes(bytes)) => bytes.clone(),
        _ => Vec::new(),
    };
    let method = text("method").unwrap_or("GET").to_ascii_uppercase();
    let asked = Request { method, target, headers, body };
    let (hub, session) = (Arc::clone(hub), Arc::clone(session));
    Some(move |seq| {
        // A plugin's own routes and settings are its own; those of others are a right to ask for.
        let owner = router::owner(&hub, asked.path());
        if owner.as_deref() != Some(session.id()) && !is_own_settings(&session, asked.path()) {
            let host = vario_permissions::Host::parse("localhost").ok();
            let access = host.map(|host| Access::Net { host, port });
            let allowed = access.map(|access| refused::check(&session, "http.fetch", &access));
            if let Some(Err(error)) = allowed {
                return session.answer_call(seq, Err(Failed::new(error.to_string())));
            }
        }
        let own = Arc::clone(&session);
        let respond = move |response: Response| own.answer_call(seq, Ok(fetched(&url, response)));
        router::answer(&hub, &asked, Box::new(respond));
    })
}

/// What every smartCARS plugin asks of its host: its own settings, its log.
fn is_own_settings(session: &Session, path: &str) -> bool {
    path == "/api/log" || path.strip_prefix("/api/settings/") == Some(session.id())
}

/// A response as `http.fetch` gives it.
fn fetched(url: &str, response: Response) -> Value {
    let headers = response
        .headers
        .iter()
        .map(|(name, value)| Value::List(vec![name.as_str().into(), value.as_str().into()]));
    let body = match response.body {
        Body::Bytes(bytes) => bytes,
        // The file is the answering plugin's own to send, and of a bounded size when it is read.
        Body::File(path) => read_bounded(&path),
    };
    Value::from([
        ("url", Value::from(url)),
        ("status", Value::Int(i64::from(response.status))),
        ("statusText", "".into()),
        ("headers", Value::List(headers.collect())),
        ("body", Value::Bytes(body)),
        ("redirected", Value::Bool(false)),
    ])
}

fn read_bounded(path: &std::path::Path) -> Vec<u8> {
    use std::io::Read;

    const MAX_FILE: u64 = 16 << 20;
    let mut bytes = Vec::new();
    if let Ok(file) = std::fs::File::open(path) {
        let _as_far_as_it_goes = file.take(MAX_FILE).read_to_end(&mut bytes);
    }
    bytes
}
