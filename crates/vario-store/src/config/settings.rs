use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use vario_model::UpdateInterval;
use vario_output::present::{DisplayMode, MetricChoice, ResetDisplay, TimeFormat};

use crate::config::units::{ByteSize, Millis};

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;

/// Everything the configuration can say. The values that the contract knows (section 7.10) have
/// its defaults.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Which plugins there are and which of them run.
    pub plugins: Plugins,
    /// Settings of single plugins, by id.
    pub plugin: BTreeMap<String, PluginSection>,
    /// When plugins run without being asked.
    pub updates: Updates,
    /// How results look.
    pub display: Display,
    /// The program itself.
    pub app: App,
    /// What is told when nobody looks.
    pub notifications: Notifications,
    /// What one run may use. A manifest may lower a limit, and only this file may raise it.
    pub limits: Limits,
    /// The proxy for plugins' requests. If it is off, the environment's variables count.
    pub proxy: Proxy,
}

/// `[plugins]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Plugins {
    /// Folders of plugins, after the default one. `~` is the home folder; a relative path starts
    /// in the folder of the configuration.
    pub folders: Vec<String>,
    /// Ids of plugins that do not run.
    pub disabled: Vec<String>,
    /// Ids in the order to show; all others follow by id.
    pub order: Vec<String>,
}

/// `[plugin.<id>]`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PluginSection {
    /// Values of the plugin's own settings. Secrets are in the keychain, never here.
    pub settings: Map<String, Value>,
}

/// `[updates]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Updates {
    /// How often plugins are updated without being asked, in minutes.
    pub auto_update_interval: UpdateInterval,
}

/// `[display]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Display {
    /// Whether quotas show what is used or what is left.
    pub display_mode: DisplayMode,
    /// Whether a reset is told as a span of time or as a time.
    pub reset_timer_display_mode: ResetDisplay,
    /// Whether a day has twice 12 or 24 hours.
    pub time_format_mode: TimeFormat,
    /// What the icon in the bar shows.
    pub menubar_icon_style: IconStyle,
    /// Which quota stands for a plugin in the bar.
    pub menubar_metric: MetricChoice,
    /// Light or dark.
    pub theme_mode: ThemeMode,
}

/// `[app]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct App {
    /// How grave a message must be to be logged.
    pub log_level: LogLevel,
    /// The keys that open the window from anywhere.
    pub global_shortcut: Option<String>,
    /// Whether the window starts when the user logs in.
    pub start_on_login: bool,
    /// Where plugins run: `process` gives each a process without rights; in `in-process` their
    /// engines have all rights of this program.
    pub isolation: Isolation,
}

/// `[notifications]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Notifications {
    /// Ids of plugins of which a quota that runs low is told.
    pub plugins: Vec<String>,
    /// How much of a quota must be used for that, in percent.
    #[schemars(range(min = 1, max = 100))]
    #[serde(deserialize_with = "percent")]
    pub threshold: u8,
}

impl Default for Notifications {
    fn default() -> Self {
        Self { plugins: Vec::new(), threshold: 90 }
    }
}

fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let percent = u8::deserialize(deserializer)?;
    if (1..=100).contains(&percent) {
        Ok(percent)
    } else {
        Err(D::Error::custom(format!("expected a percentage from 1 to 100, found {percent}")))
    }
}

/// `[limits]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Time of the whole run, host calls included.
    pub wall: Millis,
    /// Memory of the script.
    pub heap: ByteSize,
    /// The script's own call stack, at most 4M.
    #[serde(deserialize_with = "stack")]
    pub stack: ByteSize,
    /// Lines of a result; the rest is cut.
    #[schemars(range(min = 1))]
    #[serde(deserialize_with = "count")]
    pub lines: u32,
    /// Text of a result.
    pub output: ByteSize,
    /// Calls to the host.
    #[schemars(range(min = 1))]
    #[serde(deserialize_with = "count")]
    pub host_calls: u32,
    /// One HTTP body after decoding.
    pub http_body: ByteSize,
    /// What a plugin may log.
    pub log: ByteSize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            wall: Millis::new(30_000),
            heap: ByteSize::new(64 * MIB),
            stack: ByteSize::new(MIB),
            lines: 256,
            output: ByteSize::new(MIB),
            host_calls: 1_000,
            http_body: ByteSize::new(8 * MIB),
            log: ByteSize::new(MIB),
        }
    }
}

/// A script's stack lies on a thread's stack, which must hold the host's own frames too.
const MAX_STACK: ByteSize = ByteSize::new(4 * MIB);

fn stack<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ByteSize, D::Error> {
    let size = ByteSize::deserialize(deserializer)?;
    if size > MAX_STACK {
        return Err(D::Error::custom(format!("expected at most `{MAX_STACK}`, found `{size}`")));
    }
    Ok(size)
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let count = u32::deserialize(deserializer)?;
    if count == 0 { Err(D::Error::custom("expected a number above 0")) } else { Ok(count) }
}

/// `[proxy]`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Proxy {
    /// Whether it is used.
    pub enabled: bool,
    /// Its address, such as `http://127.0.0.1:8080` or `socks5h://127.0.0.1:1080`.
    pub url: Option<String>,
}

/// The address may hold a password, which has no business in a log.
impl std::fmt::Debug for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Proxy").field("enabled", &self.enabled).finish_non_exhaustive()
    }
}

/// What the icon in the bar shows (contract section 7.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum IconStyle {
    /// The plugin's icon and a percentage.
    #[default]
    Provider,
    /// The icon and a ring.
    Donut,
    /// Up to four bars.
    Bars,
}

/// Where plugins run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// Each in a process of its own, without rights.
    #[default]
    Process,
    /// In the program's own process. A plugin's engine has all rights of the program then.
    InProcess,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ThemeMode {
    /// As the system has it.
    #[default]
    System,
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
}

/// How grave a message must be to be logged, the gravest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Errors only.
    #[default]
    Error,
    /// Warnings too.
    Warn,
    /// Ordinary messages too.
    Info,
    /// What helps to find a fault.
    Debug,
    /// Everything.
    Trace,
}
