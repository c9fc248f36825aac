//! Rights in plain words.

use crate::permission::Permission;

impl Permission {
    /// What the plugin may do, before what it may do it with.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Net(_) => "connect to",
            Self::InsecureTls(_) => "trust any certificate of",
            Self::Read(_) => "read",
            Self::Write(_) => "change",
            Self::Env(_) => "read variable",
            Self::Keychain(_) => "use keychain item",
            Self::Run(_) => "start",
            Self::Bus(_) => "use bus topic",
            Self::Ccusage => "count token usage",
            Self::Processes => "see running programs and their ports",
            Self::System => "read this machine's load, memory and disks",
            Self::Routes => "answer requests of other programs on this machine",
            Self::Account => "know the tokens of the account that is signed in",
        }
    }

    /// What to know before this is granted, where the words of the right do not tell it.
    pub fn caution(&self) -> Option<&'static str> {
        match self {
            Self::Run(_) => Some("a program that it starts can do whatever you can"),
            Self::Ccusage => Some(
                "where the logs cannot be counted here, the package ccusage is fetched and started",
            ),
            Self::InsecureTls(_) => Some("somebody in between can read and change what is sent"),
            _ => None,
        }
    }

    /// What it may do that with; empty for a right about nothing in particular.
    pub fn object(&self) -> String {
        match self {
            Self::Net(hosts) | Self::InsecureTls(hosts) => hosts.to_string(),
            Self::Read(path) | Self::Write(path) => path.to_string(),
            Self::Env(name) | Self::Run(name) => name.clone(),
            Self::Keychain(name) | Self::Bus(name) => name.to_string(),
            Self::Ccusage | Self::Processes | Self::System | Self::Routes | Self::Account => {
                String::new()
            }
        }
    }
}
