use std::io::Read;

use indexmap::IndexMap;
use ureq::Body;
use ureq::http::HeaderMap;

use crate::{Cause, Error};

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

/// Headers as text. One value that is not visible ASCII fails the call, even a repeated one.
pub(crate) fn headers(received: &HeaderMap) -> Result<IndexMap<String, String>, Error> {
    let mut headers = IndexMap::with_capacity(received.len());
    for (name, value) in received {
        let Ok(value) = value.to_str() else {
            return Err(Error::ResponseHeader { name: name.as_str().to_owned() });
        };
        headers.insert(name.as_str().to_owned(), value.to_owned());
    }
    Ok(headers)
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
