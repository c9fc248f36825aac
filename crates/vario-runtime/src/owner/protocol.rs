//! What owner and askers say to each other: one JSON object a line.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use vario_host::LogEntry;
use vario_model::{RunEvent, RunTrigger};
use vario_value::LogLevel;

/// Both sides must speak the same one. It changes whenever a message does, or what it means.
pub const PROTOCOL: u32 = 3;

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The program's version, for people.
    pub version: String,
    /// What else decides how a run turns out: folders of plugins, variables, options. Runs are
    /// asked for only where both sides have the same; the text itself means nothing here.
    pub scope: String,
}

/// What is to be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ask {
    /// Which plugins; all enabled ones when there is no list.
    pub ids: Option<Vec<String>>,
    /// Why.
    pub trigger: RunTrigger,
    /// Take a stored result that is not older than this, in milliseconds.
    pub max_age_ms: Option<u64>,
    /// Leave out what was refreshed by hand less than five minutes ago (contract section 5.4).
    pub heed_cooldown: bool,
    /// The least level of the plugins' log lines that are wanted, if any are.
    #[serde(with = "level", default)]
    pub log: Option<LogLevel>,
}

impl Ask {
    /// The age as a time.
    pub fn max_age(&self) -> Option<Duration> {
        self.max_age_ms.map(Duration::from_millis)
    }
}

/// A time in whole milliseconds, as [`Ask::max_age_ms`] has it.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Why a plugin that was asked for is not run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum NotRun {
    /// The owner knows no such plugin.
    Unknown,
    /// It cools down.
    CoolingDown {
        /// How much longer, in milliseconds.
        left_ms: i64,
    },
    /// The owner cannot run it.
    Failed {
        /// Why not.
        text: String,
    },
}

/// What became of something asked for, in order; `Done` is the last.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// A plugin starts or has finished. One whose stored result is fresh enough does not start.
    Event(RunEvent),
    /// A line of a plugin's log. Some are left out for one who reads too slowly.
    Log(LogEntry),
    /// A plugin is not run.
    NotRun {
        /// Which.
        id: String,
        /// Why.
        why: NotRun,
    },
    /// That was all.
    Done {
        /// About the store, each once.
        warnings: Vec<String>,
    },
}

/// What has changed under the owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Changed {
    /// Settings: the program's or a plugin's.
    Config,
    /// What plugins may do.
    Grants,
    /// The plugins themselves.
    Plugins,
}

/// How an owner is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The program's version.
    pub version: String,
    /// Its process.
    pub pid: u32,
    /// What runs now, by id.
    pub running: Vec<String>,
    /// What waits for its turn.
    pub waiting: Vec<String>,
    /// How many requests for these are not done.
    pub asking: usize,
    /// How many follow.
    pub followers: usize,
}

/// The first line of an asker. What a later version adds is not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hello {
    pub(super) protocol: u32,
    #[serde(default)]
    pub(super) version: String,
    #[serde(default)]
    pub(super) scope: String,
    /// Where the system does not tell who asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
}

/// What an asker says after its hello.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Request {
    Run {
        number: u64,
        #[serde(flatten)]
        ask: Ask,
    },
    /// Events from now on; `watch` are the plugins the owner is to keep up to date for it.
    /// `window` says whether it has one that [`Reply::Show`] brings to the front.
    Follow {
        watch: Watch,
        #[serde(default)]
        window: bool,
        /// The least level of the plugins' log lines that it wants.
        #[serde(with = "level", default)]
        log: Option<LogLevel>,
    },
    Status,
    Show,
    Changed {
        what: Changed,
    },
    /// Something for what the owner hosts besides probes.
    Manage {
        number: u64,
        command: Json,
    },
}

/// What one who follows wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    /// Which plugins are kept up to date for it.
    pub watch: Watch,
    /// Whether it has a window, and so hears when someone wants to see it.
    pub window: bool,
    /// The least level of all plugins' log lines that it wants; nothing for none.
    pub log: Option<LogLevel>,
}

impl From<Watch> for Interest {
    /// As one who has no window and wants no lines.
    fn from(watch: Watch) -> Self {
        Self { watch, window: false, log: None }
    }
}

/// Which plugins are kept up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Watch {
    /// None for this one.
    Nothing,
    /// All that are enabled.
    Enabled,
    /// These, enabled or not.
    These(Vec<String>),
}

/// What an owner says. The first line is `Hello` or `Refused`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Reply {
    Hello {
        protocol: u32,
        version: String,
        same_scope: bool,
    },
    Refused {
        text: String,
    },
    Accepted {
        number: u64,
    },
    Event {
        number: u64,
        event: RunEvent,
    },
    Log {
        number: u64,
        id: String,
        #[serde(with = "level")]
        level: Option<LogLevel>,
        from_host: bool,
        message: String,
    },
    NotRun {
        number: u64,
        id: String,
        #[serde(flatten)]
        why: NotRun,
    },
    Done {
        number: u64,
        warnings: Vec<String>,
    },
    Following {
        running: Vec<String>,
    },
    Followed {
        event: RunEvent,
    },
    Status(Status),
    Shown {
        shown: bool,
    },
    Changed {
        what: Changed,
    },
    Show,
    Line {
        at_ms: i64,
        id: String,
        #[serde(with = "level")]
        level: Option<LogLevel>,
        from_host: bool,
        message: String,
    },
    Noted,
    Managed {
        number: u64,
        item: Json,
    },
    ManageDone {
        number: u64,
        outcome: Result<Json, String>,
    },
    /// Still at work on what was asked.
    Alive,
}

/// The text for two programs that do not understand each other.
pub(super) fn mismatch(owner: (&str, u32), asker: (&str, u32)) -> String {
    let of = |(version, protocol): (&str, u32)| {
        let version: String = version.chars().filter(|c| !c.is_control()).take(40).collect();
        format!("vario {version} (protocol {protocol})")
    };
    format!(
        "the running {} and this {} do not understand each other; end the running one to use it \
         again",
        of(owner),
        of(asker)
    )
}

/// A level of log lines by its name.
mod level {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use vario_value::LogLevel;

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(
        level: &Option<LogLevel>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        level.map(LogLevel::name).serialize(to)
    }

    /// A level of a later version is as good as none.
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<LogLevel>, D::Error> {
        let name = Option::<String>::deserialize(from)?;
        let levels = [LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
        Ok(levels.into_iter().find(|level| name.as_deref() == Some(level.name())))
    }
}
