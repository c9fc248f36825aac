//! Judges who sends a request, and hands it to what answers it.

use std::sync::Arc;

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Version, header};
use axum::response::Response;

use crate::app::App;
use crate::gate::{self, Host, Origin};
use crate::pool::Slot;
use crate::reply::Refusal;
use crate::site::{PluginInfo, Surface};
use crate::{bus, events, ipc, manage, pages, reply, routes, usage};

/// Who a request comes from, seen from where it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// A program, or a page's request to the origin it is from.
    Program,
    /// The page of this plugin.
    Page(String),
    /// A page on loopback that is no plugin's.
    Loopback,
    /// A page of the outside, or one that hides where it is.
    Foreign,
}

/// A request and everything that was found out about it.
pub(crate) struct Visit {
    pub(crate) app: Arc<App>,
    pub(crate) slot: Arc<Slot>,
    pub(crate) surface: Surface,
    /// The plugin whose host name was asked, on the main port.
    pub(crate) host: Option<PluginInfo>,
    pub(crate) who: Who,
    /// Whether the management token came with it.
    pub(crate) has_token: bool,
}

const METHODS: &[Method] = &[
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// Answers any request that hyper could read.
pub(crate) async fn answer(
    app: Arc<App>,
    surface: Surface,
    port: u16,
    slot: Arc<Slot>,
    request: Request,
) -> Response {
    // Such a body's length cannot be known by whoever looked at Content-Length alone, so nothing
    // that follows it on this connection is read (RFC 9112, section 6.1).
    let is_chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    let mut response = match judge(app, surface, port, slot, &request) {
        Ok(visit) => dispatch(visit, request).await,
        Err(refusal) => *refusal,
    };
    if is_chunked {
        reply::set(&mut response, header::CONNECTION, "close");
    }
    let nosniff = HeaderValue::from_static("nosniff");
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

fn judge(
    app: Arc<App>,
    surface: Surface,
    port: u16,
    slot: Arc<Slot>,
    request: &Request,
) -> Result<Visit, Refusal> {
    if !matches!(request.version(), Version::HTTP_10 | Version::HTTP_11) {
        let refusal = reply::last(StatusCode::HTTP_VERSION_NOT_SUPPORTED, "http_version");
        return Err(Box::new(refusal));
    }
    if !METHODS.contains(request.method()) || !request.uri().path().starts_with('/') {
        let allowed = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
        return Err(Box::new(reply::method_not_allowed(allowed)));
    }
    let wrong_host = || Box::new(reply::last(StatusCode::FORBIDDEN, "host_not_allowed"));
    let host = match gate::host(request.uri(), request.headers(), port).ok_or_else(wrong_host)? {
        Host::Loopback => None,
        Host::Page(name) if surface == Surface::Main => {
            Some(app.plugin_at(&name).ok_or_else(wrong_host)?)
        }
        Host::Page(_) => return Err(wrong_host()),
    };
    let who = who(&app, host.as_ref(), &gate::origin(request.headers()));
    let has_token = app.token.as_ref().is_some_and(|token| token.is_in(request.headers()));
    Ok(Visit { app, slot, surface, host, who, has_token })
}

fn who(app: &App, host: Option<&PluginInfo>, origin: &Origin) -> Who {
    match (origin, host) {
        // A page leaves its origin away when it loads from it.
        (Origin::Absent, Some(plugin)) => Who::Page(plugin.id.clone()),
        (Origin::Absent, None) => Who::Program,
        (Origin::Loopback, _) => Who::Loopback,
        (Origin::Foreign, _) => Who::Foreign,
        (Origin::Page(name, port), _) => match app.plugin_at(name) {
            Some(plugin) if Some(*port) == app.port(Surface::Main) => Who::Page(plugin.id),
            _ => Who::Foreign,
        },
    }
}

async fn dispatch(visit: Visit, request: Request) -> Response {
    match (visit.surface, visit.host.clone()) {
        (Surface::Main, None) => main(visit, request).await,
        (Surface::Main, Some(plugin)) => page_host(visit, plugin, request).await,
        (Surface::Smartcars, _) => smartcars(visit, request).await,
        (Surface::SmartcarsBus, _) => match request.uri().path() {
            "/" => bus::open(visit, request).await,
            _ => reply::not_found(),
        },
        (Surface::Stratos, _) => routes::answer(visit, request).await,
    }
}

async fn main(visit: Visit, request: Request) -> Response {
    let path = request.uri().path();
    match path {
        "/metrics" => usage::metrics(&visit, &request.into_parts().0).await,
        "/v1/events" => events::open(&visit, &request),
        "/v1/bus" => bus::open(visit, request).await,
        "/v1/manage" => manage::answer(visit, request).await,
        _ => match (usage::asked(path), pages::split(path)) {
            (Some(asked), _) => usage::answer(&visit, request.method(), asked).await,
            (None, Some((id, _))) => pages::to_own_origin(&visit, &request.into_parts().0, &id),
            (None, None) if path.starts_with("/v1/") => reply::not_found(),
            (None, None) => routes::answer(visit, request).await,
        },
    }
}

/// What the host name of a plugin's pages offers.
async fn page_host(visit: Visit, plugin: PluginInfo, request: Request) -> Response {
    // Its own page, or a program that says it is it.
    if visit.who != Who::Page(plugin.id.clone()) {
        return reply::forbidden("origin_not_allowed");
    }
    let path = request.uri().path();
    match path {
        "/" => reply::redirect(&format!("/plugins/{}/", plugin.id)),
        "/v1/bus" => bus::open(visit, request).await,
        "/v1/ipc" => ipc::open(visit, &plugin.id, request).await,
        _ => match pages::split(path) {
            Some((id, rest)) if id == plugin.id => {
                pages::answer(&visit, &plugin, rest.as_deref(), &request.into_parts().0).await
            }
            Some(_) => reply::not_found(),
            None if path.starts_with("/v1/") => reply::not_found(),
            None => routes::answer(visit, request).await,
        },
    }
}

/// smartCARS' own port, where all pages share one origin, as there.
async fn smartcars(visit: Visit, request: Request) -> Response {
    let Some((id, rest)) = pages::split(request.uri().path()) else {
        return routes::answer(visit, request).await;
    };
    if visit.who == Who::Foreign {
        return reply::forbidden("origin_not_allowed");
    }
    match visit.app.plugin(&id) {
        Some(plugin) => {
            pages::answer(&visit, &plugin, rest.as_deref(), &request.into_parts().0).await
        }
        None => reply::not_found(),
    }
}
