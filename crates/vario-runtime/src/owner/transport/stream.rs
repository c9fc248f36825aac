//! One connection.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Of either kind; both can do the same.
pub(crate) enum Stream {
    #[cfg(unix)]
    Socket(std::os::unix::net::UnixStream),
    Loopback(TcpStream),
}

/// Does the same with either.
macro_rules! either {
    ($self:expr, $stream:ident => $does:expr) => {
        match $self {
            #[cfg(unix)]
            Stream::Socket($stream) => $does,
            Stream::Loopback($stream) => $does,
        }
    };
}

impl Stream {
    pub(crate) fn try_clone(&self) -> io::Result<Self> {
        Ok(match self {
            #[cfg(unix)]
            Self::Socket(stream) => Self::Socket(stream.try_clone()?),
            Self::Loopback(stream) => Self::Loopback(stream.try_clone()?),
        })
    }

    pub(crate) fn set_read_timeout(&self, time: Option<Duration>) -> io::Result<()> {
        either!(self, stream => stream.set_read_timeout(time))
    }

    pub(crate) fn set_write_timeout(&self, time: Option<Duration>) -> io::Result<()> {
        either!(self, stream => stream.set_write_timeout(time))
    }

    pub(crate) fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        either!(self, stream => stream.shutdown(how))
    }

    /// Whether the other side is the same user, as far as the system tells. Where it does not, the
    /// folder of the socket or of the secret keeps others out.
    pub(super) fn is_own(&self) -> bool {
        match self {
            #[cfg(target_os = "linux")]
            Self::Socket(stream) => {
                let own = rustix::process::geteuid();
                rustix::net::sockopt::socket_peercred(stream).is_ok_and(|peer| peer.uid == own)
            }
            #[cfg(all(unix, not(target_os = "linux")))]
            Self::Socket(_) => true,
            Self::Loopback(_) => true,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        either!(self, stream => stream.read(buffer))
    }
}

impl Write for Stream {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        either!(self, stream => stream.write(buffer))
    }

    fn flush(&mut self) -> io::Result<()> {
        either!(self, stream => stream.flush())
    }
}

/// A listener that accepts nobody would be waited for without end once its queue is full.
#[cfg(target_os = "linux")]
pub(super) fn connect_at_once(
    path: &std::path::Path,
) -> io::Result<std::os::unix::net::UnixStream> {
    use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)?;
    rustix::net::connect(&socket, &SocketAddrUnix::new(path)?)?;
    let stream = std::os::unix::net::UnixStream::from(socket);
    stream.set_nonblocking(false)?;
    Ok(stream)
}

#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn connect_at_once(
    path: &std::path::Path,
) -> io::Result<std::os::unix::net::UnixStream> {
    std::os::unix::net::UnixStream::connect(path)
}
