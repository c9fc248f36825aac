use std::net::SocketAddr;

/// What lies under an [`Error`]: for verbose output, never for the plugin.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a request gave no response. The texts are those of contract section 4.6.
///
/// They name the full URL, with whatever secret its query holds: the contract says so, and loggers
/// redact.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The deadline had passed before anything was done.
    #[error("probe timed out")]
    DeadlinePassed,
    /// A header name that HTTP does not allow.
    #[error("invalid header name '{name}': {cause}")]
    HeaderName {
        /// The name as given.
        name: String,
        /// What is wrong with it.
        cause: Cause,
    },
    /// A header value with control characters.
    #[error("invalid header value for '{name}': {cause}")]
    HeaderValue {
        /// The header's name as given. The value may be a secret and is left out.
        name: String,
        /// What is wrong with it.
        cause: Cause,
    },
    /// A method that is not an HTTP token.
    #[error("invalid http method '{method}': {cause}")]
    Method {
        /// The method as given.
        method: String,
        /// What is wrong with it.
        cause: Cause,
    },
    /// The URL cannot be parsed, is not http or https, or names no host.
    #[error("builder error{}", for_url(url.as_deref()))]
    Builder {
        /// The URL, if it could at least be parsed.
        url: Option<String>,
    },
    /// No response: name resolution, connection, TLS, protocol or time-out, all alike.
    #[error("error sending request for url ({url})")]
    Send {
        /// The whole URL.
        url: String,
        /// What happened.
        #[source]
        cause: Cause,
    },
    /// The [`AddressCheck`](crate::AddressCheck) vetoed every address of the host. The text is that
    /// of any failure to connect.
    #[error("error sending request for url ({url})")]
    AddressRefused {
        /// The whole URL.
        url: String,
        /// The host that resolved to nothing allowed, as [`Target::host`](crate::Target::host).
        host: String,
        /// The first address that was vetoed.
        address: SocketAddr,
    },
    /// A response header that is not visible ASCII.
    #[error("invalid response header '{name}': failed to convert header to a str")]
    ResponseHeader {
        /// The header's name in lower case.
        name: String,
    },
    /// The response began, but its body did not arrive whole or in time.
    #[error("error decoding response body for url ({url})")]
    Body {
        /// The whole URL.
        url: String,
        /// What happened.
        #[source]
        cause: Cause,
    },
    /// The body is larger than the request allowed.
    #[error("response body exceeds the limit of {limit} bytes")]
    BodyTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// [`CancelHandle::cancel`](crate::CancelHandle::cancel) was called.
    #[error("request cancelled")]
    Cancelled,
}

fn for_url(url: Option<&str>) -> String {
    url.map(|url| format!(" for url ({url})")).unwrap_or_default()
}
