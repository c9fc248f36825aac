use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ureq::Proxy;
use ureq::http::header::CONTENT_LENGTH;
use ureq::http::{HeaderName, HeaderValue, Uri};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, DefaultConnector, NextTimeout, Transport,
};

/// Connects one call.
///
/// The shared connector holds the TLS configuration, which is costly to make (it reads the
/// platform's certificates); the pool that hangs on an agent is per call.
#[derive(Debug)]
pub(crate) struct CallConnector {
    pub(crate) shared: Arc<DefaultConnector>,
    pub(crate) forward: Option<Forward>,
    /// Takes out the [`NO_BODY`] header that the call gave the library.
    pub(crate) hides_length: bool,
}

/// The library announces an empty chunked body for a `POST` without one, unless told a length. The
/// contract sends neither, so the length is told here and left out on the way.
pub(crate) const NO_BODY: (HeaderName, HeaderValue) =
    (CONTENT_LENGTH, HeaderValue::from_static("0"));

/// [`NO_BODY`] on the wire, with the end of the line before it.
const NO_BODY_LINE: &[u8] = b"\r\ncontent-length: 0";

/// A plain `http` request is handed to an HTTP proxy as a whole, with the full URL in its first
/// line. The library would open a tunnel, which many proxies refuse for port 80.
#[derive(Debug, Clone)]
pub(crate) struct Forward {
    proxy: Uri,
    origin: String,
    authorization: Option<String>,
}

impl Forward {
    /// `None` if `proxy` is not an HTTP proxy or the target is not plain `http`.
    pub(crate) fn new(proxy: &Proxy, target: &Uri) -> Option<Self> {
        let is_plain = target.scheme_str() == Some("http");
        let is_http_proxy = matches!(proxy.uri().scheme_str(), Some("http" | "https"));
        if !is_plain || !is_http_proxy {
            return None;
        }
        let user = proxy.username();
        let has_credentials = user.is_some() || proxy.password().is_some();
        let authorization = has_credentials.then(|| {
            let pair =
                format!("{}:{}", user.unwrap_or_default(), proxy.password().unwrap_or_default());
            format!("proxy-authorization: Basic {}\r\n", BASE64_STANDARD.encode(pair))
        });
        let origin = format!("http://{}", target.authority()?);
        Some(Self { proxy: proxy.uri().clone(), origin, authorization })
    }
}

impl Connector for CallConnector {
    type Out = Box<dyn Transport>;

    fn connect(
        &self,
        details: &ConnectionDetails,
        chained: Option<()>,
    ) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(forward) = &self.forward else {
            let transport = self.shared.connect(details, chained)?;
            return Ok(transport.map(|inner| self.edited(inner)));
        };
        let to_proxy = ConnectionDetails {
            uri: &forward.proxy,
            addrs: details.resolver.resolve(&forward.proxy, details.config, details.timeout)?,
            resolver: details.resolver,
            config: details.config,
            request_level: details.request_level,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let transport = self.shared.connect(&to_proxy, chained)?;
        Ok(transport.map(|inner| self.edited(inner)))
    }
}

impl CallConnector {
    fn edited(&self, inner: Box<dyn Transport>) -> Box<dyn Transport> {
        if self.forward.is_none() && !self.hides_length {
            return inner;
        }
        Box::new(EditingTransport {
            inner,
            forward: self.forward.clone(),
            hides_length: self.hides_length,
            has_begun: false,
        })
    }
}

/// Rewrites the head of the one request that passes through it.
#[derive(Debug)]
struct EditingTransport {
    inner: Box<dyn Transport>,
    forward: Option<Forward>,
    hides_length: bool,
    /// Whether the first output, which holds the head, is through.
    has_begun: bool,
}

impl Transport for EditingTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.has_begun {
            return self.inner.transmit_output(amount, timeout);
        }
        self.has_begun = true;
        let mut head = self.inner.buffers().output()[..amount].to_vec();
        if self.hides_length {
            hide_length(&mut head);
        }
        if let Some(forward) = &self.forward {
            head = rewrite_head(&head, forward);
        }
        let mut rest = head.as_slice();
        while !rest.is_empty() {
            let buffer = self.inner.buffers().output();
            let (piece, later) = rest.split_at(rest.len().min(buffer.len()));
            buffer[..piece.len()].copy_from_slice(piece);
            self.inner.transmit_output(piece.len(), timeout)?;
            rest = later;
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        // What matters to the library is whether the target is spoken to through TLS, not the
        // proxy that a plain request is forwarded to.
        self.forward.is_none() && self.inner.is_tls()
    }
}

/// A line of its own can be searched for blindly: no header value holds a line end.
fn hide_length(head: &mut Vec<u8>) {
    let line = |window: &[u8]| window.starts_with(NO_BODY_LINE) && window.ends_with(b"\r\n");
    if let Some(at) = head.windows(NO_BODY_LINE.len() + 2).position(line) {
        head.drain(at..at + NO_BODY_LINE.len());
    }
}

/// `GET /path HTTP/1.1` becomes `GET http://host/path HTTP/1.1`, followed by the credentials.
fn rewrite_head(head: &[u8], forward: &Forward) -> Vec<u8> {
    let method_end = head.iter().position(|byte| *byte == b' ').map_or(0, |at| at + 1);
    let line_end = head.windows(2).position(|pair| pair == b"\r\n").map_or(head.len(), |at| at + 2);
    let mut rewritten = Vec::with_capacity(head.len() + 256);
    rewritten.extend_from_slice(&head[..method_end]);
    rewritten.extend_from_slice(forward.origin.as_bytes());
    rewritten.extend_from_slice(&head[method_end..line_end]);
    rewritten.extend_from_slice(forward.authorization.as_deref().unwrap_or_default().as_bytes());
    rewritten.extend_from_slice(&head[line_end..]);
    rewritten
}
