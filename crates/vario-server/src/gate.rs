//! Reads Host and Origin. Pure functions of headers; `front` decides what follows.

use axum::http::{HeaderMap, HeaderName, Uri, header};

/// The name a request was sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Host {
    /// `localhost`, `127.0.0.1` or `[::1]`.
    Loopback,
    /// `NAME.localhost`, in small letters.
    Page(String),
}

/// The page a request was sent from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// None: a program, or a page's request to its own origin.
    Absent,
    /// A page on `localhost`, `127.0.0.1` or `[::1]`, any port.
    Loopback,
    /// A page on `NAME.localhost`, with its port.
    Page(String, u16),
    /// Any other page, or one that hides where it is.
    Foreign,
}

/// The host a request names for a server on `port`: exactly one Host, no other name in the URI.
pub(crate) fn host(uri: &Uri, headers: &HeaderMap, port: u16) -> Option<Host> {
    let value = only(headers, &header::HOST).ok()??;
    if uri.authority().is_some_and(|authority| authority.as_str() != value) {
        return None;
    }
    let (name, named) = split_port(value)?;
    (named.unwrap_or(80) == port).then(|| host_name(name)).flatten()
}

/// The page a request was sent from.
///
/// Browsers leave Origin away when a page merely loads something (an image, a frame, a link), so a
/// request that says it crosses sites is judged by its Referer, which a page can hide but not
/// forge.
pub(crate) fn origin(headers: &HeaderMap) -> Origin {
    match only(headers, &header::ORIGIN) {
        Err(Ambiguous) => Origin::Foreign,
        Ok(Some(text)) => parse_origin(text),
        Ok(None) if crosses(headers) => match only(headers, &header::REFERER) {
            Ok(Some(text)) => parse_origin(&without_path(text)),
            _ => Origin::Foreign,
        },
        Ok(None) => Origin::Absent,
    }
}

/// Whether a browser says that another origin made it send this.
fn crosses(headers: &HeaderMap) -> bool {
    let name = HeaderName::from_static("sec-fetch-site");
    headers.get_all(name).iter().any(|value| !matches!(value.as_bytes(), b"same-origin" | b"none"))
}

/// A header that stands twice, or is no text.
struct Ambiguous;

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Ambiguous> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_no_text| Ambiguous),
        (Some(_), Some(_)) => Err(Ambiguous),
    }
}

fn parse_origin(text: &str) -> Origin {
    let (rest, default, is_plain) = match text.split_once("://") {
        Some(("http", rest)) => (rest, 80, true),
        Some(("https", rest)) => (rest, 443, false),
        _ => return Origin::Foreign,
    };
    let Some((name, port)) = split_port(rest) else {
        return Origin::Foreign;
    };
    match host_name(name) {
        Some(Host::Loopback) => Origin::Loopback,
        Some(Host::Page(name)) if is_plain => Origin::Page(name, port.unwrap_or(default)),
        _ => Origin::Foreign,
    }
}

/// The origin at the start of an address.
fn without_path(address: &str) -> String {
    let start = address.find("://").map_or(0, |at| at + 3);
    let end = address[start..].find(['/', '?', '#']).map_or(address.len(), |at| start + at);
    address[..end].to_owned()
}

fn host_name(name: &str) -> Option<Host> {
    let name = name.to_ascii_lowercase();
    if matches!(name.as_str(), "localhost" | "127.0.0.1" | "[::1]") {
        return Some(Host::Loopback);
    }
    let page = name.strip_suffix(".localhost")?;
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    (!page.is_empty() && page.bytes().all(allowed)).then_some(Host::Page(name))
}

/// Name and port; nothing if the port is no plain number.
fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let after_bracket = text.rfind(']').map_or(0, |at| at + 1);
    match text[after_bracket..].find(':') {
        None => Some((text, None)),
        Some(at) => {
            let (name, port) = text.split_at(after_bracket + at);
            let port = &port[1..];
            let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| port.parse().ok().map(|port| (name, Some(port)))).flatten()
        }
    }
}
