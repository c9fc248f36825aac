//! The thread behind the window: it knows plugins, settings and results, and tells the window of
//! every change.
//!
//! It owns the state directory or follows its owner (design section 10); where neither can be it
//! runs plugins by itself. All three differ only in where runs are asked for (`runs`) and in who
//! tells of them.

mod acts;
mod desk;
mod folders;
mod front;
mod log;
mod opener;
mod runs;
mod views;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, after, never, select, unbounded};
use vario_bootstrap::Vario;
use vario_desktop::{ShortcutEvent, TrayEvent};
use vario_host::Cancel;
use vario_model::{RunEvent, RunTrigger};
use vario_runtime::Catalog;
use vario_runtime::owner::{
    Alone, Ask, Changed, Claim, Client, Follower, News, NotRun, OwnerOptions, Told, Watch, claim,
};
use vario_ui::{Command, LogEntry, Model, Notice, Page, PluginView};
use vario_value::LogLevel;

use self::desk::{Desk, DeskEvent};
use self::folders::FolderWatch;
use self::front::WindowFront;
use self::log::{Least, Log};
use self::runs::Runs;

pub(crate) use self::front::{WindowState, Wish};

/// How many plugins run at once.
const WORKERS: usize = 8;

/// Lines of the event log that are kept.
const LOG_LINES: usize = 2000;

/// What the window is told.
pub(crate) enum Update {
    /// Everything; what was known before is old.
    All(Box<Model>),
    /// One plugin.
    Plugin(Box<PluginView>),
    /// When plugins run next, in milliseconds since the epoch.
    Next(Option<i64>),
    /// A line of the event log.
    Log(LogEntry),
    /// The event log was emptied.
    LogCleared,
    /// Notices that replace the ones before.
    Notices(Vec<Notice>),
    /// Whether the desktop wants dark windows.
    Dark(bool),
}

impl Update {
    /// Brings a model up to date. Gives whether the desktop wants dark windows, if it says so.
    pub(crate) fn apply(self, model: &mut Model) -> Option<bool> {
        match self {
            Self::All(all) => {
                let log = std::mem::take(&mut model.log);
                *model = *all;
                model.log = log;
            }
            Self::Plugin(view) => {
                let own = model.plugins.iter_mut().find(|own| own.id() == view.id());
                if let Some(own) = own {
                    *own = *view;
                }
            }
            Self::Next(at) => model.next_update_at = at,
            Self::Log(entry) => {
                if model.log.len() >= LOG_LINES {
                    model.log.drain(..LOG_LINES / 10);
                }
                model.log.push(entry);
            }
            Self::LogCleared => model.log.clear(),
            Self::Notices(notices) => model.notices = notices,
            Self::Dark(dark) => return Some(dark),
        }
        None
    }
}

/// What the window tells the engine.
pub(crate) enum Order {
    /// What the user wants done.
    Do(Command),
    /// The plugin whose page is shown.
    Page(Option<String>),
    /// There is a window now that knows nothing.
    Tell,
}

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
    folders: FolderWatch,
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
            folders: FolderWatch::new(),
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

    /// Owns, follows or is alone, until that ends.
    fn once(&mut self, owning: &OwnerOptions) {
        if !self.vario.shares_runs() {
            return self.alone(owning);
        }
        match claim(owning, &Watch::Enabled) {
            Claim::Owner(owner) => {
                if let Some(why) = owner.deaf() {
                    let text = format!("Other programs cannot ask this one for results: {why}");
                    self.note(LogLevel::Warn, text);
                }
                let news = owner.follow();
                self.serve(&Runs::Owner(&owner), &news);
            }
            Claim::Follower(follower) => self.follow(*follower),
            Claim::Alone(why) => {
                self.say(why);
                self.alone(owning);
            }
        }
    }

    fn follow(&mut self, mut follower: Follower) {
        for id in follower.running().to_vec() {
            self.event(RunEvent::Started { provider_id: id, trigger: RunTrigger::Auto });
        }
        let (sender, news) = unbounded();
        let thread = std::thread::Builder::new().name("follower".to_owned()).spawn(move || {
            while let Some(heard) = follower.next_news() {
                if sender.send(heard).is_err() {
                    return;
                }
            }
        });
        if thread.is_err() {
            return;
        }
        let paths = self.vario.paths().clone();
        let identity = self.vario.identity();
        self.serve(&Runs::Follower { paths, identity }, &news);
        self.stop_loading();
    }

    /// Runs plugins by itself, with nobody to share that with.
    fn alone(&mut self, owning: &OwnerOptions) {
        match self.vario.refresher() {
            Ok(refresher) => {
                let runs = Runs::Alone {
                    refresher: Arc::new(refresher),
                    front: Arc::clone(&owning.front),
                };
                self.serve(&runs, &never());
            }
            Err(error) => self.stay_without_runs(&error.to_string()),
        }
    }

    /// Everything but runs.
    fn stay_without_runs(&mut self, why: &str) {
        self.note(LogLevel::Error, format!("Plugins cannot be run: {why}"));
        self.serve(&Runs::None, &never());
    }

    /// Does what is ordered and tells of what happens, until whoever tells the news is gone.
    fn serve(&mut self, runs: &Runs<'_>, news: &Receiver<News>) {
        let heard_by_news = !matches!(runs, Runs::Alone { .. } | Runs::None);
        let max_age = self.vario.interval();
        self.ask(runs, None, RunTrigger::Start, Some(max_age));
        if let Runs::Owner(owner) = runs {
            owner.watch(Watch::Enabled);
        }
        let orders = self.orders.clone();
        let (told, logged, changed) =
            (self.told.1.clone(), self.logged.clone(), self.folders.changed());
        let secrets = self.secrets.1.clone();
        let (is_over, desk) = (self.is_over.clone(), self.desk.events.clone());
        loop {
            let due = match runs {
                Runs::Alone { .. } => after(self.until_next()),
                _ => never(),
            };
            select! {
                recv(news) -> heard => match heard {
                    Ok(News::Event(event)) => self.event(event),
                    Ok(News::Changed(_)) => if self.reload() { return },
                    Ok(News::Log { at_ms, entry }) => {
                        self.outlet.send(Update::Log(log::entry(entry, at_ms)));
                    }
                    Ok(News::Show) => _ = self.outlet.window.show(None),
                    Err(_) => return,
                },
                recv(told) -> message => if let Ok(message) = message {
                    self.told(message, !heard_by_news);
                },
                recv(logged) -> entry => if let Ok(entry) = entry {
                    self.outlet.send(Update::Log(entry));
                },
                recv(secrets) -> found => if let Ok(found) = found { self.show_secrets(&found) },
                recv(orders) -> order => match order {
                    Ok(Order::Do(command)) => if self.act(runs, command) { return },
                    Ok(Order::Page(id)) => self.page(id),
                    Ok(Order::Tell) => self.tell_all(),
                    Err(_) => { self.cancel.cancel(); return }
                },
                recv(desk) -> event => if let Ok(event) = event { self.desk_event(runs, event) },
                recv(changed) -> _ => {
                    self.folders.settle();
                    // What changes from here on is told once more.
                    self.folders.watch(&self.vario);
                    let moves = self.reload();
                    self.tell(runs, Changed::Plugins);
                    if moves { return }
                },
                recv(due) -> _ => self.ask(runs, None, RunTrigger::Auto, Some(self.vario.interval())),
                recv(is_over) -> _ => return,
            }
        }
    }

    /// Asks for runs; all enabled plugins where no ids are given.
    fn ask(
        &self,
        runs: &Runs<'_>,
        ids: Option<Vec<String>>,
        trigger: RunTrigger,
        max_age: Option<Duration>,
    ) {
        let ask = Ask {
            ids,
            trigger,
            max_age_ms: max_age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX)),
            heed_cooldown: trigger == RunTrigger::Manual,
            // Lines come through this process's log, or with the owner's news.
            log: None,
        };
        runs.ask(ask, &self.told.0, &self.cancel);
    }

    fn told(&mut self, told: Told, with_events: bool) {
        match told {
            Told::Event(event) if with_events => self.event(event),
            // A stored result that is fresh enough is known to nobody else.
            Told::Event(_) | Told::Log(_) => {}
            Told::NotRun { id, why } => self.not_run(&id, &why),
            Told::Done { warnings } => {
                for warning in warnings {
                    self.note(LogLevel::Warn, warning);
                }
            }
        }
    }

    fn not_run(&mut self, id: &str, why: &NotRun) {
        if let Some(view) = self.views.iter_mut().find(|view| view.id() == id) {
            view.state.loading = false;
            if let NotRun::Failed { .. } = why {
                view.state.fail_to_start();
            }
            self.outlet.send(Update::Plugin(Box::new(view.clone())));
        }
        if let NotRun::Failed { text } = why {
            self.log(LogLevel::Error, Some(id), text.clone());
        }
    }

    /// A plugin starts or has finished.
    fn event(&mut self, event: RunEvent) {
        match event {
            RunEvent::Started { provider_id, trigger } => {
                self.triggers.insert(provider_id.clone(), trigger);
                if let Some(view) = self.views.iter_mut().find(|view| *view.id() == *provider_id) {
                    view.state.start();
                    self.outlet.send(Update::Plugin(Box::new(view.clone())));
                }
                self.show_in_tray();
            }
            RunEvent::Finished { snapshot } => {
                // What the plugin said comes before what became of it.
                while let Ok(entry) = self.logged.try_recv() {
                    self.outlet.send(Update::Log(entry));
                }
                let id = snapshot.provider_id.clone();
                let trigger = self.triggers.remove(&id).unwrap_or(RunTrigger::Auto);
                for notice in &snapshot.notices {
                    self.log(LogLevel::Warn, Some(&id), notice.clone());
                }
                if let Some(text) = snapshot.output.ui_error() {
                    self.log(LogLevel::Error, Some(&id), text.to_owned());
                }
                let now_ms = self.now_ms();
                if let Some(view) = self.views.iter_mut().find(|view| *view.id() == *id) {
                    views::finish(view, &self.vario, *snapshot, trigger, now_ms);
                    self.outlet.send(Update::Plugin(Box::new(view.clone())));
                }
                self.observe(&id);
                self.show_in_tray();
                self.outlet.send(Update::Next(self.next_update_at()));
            }
            RunEvent::Completed => {}
        }
    }

    fn show_in_tray(&mut self) {
        self.desk.show(&self.views, &views::settings(&self.vario));
    }

    /// What was known before this program began is no news.
    fn observe_all(&mut self) {
        let ids: Vec<String> = self.views.iter().map(|view| view.id().to_owned()).collect();
        for id in ids {
            self.observe(&id);
        }
    }

    fn observe(&mut self, id: &str) {
        let now_ms = self.now_ms();
        let wanted = &self.vario.configuration().notifications;
        let is_told = wanted.plugins.iter().any(|own| own == id);
        if let Some(view) = self.views.iter().find(|view| view.id() == id)
            && view.state.error.is_none()
        {
            self.desk.observe(view, is_told, wanted.threshold, now_ms);
        }
    }

    fn page(&mut self, id: Option<String>) {
        if id.is_some() {
            self.desk.page = id;
            self.show_in_tray();
        }
    }

    /// What the desktop tells.
    fn desk_event(&mut self, runs: &Runs<'_>, event: DeskEvent) {
        match event {
            DeskEvent::Tray(tray) => {
                self.desk.set_tray(tray);
                self.tray_changed();
            }
            DeskEvent::Dark(dark) => {
                self.desk.dark = Some(dark);
                self.outlet.send(Update::Dark(dark));
                self.show_in_tray();
            }
            DeskEvent::Did(event) => self.tray_event(runs, event),
            DeskEvent::Shortcuts(shortcuts) => {
                self.desk.opener.found(shortcuts);
                self.choose_keys();
                self.tell_all();
            }
            DeskEvent::Shortcut(ShortcutEvent::Pressed) => {
                if self.desk.opener.heard() {
                    self.outlet.send(Update::Notices(self.notices()));
                }
                self.open_window(runs, None);
            }
            DeskEvent::Shortcut(ShortcutEvent::Failed(error)) => {
                let text = self.desk.opener.fail(&error);
                self.keys_failed(text);
            }
            DeskEvent::Shortcut(_) => {}
        }
    }

    /// Listens to the keys of the configuration.
    fn choose_keys(&mut self) {
        let keys = self.vario.configuration().app.global_shortcut.clone();
        if let Some(text) = self.desk.opener.choose(keys.as_deref()) {
            self.keys_failed(text);
        }
    }

    fn keys_failed(&self, text: String) {
        if !self.outlet.window.is_open() {
            self.desk.notify(&text);
        }
        self.log(LogLevel::Warn, None, text);
        self.outlet.send(Update::Notices(self.notices()));
    }

    fn tray_changed(&mut self) {
        self.outlet.window.set_tray(self.desk.has_tray());
        self.show_in_tray();
        self.tell_all();
    }

    fn tray_event(&mut self, runs: &Runs<'_>, event: TrayEvent) {
        match event {
            TrayEvent::Activate | TrayEvent::Open => self.open_window(runs, None),
            TrayEvent::OpenPlugin(id) => self.open_window(runs, Some(Page::Plugin(id))),
            TrayEvent::Settings => self.open_window(runs, Some(Page::Settings)),
            TrayEvent::RefreshAll => self.ask(runs, None, RunTrigger::Manual, None),
            TrayEvent::Quit => self.outlet.window.quit(),
            TrayEvent::Lost => {
                self.tray_changed();
                self.open_window(runs, None);
            }
            TrayEvent::Returned => self.tray_changed(),
            _ => {}
        }
    }

    /// Shows the window there is, whosever it is, or opens one.
    fn open_window(&self, runs: &Runs<'_>, page: Option<Page>) {
        let window = &self.outlet.window;
        let is_shown = match runs {
            _ if window.is_open() => false,
            Runs::Owner(owner) => owner.show_followers(),
            Runs::Follower { paths, identity } => {
                Client::connect(paths, identity).is_ok_and(|mut client| client.show() == Ok(true))
            }
            Runs::Alone { .. } | Runs::None => false,
        };
        if !is_shown {
            window.show(page);
        }
    }

    /// Nobody tells any more how what runs there ends.
    fn stop_loading(&mut self) {
        for view in self.views.iter_mut().filter(|view| view.state.loading) {
            view.state.loading = false;
            self.outlet.send(Update::Plugin(Box::new(view.clone())));
        }
    }

    /// Why this process is neither owner nor follower.
    fn say(&mut self, why: Alone) {
        let text = match why {
            Alone::NoLock(text) => format!("Results cannot be shared with other programs: {text}"),
            Alone::Refused(text) => text,
            Alone::Silent => "Another Vario owns the results and does not answer.".to_owned(),
            Alone::OtherScope => {
                "Another Vario runs other plugins, or with other variables; this window goes on by \
                 itself."
                    .to_owned()
            }
            Alone::Cancelled => return,
        };
        self.note(LogLevel::Warn, text);
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
        let interval_ms = i64::try_from(self.vario.interval().as_millis()).unwrap_or(i64::MAX);
        let enabled = self.views.iter().filter(|view| view.state.enabled);
        let runs = enabled.map(|view| view.last_run.map_or(0, |run| run.at_ms));
        runs.min().map(|last| last.saturating_add(interval_ms))
    }

    fn until_next(&self) -> Duration {
        let left_ms = self.next_update_at().unwrap_or(i64::MAX).saturating_sub(self.now_ms());
        // A plugin whose runs are not kept would be due at once, for ever.
        Duration::from_millis(u64::try_from(left_ms).unwrap_or(0).clamp(1000, 3_600_000))
    }
}
