//! Plugins' routes and the core endpoints.

use axum::body::{Body as HttpBody, Bytes, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use tokio::sync::oneshot;
use tokio::time::timeout;
use vario_background as background;
use vario_background::Body;

use crate::front::{Visit, Who};
use crate::policy::{Cors, defuse};
use crate::reply::Refusal;
use crate::site::{Caller, Route, Surface};
use crate::{files, reply};

/// Headers that concern one connection, and those that the server writes itself.
const OURS: &[&str] = &[
    "connection",
    "content-length",
    "cookie",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Hands a request on to whoever answers its path, if its sender may ask.
pub(crate) async fn answer(visit: Visit, request: Request) -> Response {
    let route = visit.app.site.route(visit.surface, request.uri().path());
    if !may(&visit, &route) {
        return reply::forbidden("origin_not_allowed");
    }
    let cors = Cors::of(&request);
    let mut response = match (&route, request.method()) {
        (Route::Nobody, _) => reply::not_found(),
        (_, &Method::OPTIONS) => reply::empty(StatusCode::NO_CONTENT),
        _ => ask(&visit, &route, request).await,
    };
    cors.apply(&mut response);
    response
}

fn may(visit: &Visit, route: &Route) -> bool {
    match (visit.surface, &visit.who) {
        (_, Who::Foreign) | (Surface::Main, Who::Loopback) => false,
        (Surface::Main, Who::Page(page)) => match route {
            Route::Plugin(owner) => owner == page,
            Route::Core | Route::Nobody => true,
        },
        (_, Who::Program | Who::Loopback | Who::Page(_)) => true,
    }
}

async fn ask(visit: &Visit, route: &Route, request: Request) -> Response {
    let owner = if let Route::Plugin(id) = route { id } else { "" };
    let Some(_lane) = visit.app.lanes.enter(owner) else {
        return reply::busy();
    };
    let method = request.method().clone();
    let headers = request.headers().clone();
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let body = match read_body(visit, request).await {
        Ok(body) => body,
        Err(refusal) => return *refusal,
    };
    let page = if let Who::Page(page) = &visit.who { Some(page.clone()) } else { None };
    let caller = Caller { surface: visit.surface, page };
    let asked = background::Request {
        method: method.to_string(),
        target,
        headers: pass_on(visit, &headers),
        body: body.to_vec(),
    };
    let (sender, receiver) = oneshot::channel();
    let respond = Box::new(move |response| {
        // Nobody waits any more if this fails.
        let _sent = sender.send(response);
    });
    visit.app.site.http(caller, asked, respond);
    match timeout(visit.app.limits.answer_time, receiver).await {
        Ok(Ok(response)) => finish(visit, &method, &headers, response).await,
        Ok(Err(_dropped)) => reply::error(StatusCode::BAD_GATEWAY, "the plugin has gone"),
        Err(_elapsed) => reply::error(StatusCode::GATEWAY_TIMEOUT, "the plugin does not answer"),
    }
}

/// Reads a request's body within the limits. From then on the connection counts as at work.
pub(crate) async fn read_body(visit: &Visit, request: Request) -> Result<Bytes, Refusal> {
    let limits = &visit.app.limits;
    let body = request.into_body();
    let most = limits.body_bytes;
    let refuse = |status, what| Err(Box::new(reply::last(status, what)));
    let too_large = || refuse(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large");
    if body.size_hint().lower() > u64::try_from(most).unwrap_or(u64::MAX) {
        return too_large();
    }
    match timeout(limits.body_time, collect(body, most)).await {
        Ok(Ok(Some(bytes))) => {
            visit.slot.busy();
            Ok(bytes)
        }
        Ok(Ok(None)) => too_large(),
        Ok(Err(_broken)) => refuse(StatusCode::BAD_REQUEST, "broken_body"),
        Err(_elapsed) => refuse(StatusCode::REQUEST_TIMEOUT, "body_too_slow"),
    }
}

/// The body, or nothing if it is longer than `most`.
async fn collect(mut body: HttpBody, most: usize) -> Result<Option<Bytes>, axum::Error> {
    let mut bytes = Vec::new();
    while let Some(frame) = next_frame(&mut body).await {
        let Ok(data) = frame?.into_data() else {
            continue;
        };
        if bytes.len() + data.len() > most {
            return Ok(None);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Some(bytes.into()))
}

async fn next_frame(body: &mut HttpBody) -> Option<Result<hyper::body::Frame<Bytes>, axum::Error>> {
    std::future::poll_fn(|context| std::pin::Pin::new(&mut *body).poll_frame(context)).await
}

/// What a plugin may see of the headers.
fn pass_on(visit: &Visit, headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = headers.iter().filter(|(name, _)| {
        let is_ours = OURS.contains(&name.as_str());
        // Our token is nothing for a plugin, if a program sends it along.
        let is_token = visit.has_token && **name == header::AUTHORIZATION;
        !is_ours && !is_token
    });
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    shown.map(|(name, value)| (name.to_string(), text(value))).collect()
}

async fn finish(
    visit: &Visit,
    method: &Method,
    asked: &HeaderMap,
    answer: background::Response,
) -> Response {
    // What is below 200 is no answer, and what HTTP does not know is none either.
    let status = StatusCode::from_u16(answer.status).ok().filter(|status| status.as_u16() >= 200);
    let Some(status) = status else {
        return reply::error(StatusCode::INTERNAL_SERVER_ERROR, "the plugin's status is no status");
    };
    let mut response = match answer.body {
        Body::Bytes(bytes) => {
            let mut response = Response::new(HttpBody::from(bytes));
            *response.status_mut() = status;
            response
        }
        Body::File(path) => files::send(path, status, method, asked).await,
    };
    let mut added: Vec<HeaderName> = Vec::new();
    for (name, value) in answer.headers {
        add_header(&mut response, &mut added, &name, &value);
    }
    defuse(visit, response.headers_mut());
    response
}

/// A plugin's header in place of what stands there; one that it writes twice stands twice.
fn add_header(response: &mut Response, added: &mut Vec<HeaderName>, name: &str, value: &str) {
    let Ok(name) = HeaderName::try_from(name) else {
        return;
    };
    let Ok(value) = HeaderValue::from_str(value) else {
        return;
    };
    // Who may read the answer was decided with the question.
    if OURS.contains(&name.as_str()) || name.as_str().starts_with("access-control-") {
        return;
    }
    if added.contains(&name) {
        response.headers_mut().append(name, value);
    } else {
        response.headers_mut().insert(name.clone(), value);
        added.push(name);
    }
}
