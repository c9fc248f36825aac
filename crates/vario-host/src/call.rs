use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use vario_model::Need;
use vario_permissions::Rights;
use vario_value::{LogLevel, Value};

use crate::cancel::Cancel;

/// One host call, as it is made, recorded, checked and audited.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Counts up within a run.
    pub id: u64,
    /// `group.name` below `ctx.host`, for instance `fs.readText`.
    pub name: Cow<'static, str>,
    /// The arguments as the plugin gave them, absent trailing ones left out.
    pub args: Vec<Value>,
}

/// The answer to a [`Call`].
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The call's id.
    pub id: u64,
    /// What it gave.
    pub result: Result<Value, HostError>,
}

/// How a host call fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// An ordinary error with the contract's message; the plugin may catch it.
    #[error("{0}")]
    Failed(String),
    /// The arguments are of the wrong type; the plugin may catch it.
    #[error("{0}")]
    Type(String),
    /// The run is over and the plugin cannot catch it.
    #[error("{0}")]
    Halted(String),
}

impl HostError {
    /// An ordinary failure.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }
}

/// On whose behalf, until when, and with what caps a host function works.
#[derive(Clone)]
pub struct Scope {
    /// The plugin.
    pub plugin_id: String,
    /// The plugin's own directory (`ctx.app.pluginDataDir`).
    pub plugin_data_dir: PathBuf,
    /// Which run it is; no two of this process are the same.
    pub run_id: RunId,
    /// What the plugin may do (design section 5).
    pub rights: Arc<Rights>,
    /// Who is told of every call.
    pub witness: Arc<dyn Witness>,
    /// The run's deadline; it bounds host calls too.
    pub deadline: Instant,
    /// Fires when the run is cancelled.
    pub cancel: Cancel,
    /// Cap on one HTTP body after decoding, in bytes.
    pub http_body_bytes: usize,
    /// Where log lines go.
    pub log: Arc<dyn LogSink>,
}

/// Answers host calls.
pub trait Host: Send + Sync {
    /// Answers one call. Arguments are already checked against [`crate::FUNCTIONS`].
    ///
    /// # Errors
    /// See [`HostError`].
    fn call(&self, call: &Call, scope: &Scope) -> Result<Value, HostError>;

    /// Whether this host has an answer to exactly this call although its arguments are not of the
    /// listed types. A cassette recorded elsewhere may.
    fn expects(&self, _call: &Call) -> bool {
        false
    }

    /// The run is over, and what was kept for it can go. Called once per run.
    fn end_run(&self, _scope: &Scope) {}
}

/// A number that tells one run of this process from every other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(u64);

impl RunId {
    /// The next one.
    pub fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// One call, as its host saw it. The texts are redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// The host function, such as `fs.readText`.
    pub function: String,
    /// What it was about: a path, an address, a name.
    pub target: String,
    /// What was lacking, when it was refused.
    pub needs: Vec<Need>,
    /// Whether it succeeded.
    pub ok: bool,
    /// How much text went in or out, in bytes.
    pub bytes: u64,
    /// How long it took.
    pub duration: Duration,
}

/// Is told what a run does, for the audit log and for the user.
pub trait Witness: Send + Sync {
    /// A call was answered or refused.
    fn called(&self, call: Witnessed);

    /// Something that the user must know although it is no result.
    fn notice(&self, text: String);
}

/// Looks away; for replays and tests.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoWitness;

impl Witness for NoWitness {
    fn called(&self, _call: Witnessed) {}

    fn notice(&self, _text: String) {}
}

/// Whose words a log line are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogOrigin {
    /// The plugin's own: `host.log`, `print`, `console`.
    Plugin,
    /// The host's, about the plugin: requests, warnings.
    Host,
}

/// One line of a plugin's log, already redacted (contract section 4.13).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The plugin.
    pub plugin_id: String,
    /// Importance.
    pub level: LogLevel,
    /// Whose words.
    pub origin: LogOrigin,
    /// The text, without the `[plugin:<id>]` prefix; may hold line breaks.
    pub message: String,
}

/// Takes log lines.
pub trait LogSink: Send + Sync {
    /// Whether lines of this level are wanted at all.
    fn wants(&self, level: LogLevel) -> bool;

    /// Takes one line.
    fn write(&self, entry: LogEntry);
}

/// Where `ctx.settings.get` finds its values.
pub trait SettingsSource: Send + Sync {
    /// The value of a plugin's setting: the stored one, else the manifest's default, else absent.
    ///
    /// # Errors
    /// Words for the plugin's author, without any secret.
    fn setting(&self, plugin_id: &str, key: &str) -> Result<Value, String>;
}
