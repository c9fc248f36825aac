use std::net::IpAddr;

use ureq::http::Uri;
use url::{Host, Position, Url};

use crate::{Error, ProxyConfig};

/// Where a request to a URL would go: the one reading of it, for checks and for the connection.
///
/// [`HttpClient::send`](crate::HttpClient::send) connects to what this says, so a right that was
/// checked on it cannot be escaped by another spelling: `0x7f.1`, full-width dots, a user name
/// that looks like a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Without credentials.
    url: Url,
    uri: Uri,
    host: String,
    address: Option<IpAddr>,
    port: u16,
}

impl Target {
    /// Reads an absolute http or https URL. No name is looked up.
    ///
    /// Fails with [`Error::Builder`] where a request to this URL would.
    pub fn of(url: &str) -> Result<Self, Error> {
        let url = Url::parse(url).or(Err(Error::Builder { url: None }))?;
        Self::new(url)
    }

    /// `url` may have credentials; they take no part.
    pub(crate) fn new(mut url: Url) -> Result<Self, Error> {
        let bad_url = |url: &Url| Error::Builder { url: Some(url.to_string()) };
        let is_http = matches!(url.scheme(), "http" | "https");
        if !is_http || url.set_username("").is_err() || url.set_password(None).is_err() {
            return Err(bad_url(&url));
        }
        let (host, address) = match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => (name.to_owned(), None),
            Some(Host::Ipv4(address)) => (address.to_string(), Some(IpAddr::V4(address))),
            Some(Host::Ipv6(address)) => (address.to_string(), Some(IpAddr::V6(address))),
            _ => return Err(bad_url(&url)),
        };
        let Some(port) = url.port_or_known_default() else {
            return Err(bad_url(&url));
        };
        // The URL standard is more lenient than the HTTP library (length, a few characters).
        let uri: Uri = url[..Position::AfterQuery].parse().or(Err(bad_url(&url)))?;
        // The library reads the text again; if it ever found another host there, the checks
        // made on the first reading would mean nothing.
        if uri.scheme_str() != Some(url.scheme())
            || uri.host() != url.host_str()
            || uri.port_u16() != url.port()
        {
            return Err(bad_url(&url));
        }
        Ok(Self { url, uri, host, address, port })
    }

    /// Where a `location` header of an answer to this leads.
    ///
    /// Fails as [`Target::of`] does.
    pub fn redirected(&self, location: &str) -> Result<Self, Error> {
        let mut url = self.url.join(location).or(Err(Error::Builder { url: None }))?;
        if url.fragment().is_none() {
            url.set_fragment(self.url.fragment());
        }
        Self::new(url)
    }

    /// Whether both are of one origin: scheme, host and port.
    pub fn is_same_origin(&self, other: &Self) -> bool {
        self.url.origin() == other.url.origin()
    }

    /// `http` or `https`.
    pub fn scheme(&self) -> &str {
        self.url.scheme()
    }

    /// The name that is looked up, in lower case and ASCII, with a final dot if the URL has one;
    /// or the address in its shortest spelling, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether a `host` header of this value is the one that is sent anyway.
    pub(crate) fn is_host(&self, value: &[u8]) -> bool {
        let name = self.url.host_str().unwrap_or_default();
        let with_port = format!("{name}:{}", self.port);
        let is_default = self.url.port().is_none();
        value.eq_ignore_ascii_case(with_port.as_bytes())
            || is_default && value.eq_ignore_ascii_case(name.as_bytes())
    }

    /// The address, if the URL spells one in whatever way instead of a name.
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The port, also where the URL leaves it to the scheme.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The whole URL as error texts show it: normalised and without credentials.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Whether these proxies would be asked rather than the host itself.
    pub fn is_proxied(&self, proxies: &ProxyConfig) -> bool {
        proxies.proxy_for(&self.url).is_some()
    }

    pub(crate) fn parsed(&self) -> &Url {
        &self.url
    }

    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }
}
