use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ureq::Proxy;
use ureq::http::Uri;
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
}

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
            return self.shared.connect(details, chained);
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
        Ok(transport.map(|inner| {
            let forward = Some(forward.clone());
            Box::new(ForwardTransport { inner, forward }) as Box<dyn Transport>
        }))
    }
}

/// Rewrites the head of the one request that passes through it.
#[derive(Debug)]
struct ForwardTransport {
    inner: Box<dyn Transport>,
    /// Taken by the first output.
    forward: Option<Forward>,
}

impl Transport for ForwardTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let Some(forward) = self.forward.take() else {
            return self.inner.transmit_output(amount, timeout);
        };
        let head = rewrite_head(&self.inner.buffers().output()[..amount], &forward);
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
        // What matters to the library is whether the target is spoken to through TLS.
        false
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
