//! What browsers are told a page may do.

use std::fmt::Write as _;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::Response;

use crate::app::App;
use crate::front::Visit;
use crate::names::page_host;
use crate::reply;
use crate::site::Surface;

const METHODS: &str = "GET, POST, PUT, PATCH, DELETE, OPTIONS";

/// The Origin of a request that was let in, which its answer must repeat.
pub(crate) struct Cors {
    origin: Option<HeaderValue>,
    asked: Option<HeaderValue>,
    is_preflight: bool,
}

impl Cors {
    pub(crate) fn of(request: &Request) -> Self {
        let header = |name: HeaderName| request.headers().get(name).cloned();
        Self {
            origin: header(header::ORIGIN),
            asked: header(header::ACCESS_CONTROL_REQUEST_HEADERS),
            is_preflight: request.method() == Method::OPTIONS,
        }
    }

    /// Lets the page that asked read the answer, and no other.
    pub(crate) fn apply(self, response: &mut Response) {
        let headers = response.headers_mut();
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        let Some(origin) = self.origin else {
            return;
        };
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.is_preflight {
            let any = HeaderValue::from_static("*");
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, self.asked.unwrap_or(any));
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS));
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        }
    }
}

/// What a plugin sends from a route on the main port is data: were it a page, it would share an
/// origin with everything else there.
pub(crate) fn defuse(visit: &Visit, headers: &mut HeaderMap) {
    if visit.surface == Surface::Main && visit.host.is_none() {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
    }
}

/// The headers of a plugin's page: it reaches its own origin and our ports on loopback.
///
/// Inline scripts are allowed, as bundlers write them and the page's author is who wrote the rest.
/// What no policy stops is a page that leads its own window elsewhere.
pub(crate) fn protect(visit: &Visit, plugin: &str, response: &mut Response) {
    let policy = page_policy(&visit.app, visit.surface, plugin);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    reply::set(response, header::CACHE_CONTROL, "no-cache");
    reply::set(response, header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    let more = [
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), usb=()"),
        ("x-dns-prefetch-control", "off"),
    ];
    for (name, value) in more {
        reply::set(response, HeaderName::from_static(name), value);
    }
}

fn page_policy(app: &App, surface: Surface, plugin: &str) -> String {
    let mut routes = String::new();
    let mut sockets = String::new();
    for (known, port) in &app.ports {
        for name in ["localhost", "127.0.0.1"] {
            let (list, scheme) = match known {
                Surface::SmartcarsBus => (&mut sockets, "ws"),
                Surface::Main if surface != Surface::Main => continue,
                _ => (&mut routes, "http"),
            };
            // Writing to a string does not fail.
            let _written = write!(list, " {scheme}://{name}:{port}");
        }
    }
    if let Some(port) = app.port(Surface::Main).filter(|_| surface == Surface::Main) {
        // Not every browser counts a WebSocket as 'self'.
        let _written = write!(sockets, " ws://{}:{port}", page_host(plugin));
    }
    [
        "default-src 'none'".to_owned(),
        "base-uri 'self'".to_owned(),
        format!("connect-src 'self'{routes}{sockets}"),
        "font-src 'self' data:".to_owned(),
        "form-action 'self'".to_owned(),
        "frame-ancestors 'self'".to_owned(),
        "frame-src 'self'".to_owned(),
        format!("img-src 'self' data: blob:{routes}"),
        "manifest-src 'self'".to_owned(),
        format!("media-src 'self' data: blob:{routes}"),
        "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'".to_owned(),
        "style-src 'self' 'unsafe-inline'".to_owned(),
        "webrtc 'block'".to_owned(),
        "worker-src 'self' blob:".to_owned(),
    ]
    .join("; ")
}
