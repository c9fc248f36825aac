use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value as Json;
use vario_background::{Bus, Keep, Request, Respond};
use vario_model::Snapshot;

/// What the server serves.
///
/// Methods are called on the server's few threads. Those that *may block* are called on a thread
/// kept for that; the others return at once and answer through what they are given, from any
/// thread.
pub trait Site: Send + Sync + 'static {
    /// The plugins that are installed and enabled, in order of id. Asked at every request.
    fn plugins(&self) -> Arc<[PluginInfo]>;

    /// Who answers a path (without query, still percent-encoded) on a surface. Asked before
    /// [`Site::http`], because it decides whose page may send the request.
    fn route(&self, surface: Surface, path: &str) -> Route;

    /// Answers a request whose [`Route`] is known: a plugin's route (`/api/ID/HANDLER`, a prefix of
    /// Stratos) or a core endpoint. Who calls was judged already. A responder that is dropped
    /// means that the plugin has gone.
    fn http(&self, caller: Caller, request: Request, respond: Respond);

    /// The event bus whose events WebSocket clients hear.
    fn bus(&self) -> &Bus;

    /// Publishes an event of a WebSocket client, source `external`. Returns the event's id, so
    /// that its sender is spared it, or nothing if it was refused.
    fn publish(&self, kind: &str, data: Json) -> Option<String>;

    /// A message of a plugin's page to its background code.
    fn ipc(&self, plugin: &str, channel: &str, args: Vec<Json>, respond: IpcRespond);

    /// Hears what a plugin sends its page, until the feed is dropped or the listener says no.
    fn ipc_feed(&self, plugin: &str, listener: IpcListener) -> Feed;

    /// The last snapshots of enabled plugins, in the user's order (probe contract, section 6).
    /// May block.
    fn usage(&self) -> Vec<Snapshot>;

    /// The last snapshot of one plugin, also of a disabled one. May block.
    fn usage_of(&self, id: &str) -> Usage;

    /// Hears every new snapshot, until the feed is dropped or the listener says no.
    fn on_snapshot(&self, listener: SnapshotListener) -> Feed;

    /// Does what the command line or a front asks: the body of `/v1/manage`. May block.
    fn manage(&self, command: Json) -> Result<Json, ManageError>;
}

/// Ends a subscription when it is dropped.
pub type Feed = Box<dyn Send + Sync>;

/// Takes the one answer of an IPC call: a value, or a message for people. Dropped without one
/// when the plugin has gone.
pub type IpcRespond = Box<dyn FnOnce(Result<Json, String>) + Send>;

/// Hears (channel, payload). Must not block.
pub type IpcListener = Box<dyn Fn(&str, &Json) -> Keep + Send + Sync>;

/// Hears snapshots. Must not block.
pub type SnapshotListener = Box<dyn Fn(&Snapshot) -> Keep + Send + Sync>;

/// What the server must know of a plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginInfo {
    /// Its id.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Who installed it.
    pub kind: PluginKind,
    /// One sentence, or nothing.
    pub description: String,
    /// The dialect's name: `smartcars`, `stratos`, `mudstack`, `vario` or `openusage`.
    pub dialect: String,
    /// Its page.
    pub ui: Ui,
}

/// Who a plugin belongs to (smartCARS).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PluginKind {
    /// The user.
    User,
    /// The airline.
    Airline,
}

/// A plugin's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ui {
    /// It has none.
    None,
    /// The folder whose files are served.
    Folder(PathBuf),
    /// It has one that cannot be shown here, and why.
    NotHosted(String),
}

/// Which port a request came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Surface {
    /// The main port: everything, each plugin for its own page.
    Main,
    /// The one smartCARS plugins expect: routes, core endpoints and pages.
    Smartcars,
    /// The one where smartCARS plugins expect the bus.
    SmartcarsBus,
    /// The one Stratos pages expect.
    Stratos,
}

/// Who sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Where it came in.
    pub surface: Surface,
    /// The plugin whose page sent it, if one did.
    pub page: Option<String>,
}

/// Who answers a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// This plugin. On the main port only its own page and programs may call it.
    Plugin(String),
    /// The host itself: identity, settings, log and the like. Every plugin's page may call it.
    Core,
    /// Nobody: 404.
    Nobody,
}

/// What is known of a plugin's usage (probe contract, section 6).
#[derive(Debug, Clone, PartialEq)]
pub enum Usage {
    /// Its last snapshot.
    Snapshot(Box<Snapshot>),
    /// It is loaded and has none.
    Nothing,
    /// It is not loaded.
    Unknown,
}

/// Why a command was not carried out; the text is for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManageError {
    /// 400: it makes no sense.
    Invalid(String),
    /// 404: what it names is not there.
    Unknown(String),
    /// 409: not in this state.
    Conflict(String),
    /// 500: it was tried and failed.
    Failed(String),
}

impl ManageError {
    /// The status and the text.
    pub(crate) fn parts(&self) -> (u16, &str) {
        match self {
            Self::Invalid(text) => (400, text),
            Self::Unknown(text) => (404, text),
            Self::Conflict(text) => (409, text),
            Self::Failed(text) => (500, text),
        }
    }
}
