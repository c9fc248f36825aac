//! The local socket: a Unix socket where there are any, and loopback with a secret elsewhere.
//!
//! A named pipe would be the nearer relative on Windows, but its waits cannot be limited without
//! code that is not safe. The secret stands in the owner's folder, which is its user's alone.

mod stream;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use vario_store::StateLock;

pub(super) use self::stream::Stream;

/// Longer paths fit into no address: 108 bytes on Linux, 104 on macOS, an end mark included.
#[cfg(unix)]
const MAX_PATH: usize = 100;

/// How long to wait for a connection to this very machine.
const CONNECT_TIME: Duration = Duration::from_secs(3);

/// How to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// On a socket in a private folder.
    #[cfg(unix)]
    Socket,
    /// On a port, for those who know a secret.
    #[cfg(any(not(unix), test))]
    Loopback,
}

impl Kind {
    /// What this system has.
    #[cfg(unix)]
    pub(super) const HERE: Self = Self::Socket;
    /// What this system has.
    #[cfg(not(unix))]
    pub(super) const HERE: Self = Self::Loopback;
}

/// Where an owner listens, as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Address {
    Socket { socket: PathBuf },
    Loopback { port: u16, secret: String },
}

impl Address {
    /// What an asker must say; nothing where the system tells who he is.
    pub(super) fn secret(&self) -> Option<&str> {
        match self {
            Self::Socket { .. } => None,
            Self::Loopback { secret, .. } => Some(secret),
        }
    }
}

/// Takes connections.
pub(super) enum Listener {
    #[cfg(unix)]
    Socket(std::os::unix::net::UnixListener),
    #[cfg_attr(all(unix, not(test)), expect(dead_code, reason = "made in tests only"))]
    Loopback(TcpListener),
}

/// Listens for this user alone.
#[cfg_attr(not(unix), expect(unused_variables, reason = "a port needs no path"))]
pub(super) fn listen(lock: &mut StateLock, kind: Kind) -> io::Result<(Listener, Address)> {
    match kind {
        #[cfg(unix)]
        Kind::Socket => {
            let path = lock.socket_path(MAX_PATH).map_err(io::Error::other)?;
            let listener = std::os::unix::net::UnixListener::bind(&path)?;
            lock.protect(&path).map_err(io::Error::other)?;
            Ok((Listener::Socket(listener), Address::Socket { socket: path }))
        }
        #[cfg(any(not(unix), test))]
        Kind::Loopback => {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes).map_err(io::Error::other)?;
            let secret =
                bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            let port = listener.local_addr()?.port();
            Ok((Listener::Loopback(listener), Address::Loopback { port, secret }))
        }
    }
}

impl Listener {
    /// The next one who connects; nothing if it is another user.
    pub(super) fn accept(&self) -> io::Result<Option<Stream>> {
        match self {
            #[cfg(unix)]
            Self::Socket(listener) => {
                let stream = Stream::Socket(listener.accept()?.0);
                Ok(stream.is_own().then_some(stream))
            }
            Self::Loopback(listener) => {
                let (stream, peer) = listener.accept()?;
                Ok(peer.ip().is_loopback().then_some(Stream::Loopback(stream)))
            }
        }
    }
}

/// Connects to an owner that is the same user as this process.
pub(super) fn connect(address: &Address) -> io::Result<Stream> {
    let stream = match address {
        #[cfg(unix)]
        Address::Socket { socket } => Stream::Socket(stream::connect_at_once(socket)?),
        #[cfg(not(unix))]
        Address::Socket { .. } => return Err(io::ErrorKind::NotFound.into()),
        Address::Loopback { port, .. } => {
            let address = SocketAddr::from((Ipv4Addr::LOCALHOST, *port));
            Stream::Loopback(TcpStream::connect_timeout(&address, CONNECT_TIME)?)
        }
    };
    if stream.is_own() { Ok(stream) } else { Err(io::ErrorKind::PermissionDenied.into()) }
}
