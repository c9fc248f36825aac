//! What is shown: plain data that the app builds from the runtime and the store.

mod accounts;
mod background;
mod install;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::Value;
use vario_manifest::{Plugin, Scope};
use vario_model::{AuditEntry, Need, PluginState, UpdateInterval};
use vario_output::present::{
    DisplayMode, HourCycle, LocalTime, MetricChoice, ResetDisplay, TimeFormat,
};
use vario_permissions::PermissionSet;
use vario_value::LogLevel;

use crate::icons::IconSource;
use crate::state::Page;
use crate::text::is_blank;

pub use self::accounts::{AccountKind, AccountView, AccountsView, Secrets};
pub use self::background::{Answered, BackgroundView, Lifecycle, PluginLog, Tried};
pub use self::install::{InstallPlan, InstallView, Replaced};

/// The moment a frame shows.
#[derive(Debug, Clone)]
pub struct Now {
    /// Milliseconds since the epoch.
    pub unix_ms: i64,
    /// The user's zone.
    pub zone: TimeZone,
    /// How the user's locale counts hours.
    pub hours: HourCycle,
}

/// Everything the window shows.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Every plugin found, enabled or not, in the user's order.
    pub plugins: Vec<PluginView>,
    /// The settings.
    pub settings: Settings,
    /// What happened, oldest first.
    pub log: Vec<LogEntry>,
    /// When plugins are updated next, in milliseconds since the epoch; nothing without a timer.
    pub next_update_at: Option<i64>,
    /// What the user must know: a settings file that cannot be read, a folder that is read-only.
    pub notices: Vec<Notice>,
    /// What this platform can do.
    pub platform: Platform,
    /// The program's version.
    pub version: String,
    /// Plugins that stay.
    pub background: BackgroundView,
    /// Who is signed in.
    pub accounts: AccountsView,
    /// What may be installed, while somebody is at it.
    pub install: Option<InstallView>,
}

impl Model {
    /// The plugin of this id.
    pub fn plugin(&self, id: &str) -> Option<&PluginView> {
        self.plugins.iter().find(|view| view.id() == id)
    }
}

/// One plugin.
#[derive(Debug, Clone)]
pub struct PluginView {
    /// Its manifest.
    pub plugin: Arc<Plugin>,
    /// Its data and whether it runs; also whether it is enabled.
    pub state: PluginState,
    /// Its icon for light and for dark surroundings; nothing if there is none to read.
    pub icon: Option<IconPair>,
    /// What it may do.
    pub rights: RightsView,
    /// What its last run lacked.
    pub needs: Vec<Need>,
    /// How its last run went.
    pub last_run: Option<LastRun>,
    /// The host calls of its last run.
    pub calls: Vec<AuditEntry>,
    /// What its quotas were.
    pub history: Vec<Series>,
    /// Values of its settings, secrets left out.
    pub values: BTreeMap<String, Value>,
    /// Which of its secrets have a value.
    pub secrets: BTreeSet<String>,
    /// The folder it is in.
    pub folder: String,
}

impl PluginView {
    /// A plugin about which only its manifest is known.
    pub fn new(plugin: Arc<Plugin>) -> Self {
        Self {
            plugin,
            state: PluginState::default(),
            icon: None,
            rights: RightsView::default(),
            needs: Vec::new(),
            last_run: None,
            calls: Vec::new(),
            history: Vec::new(),
            values: BTreeMap::new(),
            secrets: BTreeSet::new(),
            folder: String::new(),
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.plugin.id
    }

    /// Its name, its id where the manifest leaves the name empty.
    pub fn name(&self) -> &str {
        if is_blank(&self.plugin.name) { &self.plugin.id } else { &self.plugin.name }
    }

    /// The page that is its own.
    pub(crate) fn page(&self) -> Page {
        let id = self.id().to_owned();
        if self.only_stays() { Page::BackgroundOf(id) } else { Page::Plugin(id) }
    }

    /// Whether it has no probe, only a part that stays.
    pub(crate) fn only_stays(&self) -> bool {
        self.plugin.probe.is_none() && self.plugin.background.is_some()
    }

    pub(crate) fn overview_labels(&self) -> Vec<&str> {
        let lines = self.plugin.lines.iter().filter(|line| line.scope == Scope::Overview);
        lines.map(|line| line.label.as_str()).collect()
    }
}

/// One icon for each theme; often the same.
#[derive(Debug, Clone)]
pub struct IconPair {
    /// For light surroundings.
    pub light: IconSource,
    /// For dark surroundings.
    pub dark: IconSource,
}

/// What a plugin asked for, has, and was refused.
#[derive(Debug, Clone, Default)]
pub struct RightsView {
    /// What its manifest asks for.
    pub requested: PermissionSet,
    /// What the user granted.
    pub granted: PermissionSet,
    /// What the user denied.
    pub denied: PermissionSet,
    /// What is known to be needed by a plugin that asks for nothing itself.
    pub profile: Option<PermissionSet>,
}

impl RightsView {
    /// What was asked for and neither granted nor denied.
    pub fn open(&self) -> PermissionSet {
        let is_open = |right: &&vario_permissions::Permission| {
            !self.granted.covers(right) && !self.denied.covers(right)
        };
        let asked = self.requested.iter().chain(self.profile.iter().flat_map(PermissionSet::iter));
        asked.filter(is_open).cloned().collect()
    }
}

/// How a run went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastRun {
    /// When it ended, in milliseconds since the epoch.
    pub at_ms: i64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// How many calls of the host it made.
    pub host_calls: u64,
}

/// One quota over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The line's label.
    pub label: String,
    /// When, in milliseconds since the epoch, and which part of the limit was used; oldest first.
    pub points: Vec<(i64, f64)>,
}

/// The settings (contract section 7.10).
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How often plugins are updated.
    pub interval: UpdateInterval,
    /// Used or left.
    pub mode: DisplayMode,
    /// How a reset is told.
    pub reset: ResetDisplay,
    /// How a time of day is written.
    pub time: TimeFormat,
    /// What the tray's icon shows.
    pub tray: TrayStyle,
    /// Which quota stands for a plugin.
    pub metric: MetricChoice,
    /// Light or dark.
    pub theme: ThemeMode,
    /// The keys that open the window.
    pub shortcut: Option<String>,
    /// Whether the window starts with the session.
    pub start_on_login: bool,
    /// How grave a message must be to be logged: `error`, `warn`, `info`, `debug` or `trace`.
    pub log_level: String,
    /// Where plugin code runs.
    pub isolation: Isolation,
    /// Where plugins are looked for; the first is the default folder.
    pub folders: Vec<String>,
    /// Which plugins may send notifications.
    pub notify: BTreeSet<String>,
    /// How much of a quota is used when a notification comes, in percent.
    pub threshold: u8,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            interval: UpdateInterval::Fifteen,
            mode: DisplayMode::Left,
            reset: ResetDisplay::Relative,
            time: TimeFormat::Auto,
            tray: TrayStyle::Provider,
            metric: MetricChoice::Default,
            theme: ThemeMode::System,
            shortcut: None,
            start_on_login: false,
            log_level: "error".to_owned(),
            isolation: Isolation::Process,
            folders: Vec::new(),
            notify: BTreeSet::new(),
            threshold: 90,
        }
    }
}

impl Settings {
    pub(crate) fn local(&self, now: &Now) -> LocalTime {
        LocalTime { zone: now.zone.clone(), hours: self.time.hour_cycle(now.hours) }
    }
}

/// What the tray's icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrayStyle {
    /// A plugin's icon and a percentage.
    Provider,
    /// The icon and a ring.
    Donut,
    /// Up to four bars.
    Bars,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThemeMode {
    /// As the system has it.
    System,
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
}

/// Where plugin code runs (design section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// In processes without rights.
    Process,
    /// In this process.
    InProcess,
}

/// What a platform can do. What it cannot is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub struct Platform {
    /// There is a tray.
    pub tray: bool,
    /// Keys can be caught outside of the window.
    pub shortcut: bool,
    /// Programs can be started with the session.
    pub login: bool,
    /// Notifications can be sent.
    pub notifications: bool,
}

impl Default for Platform {
    fn default() -> Self {
        Self { tray: true, shortcut: true, login: true, notifications: true }
    }
}

/// Something to know, above the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How grave it is.
    pub level: LogLevel,
    /// What it is, in a sentence or two. What stands between backticks is code.
    pub text: String,
}

/// One line of the event log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
    /// How grave.
    pub level: LogLevel,
    /// Whose it is; nothing for the program's own.
    pub plugin: Option<String>,
    /// What happened.
    pub text: String,
}
