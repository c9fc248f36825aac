use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ureq::http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE,
    TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use crate::connect::NO_BODY;
use crate::{Error, Target};

/// What belongs to the connection, and not to whoever asks for a page: the framing of the body
/// above all, by which one request could be made to look like two.
const OURS: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The contract's time-out when a plugin gives none.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(10);

/// How large a response body may be, unless a configuration says otherwise: 8 MiB.
pub const DEFAULT_MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// What a plugin asks for (contract section 4.6), with the falsy values already replaced.
#[derive(Debug, Clone)]
pub struct Request {
    /// An absolute http or https URL. Credentials in it become an `authorization` header.
    pub url: String,
    /// Sent exactly as given: `get` is not `GET`.
    pub method: String,
    /// In order; of two names that differ only in case the last one counts. Those that belong to
    /// the connection are left out, and `host` can only name the URL's own.
    pub headers: Vec<(String, String)>,
    /// Sent as it is, with any method. `None` sends none.
    pub body: Option<Vec<u8>>,
    /// Bounds the whole call, from name resolution to the last byte of the body.
    pub timeout: Duration,
    /// Accept any server certificate.
    pub ignore_tls: bool,
    /// The largest body that is accepted, in bytes after decoding.
    pub max_body_bytes: usize,
}

impl Request {
    /// A `GET` of `url` with the contract's defaults.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            method: "GET".to_owned(),
            headers: Vec::new(),
            body: None,
            timeout: DEFAULT_TIMEOUT,
            ignore_tls: false,
            max_body_bytes: DEFAULT_MAX_BODY_BYTES,
        }
    }
}

impl Request {
    /// Whether it can be sent at all, as far as its headers, method and URL say.
    ///
    /// # Errors
    /// What sending it would fail with.
    pub fn check(&self) -> Result<(), Error> {
        Prepared::new(self).map(drop)
    }
}

/// A request that passed the checks, in the library's types.
pub(crate) struct Prepared {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) target: Target,
    /// Whether `headers` hold a length that must not be sent.
    pub(crate) hides_length: bool,
}

impl Prepared {
    /// Checks headers, method and URL, in the contract's order of errors.
    pub(crate) fn new(request: &Request) -> Result<Self, Error> {
        let mut headers = headers(&request.headers)?;
        for name in &OURS {
            headers.remove(name);
        }
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|e| Error::Method { method: request.method.clone(), cause: Box::new(e) })?;

        let Ok(mut url) = Url::parse(&request.url) else {
            return Err(Error::Builder { url: None });
        };
        let credentials = take_credentials(&mut url);
        let target = Target::new(url)?;
        if let Some(host) = headers.remove(HOST)
            && !target.is_host(host.as_bytes())
        {
            let cause = "only the host of the url can be named here".into();
            return Err(Error::HeaderValue { name: HOST.to_string(), cause });
        }
        if let Some(credentials) = credentials {
            headers.entry(AUTHORIZATION).or_insert(credentials);
        }
        let hides_length = request.body.is_none()
            && matches!(method, Method::POST | Method::PUT | Method::PATCH)
            && !headers.contains_key(CONTENT_LENGTH);
        if hides_length {
            let (name, value) = NO_BODY;
            headers.insert(name, value);
        }
        Ok(Self { method, headers, target, hides_length })
    }
}

fn headers(given: &[(String, String)]) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|e| Error::HeaderName { name: name.clone(), cause: Box::new(e) })?;
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|e| Error::HeaderValue { name: name.clone(), cause: Box::new(e) })?;
        headers
            .try_insert(header, value)
            .map_err(|e| Error::HeaderName { name: name.clone(), cause: Box::new(e) })?;
    }
    Ok(headers)
}

/// Moves `user:password@` out of the URL into the value of an `authorization` header.
fn take_credentials(url: &mut Url) -> Option<HeaderValue> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let mut pair = percent_decode(url.username());
    pair.push(b':');
    pair.extend(percent_decode(url.password().unwrap_or_default()));
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let mut value =
        HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(pair))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn percent_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).filter(|_| byte == b'%');
        // `from_str_radix` alone would take a sign.
        let hex = hex.filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()));
        if let Some(code) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            decoded.push(code);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    decoded
}
