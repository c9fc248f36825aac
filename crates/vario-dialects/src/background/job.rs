use std::time::Duration;

use vario_sandbox::{Language, Limits};
use vario_value::{Map, Value};

use crate::wire::{limits_from_value, limits_to_value};

/// The family whose rules a background plugin follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackgroundDialect {
    /// smartCARS 3 and Pro.
    Smartcars,
    /// Stratos.
    Stratos,
    /// Mudstack.
    Mudstack,
    /// Ours.
    Vario,
}

impl BackgroundDialect {
    /// Its short name: `smartcars`, `stratos`, `mudstack`, `vario`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Smartcars => "smartcars",
            Self::Stratos => "stratos",
            Self::Mudstack => "mudstack",
            Self::Vario => "vario",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Smartcars, Self::Stratos, Self::Mudstack, Self::Vario]
            .into_iter()
            .find(|dialect| dialect.name() == name)
    }
}

/// Everything the process of a background plugin must know before the first message.
#[derive(Debug, Clone, PartialEq)]
pub struct BackgroundJob {
    /// The manifest's id.
    pub plugin_id: String,
    /// Whose rules it follows.
    pub dialect: BackgroundDialect,
    /// The language it is in.
    pub language: Language,
    /// The file to begin with, relative to the plugin's folder, with `/`.
    pub entry: String,
    /// The plugin's folder, absolute, as plugins see it.
    pub plugin_dir: String,
    /// Where it may keep files, absolute.
    pub data_dir: String,
    /// The host's version.
    pub app_version: String,
    /// `linux`, `macos` or `windows`.
    pub platform: String,
    /// The plugin's manifest, whole.
    pub manifest: Value,
    /// What the plugin finds in its environment, and nothing else.
    pub environment: Vec<(String, String)>,
    /// Heap and stack count; the wall-clock limit does not.
    pub limits: Limits,
    /// How long its code may run before it gives way, once it is loaded. Time in the host's
    /// functions does not count.
    pub turn: Duration,
}

impl BackgroundJob {
    /// What a background plugin may use unless told otherwise: 256 MiB of heap, and time without
    /// end.
    pub fn limits() -> Limits {
        Limits {
            wall: Duration::from_hours(24 * 365 * 20),
            heap_bytes: 256 * 1024 * 1024,
            ..Limits::default()
        }
    }

    /// The job as a value, for the process that runs it.
    pub fn to_value(&self) -> Value {
        let environment = self
            .environment
            .iter()
            .map(|(name, value)| Value::List(vec![name.as_str().into(), value.as_str().into()]));
        Value::from([
            ("background", Value::Bool(true)),
            ("pluginId", self.plugin_id.as_str().into()),
            ("dialect", self.dialect.name().into()),
            ("language", self.language.short_name().into()),
            ("entry", self.entry.as_str().into()),
            ("pluginDir", self.plugin_dir.as_str().into()),
            ("dataDir", self.data_dir.as_str().into()),
            ("version", self.app_version.as_str().into()),
            ("platform", self.platform.as_str().into()),
            ("manifest", self.manifest.clone()),
            ("environment", Value::List(environment.collect())),
            ("limits", limits_to_value(&self.limits)),
            ("turnMs", Value::Int(i64::try_from(self.turn.as_millis()).unwrap_or(i64::MAX))),
        ])
    }

    /// The job of a value; nothing if it is none.
    pub fn from_value(value: &Value) -> Option<Self> {
        let text = |key| value.get(key).and_then(Value::as_str).map(str::to_owned);
        if value.get("background") != Some(&Value::Bool(true)) {
            return None;
        }
        Some(Self {
            plugin_id: text("pluginId")?,
            dialect: BackgroundDialect::from_name(&text("dialect")?)?,
            language: match text("language")?.as_str() {
                "lua" => Language::Lua,
                "js" => Language::JavaScript,
                _ => return None,
            },
            entry: text("entry")?,
            plugin_dir: text("pluginDir")?,
            data_dir: text("dataDir")?,
            app_version: text("version")?,
            platform: text("platform")?,
            manifest: value.get("manifest")?.clone(),
            environment: pairs(value.get("environment")?)?,
            limits: limits_from_value(value.get("limits")?)?,
            turn: match value.get("turnMs")? {
                Value::Int(ms) => Duration::from_millis(u64::try_from(*ms).ok()?),
                _ => return None,
            },
        })
    }

    /// What the prelude is told.
    pub(super) fn info(&self) -> Value {
        let app = Value::from([
            ("version", self.app_version.as_str().into()),
            ("platform", self.platform.as_str().into()),
        ]);
        let environment: Map = self
            .environment
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().into()))
            .collect();
        Value::from([
            ("pluginId", self.plugin_id.as_str().into()),
            ("dialect", self.dialect.name().into()),
            ("entry", self.entry.as_str().into()),
            ("pluginDir", self.plugin_dir.as_str().into()),
            ("dataDir", self.data_dir.as_str().into()),
            ("app", app),
            ("manifest", self.manifest.clone()),
            ("environment", Value::Map(environment)),
        ])
    }
}

fn pairs(value: &Value) -> Option<Vec<(String, String)>> {
    let pair = |pair: &Value| match pair.as_list()? {
        [name, value] => Some((name.as_str()?.to_owned(), value.as_str()?.to_owned())),
        _ => None,
    };
    value.as_list()?.iter().map(pair).collect()
}
