//! The host's ends of the two pipes to a worker. Nothing here blocks beyond a given moment.

#[cfg(unix)]
mod unix;

// Elsewhere, threads do the blocking. Tested here too: there is nothing special in it.
#[cfg(any(not(unix), test))]
mod threads;

#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

#[cfg(not(unix))]
pub(crate) use self::threads::{Incoming, Outgoing, Pipe};
#[cfg(unix)]
pub(crate) use self::unix::{Incoming, Outgoing, Pipe};

/// What became of an attempt to read or write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moved {
    /// So many bytes.
    Bytes(usize),
    /// Nothing in the given time.
    Late,
    /// The other side is gone.
    Gone,
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}
