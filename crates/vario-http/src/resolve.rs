use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// May veto an address after the name was resolved and before anything connects to it.
///
/// It is asked about the request's own host, once per address that the name resolved to and also
/// when the URL spells an address; the connection then goes to one of those it allowed. It is not
/// asked about the proxy, which is the user's choice, nor about a host that the proxy resolves.
/// Any `Fn(&str, SocketAddr) -> bool` is one.
pub trait AddressCheck: Send + Sync {
    /// Whether `host`, as [`Target::host`](crate::Target::host) gives it, may be reached at
    /// `address`.
    fn allows(&self, host: &str, address: SocketAddr) -> bool;
}

impl<F: Fn(&str, SocketAddr) -> bool + Send + Sync> AddressCheck for F {
    fn allows(&self, host: &str, address: SocketAddr) -> bool {
        self(host, address)
    }
}

/// Marks the failure of a call whose addresses were all vetoed.
#[derive(Debug, thiserror::Error)]
#[error("no address of this host may be reached, not even {first}")]
pub(crate) struct Refused {
    pub(crate) first: SocketAddr,
}

/// The system's resolver, followed by the veto. It lives for one call.
pub(crate) struct CallResolver {
    /// The target's host as the check knows it.
    pub(crate) host: String,
    /// The one thing that is resolved without the check. Whatever else the library asks for is
    /// the target, so that a rewritten address could not slip through.
    pub(crate) proxy: Option<Uri>,
    /// A forwarding proxy resolves the target's name itself.
    pub(crate) skip_target: bool,
    pub(crate) check: Option<Arc<dyn AddressCheck>>,
}

impl Resolver for CallResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let is_proxy = self.proxy.as_ref() == Some(uri);
        if !is_proxy && self.skip_target {
            return Ok(self.empty());
        }
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        match &self.check {
            Some(check) if !is_proxy => allowed(&found, self.empty(), &self.host, &**check)
                .map_err(|refused| ureq::Error::Other(Box::new(refused))),
            _ => Ok(found),
        }
    }
}

/// Those of `found` that the check allows, in their order, added to the empty `allowed`.
pub(crate) fn allowed(
    found: &[SocketAddr],
    mut allowed: ResolvedSocketAddrs,
    host: &str,
    check: &dyn AddressCheck,
) -> Result<ResolvedSocketAddrs, Refused> {
    for address in found.iter().filter(|address| check.allows(host, **address)) {
        allowed.push(*address);
    }
    match found.first() {
        Some(first) if allowed.is_empty() => Err(Refused { first: *first }),
        _ => Ok(allowed),
    }
}

impl fmt::Debug for CallResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallResolver").finish_non_exhaustive()
    }
}
