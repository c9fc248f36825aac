//! The JSON Schema of `vario` and `openusage` manifests, made from documented types.
//!
//! The types exist for the schema alone: reading goes over a tree that knows its places, because
//! a typed reader stops at the first problem. A test keeps the two in step.
#![expect(dead_code, reason = "only the shape of these types is used")]

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// The JSON Schema (2020-12) of a `plugin.json` in the dialects `vario` and `openusage`.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    generator.into_root_schema_for::<Manifest>().to_value()
}

/// The JSON Schema (2020-12) of the `settings` of a `plugin.json`.
pub fn settings_schema() -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    generator.into_root_schema_for::<Settings>().to_value()
}

/// The settings that a plugin offers to its user.
#[derive(JsonSchema)]
#[schemars(title = "Settings of a Vario plugin")]
struct Settings(Vec<Setting>);

/// A Vario plugin: `plugin.json` in the dialect `vario` or `openusage`.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "Vario plugin manifest")]
struct Manifest {
    /// Address of this schema, for editors.
    #[serde(rename = "$schema")]
    schema: Option<String>,
    /// Which contract the plugin follows. Told from the other keys when it is left out.
    dialect: Option<DialectName>,
    /// Version of the manifest's format: 1.
    #[schemars(range(min = 1, max = 1))]
    schema_version: u32,
    /// Unique name.
    #[schemars(regex(pattern = "^[a-z0-9][a-z0-9._-]*$"), length(max = 128))]
    id: String,
    /// Name to show.
    name: String,
    /// Semantic version.
    version: String,
    /// What the plugin does.
    description: Option<String>,
    /// Probe: relative path of a `.lua`, `.luau`, `.js`, `.mjs` or `.ts` file. Needed unless there
    /// is a background part.
    entry: Option<String>,
    /// Relative path of an SVG file; use `fill="currentColor"`. Needed in `openusage`.
    icon: Option<String>,
    /// Colour of the icon, such as `#22c55e`.
    #[serde(default)]
    brand_color: Nullable<String>,
    /// Lines the probe is expected to return, for the skeleton. Needed in `openusage`.
    lines: Option<Vec<Line>>,
    /// Links shown with the plugin.
    links: Option<Vec<Link>>,
    /// Settings the user can change (`vario`).
    settings: Option<Vec<Setting>>,
    /// What the plugin asks for (`vario`). Nothing is granted by asking.
    permissions: Option<Permissions>,
    /// Limits to lower (`vario`).
    limits: Option<Limits>,
    /// How often the probe wants to run (`vario`).
    refresh: Option<Refresh>,
    /// Long-lived code (`vario`).
    background: Option<Background>,
    /// Relative path of a folder with pages of the plugin's own (`vario`).
    ui: Option<String>,
    /// What has to be there before the plugin starts (`vario`).
    dependencies: Option<Vec<Dependency>>,
    /// Events delivered to the background code (`vario`).
    subscriptions: Option<Vec<Subscription>>,
    /// Events sent when the background code has become active (`vario`).
    registrations: Option<Vec<Registration>>,
    /// Entries of context menus (`vario`).
    context_menu_commands: Option<Vec<MenuCommand>>,
    /// Who wrote the plugin (`vario`).
    author: Option<Author>,
    /// Page about the plugin (`vario`).
    homepage: Option<String>,
    /// Pacebar: several instances of one plugin.
    profiles: Option<Profiles>,
}

/// A value, or null for none.
#[derive(JsonSchema, Default)]
#[serde(untagged)]
enum Nullable<T> {
    /// The value.
    Some(T),
    /// None.
    #[default]
    None,
}

/// Names of dialects.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum DialectName {
    Openusage,
    Vario,
    Stratos,
    Smartcars,
    Mudstack,
}

/// A line the probe is expected to return.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Line {
    /// Kind of line.
    r#type: LineType,
    /// Joins this with the returned line.
    label: String,
    /// `overview`: on the overview and on the plugin's page; `detail`: on its page only.
    scope: LineScope,
    /// Rank among the candidates for the primary metric; the lowest wins. Progress lines only.
    #[serde(default)]
    primary_order: Nullable<u32>,
    /// Older way to name the primary metric; counts only when no line has `primaryOrder`.
    primary: Option<bool>,
    /// Marks the weekly metric. Progress lines only.
    #[serde(default)]
    period: Nullable<Period>,
}

/// Kinds of lines.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
enum LineType {
    Text,
    Progress,
    Badge,
    BarChart,
}

/// Where a line is shown.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum LineScope {
    Overview,
    Detail,
}

/// Periods of a metric.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Period {
    Weekly,
}

/// A link.
#[derive(JsonSchema)]
struct Link {
    /// Text to show.
    label: String,
    /// Address.
    #[schemars(regex(pattern = r"^\s*https?://"))]
    url: String,
}

/// A setting. `range` needs `min` and `max`; `list` and `radio` need `options`.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Setting {
    /// Unique name.
    #[schemars(length(min = 1))]
    key: String,
    /// Name to show.
    name: String,
    /// More about it.
    description: Option<String>,
    /// Type of its value.
    r#type: SettingType,
    /// Who sets it.
    scope: Option<SettingScope>,
    /// Value while none is set. A secret has none.
    default: Option<Value>,
    /// Whether the plugin needs a value.
    required: Option<bool>,
    /// `text`: regular expression that the whole text has to match.
    pattern: Option<String>,
    /// `text`, `longtext`, `secret`: shown while there is no text.
    placeholder: Option<String>,
    /// `number`, `range`: smallest.
    min: Option<f64>,
    /// `number`, `range`: largest.
    max: Option<f64>,
    /// `number`, `range`: distance between two offered values.
    #[schemars(extend("exclusiveMinimum" = 0))]
    step: Option<f64>,
    /// `list`, `radio`: what can be chosen.
    #[schemars(length(min = 1))]
    options: Option<Vec<Choice>>,
}

/// Types of settings.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum SettingType {
    Boolean,
    Text,
    Longtext,
    Number,
    Range,
    List,
    Radio,
    Date,
    Json,
    Secret,
}

/// Who sets a setting.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum SettingScope {
    User,
    Airline,
}

/// A choice: a text, or what is stored and what is shown.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Choice {
    /// Stored and shown alike.
    Text(String),
    /// Stored and shown differently.
    Labelled {
        /// What is stored.
        value: String,
        /// What is shown.
        label: Option<String>,
    },
}

/// What a plugin asks for.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Permissions {
    /// Hosts, such as `api.example.com` or `*.example.com:8443`.
    net: Option<Vec<String>>,
    /// Files to read, such as `~/.tool/**` or `$DATA/**`.
    read: Option<Vec<String>>,
    /// Files to write.
    write: Option<Vec<String>>,
    /// Names of environment variables.
    env: Option<Vec<String>>,
    /// Services in the keychain.
    keychain: Option<Vec<String>>,
    /// Programs to start.
    run: Option<Vec<String>>,
    /// Topics of the event bus.
    bus: Option<Vec<String>>,
    /// Hosts whose certificate need not be valid.
    insecure_tls: Option<Vec<String>>,
    /// The `ccusage` query.
    ccusage: Option<bool>,
    /// The list of processes and their ports.
    processes: Option<bool>,
    /// Figures of this machine.
    system: Option<bool>,
    /// Answer HTTP requests of other programs.
    routes: Option<bool>,
    /// Know the tokens of who is signed in.
    account: Option<bool>,
}

/// Limits to lower. A value above the default has no effect.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Limits {
    /// Wall time of one probe in milliseconds; 30000 by default.
    #[schemars(range(min = 1))]
    timeout_ms: Option<u64>,
    /// Heap in bytes; 67108864 by default.
    #[schemars(range(min = 1))]
    memory_bytes: Option<u64>,
    /// Lines of one result; 256 by default.
    #[schemars(range(min = 1))]
    max_lines: Option<u64>,
    /// Bytes of one result; 1048576 by default.
    #[schemars(range(min = 1))]
    max_output_bytes: Option<u64>,
    /// Host calls of one run; 1000 by default.
    #[schemars(range(min = 1))]
    max_host_calls: Option<u64>,
    /// Bytes of log of one run; 1048576 by default.
    #[schemars(range(min = 1))]
    max_log_bytes: Option<u64>,
    /// Bytes of one HTTP body after decoding; 8388608 by default.
    #[schemars(range(min = 1))]
    max_http_body_bytes: Option<u64>,
}

/// How often the probe wants to run: minutes between two runs, or both wish and minimum.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Refresh {
    /// Wished minutes.
    Minutes(#[schemars(range(min = 1, max = 40320))] u32),
    /// Wish and minimum.
    #[serde(rename_all = "camelCase")]
    Both {
        /// Wished minutes between two runs.
        #[schemars(range(min = 1, max = 40320))]
        minutes: Option<u32>,
        /// Fewest minutes between two runs.
        #[schemars(range(min = 1, max = 40320))]
        minimum_minutes: Option<u32>,
    },
}

/// Long-lived code: a file, or an object that names it.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Background {
    /// Relative path.
    Path(String),
    /// The same as an object.
    Object {
        /// Relative path.
        entry: String,
    },
}

/// Something the plugin needs: the id of a plugin, or an object.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Dependency {
    /// Id of another plugin.
    Id(String),
    /// Anything else.
    Object {
        /// Kind of thing; another plugin by default.
        r#type: Option<DependencyType>,
        /// Id of the plugin. `name` means the same.
        id: Option<String>,
        /// Name of the program or library. `id` means the same.
        name: Option<String>,
        /// Range of versions of the plugin.
        version: Option<String>,
        /// Where the program or library is.
        path: Option<String>,
        /// Environment variable that says where it is.
        env: Option<String>,
        /// Whether the plugin starts without it.
        optional: Option<bool>,
    },
}

/// Kinds of dependencies.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum DependencyType {
    Plugin,
    Executable,
    Library,
}

/// An event and the function that takes it.
#[derive(JsonSchema)]
struct Subscription {
    /// Type of event.
    event: String,
    /// Name of the function.
    handler: String,
}

/// An event sent at activation.
#[derive(JsonSchema)]
struct Registration {
    /// Type of event.
    event: String,
    /// What it carries.
    payload: Option<Value>,
}

/// An entry of a context menu.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase")]
struct MenuCommand {
    /// Name of the command.
    id: String,
    /// Text to show.
    title: String,
    /// More about it.
    description: Option<String>,
    /// Type of the event it sends.
    event_type: String,
}

/// Who wrote the plugin: a name, or an object.
#[derive(JsonSchema)]
#[serde(untagged)]
enum Author {
    /// A name.
    Name(String),
    /// Name and address.
    Object {
        /// Short name.
        id: Option<String>,
        /// Name to show.
        name: String,
        /// Address.
        contact: Option<String>,
    },
}

/// How instances are found.
#[derive(JsonSchema)]
struct Profiles {
    /// `claude-profiles`.
    discovery: String,
}
