use std::io::Read;

use indexmap::IndexMap;
use ureq::Body;
use ureq::http::{HeaderMap, HeaderName, HeaderValue};

use crate::{Cause, Error, charset};

/// Any answer of a server: a 404 and a 302 are responses like a 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// By lower-case name; of a repeated header the last value.
    pub headers: IndexMap<String, String>,
    /// The body as text.
    pub body: String,
    /// The size of the body in bytes, before it became text.
    pub bytes_received: u64,
}

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawResponse {
    /// The status code.
    pub status: u16,
    /// What that code is usually called; empty for one that has no name.
    pub reason: &'static str,
    /// By lower-case name, repeated ones too. A byte of a value that is no ASCII became the
    /// character of that number.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl RawResponse {
    /// The last value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().rev().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl From<RawResponse> for Response {
    fn from(raw: RawResponse) -> Self {
        Self {
            status: raw.status,
            body: charset::decode(&raw.body, raw.header("content-type")),
            bytes_received: raw.body.len() as u64,
            headers: raw.headers.into_iter().collect(),
        }
    }
}

/// Every header, whatever its value is.
pub(crate) fn raw_headers(received: &HeaderMap) -> Vec<(String, String)> {
    let text = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    let pair = |(name, value): (&HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), text(value.as_bytes()))
    };
    received.iter().map(pair).collect()
}

/// Whether headers are text. One value that is not visible ASCII fails the call, even a repeated one.
pub(crate) fn check_headers(received: &HeaderMap) -> Result<(), Error> {
    match received.iter().find(|(_, value)| value.to_str().is_err()) {
        Some((name, _)) => Err(Error::ResponseHeader { name: name.as_str().to_owned() }),
        None => Ok(()),
    }
}

/// Why a body could not be read.
pub(crate) enum BodyError {
    TooLarge,
    Failed(Cause),
}

/// Reads at most `limit` bytes, and one more to see whether there are more.
pub(crate) fn read_body(body: Body, limit: usize) -> Result<Vec<u8>, BodyError> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let reader = body.into_with_config().limit(u64::MAX).reader();
    reader.take(most).read_to_end(&mut bytes).map_err(|e| BodyError::Failed(Box::new(e)))?;
    if bytes.len() > limit { Err(BodyError::TooLarge) } else { Ok(bytes) }
}
