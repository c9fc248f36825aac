//! Small answers that the server gives itself.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response as Http, StatusCode, header};
use axum::response::Response;
use serde_json::{Value as Json, json};

/// An answer in place of what was asked; boxed, because it is large and rare.
pub(crate) type Refusal = Box<Response>;

const JSON: &str = "application/json; charset=utf-8";

/// No body.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Http::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// A text of this type.
pub(crate) fn text(status: StatusCode, kind: &'static str, text: String) -> Response {
    let mut response = Http::new(Body::from(text));
    *response.status_mut() = status;
    set(&mut response, header::CONTENT_TYPE, kind);
    set(&mut response, header::CACHE_CONTROL, "no-store");
    // No page may load it as a script or an image either.
    set(&mut response, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    response
}

/// JSON.
pub(crate) fn json(status: StatusCode, value: &Json) -> Response {
    text(status, JSON, value.to_string())
}

/// `{"error": what}`.
pub(crate) fn error(status: StatusCode, what: &str) -> Response {
    json(status, &json!({ "error": what }))
}

/// `{"error": what}`, and the connection ends.
pub(crate) fn last(status: StatusCode, what: &str) -> Response {
    let mut response = error(status, what);
    set(&mut response, header::CONNECTION, "close");
    response
}

/// 404.
pub(crate) fn not_found() -> Response {
    error(StatusCode::NOT_FOUND, "not_found")
}

/// 403 with its reason.
pub(crate) fn forbidden(what: &str) -> Response {
    error(StatusCode::FORBIDDEN, what)
}

/// 405 with what is allowed.
pub(crate) fn method_not_allowed(allowed: &'static str) -> Response {
    let mut response = error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed");
    set(&mut response, header::ALLOW, allowed);
    response
}

/// 503.
pub(crate) fn busy() -> Response {
    error(StatusCode::SERVICE_UNAVAILABLE, "server_busy")
}

/// 302.
pub(crate) fn redirect(to: &str) -> Response {
    let Ok(to) = HeaderValue::from_str(to) else {
        return not_found();
    };
    let mut response = empty(StatusCode::FOUND);
    response.headers_mut().insert(header::LOCATION, to);
    response
}

/// Sets one header.
pub(crate) fn set(response: &mut Response, name: HeaderName, value: &'static str) {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
}
