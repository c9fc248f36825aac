use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use serde_json::Value as Json;
use vario_model::{BackgroundInfo, MenuCommand};
use vario_runtime::Found;
use vario_value::Value;

use crate::answer::{CallError, Done};
use crate::bus::{Bus, Keep};
use crate::http::{FROM, Request, Respond};
use crate::hub::Hub;
use crate::keeper::Keeper;
use crate::parts::Parts;
use crate::router;
use crate::session::Session;
use crate::timers::Timers;

/// Told what became of a wish: nothing, or words.
pub(crate) type Verdict = Sender<Result<(), String>>;

/// What the thread that keeps the plugins is told.
pub(crate) enum Order {
    /// These are all plugins there are.
    Catalog(Vec<Found>),
    /// What is enabled may have changed.
    Reconsider,
    /// What plugins may do has changed.
    Grants,
    Start(String, Verdict),
    Stop(String, Verdict),
    Restart(String, Verdict),
    /// A process is there and evaluates the plugin's module.
    Process {
        id: String,
        generation: u64,
        session: Arc<Session>,
    },
    /// The module was evaluated.
    Loaded {
        id: String,
        generation: u64,
    },
    /// The module cannot be evaluated.
    Fatal {
        id: String,
        generation: u64,
        words: String,
    },
    /// The plugin's start has ended.
    Started {
        id: String,
        generation: u64,
        outcome: Result<(), String>,
    },
    /// The time for the start is over.
    Late {
        id: String,
        generation: u64,
    },
    /// The plugin's end has come to an end, or its time has.
    Stopped {
        id: String,
        generation: u64,
        outcome: Result<(), String>,
    },
    /// The process is gone.
    Died {
        id: String,
        generation: u64,
        words: String,
    },
    /// The wait before a restart is over.
    Again {
        id: String,
        generation: u64,
    },
    /// Settings of a plugin were changed and kept.
    Settings(String),
    /// Somebody signed in or out.
    Account,
    /// All plugins end, and nothing starts any more.
    Shutdown(Verdict),
}

/// Gives orders to the thread that keeps the plugins.
#[derive(Clone)]
pub(crate) struct Orders(Sender<Order>);

impl Orders {
    /// An order for a thread that has ended is for plugins that have, too.
    pub(crate) fn give(&self, order: Order) {
        let _nobody_left = self.0.send(order);
    }
}

/// What fronts may read without asking the thread.
pub(crate) type Infos = Arc<RwLock<BTreeMap<String, BackgroundInfo>>>;

/// Hosts background plugins: starts them in their order, watches over them, and is the way to them.
///
/// Dropping it ends every plugin at once; [`Supervisor::shutdown`] lets them end in good order.
pub struct Supervisor {
    hub: Arc<Hub>,
    orders: Orders,
    infos: Infos,
}

impl Supervisor {
    /// Hosts nothing yet; see [`Supervisor::set_plugins`].
    ///
    /// # Errors
    /// When its threads cannot be started.
    pub fn new(parts: Parts) -> std::io::Result<Self> {
        let hub = Arc::new(Hub::new(parts));
        let timers = Arc::new(Timers::start()?);
        let (sender, receiver) = channel();
        let orders = Orders(sender);
        let infos = Infos::default();
        let keeper = Keeper::new(Arc::clone(&hub), timers, orders.clone(), Arc::clone(&infos));
        std::thread::Builder::new()
            .name("background-keeper".to_owned())
            .spawn(move || keep(keeper, &receiver))?;
        Ok(Self { hub, orders, infos })
    }

    /// These are all plugins there are. New ones that are enabled start, vanished ones are stopped,
    /// and running ones whose code has changed are stopped and started afresh.
    pub fn set_plugins(&self, plugins: Vec<Found>) {
        self.orders.give(Order::Catalog(plugins));
    }

    /// What plugins may do has changed: what was taken back holds at once, and a plugin whose rights
    /// are others starts anew, since many ask for what they need at their start only, and keep what
    /// they got there.
    pub fn grants_changed(&self) {
        self.orders.give(Order::Grants);
    }

    /// What is enabled may have changed.
    pub fn reconsider(&self) {
        self.orders.give(Order::Reconsider);
    }

    /// Starts a plugin that was stopped or has failed, and waits until it is active.
    ///
    /// # Errors
    /// Why it is not.
    pub fn start(&self, id: &str, limit: Duration) -> Result<(), String> {
        self.wish(limit, |verdict| Order::Start(id.to_owned(), verdict))
    }

    /// Stops a plugin until it is started again, and waits until it is gone.
    ///
    /// # Errors
    /// When there is none, or it is not gone in time.
    pub fn stop(&self, id: &str, limit: Duration) -> Result<(), String> {
        self.wish(limit, |verdict| Order::Stop(id.to_owned(), verdict))
    }

    /// Stops a plugin and starts it afresh.
    ///
    /// # Errors
    /// As [`Supervisor::start`].
    pub fn restart(&self, id: &str, limit: Duration) -> Result<(), String> {
        self.wish(limit, |verdict| Order::Restart(id.to_owned(), verdict))
    }

    /// Ends every plugin, those that others need last, and waits for it.
    ///
    /// # Errors
    /// When not all have ended in time; they are killed when this is dropped.
    pub fn shutdown(&self, limit: Duration) -> Result<(), String> {
        self.wish(limit, Order::Shutdown)
    }

    fn wish(&self, limit: Duration, order: impl FnOnce(Verdict) -> Order) -> Result<(), String> {
        let (verdict, outcome) = channel();
        self.orders.give(order(verdict));
        outcome.recv_timeout(limit).map_err(|_late| "it takes too long".to_owned())?
    }

    /// A plugin's settings were changed and kept: it is told the new ones.
    pub fn settings_changed(&self, id: &str) {
        self.orders.give(Order::Settings(id.to_owned()));
    }

    /// Somebody signed in or out, or is somebody else now.
    ///
    /// Plugins that are given who is signed in at their start start anew; the others ask each time.
    pub fn account_changed(&self) {
        self.orders.give(Order::Account);
    }

    /// Every background plugin, by id.
    pub fn list(&self) -> Vec<BackgroundInfo> {
        let mut infos: Vec<BackgroundInfo> = self.infos.read().values().cloned().collect();
        for info in &mut infos {
            self.complete(info);
        }
        infos
    }

    /// Adds what changes without a transition.
    fn complete(&self, info: &mut BackgroundInfo) {
        let Some(session) = self.hub.session(&info.id) else { return };
        info.pid = Some(session.pid);
        info.memory_bytes = crate::memory::resident(session.pid);
        info.routes = session.routes.lock().info(&info.id);
        info.channels = session.channels.lock().iter().cloned().collect();
        info.needs = session.witness.needs();
    }

    /// One background plugin.
    pub fn info(&self, id: &str) -> Option<BackgroundInfo> {
        let mut info = self.infos.read().get(id).cloned()?;
        self.complete(&mut info);
        Some(info)
    }

    /// Answers a request for a route, now or when the plugin has.
    pub fn http(&self, request: &Request, respond: Respond) {
        self.http_of(None, request, respond);
    }

    /// As [`Supervisor::http`], for a request of a plugin's own page, if it is one's. Only we say
    /// whose it is, never the request.
    pub fn http_of(&self, page: Option<&str>, request: &Request, respond: Respond) {
        let mut named = request.header(FROM).map(|_| request.without(FROM));
        if let Some(page) = page {
            let known = named.get_or_insert_with(|| request.clone());
            known.headers.push((FROM.to_owned(), page.to_owned()));
        }
        router::answer(&self.hub, named.as_ref().unwrap_or(request), respond);
    }

    /// The plugin whose route a path is, if it is one's.
    pub fn owner_of(&self, path: &str) -> Option<String> {
        router::owner(&self.hub, path)
    }

    /// The event bus.
    pub fn bus(&self) -> &Bus {
        &self.hub.bus
    }

    /// Sends an event from outside, for instance of the command line. Gives the event's id.
    pub fn publish(&self, kind: &str, payload: Json) -> String {
        let now = self.hub.parts.now_ms();
        self.hub.bus.publish(kind, "external", payload, now).id.clone()
    }

    /// Calls a channel of a plugin's own user interface (Stratos reference, section 4).
    pub fn ipc(&self, id: &str, channel: &str, args: &[Json], done: Done) {
        let Some(session) = self.hub.session(id) else {
            return done(Err(CallError::NotRunning(id.to_owned())));
        };
        if !session.channels.lock().contains(channel) {
            let words = format!("plugin `{id}` has no handler for channel `{channel}`");
            return done(Err(CallError::NoHandler(words)));
        }
        let args = args.iter().map(Value::from_json).collect();
        let value = Value::from([("channel", Value::from(channel)), ("args", Value::List(args))]);
        session.ask("ipc", value, Some(session.supervision.request), done);
    }

    /// Hears what a plugin sends to its own user interface, until the listener says no or what this
    /// gives is dropped.
    pub fn hear_ipc(
        &self,
        id: &str,
        listener: impl Fn(&str, &Json) -> Keep + Send + Sync + 'static,
    ) -> IpcFeed {
        let number = self.hub.hear_ipc(id, Arc::new(listener));
        IpcFeed { hub: Arc::downgrade(&self.hub), number }
    }

    /// Asks a plugin in the way plugins ask each other.
    pub fn request(&self, id: &str, kind: &str, payload: &Json, done: Done) {
        self.hub.request("external", id, kind, Value::from_json(payload), None, done);
    }

    /// The entries of context menus of all active plugins.
    pub fn menu(&self) -> Vec<MenuCommand> {
        let active =
            self.hub.installed().into_iter().filter(|plugin| self.hub.is_active(&plugin.id));
        active
            .flat_map(|plugin| {
                plugin
                    .context_menu_commands
                    .iter()
                    .map(|command| MenuCommand {
                        plugin_id: plugin.id.clone(),
                        id: command.id.clone(),
                        title: command.title.clone(),
                        description: command.description.clone(),
                    })
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// Runs an entry of a context menu: its event is sent, and no code of a plugin runs here
    /// (reference of Mudstack, section 5).
    ///
    /// # Errors
    /// When no active plugin has it.
    pub fn run_menu(&self, plugin: &str, command: &str, context: Json) -> Result<(), String> {
        let plugins = self.hub.installed();
        let found = plugins
            .iter()
            .filter(|known| known.id == plugin && self.hub.is_active(plugin))
            .flat_map(|known| &known.context_menu_commands)
            .find(|known| known.id == command)
            .ok_or_else(|| format!("no active plugin `{plugin}` has a command `{command}`"))?;
        let mut payload = match context {
            Json::Object(context) => context,
            _ => serde_json::Map::new(),
        };
        payload.insert("commandId".to_owned(), Json::from(command));
        payload.entry("selection").or_insert_with(|| Json::Array(Vec::new()));
        self.hub.emit(&found.event_type, Json::Object(payload));
        Ok(())
    }
}

/// Ends a subscription to a plugin's messages when it is dropped.
pub struct IpcFeed {
    hub: Weak<Hub>,
    number: u64,
}

impl Drop for IpcFeed {
    fn drop(&mut self) {
        if let Some(hub) = self.hub.upgrade() {
            hub.stop_hearing_ipc(self.number);
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        let (verdict, _nobody_waits) = channel();
        self.orders.give(Order::Shutdown(verdict));
        for info in self.infos.read().values() {
            if let Some(session) = self.hub.session(&info.id) {
                session.kill(Some("the host has ended"));
            }
        }
    }
}

/// The thread that keeps the plugins: one order after the other, until all have ended.
fn keep(mut keeper: Keeper, orders: &Receiver<Order>) {
    while let Ok(order) = orders.recv() {
        keeper.obey(order);
        if keeper.is_over() {
            return;
        }
    }
}

/// That long from now.
pub(crate) fn after(wait: Duration) -> Instant {
    Instant::now() + wait
}
