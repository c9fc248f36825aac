//! Opens ports on loopback.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

use crate::config::Config;
use crate::error::Error;
use crate::site::Surface;

/// How often a free port is looked for when any will do.
const ATTEMPTS: usize = 16;

/// The sockets of one surface.
pub(crate) struct Listening {
    pub(crate) surface: Surface,
    pub(crate) port: u16,
    pub(crate) listeners: Vec<TcpListener>,
}

/// Opens all ports of a configuration, or none.
pub(crate) fn open_all(config: &Config) -> Result<Vec<Listening>, Error> {
    let wanted = [
        (Surface::Main, Some(config.port)),
        (Surface::Smartcars, config.smartcars),
        (Surface::SmartcarsBus, config.smartcars_bus),
        (Surface::Stratos, config.stratos),
    ];
    let wanted = wanted.into_iter().filter_map(|(surface, port)| Some((surface, port?)));
    wanted.map(|(surface, port)| open(surface, port)).collect()
}

fn open(surface: Surface, port: u16) -> Result<Listening, Error> {
    let mut result = both(port);
    for _ in 1..ATTEMPTS {
        let again =
            port == 0 && result.as_ref().is_err_and(|error| error.kind() == ErrorKind::AddrInUse);
        if !again {
            break;
        }
        result = both(port);
    }
    let (port, listeners) = result.map_err(|source| explain(surface, port, source))?;
    Ok(Listening { surface, port, listeners })
}

/// The same port on both loopback addresses. Were only one of them ours, whoever has the other
/// would get what was meant for us.
fn both(port: u16) -> io::Result<(u16, Vec<TcpListener>)> {
    let first = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    let port = first.local_addr()?.port();
    match bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))) {
        Ok(second) => Ok((port, vec![first, second])),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(error),
        // This machine has no IPv6.
        Err(_missing) => Ok((port, vec![first])),
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn explain(surface: Surface, port: u16, source: io::Error) -> Error {
    let (what, help) = match surface {
        Surface::Main => ("Vario's own", "stop that program or choose another port"),
        Surface::Smartcars => (
            "smartCARS routes and pages",
            "smartCARS plugins' pages need exactly this port: stop that program (smartCARS itself?) \
             or serve without it",
        ),
        Surface::SmartcarsBus => (
            "smartCARS event bus",
            "smartCARS plugins' pages need exactly this port: stop that program (smartCARS itself?) \
             or serve without it",
        ),
        Surface::Stratos => (
            "Stratos routes",
            "Stratos plugins' pages need exactly this port: stop that program (Stratos itself?) or \
             serve without it",
        ),
    };
    if source.kind() == ErrorKind::AddrInUse {
        Error::Taken { port, what, help }
    } else {
        Error::Bind { port, what, source }
    }
}
