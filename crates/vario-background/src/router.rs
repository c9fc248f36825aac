//! From a request to the plugin that answers it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use vario_dialects::Ready;
use vario_value::{LogLevel, Map, Value};

use crate::answer::{Answer, CallError, status_code};
use crate::core;
use crate::http::{Body, Request, Respond, Response};
use crate::hub::Hub;
use crate::routes::{decode, is_below};
use crate::session::Session;

/// The largest body a plugin is given, in bytes.
const MAX_BODY: usize = 1 << 20;

/// Answers a request, now or when the plugin has.
pub(crate) fn answer(hub: &Arc<Hub>, request: &Request, respond: Respond) {
    if request.method == "OPTIONS" {
        return respond(with_cors(Response::empty(204)));
    }
    if request.body.len() > MAX_BODY {
        return respond(with_cors(Response::error(413, "the body is larger than 1 MiB")));
    }
    let respond: Respond = Box::new(move |response| respond(with_cors(response)));
    if !core::is_core(request.path())
        && let Some((prefix, owner)) = hub.mounted(request.path())
        && let Some(session) = hub.session(&owner)
    {
        return mounted(hub, &session, &prefix, request, respond);
    }
    let path = request.path().to_owned();
    let segments: Option<Vec<String>> =
        path.strip_prefix("/api/").and_then(|rest| rest.split('/').map(decode).collect());
    let Some(segments) = segments else { return respond(not_found("there is nothing here")) };
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match core::answer(hub, request, &segments, respond) {
        Ok(()) => {}
        Err(respond) => handler(hub, request, &segments, respond),
    }
}

fn handler(hub: &Arc<Hub>, request: &Request, segments: &[&str], respond: Respond) {
    let [id, name] = *segments else { return respond(not_found("there is nothing here")) };
    let Some(session) = hub.session(id) else {
        return respond(not_found(&format!("plugin `{id}` is not running")));
    };
    if !is_ready(hub, &session) {
        return respond(not_found(&format!("plugin `{id}` is not active yet")));
    }
    // A handler for GET answers HEAD, too; whoever serves it leaves the body out.
    let method = if request.method == "HEAD" { "GET" } else { &request.method };
    let found = session.routes.lock().handler(method, name).map(|handler| handler.name.clone());
    let Some(route) = found else {
        if method == "GET" && name == "openapi.json" {
            return respond(openapi(&session));
        }
        return respond(not_found(&format!("plugin `{id}` has no {method} route `{name}`")));
    };
    let params = Value::from([("pluginId", Value::from(id)), ("handlerName", name.into())]);
    let value = http_value(request, method, Some(&route), None, params);
    ask(&session, value, respond);
}

fn is_ready(hub: &Hub, session: &Session) -> bool {
    session.supervision.routes == Ready::Loaded || hub.is_active(session.id())
}

fn mounted(hub: &Hub, session: &Arc<Session>, prefix: &str, request: &Request, respond: Respond) {
    if !is_ready(hub, session) {
        return respond(not_found(&format!("plugin `{}` is not active yet", session.id())));
    }
    let value = http_value(request, &request.method, None, Some(prefix), Value::Map(Map::new()));
    ask(session, value, respond);
}

/// The description of its routes that a smartCARS plugin may bring (its reference, section 10).
fn openapi(session: &Session) -> Response {
    let Some(folder) = session.own_folder.as_deref() else {
        return not_found("this plugin brings no description of its routes");
    };
    let file = folder.join("background/openapi.json");
    match sendable(session, &file.to_string_lossy()) {
        Ok(path) => Response { status: 200, headers: Vec::new(), body: Body::File(path) },
        Err(response) => response,
    }
}

fn ask(session: &Arc<Session>, value: Value, respond: Respond) {
    let own = Arc::clone(session);
    let limit = session.supervision.request;
    let done = move |answer: Answer| respond(response(&own, answer));
    session.ask("http", value, Some(limit), Box::new(done));
}

fn http_value(
    request: &Request,
    method: &str,
    route: Option<&str>,
    prefix: Option<&str>,
    params: Value,
) -> Value {
    let text = |text: Option<&str>| text.map_or(Value::Absent, Value::from);
    let mut headers = Map::new();
    for (name, value) in &request.headers {
        match headers.get_mut(name) {
            // RFC 9110, section 5.3.
            Some(Value::Str(known)) => {
                known.push_str(if name == "cookie" { "; " } else { ", " });
                known.push_str(value);
            }
            _ => drop(headers.insert(name.clone(), value.as_str().into())),
        }
    }
    let body = &request.body;
    Value::from([
        ("method", Value::from(method)),
        ("route", text(route)),
        ("prefix", text(prefix)),
        ("url", request.target.as_str().into()),
        ("path", request.path().into()),
        ("query", text(request.query())),
        ("params", params),
        ("contentType", text(request.header("content-type"))),
        ("headers", Value::Map(headers)),
        ("body", if body.is_empty() { Value::Absent } else { Value::Bytes(body.clone()) }),
    ])
}

/// What a plugin answered as a response. Whatever it is, something valid comes out.
fn response(session: &Session, answer: Answer) -> Response {
    let value = match answer {
        Ok(value) => value,
        Err(error) => return failure(session, &error),
    };
    let status = value.get("status").and_then(Value::as_f64).and_then(status_code).unwrap_or(200);
    let headers = value.get("headers").and_then(Value::as_list).unwrap_or_default();
    let headers = headers.iter().filter_map(header).collect();
    if let Some(file) = value.get("file").and_then(Value::as_str) {
        return match sendable(session, file) {
            Ok(path) => Response { status, headers, body: Body::File(path) },
            Err(response) => response,
        };
    }
    let body = match value.get("body") {
        Some(Value::Str(text)) => text.clone().into_bytes(),
        Some(Value::Bytes(bytes)) => bytes.clone(),
        _ => Vec::new(),
    };
    Response { status, headers, body: Body::Bytes(body) }
}

/// A header a plugin may set: not those that say how the connection works, and no broken ones.
fn header(entry: &Value) -> Option<(String, String)> {
    const OURS: [&str; 6] =
        ["connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding"];
    let [name, value] = entry.as_list()? else { return None };
    let (name, value) = (name.as_str()?.to_ascii_lowercase(), value.as_str()?);
    let is_token = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
    let is_plain = value.bytes().all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f));
    (is_token && is_plain && !OURS.contains(&name.as_str())).then(|| (name, value.to_owned()))
}

fn failure(session: &Session, error: &CallError) -> Response {
    match error {
        CallError::Late(_) => Response::error(504, &error.to_string()),
        CallError::Busy(_) | CallError::Unloaded(_) => Response::error(503, &error.to_string()),
        CallError::NoHandler(words) => not_found(words),
        CallError::Thrown { message, status, stack } => {
            let stack = stack.as_deref().map_or_else(String::new, |stack| format!("\n{stack}"));
            session.note(LogLevel::Error, &format!("a route failed: {message}{stack}"));
            Response::error(status.unwrap_or(500), message)
        }
        CallError::NotRunning(_) => not_found(&error.to_string()),
    }
}

/// A file that a plugin may send: one of its own folder or of its data directory, wherever its
/// links lead.
fn sendable(session: &Session, file: &str) -> Result<PathBuf, Response> {
    let missing = || not_found("the file does not exist");
    let real = std::fs::canonicalize(file).map_err(|_gone| missing())?;
    let allowed = [session.own_folder.clone(), Some(session.parts.data_dir(session.id()))];
    let is_own = allowed.into_iter().flatten().any(|folder| is_inside(&real, &folder));
    if !is_own {
        session.note(LogLevel::Warn, &format!("`{file}` is not its own to send"));
        return Err(Response::error(403, "the file is not the plugin's own"));
    }
    if real.is_file() { Ok(real) } else { Err(missing()) }
}

fn is_inside(path: &Path, folder: &Path) -> bool {
    std::fs::canonicalize(folder).is_ok_and(|folder| path.starts_with(folder))
}

pub(crate) fn not_found(words: &str) -> Response {
    Response::error(404, words)
}

/// What a plugin's own pages need (smartCARS reference, section 5; Stratos reference, section 5).
/// Who may ask at all is decided by whoever serves this.
fn with_cors(mut response: Response) -> Response {
    const CORS: [(&str, &str); 3] = [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET,POST,PUT,PATCH,DELETE,OPTIONS"),
        ("access-control-allow-headers", "*"),
    ];
    for (name, value) in CORS {
        if !response.headers.iter().any(|(known, _)| known == name) {
            response.headers.push((name.to_owned(), value.to_owned()));
        }
    }
    response
}

/// The plugin whose pages or routes a path belongs to, if it is one's at all.
pub(crate) fn owner(hub: &Hub, path: &str) -> Option<String> {
    // Whatever a plugin calls itself or mounts.
    if core::is_core(path) {
        return None;
    }
    if let Some((_, owner)) = hub.mounted(path) {
        return Some(owner);
    }
    let id = path.strip_prefix("/api/")?.split('/').next().and_then(decode)?;
    let known = hub.installed().iter().any(|plugin| plugin.id == id);
    (known && !is_below(path, "/api/settings")).then_some(id)
}
