use std::net::IpAddr;

use crate::address::canonical;
use crate::permission::Error;

/// In bytes; a name has no more than 253, but may be written in characters that are longer.
const MAX_TEXT: usize = 1024;

/// A host in its one spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Host {
    /// A name: lower case, Punycode, no dot at its end.
    Name(String),
    /// An address. An IPv4 address written as IPv6 is an IPv4 address.
    Ip(IpAddr),
}

impl Host {
    /// Reads a host as a URL has it: any spelling of an IPv4 address (`0x7f.1`, `2130706433`), IPv6
    /// in brackets, names in any script (the WHATWG's host parser).
    ///
    /// # Errors
    /// When it is no host.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Host(text.to_owned());
        match url::Host::parse(text).map_err(|_no_host| wrong())? {
            url::Host::Domain(name) => {
                let name = name.strip_suffix('.').unwrap_or(&name);
                let is_name = !name.contains('*') && name.split('.').all(|label| !label.is_empty());
                is_name.then(|| Self::Name(name.to_owned())).ok_or_else(wrong)
            }
            url::Host::Ipv4(address) => Ok(Self::ip(address.into())),
            url::Host::Ipv6(address) => Ok(Self::ip(address.into())),
        }
    }

    /// An address in its one spelling.
    pub fn ip(address: IpAddr) -> Self {
        Self::Ip(canonical(address))
    }

    /// Whether it is `localhost` or a name below it, which never leave this machine (RFC 6761).
    pub fn is_localhost(&self) -> bool {
        matches!(self, Self::Name(name) if name == "localhost" || name.ends_with(".localhost"))
    }
}

impl std::fmt::Display for Host {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => formatter.write_str(name),
            Self::Ip(IpAddr::V4(address)) => address.fmt(formatter),
            Self::Ip(IpAddr::V6(address)) => write!(formatter, "[{address}]"),
        }
    }
}

/// Which hosts, and which of their ports.
///
/// `api.example.com` is one host with all its ports, `*.example.com:8443` every host below a name
/// with one port, `*` every name on the internet. Addresses are only ever meant by themselves, and
/// `localhost` and what is below it only by name. A denial of `*` is of every host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPattern {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Hosts {
    One(Host),
    Below(String),
    All,
}

impl HostPattern {
    /// Exactly this.
    pub fn exactly(host: Host, port: u16) -> Self {
        Self { hosts: Hosts::One(host), port: Some(port) }
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_TEXT {
            return Err(Error::Long("host"));
        }
        // Said before the port is looked for, which an address on the web seems to have.
        if text.contains(['/', '@', '?', '#']) {
            return Err(Error::Host(text.to_owned()));
        }
        let (host, port) = split_port(text)?;
        let wrong = |_no_host| Error::Host(text.to_owned());
        let hosts = if host == "*" {
            Hosts::All
        } else if let Some(parent) = host.strip_prefix("*.") {
            match Host::parse(parent).map_err(wrong)? {
                Host::Name(parent) => Hosts::Below(parent),
                Host::Ip(_) => return Err(Error::Host(text.to_owned())),
            }
        } else {
            Hosts::One(Host::parse(host).map_err(wrong)?)
        };
        Ok(Self { hosts, port })
    }

    /// Whether this host with this port is meant.
    pub(crate) fn allows(&self, host: &Host, port: u16) -> bool {
        let is_host = match (&self.hosts, host) {
            (Hosts::One(one), host) => one == host,
            (Hosts::Below(parent), Host::Name(name)) => is_below(name, parent),
            (Hosts::All, Host::Name(_)) => !host.is_localhost(),
            (_, Host::Ip(_)) => false,
        };
        is_host && self.port.is_none_or(|own| own == port)
    }

    /// As [`HostPattern::allows`], but for a denial: who denies `*` means every host, be it this
    /// machine or an address.
    pub(crate) fn denies(&self, host: &Host, port: u16) -> bool {
        let is_port = self.port.is_none_or(|own| own == port);
        self.allows(host, port) || (self.hosts == Hosts::All && is_port)
    }

    pub(crate) fn covers(&self, other: &Self) -> bool {
        let hosts = match (&self.hosts, &other.hosts) {
            (Hosts::One(one), Hosts::One(other)) => one == other,
            (Hosts::Below(parent), Hosts::One(Host::Name(name))) => is_below(name, parent),
            (Hosts::Below(parent), Hosts::Below(other)) => {
                other == parent || is_below(other, parent)
            }
            (Hosts::All, Hosts::One(host @ Host::Name(_))) => !host.is_localhost(),
            (Hosts::All, Hosts::Below(name)) => !Host::Name(name.clone()).is_localhost(),
            (Hosts::All, Hosts::All) => true,
            _ => false,
        };
        hosts && (self.port.is_none() || self.port == other.port)
    }
}

fn is_below(name: &str, parent: &str) -> bool {
    name.strip_suffix(parent).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
}

/// `host:port`, `host`, `[::1]:port`. A port of `*` is the same as none.
fn split_port(text: &str) -> Result<(&str, Option<u16>), Error> {
    let at = text.rfind(':').filter(|at| !text[*at..].contains(']'));
    let Some(at) = at else { return Ok((text, None)) };
    let (host, port) = (&text[..at], &text[at + 1..]);
    match port {
        "*" => Ok((host, None)),
        digits if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let port = digits.parse().ok().filter(|port| *port != 0);
            port.map(|port| (host, Some(port))).ok_or_else(|| Error::Port(text.to_owned()))
        }
        _ => Err(Error::Port(text.to_owned())),
    }
}

impl std::fmt::Display for HostPattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.hosts {
            // A host that is really named `*.example` can be refused, but what is written of it
            // must not be read as all hosts below a name.
            Hosts::One(Host::Name(name)) => formatter.write_str(&name.replace('*', "%2A"))?,
            Hosts::One(host) => host.fmt(formatter)?,
            Hosts::Below(parent) => write!(formatter, "*.{parent}")?,
            Hosts::All => formatter.write_str("*")?,
        }
        self.port.map_or(Ok(()), |port| write!(formatter, ":{port}"))
    }
}
