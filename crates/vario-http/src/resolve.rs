use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// May veto an address after the name was resolved and before anything connects to it.
///
/// It is asked about the request's own host only, also when the URL spells an address, and never
/// when a proxy resolves the name. Any `Fn(&str, IpAddr) -> bool` is one.
pub trait AddressCheck: Send + Sync {
    /// Whether `host`, as the URL spells it, may be reached at `address`.
    fn allows(&self, host: &str, address: IpAddr) -> bool;
}

impl<F: Fn(&str, IpAddr) -> bool + Send + Sync> AddressCheck for F {
    fn allows(&self, host: &str, address: IpAddr) -> bool {
        self(host, address)
    }
}

/// Marks the failure of a call whose addresses were all vetoed.
#[derive(Debug, thiserror::Error)]
#[error("no address of this host may be reached")]
pub(crate) struct Refused;

/// The system's resolver, followed by the veto. It lives for one call.
pub(crate) struct CallResolver {
    pub(crate) target: Uri,
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
        let is_target = *uri == self.target;
        if is_target && self.skip_target {
            return Ok(self.empty());
        }
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let Some(check) = self.check.as_ref().filter(|_| is_target) else {
            return Ok(found);
        };
        let host = uri.host().unwrap_or_default();
        let mut allowed = self.empty();
        for address in found.iter().filter(|address| check.allows(host, address.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() { Err(ureq::Error::Other(Box::new(Refused))) } else { Ok(allowed) }
    }
}

impl fmt::Debug for CallResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallResolver").finish_non_exhaustive()
    }
}
