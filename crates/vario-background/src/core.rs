//! The endpoints that smartCARS itself answers (its reference, section 5), and what Stratos's shell
//! does (its reference, section 5).

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use vario_manifest::{Dialect, Plugin};
use vario_value::LogLevel;

use crate::account;
use crate::http::{FROM, Request, Respond, Response};
use crate::hub::Hub;
use crate::parts::AccountKind;
use crate::router::not_found;
use crate::routes::decode;

/// Whether a path is one of those that the host answers by itself.
pub fn is_core(path: &str) -> bool {
    const CORE: [&str; 9] = [
        "config",
        "identity",
        "log",
        "navigate",
        "notify",
        "play-sound",
        "plugins/installed",
        "settings",
        "stop-sound",
    ];
    let Some(rest) = path.strip_prefix("/api/") else { return false };
    let Some(rest) = decode(rest) else { return false };
    CORE.contains(&rest.as_str())
        || rest.starts_with("settings/")
        || rest.starts_with("plugins-config/")
}

/// Whether what the host answers there holds secrets: who is signed in, and what was set. Decoded
/// as the answer's own choice is: another spelling of a path is no way around.
pub fn holds_secrets(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("/api/") else { return false };
    let first = rest.split('/').next().and_then(decode);
    first.is_some_and(|first| ["identity", "plugins-config", "settings"].contains(&first.as_str()))
}

/// Ids that would be taken for somebody else: paths of the host's own, and sources of events.
pub(crate) const RESERVED: [&str; 16] = [
    "api",
    "config",
    "core",
    "external",
    "identity",
    "log",
    "metrics",
    "navigate",
    "notify",
    "play-sound",
    "plugins",
    "plugins-config",
    "settings",
    "socket.io",
    "stop-sound",
    "v1",
];

/// Answers what is not a plugin's; gives the taker back otherwise.
pub(crate) fn answer(
    hub: &Arc<Hub>,
    request: &Request,
    segments: &[&str],
    respond: Respond,
) -> Result<(), Respond> {
    let response = match (request.method.as_str(), segments) {
        ("GET" | "HEAD", ["config"]) => config(hub),
        ("GET" | "HEAD", ["identity"]) => identity(hub, request.header(FROM)),
        ("GET" | "HEAD", ["settings"]) => all_settings(hub),
        ("GET" | "HEAD", ["settings", id] | ["plugins-config", id, "airline"]) => {
            settings(hub, id, request.header(FROM))
        }
        ("GET" | "HEAD", ["plugins", "installed"]) => Response::json(200, &hub.installed_json()),
        ("POST", ["log"]) => log(hub, request),
        ("POST", ["navigate"]) => told(hub, request, "core.navigate", Some("pluginID")),
        ("POST", ["play-sound"]) => told(hub, request, "core.play-sound", Some("url")),
        ("POST", ["stop-sound"]) => told(hub, request, "core.stop-sound", None),
        ("POST", ["notify"]) => told(hub, request, "core.notify", Some("message")),
        _ => return Err(respond),
    };
    respond(response);
    Ok(())
}

fn config(hub: &Hub) -> Response {
    let mut answer = json!({ "config": hub.parts.core_config });
    if let Some(Json::Object(data)) = hub.parts.core_config.get("data") {
        answer["data"] = Json::Object(data.clone());
    }
    Response::json(200, &answer)
}

/// The identity without `storagePath`, which is one plugin's. A plugin that may not know the tokens
/// does not learn them here either: that is known of one that runs.
fn identity(hub: &Hub, asker: Option<&str>) -> Response {
    let Some(account) = hub.parts.accounts.current(AccountKind::Smartcars) else {
        return not_found("nobody is signed in");
    };
    let mut document = account.document;
    document.remove("storagePath");
    let may_know_tokens = asker
        .is_none_or(|id| hub.session(id).is_some_and(|session| account::may_know_tokens(&session)));
    if !may_know_tokens {
        account::clear_tokens(&mut document);
    }
    Response::json(200, &Json::Object(document))
}

/// Secrets are for the plugin itself only.
fn settings(hub: &Hub, id: &str, asker: Option<&str>) -> Response {
    match hub.installed().iter().find(|plugin| plugin.id == id) {
        Some(plugin) if asker == Some(id) => {
            Response::json(200, &Json::Object(hub.parts.settings.effective(plugin)))
        }
        Some(plugin) => Response::json(200, &Json::Object(without_secrets(hub, plugin))),
        None => not_found(&format!("there is no plugin `{id}`")),
    }
}

fn without_secrets(hub: &Hub, plugin: &Plugin) -> Map<String, Json> {
    let mut values = hub.parts.settings.effective(plugin);
    for setting in plugin.settings.iter().filter(|setting| setting.kind.is_secret()) {
        values.remove(&setting.key);
    }
    values
}

fn all_settings(hub: &Hub) -> Response {
    let mut all = Map::new();
    let core = hub.parts.core_config.get("settings").cloned();
    all.insert("core".to_owned(), core.unwrap_or_else(|| json!({})));
    for plugin in hub.installed() {
        if plugin.dialect == Dialect::Smartcars {
            all.insert(plugin.id.clone(), Json::Object(without_secrets(hub, &plugin)));
        }
    }
    Response::json(200, &Json::Object(all))
}

fn body(request: &Request) -> Result<Map<String, Json>, Response> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_slice(&request.body) {
        Ok(Json::Object(body)) => Ok(body),
        _ => Err(Response::error(400, "the body is no JSON object")),
    }
}

/// `{message, level}` for the host's log. Who says it is not known.
fn log(hub: &Hub, request: &Request) -> Response {
    let body = match body(request) {
        Ok(body) => body,
        Err(response) => return response,
    };
    let text = |key: &str| body.get(key).and_then(Json::as_str);
    let Some(message) = text("message") else {
        return Response::error(400, "`message` is missing");
    };
    let level = match text("level") {
        Some("error") => LogLevel::Error,
        Some("warn") => LogLevel::Warn,
        _ => LogLevel::Info,
    };
    let from = request.header(FROM).unwrap_or("smartcars");
    if hub.parts.log.wants(level) {
        hub.parts.log.write(vario_host::LogEntry {
            plugin_id: from.to_owned(),
            level,
            origin: vario_host::LogOrigin::Plugin,
            message: vario_host::redact::log_text(message).into_owned(),
        });
    }
    Response::json(200, &json!({}))
}

/// What only a front can do: it hears of it on the bus.
fn told(hub: &Hub, request: &Request, event: &str, needs: Option<&str>) -> Response {
    let body = match body(request) {
        Ok(body) => body,
        Err(response) => return response,
    };
    if let Some(key) = needs
        && !body.get(key).is_some_and(Json::is_string)
    {
        return Response::error(400, &format!("`{key}` is missing"));
    }
    hub.emit(event, Json::Object(body));
    Response::json(200, &json!({}))
}
