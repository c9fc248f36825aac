use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address that packets really go to: an IPv4 address in IPv6 clothes is the IPv4 address.
pub(crate) fn canonical(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Whether an address is on the internet rather than this machine, its network or nowhere.
///
/// Addresses of 198.18.0.0/15 count as public: VPNs answer with them in place of a name's own.
pub(crate) fn is_public(address: IpAddr) -> bool {
    match canonical(address) {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = a == 0
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        // Carriers' own networks (RFC 6598), protocol assignments, what is reserved.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || a >= 240;
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, rest @ ..] = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b) {
        // What is translated to IPv4 is judged by where it ends (RFC 6052, RFC 3056).
        (0x0064, 0xff9b) if c == 0 && rest[..3] == [0; 3] => embedded(rest[3], rest[4]),
        (0x2002, _) => embedded(b, c),
        // Teredo and its neighbours, and documentation.
        (0x2001, 0x0000..=0x01ff | 0x0db8) | (0x3fff, 0..=0x0fff) => false,
        // Only this eighth is given out on the internet.
        _ => a & 0xe000 == 0x2000,
    }
}
