use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use vario_dialects::Supervision;
use vario_host::{Host, LogSink};
use vario_isolation::WorkerCommand;
use vario_manifest::{Dialect, Plugin, Requirement};
use vario_runtime::{App, AuditLog, Clock, RightsSource};
use vario_sandbox::Limits;

/// What a plugin keeps by key (design section 9): survives the process and the program.
pub trait Storage: Send + Sync {
    /// One value; nothing if the key is not set.
    ///
    /// # Errors
    /// When the store cannot be read, in words.
    fn get(&self, plugin: &str, key: &str) -> Result<Option<Json>, String>;

    /// All values, by key.
    ///
    /// # Errors
    /// As [`Storage::get`].
    fn all(&self, plugin: &str) -> Result<Map<String, Json>, String>;

    /// Sets a value, and returns when it is safe.
    ///
    /// # Errors
    /// When it cannot be written, in words.
    fn set(&self, plugin: &str, key: &str, value: &Json) -> Result<(), String>;

    /// Forgets a value.
    ///
    /// # Errors
    /// As [`Storage::set`].
    fn remove(&self, plugin: &str, key: &str) -> Result<(), String>;
}

/// Whose service somebody is signed in to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccountKind {
    /// An identity for smartCARS plugins (its reference, section 4).
    Smartcars,
    /// An airline for Stratos plugins (its reference, section 4).
    Stratos,
}

/// Somebody who is signed in. Holds secrets: never print it.
#[derive(Clone, PartialEq)]
pub struct Account {
    /// What the user calls it.
    pub name: String,
    /// What plugins may see without a secret: the identity document, or the airline with `baseUrl`.
    pub document: Map<String, Json>,
    /// The token of this moment.
    pub token: Option<String>,
    /// What a new token is asked with.
    pub refresh_token: Option<String>,
    /// Where a new token is asked for.
    pub refresh_url: Option<String>,
}

/// Who is signed in.
pub trait Accounts: Send + Sync {
    /// The account in use, read afresh.
    fn current(&self, kind: AccountKind) -> Option<Account>;

    /// Keeps the tokens that came of a refresh of the account of that name.
    ///
    /// # Errors
    /// When they cannot be kept, in words without a secret.
    fn renew(
        &self,
        kind: AccountKind,
        name: &str,
        token: &str,
        refresh_token: Option<&str>,
    ) -> Result<(), String>;
}

/// The settings a user makes for a plugin.
pub trait PluginSettings: Send + Sync {
    /// Every setting with its value: the user's, else the manifest's default. Secrets included.
    fn effective(&self, plugin: &Plugin) -> Map<String, Json>;

    /// What the user set, without defaults.
    fn stored(&self, plugin: &Plugin) -> Map<String, Json>;

    /// Sets one, as the user would.
    ///
    /// # Errors
    /// When it does not fit or cannot be kept, in words.
    fn set(&self, plugin: &Plugin, key: &str, value: &Json) -> Result<(), String>;
}

/// Looks whether programs and libraries are there.
pub trait Requirements: Send + Sync {
    /// Whether a program or library is there; plugins are not asked for here.
    fn is_there(&self, requirement: &Requirement) -> bool;
}

/// What a [`crate::Supervisor`] works with.
#[derive(Clone)]
pub struct Parts {
    /// How plugins' processes are started.
    pub worker: WorkerCommand,
    /// What each may use.
    pub limits: Limits,
    /// How the program presents itself, and where things are.
    pub app: App,
    /// What plugins may do; made afresh for each start.
    pub rights: Arc<dyn Fn() -> Arc<dyn RightsSource> + Send + Sync>,
    /// Keeps record of what plugins did.
    pub audit: Arc<dyn AuditLog>,
    /// Answers what touches the machine.
    pub host: Arc<dyn Host>,
    /// What plugins keep by key.
    pub storage: Arc<dyn Storage>,
    /// Who is signed in.
    pub accounts: Arc<dyn Accounts>,
    /// What the user set.
    pub settings: Arc<dyn PluginSettings>,
    /// Whether programs are there.
    pub requirements: Arc<dyn Requirements>,
    /// Takes log lines.
    pub log: Arc<dyn LogSink>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// How each family is watched over; [`vario_dialects::supervision`] but for tests.
    pub supervision: fn(Dialect) -> Supervision,
    /// Whether the user wants a plugin to run.
    pub is_enabled: Arc<dyn Fn(&Plugin) -> bool + Send + Sync>,
    /// What `GET /api/config` of smartCARS says (its reference, section 5).
    pub core_config: Json,
}

impl Parts {
    /// Where a plugin keeps its files.
    pub(crate) fn data_dir(&self, id: &str) -> PathBuf {
        self.app.plugin_data_dir(id)
    }

    /// Milliseconds since the epoch.
    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now().as_millisecond()
    }
}
