//! Where a path really leads, found without touching anything that is not allowed, and held so
//! that what is opened afterwards is what was judged.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

use std::io;

use vario_permissions::Refusal;

#[cfg(not(unix))]
pub(crate) use self::other::{Place, real, resolve, resolve_entry};
#[cfg(unix)]
pub(crate) use self::unix::{Place, real, resolve, resolve_entry};

#[cfg(test)]
#[cfg(unix)]
mod tests;

/// Why a path leads nowhere.
#[derive(Debug)]
pub(crate) enum Stop {
    /// A link on the way leads to where the plugin may not go.
    Refused(Refusal),
    /// The system says no.
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// What is at the end of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    /// A pipe, a device, a socket.
    Special,
    /// A link, where it was not to be followed.
    Link,
}
