//! The thread behind the window: it knows plugins, settings and results, and tells the window of
//! every change.
//!
//! It owns the state directory or follows its owner (design section 10); where neither can be it
//! runs plugins by itself. All three differ only in where runs are asked for (`runs`) and in who
//! tells of them.

mod accounts;
mod acts;
mod background;
mod desk;
mod desktop;
mod front;
mod hearing;
mod install;
mod log;
mod messages;
mod opener;
mod parts;
mod runs;
mod serving;
mod views;
mod watching;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::{Receiver, Sender, unbounded};
use vario_bootstrap::Vario;
use vario_host::Cancel;
use vario_model::RunTrigger;
use vario_runtime::owner::Told;
use vario_runtime::{Catalog, interval_ms};
use vario_ui::{AccountsView, BackgroundView, LogEntry, Notice, PluginView};
use vario_value::LogLevel;

use self::desk::Desk;
use self::front::WindowFront;
use self::install::{Chosen, Installing};
use self::log::{Least, Log};
use self::parts::Part;
use self::watching::Watch;
use vario_bootstrap::FolderWatch;

pub(crate) use self::front::{WindowState, Wish};
pub(crate) use self::messages::{Order, Update};

/// How many plugins run at once.
const WORKERS: usize = 8;

/// The way to the engine. Dropping it ends what runs.
pub(crate) struct Engine {
    pub(crate) orders: Sender<Order>,
    pub(crate) updates: Receiver<Update>,
    cancel: Cancel,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Engine {
    /// Starts the thread. `window` says how the window is, `has_desk` whether tray and notifications
    /// are this process's.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub(crate) fn start(
        vario: Vario,
        window: Arc<WindowState>,
        has_desk: bool,
    ) -> std::io::Result<Self> {
        let (orders, ordered) = unbounded();
        let (updates, receiver) = unbounded();
        let cancel = Cancel::new();
        let for_thread = cancel.clone();
        let thread = std::thread::Builder::new().name("engine".to_owned()).spawn(move || {
            let outlet = Outlet { updates, window };
            Working::new(vario, ordered, outlet, for_thread, has_desk).run();
        })?;
        Ok(Self { orders, updates: receiver, cancel, thread: Some(thread) })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.cancel.cancel();
        if let Some(thread) = self.thread.take() {
            let _it_has_panicked = thread.join();
        }
    }
}

/// By plugin and key.
type Secrets = Vec<(String, String)>;

/// Where updates go.
#[derive(Clone)]
struct Outlet {
    updates: Sender<Update>,
    window: Arc<WindowState>,
}

impl Outlet {
    /// Without a window nobody reads them.
    fn send(&self, update: Update) {
        if !self.window.is_open() {
            return;
        }
        let _the_window_is_gone = self.updates.send(update);
        self.window.wake();
    }
}

/// The state of the thread.
struct Working {
    vario: Vario,
    catalog: Catalog,
    views: Vec<PluginView>,
    /// Why what runs now was started.
    triggers: HashMap<String, RunTrigger>,
    /// What is amiss with runs and commands, on top of what the configuration says.
    notes: Vec<Notice>,
    orders: Receiver<Order>,
    told: (Sender<Told>, Receiver<Told>),
    logged: Receiver<LogEntry>,
    least: Arc<Least>,
    /// Secrets that are set, by plugin and key.
    secrets: (Sender<Secrets>, Receiver<Secrets>),
    /// Folders that the user has chosen in the system's dialog.
    chosen: (Sender<PathBuf>, Receiver<PathBuf>),
    /// What an ask has started and not finished; what finishes without it was stored before.
    asked: HashSet<String>,
    folders: FolderWatch,
    /// What other threads keep up to date.
    background: Part<BackgroundView>,
    accounts: Part<AccountsView>,
    installing: Installing,
    /// What they say about installing.
    to_install: (Sender<Chosen>, Receiver<Chosen>),
    /// What somebody looks at that changes without being asked for.
    watch: Option<Watch>,
    desk: Desk,
    outlet: Outlet,
    cancel: Cancel,
    is_over: Receiver<()>,
    _guard: vario_host::CancelGuard,
}

impl Working {
    fn new(
        mut vario: Vario,
        orders: Receiver<Order>,
        outlet: Outlet,
        cancel: Cancel,
        has_desk: bool,
    ) -> Self {
        let (over, is_over) = unbounded();
        let guard = cancel.on_cancel(move || {
            let _already_known = over.send(());
        });
        let (log, logged, least) = Log::new(vario.log_level());
        vario.set_log(Arc::new(log));
        Self {
            catalog: Catalog::default(),
            views: Vec::new(),
            triggers: HashMap::new(),
            notes: Vec::new(),
            orders,
            told: unbounded(),
            logged,
            least,
            secrets: unbounded(),
            chosen: unbounded(),
            asked: HashSet::new(),
            folders: FolderWatch::new(),
            background: Part::new(outlet.clone(), |view| Update::Background(Box::new(view))),
            accounts: Part::new(outlet.clone(), |view| Update::Accounts(Box::new(view))),
            installing: Installing::new(outlet.clone()),
            to_install: unbounded(),
            watch: None,
            desk: Desk::start(has_desk, &cancel),
            outlet,
            cancel,
            is_over,
            _guard: guard,
            vario,
        }
    }

    fn run(mut self) {
        self.load();
        // The window has its first model; the time it needs to show it is ours.
        self.folders.watch(&self.vario);
        self.observe_all();
        let front = match WindowFront::new(
            &self.vario,
            Arc::clone(&self.outlet.window),
            Arc::clone(&self.least),
        ) {
            Ok(front) => Arc::new(front),
            Err(error) => return self.stay_without_runs(&error.to_string()),
        };
        let owning = self.vario.owner_options(front, WORKERS, self.cancel.clone());
        let owning = match owning {
            Ok(owning) => owning,
            Err(error) => return self.stay_without_runs(&error.to_string()),
        };
        while !self.cancel.is_cancelled() {
            self.once(&owning);
        }
    }

    fn now_ms(&self) -> i64 {
        self.vario.clock().now().as_millisecond()
    }

    /// Adds a notice, each once.
    fn note(&mut self, level: LogLevel, text: String) {
        self.log(level, None, text.clone());
        let notice = Notice { level, text };
        if !self.notes.contains(&notice) {
            self.notes.push(notice);
            self.outlet.send(Update::Notices(self.notices()));
        }
    }

    fn log(&self, level: LogLevel, plugin: Option<&str>, text: String) {
        let plugin = plugin.map(ToOwned::to_owned);
        let entry = LogEntry { at_ms: self.now_ms(), level, plugin, text };
        self.outlet.send(Update::Log(entry));
    }

    /// When the next plugin is due, in milliseconds since the epoch.
    fn next_update_at(&self) -> Option<i64> {
        self.due().map(|(_, at_ms)| at_ms).min()
    }

    /// What runs by itself, by id, and when it is due.
    fn due(&self) -> impl Iterator<Item = (&str, i64)> {
        let interval = self.vario.interval();
        let runs = |view: &&PluginView| view.state.enabled && view.plugin.probe.is_some();
        self.views.iter().filter(runs).map(move |view| {
            let last_ms = view.last_run.map_or(0, |run| run.at_ms);
            (view.id(), last_ms.saturating_add(interval_ms(&view.plugin, interval)))
        })
    }
}
