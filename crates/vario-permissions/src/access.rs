use crate::host::Host;
use crate::permission::Permission;

/// What a call wants, in one spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// A connection.
    Net {
        /// To whom.
        host: Host,
        /// To which port.
        port: u16,
    },
    /// A connection whatever the certificate.
    InsecureTls {
        /// To whom.
        host: Host,
        /// To which port.
        port: u16,
    },
    /// A look at a file, or that there is one. The path is absolute, with `/` between names on every
    /// system, and its `..` are resolved; one with `..` is refused whatever is granted.
    Read(String),
    /// A change of a file, or a new one; the path as for reading.
    Write(String),
    /// A variable.
    Env(String),
    /// A keychain item.
    Keychain(String),
    /// A program.
    Run(String),
    /// Token usage.
    Ccusage,
    /// Running programs.
    Processes,
    /// Figures of this machine.
    System,
    /// A topic of the event bus.
    Bus(String),
    /// Addresses under which others reach the plugin.
    Routes,
    /// The tokens of who is signed in.
    Account,
}

/// What `~` and `$DATA` mean: absolute paths, each in all its spellings (as it is named, and as its
/// links resolve).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bases {
    /// The user's home folder.
    pub home: Vec<String>,
    /// The plugin's own folder.
    pub data: Vec<String>,
}

/// Why something was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The manifest does not ask for it.
    NotRequested,
    /// The user has not granted it.
    NotGranted,
    /// The user has denied it.
    Denied,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::NotRequested => "not asked for in the manifest",
            Self::NotGranted => "not granted",
            Self::Denied => "denied",
        })
    }
}

/// A refusal, with what would have been enough.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{permission}: {reason}")]
pub struct Refusal {
    /// The least right that covers it.
    pub permission: Permission,
    /// Why it was refused.
    pub reason: Reason,
}
