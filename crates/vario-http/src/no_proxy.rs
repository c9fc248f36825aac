use std::net::IpAddr;

use url::Host;

/// Hosts that are reached without the proxy: names with their subdomains, addresses, networks.
#[derive(Debug, Clone, Default)]
pub(crate) struct NoProxy {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
enum Entry {
    Everything,
    Network(IpAddr, u32),
    Domain(String),
}

impl NoProxy {
    /// Reads a comma-separated list, the format of `NO_PROXY`.
    pub(crate) fn parse(list: &str) -> Self {
        let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        Self { entries: entries.map(Entry::parse).collect() }
    }

    pub(crate) fn matches(&self, host: &Host<&str>) -> bool {
        let address = match host {
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address)),
            Host::Domain(_) => None,
        };
        self.entries.iter().any(|entry| match (entry, host) {
            (Entry::Everything, _) => true,
            (Entry::Network(network, prefix), _) => {
                address.is_some_and(|address| in_network(address, *network, *prefix))
            }
            (Entry::Domain(domain), Host::Domain(name)) => name
                .strip_suffix(domain.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
            (Entry::Domain(_), _) => false,
        })
    }
}

impl Entry {
    fn parse(text: &str) -> Self {
        if text == "*" {
            return Self::Everything;
        }
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Self::Network(address, 128);
        }
        if let Some((network, prefix)) = text.split_once('/')
            && let (Ok(network), Ok(prefix)) = (network.parse(), prefix.parse())
        {
            return Self::Network(network, prefix);
        }
        Self::Domain(text.trim_start_matches('*').trim_start_matches('.').to_ascii_lowercase())
    }
}

/// Whether the first `prefix` bits agree. Longer prefixes than the address compare all of it.
fn in_network(address: IpAddr, network: IpAddr, prefix: u32) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let differing = address.to_bits() ^ network.to_bits();
            prefix == 0 || differing.leading_zeros() >= prefix.min(32)
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let differing = address.to_bits() ^ network.to_bits();
            prefix == 0 || differing.leading_zeros() >= prefix.min(128)
        }
        _ => false,
    }
}
