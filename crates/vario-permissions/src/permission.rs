use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::glob::Glob;
use crate::host::HostPattern;
use crate::path::PathPattern;

/// Why a text is no right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The word before the colon is none of ours.
    #[error("`{0}` is no kind of right; there are {kinds}", kinds = KINDS.join(", "))]
    Kind(String),
    /// A right that is about something names nothing, or one about nothing names something.
    #[error("`{0}` must be written `{1}`")]
    Form(String, &'static str),
    /// No host.
    #[error("`{0}` is no host: write `api.example.com`, `*.example.com`, `127.0.0.1` or `[::1]`")]
    Host(String),
    /// No port.
    #[error("the port in `{0}` is no number from 1 to 65535")]
    Port(String),
    /// No path.
    #[error("the path `{text}` cannot be used: {why}")]
    Path {
        /// The path.
        text: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// No name.
    #[error("`{0}` is no name")]
    Name(String),
    /// A name with a `\` that takes no meaning away.
    #[error("in `{0}` a `\\` stands before none of `*`, `?` and `\\`")]
    Escape(String),
    /// Too long to be any.
    #[error("the {0} is too long to be one")]
    Long(&'static str),
}

/// Every kind of right, as it is written.
pub(crate) const KINDS: &[&str] = &[
    "net",
    "insecureTls",
    "read",
    "write",
    "env",
    "keychain",
    "run",
    "bus",
    "ccusage",
    "processes",
    "system",
    "routes",
    "account",
];

/// One right (design section 5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Connect to hosts.
    Net(HostPattern),
    /// Accept any certificate of hosts.
    InsecureTls(HostPattern),
    /// Read files and databases.
    Read(PathPattern),
    /// Write them.
    Write(PathPattern),
    /// Read an environment variable.
    Env(String),
    /// Read and change items of the keychain; `*` and `?` may stand in the service's name.
    Keychain(Pattern),
    /// Start a program.
    Run(String),
    /// Topics of the event bus; `*` and `?` may stand in them.
    Bus(Pattern),
    /// Count token usage.
    Ccusage,
    /// See running programs and their ports.
    Processes,
    /// Figures of this machine.
    System,
    /// Answer HTTP requests of other programs.
    Routes,
    /// Know the tokens of who is signed in.
    Account,
}

/// In bytes; longer names match nothing.
const MAX_NAME: usize = 1024;

/// A name in which `*` and `?` may stand; `\` takes their meaning away.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern(pub(crate) Glob);

impl Pattern {
    /// The pattern that is exactly this text.
    pub fn exactly(text: &str) -> Self {
        Self(Glob::literal(text))
    }

    fn parse(text: &str) -> Result<Self, Error> {
        let text = name(text)?;
        if text.len() > 2 * MAX_NAME {
            return Err(Error::Long("name"));
        }
        Glob::parse(&text).map(Self).ok_or(Error::Escape(text))
    }

    /// Whether a name is meant. To `fold`: also if only capital and small letters differ.
    pub(crate) fn matches(&self, text: &str, fold: bool) -> bool {
        // A plugin says the name: it must not make the comparison long.
        text.len() <= MAX_NAME && self.0.matches(text, fold)
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Permission {
    /// Whether everything that the other right allows is allowed by this one.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Net(one), Self::Net(other))
            | (Self::InsecureTls(one), Self::InsecureTls(other)) => one.covers(other),
            (Self::Read(one), Self::Read(other)) | (Self::Write(one), Self::Write(other)) => {
                one.covers(other)
            }
            (Self::Keychain(one), Self::Keychain(other)) | (Self::Bus(one), Self::Bus(other)) => {
                one.0.covers(&other.0)
            }
            (one, other) => one == other,
        }
    }
}

fn name(text: &str) -> Result<String, Error> {
    let is_name = !text.trim().is_empty() && !text.contains(['\0', '\n', '\r']);
    is_name.then(|| text.to_owned()).ok_or_else(|| Error::Name(text.to_owned()))
}

fn variable(text: &str) -> Result<String, Error> {
    name(text).and_then(|name| {
        if name.contains(['=', ' ', '*', ':']) { Err(Error::Name(name)) } else { Ok(name) }
    })
}

impl FromStr for Permission {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (kind, about) = match text.split_once(':') {
            Some((kind, about)) => (kind, Some(about)),
            None => (text, None),
        };
        let needs = |form| about.ok_or_else(|| Error::Form(text.to_owned(), form));
        let flag = |right, form| match about {
            None => Ok(right),
            Some(_) => Err(Error::Form(text.to_owned(), form)),
        };
        match kind {
            "net" => HostPattern::parse(needs("net:HOST")?).map(Self::Net),
            "insecureTls" => HostPattern::parse(needs("insecureTls:HOST")?).map(Self::InsecureTls),
            "read" => PathPattern::parse(needs("read:PATH")?).map(Self::Read),
            "write" => PathPattern::parse(needs("write:PATH")?).map(Self::Write),
            "env" => variable(needs("env:NAME")?).map(Self::Env),
            "keychain" => Pattern::parse(needs("keychain:SERVICE")?).map(Self::Keychain),
            "run" => name(needs("run:PROGRAM")?).map(Self::Run),
            "bus" => Pattern::parse(needs("bus:TOPIC")?).map(Self::Bus),
            "ccusage" => flag(Self::Ccusage, "ccusage"),
            "processes" => flag(Self::Processes, "processes"),
            "system" => flag(Self::System, "system"),
            "routes" => flag(Self::Routes, "routes"),
            "account" => flag(Self::Account, "account"),
            _ => Err(Error::Kind(text.to_owned())),
        }
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Net(hosts) => write!(formatter, "net:{hosts}"),
            Self::InsecureTls(hosts) => write!(formatter, "insecureTls:{hosts}"),
            Self::Read(path) => write!(formatter, "read:{path}"),
            Self::Write(path) => write!(formatter, "write:{path}"),
            Self::Env(name) => write!(formatter, "env:{name}"),
            Self::Keychain(service) => write!(formatter, "keychain:{service}"),
            Self::Run(program) => write!(formatter, "run:{program}"),
            Self::Bus(topic) => write!(formatter, "bus:{topic}"),
            Self::Ccusage => formatter.write_str("ccusage"),
            Self::Processes => formatter.write_str("processes"),
            Self::System => formatter.write_str("system"),
            Self::Routes => formatter.write_str("routes"),
            Self::Account => formatter.write_str("account"),
        }
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
