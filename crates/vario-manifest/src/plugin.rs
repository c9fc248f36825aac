use serde::Serialize;
use serde_json::Value;

use crate::dialect::Dialect;
use crate::limits::Limits;
use crate::permissions::Permissions;
use crate::settings::SettingDef;

/// A plugin as its manifest describes it, whatever the dialect. Paths are relative to the
/// plugin's folder, use `/`, and lead to regular files inside of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Plugin {
    /// Unique name; safe as one segment of a path and of a URL.
    pub id: String,
    /// Name to show; may be empty in `openusage`.
    pub name: String,
    /// Version as written; empty if the dialect does not ask for one.
    pub version: String,
    /// One or more lines about the plugin; empty if there are none.
    pub description: String,
    /// Which contract the code follows.
    pub dialect: Dialect,
    /// `plugin.json` or `manifest.json`.
    pub manifest_file: String,
    /// Picture.
    pub icon: Icon,
    /// Colour of the picture, as written (contract section 7.8).
    pub brand_color: Option<String>,
    /// Links that passed the filter of contract section 1.2, trimmed.
    pub links: Vec<Link>,
    /// Lines the probe is expected to return; empty means a generic skeleton.
    pub lines: Vec<LineDef>,
    /// Settings the user can change.
    pub settings: Vec<SettingDef>,
    /// What the plugin asks for; none if there is no such block.
    pub permissions: Option<Permissions>,
    /// Lowered limits.
    pub limits: Limits,
    /// How often the probe wants to run.
    pub refresh: Refresh,
    /// What has to be there before the plugin starts.
    pub dependencies: Vec<Dependency>,
    /// Code that returns lines.
    pub probe: Option<Code>,
    /// Long-lived code.
    pub background: Option<Code>,
    /// Folder with the plugin's own pages.
    pub ui: Option<String>,
    /// Events delivered to methods of the background code.
    pub subscriptions: Vec<Subscription>,
    /// Events sent when the background code has become active, in this order.
    pub registrations: Vec<Registration>,
    /// Entries of context menus.
    pub context_menu_commands: Vec<ContextMenuCommand>,
    /// Who installs it, where the dialect asks (`type`).
    pub kind: Option<PluginKind>,
    /// Who wrote it.
    pub author: Option<Author>,
    /// Page about it.
    pub homepage: Option<String>,
    /// smartCARS: communities that may use it, numbers as text; empty means all.
    pub allowed_communities: Vec<String>,
    /// smartCARS: version of the plugin interface.
    pub plugin_api: Option<String>,
    /// Whether it starts enabled when the user has not decided yet.
    pub enabled_at_first: bool,
    /// Pacebar: how instances are found (contract section 8.1).
    pub profile_discovery: Option<String>,
    /// Mudstack: JSON Schema of the plugin's configuration.
    pub config_schema: Option<Value>,
}

/// Where the picture is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Icon {
    /// None was given or it is missing: the host's default is shown.
    Default,
    /// One file.
    File(String),
    /// One file for light and one for dark surroundings.
    Pair {
        /// For light surroundings.
        light: String,
        /// For dark surroundings.
        dark: String,
    },
}

/// A link shown with the plugin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Text, not blank.
    pub label: String,
    /// Address that starts with `http://` or `https://`.
    pub url: String,
}

/// A line the probe is expected to return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineDef {
    /// Kind of line.
    pub kind: LineKind,
    /// Joins the definition with the returned line.
    pub label: String,
    /// Where it is shown.
    pub scope: Scope,
    /// Rank among the candidates for the primary metric; only on progress lines.
    pub primary_order: Option<u32>,
    /// The older `primary: true`; only on the first progress line that has it, and only when no
    /// line has a rank.
    pub primary: bool,
    /// Whether `period` says `weekly`; only on progress lines.
    pub weekly: bool,
}

/// Kinds of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LineKind {
    /// Label and value. Unknown kinds are expected to look like this, too.
    Text,
    /// A bar.
    Progress,
    /// A coloured word.
    Badge,
    /// A small chart.
    BarChart,
}

impl LineKind {
    /// The names a manifest uses.
    pub(crate) const NAMES: [&str; 4] = ["text", "progress", "badge", "barChart"];

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "text" => Some(Self::Text),
            "progress" => Some(Self::Progress),
            "badge" => Some(Self::Badge),
            "barChart" => Some(Self::BarChart),
            _ => None,
        }
    }
}

/// Where a line is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// On the overview and on the plugin's page.
    Overview,
    /// On the plugin's page only.
    Detail,
}

/// A source file and how it is to be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Code {
    /// The file.
    pub path: String,
    /// Its language.
    pub language: Language,
}

/// What a source file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Language {
    /// Luau: `.lua`, `.luau`.
    Lua,
    /// A JavaScript script: `.js`, and in `openusage` any other ending.
    JsScript,
    /// A JavaScript module: `.mjs`, and the background of Stratos.
    JsModule,
    /// A `CommonJS` module: the background of smartCARS and Mudstack.
    JsCommonJs,
    /// A TypeScript module: `.ts`.
    TypeScript,
}

/// How often a probe wants to run. None means that the host's rule stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refresh {
    /// Wished minutes between two runs.
    pub minutes: Option<u32>,
    /// Fewest minutes between two runs, whatever the user configured.
    pub minimum_minutes: Option<u32>,
}

/// What a plugin needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// What is needed.
    #[serde(flatten)]
    pub requirement: Requirement,
    /// Whether the plugin starts without it.
    pub optional: bool,
}

/// One thing a plugin needs (reference of Mudstack, section 1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum Requirement {
    /// Another plugin.
    Plugin {
        /// Its id.
        id: String,
        /// Range of versions, as written.
        version: Option<String>,
    },
    /// A program.
    Executable {
        /// Its name on the search path.
        name: String,
        /// Where it is, if that is known.
        path: Option<String>,
        /// Environment variable that says where it is.
        env: Option<String>,
    },
    /// A library.
    Library {
        /// Its name.
        name: String,
        /// Where it is, if that is known.
        path: Option<String>,
        /// Environment variable that says where it is.
        env: Option<String>,
    },
    /// A kind nobody knows; such a dependency is always optional.
    Unknown {
        /// What the manifest says.
        kind: String,
        /// Its name or id.
        name: String,
    },
}

/// An event and the method that takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subscription {
    /// Type of event.
    pub event: String,
    /// Name of a method of the background code.
    pub handler: String,
}

/// An event sent at activation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Registration {
    /// Type of event.
    pub event: String,
    /// What it carries; null if nothing was given.
    pub payload: Value,
}

/// An entry of a context menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextMenuCommand {
    /// Name of the command.
    pub id: String,
    /// Text to show.
    pub title: String,
    /// More about it; may be empty.
    pub description: String,
    /// Type of the event that choosing it sends.
    pub event_type: String,
}

/// Who installs a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PluginKind {
    /// The user.
    User,
    /// The airline.
    Airline,
}

/// Who wrote a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Author {
    /// Short name; empty if the manifest has only a text.
    pub id: String,
    /// Name to show.
    pub name: String,
    /// Address.
    pub contact: Option<String>,
}

impl Plugin {
    /// An empty plugin, to be filled by the reader of a dialect.
    pub(crate) fn new(dialect: Dialect, manifest_file: &str) -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            version: String::new(),
            description: String::new(),
            dialect,
            manifest_file: manifest_file.to_owned(),
            icon: Icon::Default,
            brand_color: None,
            links: Vec::new(),
            lines: Vec::new(),
            settings: Vec::new(),
            permissions: None,
            limits: Limits::default(),
            refresh: Refresh::default(),
            dependencies: Vec::new(),
            probe: None,
            background: None,
            ui: None,
            subscriptions: Vec::new(),
            registrations: Vec::new(),
            context_menu_commands: Vec::new(),
            kind: None,
            author: None,
            homepage: None,
            allowed_communities: Vec::new(),
            plugin_api: None,
            enabled_at_first: true,
            profile_discovery: None,
            config_schema: None,
        }
    }

    /// Labels of the candidates for the primary metric, best first (contract section 1.2).
    ///
    /// The ranked progress lines by rank; if none has a rank, the first with `primary: true`.
    pub fn primary_candidates(&self) -> Vec<&str> {
        let mut ranked: Vec<(u32, &str)> = self
            .lines
            .iter()
            .filter_map(|line| Some((line.primary_order?, line.label.as_str())))
            .collect();
        ranked.sort_by_key(|(rank, _)| *rank);
        if ranked.is_empty() {
            let first = self.lines.iter().find(|line| line.primary);
            return first.map(|line| line.label.as_str()).into_iter().collect();
        }
        ranked.into_iter().map(|(_, label)| label).collect()
    }

    /// Label of the weekly metric: the first progress line with `period: "weekly"`.
    pub fn weekly_candidate(&self) -> Option<&str> {
        self.lines.iter().find(|line| line.weekly).map(|line| line.label.as_str())
    }

    /// The definition of the setting `key`.
    pub fn setting(&self, key: &str) -> Option<&SettingDef> {
        self.settings.iter().find(|setting| setting.key == key)
    }
}
