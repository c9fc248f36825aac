//! What the server serves: background plugins as they are hosted, and usage as it is stored.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value as Json;
use vario_background::{Answer, Bus, Keep, Request, Respond, Response};
use vario_manifest::{Dialect, Plugin};
use vario_model::Snapshot;
use vario_runtime::owner::{Tell, Teller};
use vario_server::{
    Caller, Feed, IpcListener, IpcRespond, ManageError, PluginInfo, PluginKind, Route, Site,
    SnapshotListener, Surface, Ui, Usage,
};

use crate::hosting::Hosted;
use crate::vario::Vario;

/// The site of one owner.
pub(crate) struct OwnSite {
    hosted: Arc<Hosted>,
    vario: Vario,
    listeners: Arc<Mutex<Vec<(u64, SnapshotListener)>>>,
}

impl OwnSite {
    pub(crate) fn new(hosted: Arc<Hosted>, vario: Vario) -> Self {
        Self { hosted, vario, listeners: Arc::default() }
    }

    /// A probe has run.
    pub(crate) fn tell(&self, snapshot: &Snapshot) {
        self.listeners.lock().retain(|(_, listener)| listener(snapshot) == Keep::Yes);
    }
}

impl Site for OwnSite {
    fn plugins(&self) -> Arc<[PluginInfo]> {
        let plugins = self.hosted.plugins();
        plugins.iter().map(|(plugin, folder)| info(plugin, folder.as_deref())).collect()
    }

    /// The same on every surface: a path has one owner.
    fn route(&self, _surface: Surface, path: &str) -> Route {
        match self.hosted.supervisor().owner_of(path) {
            Some(owner) => Route::Plugin(owner),
            None if vario_background::is_core(path) => Route::Core,
            None => Route::Nobody,
        }
    }

    /// Who is signed in and what was set hold secrets: on the main port, which is open whenever
    /// something is served, they are for plugins' own pages only.
    fn http(&self, caller: Caller, request: Request, respond: Respond) {
        let is_program = caller.surface == Surface::Main && caller.page.is_none();
        if is_program && vario_background::holds_secrets(request.path()) {
            let words = "this is for plugins and their pages; `vario serve --compat smartcars` opens \
                         it to every program of this machine";
            return respond(Response::error(403, words));
        }
        self.hosted.supervisor().http_of(caller.page.as_deref(), &request, respond);
    }

    fn bus(&self) -> &Bus {
        self.hosted.supervisor().bus()
    }

    fn publish(&self, kind: &str, data: Json) -> Option<String> {
        Some(self.hosted.supervisor().publish(kind, data))
    }

    fn ipc(&self, plugin: &str, channel: &str, args: Vec<Json>, respond: IpcRespond) {
        let done = move |answer: Answer| {
            respond(answer.map(|value| value.to_json()).map_err(|error| error.to_string()));
        };
        self.hosted.supervisor().ipc(plugin, channel, &args, Box::new(done));
    }

    fn ipc_feed(&self, plugin: &str, listener: IpcListener) -> Feed {
        Box::new(self.hosted.supervisor().hear_ipc(plugin, listener))
    }

    fn usage(&self) -> Vec<Snapshot> {
        self.vario.reopened().usage()
    }

    fn usage_of(&self, id: &str) -> Usage {
        let vario = self.vario.reopened();
        match vario.latest(id) {
            Ok(Some(snapshot)) => Usage::Snapshot(Box::new(snapshot)),
            _ if vario.catalog().get(id).is_some_and(|found| found.plugin.probe.is_some()) => {
                Usage::Nothing
            }
            _ => Usage::Unknown,
        }
    }

    fn on_snapshot(&self, listener: SnapshotListener) -> Feed {
        use std::sync::atomic::{AtomicU64, Ordering};

        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        self.listeners.lock().push((number, listener));
        Box::new(Forget { listeners: Arc::clone(&self.listeners), number })
    }

    fn manage(&self, command: Json) -> Result<Json, ManageError> {
        // It has no end, and this answers once.
        if command["do"] == "tail" {
            let words = "events are followed on the bus: `GET /v1/events`";
            return Err(ManageError::Invalid(words.into()));
        }
        let (sender, receiver) = std::sync::mpsc::channel();
        Arc::clone(&self.hosted).manage(&command, Teller::new(ToChannel(sender)));
        let outcome =
            receiver.recv().map_err(|_gone| ManageError::Failed("it has ended".into()))?;
        outcome.map_err(ManageError::Conflict)
    }
}

/// Ends a subscription.
struct Forget {
    listeners: Arc<Mutex<Vec<(u64, SnapshotListener)>>>,
    number: u64,
}

impl Drop for Forget {
    fn drop(&mut self) {
        self.listeners.lock().retain(|(number, _)| *number != self.number);
    }
}

/// Takes the last answer; streams are for the owner's own socket.
struct ToChannel(std::sync::mpsc::Sender<Result<Json, String>>);

impl Tell for ToChannel {
    fn item(&self, _item: Json) -> bool {
        false
    }

    fn done(&self, outcome: Result<Json, String>) {
        let _gone = self.0.send(outcome);
    }
}

fn info(plugin: &Plugin, folder: Option<&std::path::Path>) -> PluginInfo {
    let ui = match (&plugin.ui, folder) {
        (None, _) | (_, None) => Ui::None,
        (Some(_), _) if plugin.dialect == Dialect::Stratos => Ui::NotHosted(
            "this page is made for the Stratos shell and needs the modules that it shares".into(),
        ),
        (Some(ui), Some(folder)) => Ui::Folder(folder.join(ui)),
    };
    PluginInfo {
        id: plugin.id.clone(),
        name: plugin.name.clone(),
        version: plugin.version.clone(),
        kind: match plugin.kind {
            Some(vario_manifest::PluginKind::Airline) => PluginKind::Airline,
            _ => PluginKind::User,
        },
        description: plugin.description.clone(),
        dialect: plugin.dialect.name().to_owned(),
        ui,
    }
}
