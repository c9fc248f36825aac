//! The probe API of the contract's section 6, and its numbers for Prometheus.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde_json::{Value as Json, json};
use vario_formats::{Exposition, exposition};
use vario_model::Snapshot;

use crate::front::{Visit, Who};
use crate::reply;
use crate::site::{Site, Usage};

/// What a path of the probe API asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// `/v1/usage`.
    All,
    /// `/v1/usage/ID`, as it stands there.
    One(String),
    /// Something longer, which is nothing.
    Nothing,
}

/// Reads a path: trailing slashes count for nothing, and nothing is decoded.
pub(crate) fn asked(path: &str) -> Option<Asked> {
    match path.trim_end_matches('/').strip_prefix("/v1/usage")? {
        "" => Some(Asked::All),
        rest => match rest.strip_prefix('/')? {
            id if id.contains('/') || id.is_empty() => Some(Asked::Nothing),
            id => Some(Asked::One(id.to_owned())),
        },
    }
}

/// A snapshot as the contract has it, without what we add.
pub(crate) fn shape(snapshot: &Snapshot) -> Json {
    json!({
        "providerId": snapshot.provider_id,
        "displayName": snapshot.display_name,
        "plan": snapshot.output.plan,
        "lines": snapshot.output.lines,
        "fetchedAt": snapshot.fetched_at,
    })
}

/// Answers the probe API.
pub(crate) async fn answer(visit: &Visit, method: &Method, asked: Asked) -> Response {
    let mut response = match (asked, method) {
        (Asked::Nothing, _) => reply::not_found(),
        (_, &Method::OPTIONS) => reply::empty(StatusCode::NO_CONTENT),
        (Asked::All, &Method::GET) => all(visit).await,
        (Asked::One(id), &Method::GET) => one(visit, id).await,
        _ => reply::method_not_allowed("GET, OPTIONS"),
    };
    if visit.app.cors_any {
        reply::set(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
    reply::set(&mut response, header::ACCESS_CONTROL_ALLOW_METHODS, "GET, OPTIONS");
    reply::set(&mut response, header::ACCESS_CONTROL_ALLOW_HEADERS, "Content-Type");
    response
}

async fn all(visit: &Visit) -> Response {
    match visit.app.ask(Site::usage).await {
        Ok(snapshots) => {
            reply::json(StatusCode::OK, &snapshots.iter().map(shape).collect::<Json>())
        }
        Err(response) => *response,
    }
}

async fn one(visit: &Visit, id: String) -> Response {
    match visit.app.ask(move |site| site.usage_of(&id)).await {
        Ok(Usage::Snapshot(snapshot)) => reply::json(StatusCode::OK, &shape(&snapshot)),
        Ok(Usage::Nothing) => reply::empty(StatusCode::NO_CONTENT),
        Ok(Usage::Unknown) => reply::error(StatusCode::NOT_FOUND, "provider_not_found"),
        Err(response) => *response,
    }
}

/// `/metrics`, for programs.
pub(crate) async fn metrics(visit: &Visit, head: &Parts) -> Response {
    if visit.who != Who::Program && !visit.has_token {
        return reply::forbidden("origin_not_allowed");
    }
    if !matches!(head.method, Method::GET | Method::HEAD) {
        return reply::method_not_allowed("GET, HEAD");
    }
    let format = wanted(&head.headers);
    match visit.app.ask(move |site| exposition(site.usage().iter(), format)).await {
        Ok(text) => reply::text(StatusCode::OK, format.content_type(), text),
        Err(response) => *response,
    }
}

/// OpenMetrics for whoever names it, as Prometheus itself does.
fn wanted(headers: &HeaderMap) -> Exposition {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let names_it = |value: &HeaderValue| {
        value.to_str().is_ok_and(|value| value.contains("application/openmetrics-text"))
    };
    if accepted.into_iter().any(names_it) {
        Exposition::Openmetrics
    } else {
        Exposition::Prometheus
    }
}
