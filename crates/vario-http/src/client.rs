use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustls::crypto::CryptoProvider;
use ureq::Agent;
use ureq::tls::TlsConfig;
use ureq::unversioned::transport::DefaultConnector;

use crate::connect::{CallConnector, Forward};
use crate::request::Prepared;
use crate::resolve::{CallResolver, Refused};
use crate::response::{self, BodyError};
use crate::{
    AddressCheck, CancelHandle, Cause, Certificates, Error, ProxyConfig, RawResponse, Request,
    Response, Target,
};

/// What belongs to the run that sends a request.
#[derive(Clone)]
pub struct Call {
    /// When the run must be over. Time-outs are clamped to it.
    pub deadline: Instant,
    /// Ends the request early.
    pub cancel: CancelHandle,
    /// May veto resolved addresses. `None` allows all.
    pub address_check: Option<Arc<dyn AddressCheck>>,
}

impl Call {
    /// A call that nobody cancels and that may reach every address.
    pub fn until(deadline: Instant) -> Self {
        Self { deadline, cancel: CancelHandle::new(), address_check: None }
    }
}

/// Sends requests. Nothing of one call is visible to the next; one client serves all plugins.
#[derive(Debug)]
pub struct HttpClient {
    proxies: ProxyConfig,
    certificates: Certificates,
    /// Each remembers the TLS configuration it made first, so the two may not be mixed.
    verifying: Arc<DefaultConnector>,
    trusting: Arc<DefaultConnector>,
    crypto: Arc<CryptoProvider>,
}

impl HttpClient {
    /// A client that goes through these proxies.
    pub fn new(proxies: ProxyConfig) -> Self {
        Self {
            proxies,
            certificates: Certificates::default(),
            verifying: Arc::new(DefaultConnector::default()),
            trusting: Arc::new(DefaultConnector::default()),
            // Named here rather than by a feature of the library's, which would bring along a
            // second set of root certificates.
            crypto: Arc::new(rustls::crypto::ring::default_provider()),
        }
    }

    /// The same with certificates of its user's.
    #[must_use]
    pub fn with_certificates(self, certificates: Certificates) -> Self {
        // Nothing was connected yet that would remember other ones.
        Self { certificates, ..Self::new(self.proxies) }
    }

    /// The proxies this client was made with.
    pub fn proxies(&self) -> &ProxyConfig {
        &self.proxies
    }

    /// Whether a request there would go through a proxy.
    ///
    /// Permission checks need it: where the proxy looks the name up, there is no address for
    /// [`AddressCheck`] to judge, so the name alone must decide.
    pub fn uses_proxy(&self, target: &Target) -> bool {
        target.is_proxied(&self.proxies)
    }

    /// Sends one request and reads the whole response. Blocks the calling thread.
    ///
    /// It returns at the time-out, the deadline or the cancellation at the latest, whatever the
    /// network does: the work is done by a thread of its own, which is left to end by itself.
    pub fn send(&self, request: &Request, call: &Call) -> Result<Response, Error> {
        self.transfer(request, call, true).map(Response::from)
    }

    /// As [`HttpClient::send`], and gives the response as it came. A header that is no text is
    /// then no error.
    pub fn send_raw(&self, request: &Request, call: &Call) -> Result<RawResponse, Error> {
        self.transfer(request, call, false)
    }

    fn transfer(
        &self,
        request: &Request,
        call: &Call,
        wants_text: bool,
    ) -> Result<RawResponse, Error> {
        let left = call.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::DeadlinePassed);
        }
        let prepared = Prepared::new(request)?;
        let url = prepared.target.url().to_owned();
        let total = request.timeout.min(left);
        let agent = self.agent(&prepared, request, call, total);
        let job = Job {
            agent: agent.clone(),
            prepared,
            body: request.body.clone(),
            max_body_bytes: request.max_body_bytes,
            wants_text,
            headers_arrived: Arc::default(),
        };
        let headers_arrived = Arc::clone(&job.headers_arrived);
        let failed = |cause: Cause| {
            if headers_arrived.load(Ordering::Acquire) {
                Error::Body { url: url.clone(), cause }
            } else {
                Error::Send { url: url.clone(), cause }
            }
        };

        let (sender, receiver) = mpsc::channel();
        let wake = sender.clone();
        let registration = call.cancel.on_cancel(move || {
            // Nobody listens any more if the request ended at this very moment.
            let _ = wake.send(Outcome::Cancelled);
        });
        let Some(_registration) = registration else {
            return Err(Error::Cancelled);
        };
        let run = move || {
            let result = catch_unwind(AssertUnwindSafe(|| job.run()));
            let result =
                result.unwrap_or_else(|_| Err(Failure::Other("http library panicked".into())));
            // The caller may have stopped waiting.
            let _ = sender.send(Outcome::Done(Box::new(result)));
        };
        thread::Builder::new()
            .name("vario-http".to_owned())
            .spawn(run)
            .map_err(|e| failed(Box::new(e)))?;

        let outcome = receiver.recv_timeout(total);
        match outcome {
            Ok(Outcome::Done(result)) => result.map_err(|failure| match failure {
                Failure::Refused { host, address } => {
                    Error::AddressRefused { url: url.clone(), host, address }
                }
                Failure::Contract(error) => error,
                Failure::Other(cause) => failed(cause),
            }),
            Ok(Outcome::Cancelled) => {
                agent.shutdown();
                Err(Error::Cancelled)
            }
            Err(timeout) => {
                agent.shutdown();
                Err(failed(Box::new(timeout)))
            }
        }
    }

    fn agent(&self, prepared: &Prepared, request: &Request, call: &Call, total: Duration) -> Agent {
        let proxy = self.proxies.proxy_for(prepared.target.parsed());
        let forward = proxy.and_then(|proxy| Forward::new(proxy, prepared.target.uri()));
        let tls = TlsConfig::builder()
            .root_certs(self.certificates.roots())
            .client_cert(self.certificates.own())
            .disable_verification(request.ignore_tls)
            .unversioned_rustls_crypto_provider(Arc::clone(&self.crypto))
            .build();
        let config = Agent::config_builder()
            .accept_encoding("")
            .allow_non_standard_methods(true)
            .http_status_as_error(false)
            .max_idle_connections(0)
            .max_idle_connections_per_host(0)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy.filter(|_| forward.is_none()).cloned())
            .timeout_global(Some(total))
            .tls_config(tls)
            .user_agent("")
            .build();
        let resolver = CallResolver {
            host: prepared.target.host().to_owned(),
            proxy: proxy.map(|proxy| proxy.uri().clone()),
            skip_target: forward.is_some(),
            check: call.address_check.clone(),
        };
        let shared = if request.ignore_tls { &self.trusting } else { &self.verifying };
        let connector = CallConnector {
            shared: Arc::clone(shared),
            forward,
            hides_length: prepared.hides_length,
        };
        Agent::with_parts(config, connector, resolver)
    }
}

/// What ends the wait.
enum Outcome {
    Done(Box<Result<RawResponse, Failure>>),
    Cancelled,
}

/// Why the worker has no response.
enum Failure {
    Refused {
        host: String,
        address: SocketAddr,
    },
    Contract(Error),
    /// Gets its text from how far the request came.
    Other(Cause),
}

fn failure(error: ureq::Error, target: &Target) -> Failure {
    if let ureq::Error::Other(cause) = &error
        && let Some(Refused { first }) = cause.downcast_ref()
    {
        return Failure::Refused { host: target.host().to_owned(), address: *first };
    }
    Failure::Other(Box::new(error))
}

struct Job {
    agent: Agent,
    prepared: Prepared,
    body: Option<Vec<u8>>,
    max_body_bytes: usize,
    wants_text: bool,
    headers_arrived: Arc<AtomicBool>,
}

impl Job {
    fn run(self) -> Result<RawResponse, Failure> {
        let Prepared { method, headers, target, .. } = self.prepared;
        let mut request = ureq::http::Request::new(());
        *request.method_mut() = method;
        *request.headers_mut() = headers;
        *request.uri_mut() = target.uri().clone();
        let sent = match self.body {
            Some(body) => self.agent.run(request.map(|()| body)),
            None => self.agent.run(request),
        };
        let (parts, body) = match sent {
            Ok(response) => response.into_parts(),
            Err(error) => return Err(failure(error, &target)),
        };
        self.headers_arrived.store(true, Ordering::Release);
        if self.wants_text {
            response::check_headers(&parts.headers).map_err(Failure::Contract)?;
        }
        let limit = self.max_body_bytes;
        let body = response::read_body(body, limit).map_err(|error| match error {
            BodyError::TooLarge => Failure::Contract(Error::BodyTooLarge { limit }),
            BodyError::Failed(cause) => Failure::Other(cause),
        })?;
        let headers = response::raw_headers(&parts.headers);
        let (status, reason) = (parts.status.as_u16(), parts.status.canonical_reason());
        Ok(RawResponse { status, reason: reason.unwrap_or_default(), headers, body })
    }
}
