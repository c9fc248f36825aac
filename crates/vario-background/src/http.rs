use std::path::PathBuf;

use serde_json::{Value as Json, json};

/// Which plugin sent a request, within this process.
pub(crate) const FROM: &str = "x-vario-plugin";

/// A request for a plugin's route, wherever it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// In capital letters.
    pub method: String,
    /// Path and query as received, percent-encoded; begins with `/`.
    pub target: String,
    /// Names in small letters, values as received; a name may stand more than once.
    pub headers: Vec<(String, String)>,
    /// The body; empty if there is none.
    pub body: Vec<u8>,
}

impl Request {
    /// The path, still percent-encoded.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(self.target.as_str(), |(path, _query)| path)
    }

    /// What follows the first `?`, if there is one.
    pub fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_path, query)| query)
    }

    /// The same without a header, whose name is given in small letters.
    pub(crate) fn without(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.headers.retain(|(known, _)| known != name);
        other
    }

    /// The first header of this name, which is given in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What answers a [`Request`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code, 100 to 599.
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    /// What follows them.
    pub body: Body,
}

/// A response's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file that the plugin may send; whoever sends it honours ranges.
    File(PathBuf),
}

/// Takes the one answer. Dropped without one when the plugin has gone.
pub type Respond = Box<dyn FnOnce(Response) + Send>;

impl Response {
    /// JSON with this status.
    pub fn json(status: u16, body: &Json) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { status, headers, body: Body::Bytes(body.to_string().into_bytes()) }
    }

    /// `{"error": message}` with this status (smartCARS reference, section 5).
    pub fn error(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "error": message }))
    }

    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Body::Bytes(Vec::new()) }
    }
}
