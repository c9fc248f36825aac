use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

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
