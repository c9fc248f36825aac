use serde_json::Value;
use ureq::Proxy;
use url::Url;

use crate::no_proxy::NoProxy;

/// Hosts that a configured proxy is never used for.
const LOOPBACK: &str = "localhost,127.0.0.1,::1";

/// Which proxy, if any, a request goes through (contract section 4.6).
///
/// Schemes: `http`, `https`, `socks4`, `socks4a`, `socks5` (names resolved here) and `socks5h`
/// (names resolved there); without a scheme it is `http`. Credentials may be part of the URL.
#[derive(Debug, Clone, Default)]
pub struct ProxyConfig {
    for_http: Option<Proxy>,
    for_https: Option<Proxy>,
    bypass: NoProxy,
}

impl ProxyConfig {
    /// No proxy at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Reads `{"proxy":{"enabled":bool,"url":string}}`: that proxy for all but loopback hosts.
    ///
    /// `None` if the text is not of that shape, the proxy is disabled or its URL is invalid. Then
    /// the environment decides, see [`ProxyConfig::from_env`].
    pub fn from_config_text(text: &str) -> Option<Self> {
        let config: Value = serde_json::from_str(text).ok()?;
        let proxy = config.get("proxy")?;
        let enabled = proxy.get("enabled")?.as_bool()?;
        let proxy = parse(proxy.get("url")?.as_str()?).filter(|_| enabled)?;
        Some(Self {
            for_http: Some(proxy.clone()),
            for_https: Some(proxy),
            bypass: NoProxy::parse(LOOPBACK),
        })
    }

    /// Reads `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, or their lower-case twins.
    ///
    /// `lookup` gives a variable's value. Under CGI (`REQUEST_METHOD` is set) nothing is read, as
    /// there `HTTP_PROXY` is a header that the client chose.
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Self {
        if lookup("REQUEST_METHOD").is_some() {
            return Self::none();
        }
        let first = |name: &str| lookup(name).or_else(|| lookup(&name.to_ascii_lowercase()));
        let proxy = |name: &str| first(name).and_then(|url| parse(&url));
        let for_all = proxy("ALL_PROXY");
        Self {
            for_http: proxy("HTTP_PROXY").or_else(|| for_all.clone()),
            for_https: proxy("HTTPS_PROXY").or(for_all),
            bypass: NoProxy::parse(&first("NO_PROXY").unwrap_or_default()),
        }
    }

    /// Whether a request to this URL would go through a proxy. False for what is not a URL.
    ///
    /// Permission checks need it: behind a proxy only the name can be judged, not the address.
    pub fn is_used_for(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| self.proxy_for(&url).is_some())
    }

    pub(crate) fn proxy_for(&self, url: &Url) -> Option<&Proxy> {
        let proxy = match url.scheme() {
            "http" => self.for_http.as_ref(),
            "https" => self.for_https.as_ref(),
            _ => None,
        }?;
        let bypassed = self.bypass.matches(&url.host()?);
        (!bypassed).then_some(proxy)
    }
}

fn parse(url: &str) -> Option<Proxy> {
    let url = url.trim();
    let proxy =
        if url.contains("://") { Proxy::new(url) } else { Proxy::new(&format!("http://{url}")) };
    proxy.ok().filter(|proxy| !proxy.host().is_empty())
}
