//! The one place where plugins change their state. It runs on one thread and never waits: what
//! takes time reports with an order.

mod life;
mod wishes;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use vario_dialects::Supervision;
use vario_manifest::Dialect;
use vario_model::{BackgroundInfo, BackgroundState, Need};
use vario_runtime::Found;

use crate::hub::Hub;
use crate::session::Session;
use crate::supervisor::{Infos, Order, Orders, Verdict};
use crate::timers::Timers;

/// One background plugin.
#[expect(clippy::struct_excessive_bools, reason = "each is a wish or a fact of its own")]
pub(crate) struct Entry {
    pub(crate) found: Found,
    /// Which code it is.
    pub(crate) hash: Option<String>,
    pub(crate) supervision: Supervision,
    pub(crate) state: BackgroundState,
    pub(crate) reason: Option<String>,
    pub(crate) active_since: Option<i64>,
    pub(crate) restarts: u32,
    /// Counts its processes: what an earlier one still says does not count.
    pub(crate) generation: u64,
    pub(crate) session: Option<Arc<Session>>,
    /// What its last process lacked, once that is gone.
    pub(crate) needs: Vec<Need>,
    /// There is a process, or one is being made.
    pub(crate) has_process: bool,
    pub(crate) crashes: Vec<Instant>,
    /// The user stopped it.
    pub(crate) is_held: bool,
    /// It failed, and only a new wish starts it again.
    pub(crate) is_given_up: bool,
    /// A restart after a crash is due later.
    pub(crate) is_waiting: bool,
    /// It is to end although it is wanted, and to start afresh.
    pub(crate) is_to_restart: bool,
    /// It is not in the catalog any more.
    pub(crate) is_gone: bool,
    /// Whoever waits until it is active, and whoever waits until it is not.
    pub(crate) starters: Vec<Verdict>,
    pub(crate) stoppers: Vec<Verdict>,
}

/// Keeps all plugins in the state they should be in.
pub(crate) struct Keeper {
    pub(crate) hub: Arc<Hub>,
    pub(crate) timers: Arc<Timers>,
    pub(crate) orders: Orders,
    pub(crate) infos: Infos,
    pub(crate) entries: BTreeMap<String, Entry>,
    pub(crate) is_closing: bool,
    pub(crate) closers: Vec<Verdict>,
}

impl Keeper {
    pub(crate) fn new(hub: Arc<Hub>, timers: Arc<Timers>, orders: Orders, infos: Infos) -> Self {
        Self {
            hub,
            timers,
            orders,
            infos,
            entries: BTreeMap::new(),
            is_closing: false,
            closers: Vec::new(),
        }
    }

    pub(crate) fn obey(&mut self, order: Order) {
        match order {
            Order::Catalog(found) => self.set_catalog(found),
            Order::Reconsider => self.forgive_all(),
            Order::Grants => self.grants(),
            Order::Start(id, verdict) => self.wish_start(&id, verdict),
            Order::Stop(id, verdict) => self.wish_stop(&id, verdict),
            Order::Restart(id, verdict) => self.wish_restart(&id, verdict),
            Order::Process { id, generation, session } => self.process(&id, generation, &session),
            Order::Loaded { id, generation } => self.loaded(&id, generation),
            Order::Started { id, generation, outcome } => self.started(&id, generation, outcome),
            Order::Fatal { id, generation, words } => self.fatal(&id, generation, &words),
            Order::Late { id, generation } => self.late(&id, generation),
            Order::Stopped { id, generation, outcome } => self.stopped(&id, generation, outcome),
            Order::Died { id, generation, words } => self.died(&id, generation, words),
            Order::Again { id, generation } => self.again(&id, generation),
            Order::Settings(id) => self.settings(&id),
            Order::Account => self.account(),
            Order::Shutdown(verdict) => {
                self.is_closing = true;
                self.closers.push(verdict);
            }
        }
        self.reconcile();
        self.tell_who_waits();
    }

    /// Whether all have ended and nothing starts any more.
    pub(crate) fn is_over(&self) -> bool {
        self.is_closing && !self.entries.values().any(|entry| entry.has_process)
    }

    /// The entry, if an order is about the process it has now.
    pub(crate) fn entry(&mut self, id: &str, generation: u64) -> Option<&mut Entry> {
        self.entries.get_mut(id).filter(|entry| entry.generation == generation)
    }

    /// Moves a plugin to another state and tells everybody.
    pub(crate) fn set(&mut self, id: &str, to: BackgroundState, reason: Option<String>) {
        let now = self.hub.parts.now_ms();
        let Some(entry) = self.entries.get_mut(id) else { return };
        let from = std::mem::replace(&mut entry.state, to);
        if from == to && entry.reason == reason {
            return;
        }
        entry.reason = reason;
        let is_active = matches!(to, BackgroundState::Active | BackgroundState::Degraded);
        entry.active_since = if is_active { entry.active_since.or(Some(now)) } else { None };
        let mut event = json!({ "id": id, "from": from.name(), "to": to.name() });
        if let Some(reason) = &entry.reason {
            event["reason"] = json!(reason);
        }
        self.hub.set_active(id, to == BackgroundState::Active);
        self.publish_info(id);
        // Another reason alone is no transition.
        if from == to {
            return;
        }
        self.hub.emit("plugin:state", event);
        self.tell_smartcars(id, from, to);
    }

    /// The events that smartCARS's core sends (its reference, section 6).
    fn tell_smartcars(&self, id: &str, from: BackgroundState, to: BackgroundState) {
        use BackgroundState::{Activating, Active, Degraded, Failed, Unloaded};
        let kind = match (from, to) {
            (Activating | Degraded, Active) => "plugin.loaded",
            (_, Unloaded) => "plugin.unloaded",
            (_, Failed) => "plugin.failed",
            _ => return,
        };
        self.hub.emit(kind, json!({ "id": id }));
    }

    /// Writes down what fronts read.
    pub(crate) fn publish_info(&self, id: &str) {
        let Some(entry) = self.entries.get(id) else {
            self.infos.write().remove(id);
            return;
        };
        let plugin = &entry.found.plugin;
        let info = BackgroundInfo {
            id: plugin.id.clone(),
            name: plugin.name.clone(),
            version: plugin.version.clone(),
            dialect: plugin.dialect.name().to_owned(),
            enabled: (self.hub.parts.is_enabled)(plugin),
            state: entry.state,
            reason: entry.reason.clone(),
            active_since: entry.active_since,
            restarts: entry.restarts,
            pid: None,
            memory_bytes: None,
            routes: Vec::new(),
            channels: Vec::new(),
            has_ui: plugin.ui.is_some(),
            needs: entry.needs.clone(),
        };
        self.infos.write().insert(id.to_owned(), info);
    }

    /// The account a smartCARS plugin may be used with, if it is for some communities only (its
    /// reference, section 1).
    pub(crate) fn community_fits(&self, entry: &Entry) -> bool {
        let allowed = &entry.found.plugin.allowed_communities;
        if entry.found.plugin.dialect != Dialect::Smartcars || allowed.is_empty() {
            return true;
        }
        let account = self.hub.parts.accounts.current(crate::parts::AccountKind::Smartcars);
        let airline =
            account.and_then(|account| match account.document.get("airline")?.get("id")? {
                serde_json::Value::Number(number) => Some(number.to_string()),
                serde_json::Value::String(text) => Some(text.clone()),
                _ => None,
            });
        airline.is_some_and(|airline| allowed.contains(&airline))
    }
}
