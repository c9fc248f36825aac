mod fetch;
mod program;

pub use self::fetch::{FetchRequest, Redirect};
pub use self::program::ProgramRequest;

use indexmap::IndexMap;
use serde::Deserialize;
use vario_value::Value;

use crate::call::HostError;

const DEFAULT_TIMEOUT_MS: u64 = 10_000;

/// What `http.request` asks for, with the contract's defaults applied (section 4.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Absolute address.
    pub url: String,
    /// Sent exactly as given.
    pub method: String,
    /// Names and values as given.
    pub headers: Vec<(String, String)>,
    /// The body, never empty.
    pub body: Option<String>,
    /// For connecting and for the whole, in milliseconds.
    pub timeout_ms: u64,
    /// Accept any server certificate.
    pub ignore_tls: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HttpFields {
    url: String,
    method: Option<String>,
    headers: Option<IndexMap<String, String>>,
    body_text: Option<String>,
    timeout_ms: Option<u64>,
    dangerously_ignore_tls: Option<bool>,
}

impl HttpRequest {
    /// Reads the options object a plugin gave. A falsy part counts as not given.
    ///
    /// # Errors
    /// `invalid request: …` when a part is missing or of the wrong type.
    pub fn from_value(options: &Value) -> Result<Self, HostError> {
        const FIELDS: [&str; 6] =
            ["url", "method", "headers", "bodyText", "timeoutMs", "dangerouslyIgnoreTls"];
        let fields: HttpFields = read_fields(options, &FIELDS, Falsy::IsAbsent)
            .map_err(|error| HostError::Failed(format!("invalid request: {error}")))?;
        Ok(Self {
            url: fields.url,
            method: fields.method.unwrap_or_else(|| "GET".to_owned()),
            headers: fields.headers.unwrap_or_default().into_iter().collect(),
            body: fields.body_text,
            timeout_ms: fields.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS),
            ignore_tls: fields.dangerously_ignore_tls.unwrap_or(false),
        })
    }
}

/// What `ls.discover` looks for (contract section 4.9).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiscoverOptions {
    /// The program's name.
    pub process_name: String,
    /// Words that tell one instance from another.
    pub markers: Vec<String>,
    /// The flag that carries the token.
    pub csrf_flag: String,
    /// The flag that carries a port.
    #[serde(default)]
    pub port_flag: Option<String>,
    /// Further flags to report.
    #[serde(default)]
    pub extra_flags: Option<Vec<String>>,
}

impl DiscoverOptions {
    /// Reads the options object a plugin gave.
    ///
    /// # Errors
    /// `invalid discover opts: …`.
    pub fn from_value(options: &Value) -> Result<Self, HostError> {
        const FIELDS: [&str; 5] = ["processName", "markers", "csrfFlag", "portFlag", "extraFlags"];
        let mut json = pick_fields(options, &FIELDS, Falsy::IsKept);
        for name in ["markers", "extraFlags"] {
            // Lua has one empty table; without entries it can only mean the list asked for.
            if let Some(list) = json.get_mut(name)
                && list.as_object().is_some_and(serde_json::Map::is_empty)
            {
                *list = serde_json::Value::Array(Vec::new());
            }
        }
        serde_json::from_value(serde_json::Value::Object(json))
            .map_err(|error| HostError::Failed(format!("invalid discover opts: {error}")))
    }
}

/// Whose usage logs `ccusage.query` looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageProvider {
    /// Claude Code.
    Claude,
    /// Codex.
    Codex,
}

/// What `ccusage.query` asks for (contract section 4.10).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UsageOptions {
    /// `claude` or `codex`.
    pub provider: Option<String>,
    /// First day, as given.
    pub since: Option<String>,
    /// Last day, as given.
    pub until: Option<String>,
    /// Home of the tool's logs.
    pub home_path: Option<String>,
    /// The same for Claude only.
    pub claude_path: Option<String>,
}

impl UsageOptions {
    /// Reads the options; anything ill-typed means all defaults.
    pub fn from_value(options: &Value) -> Self {
        const FIELDS: [&str; 5] = ["provider", "since", "until", "homePath", "claudePath"];
        read_fields(options, &FIELDS, Falsy::IsKept).unwrap_or_default()
    }

    /// The provider meant by these options in a call of plugin `plugin_id`.
    pub fn provider(&self, plugin_id: &str) -> UsageProvider {
        let named = |name: &str| match name.trim().to_ascii_lowercase().as_str() {
            "claude" => Some(UsageProvider::Claude),
            "codex" => Some(UsageProvider::Codex),
            _ => None,
        };
        self.provider
            .as_deref()
            .and_then(named)
            .or_else(|| named(plugin_id))
            .unwrap_or(UsageProvider::Claude)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Falsy {
    IsAbsent,
    IsKept,
}

/// Takes the named parts of an options object into a typed struct.
fn read_fields<T: for<'de> Deserialize<'de>>(
    options: &Value,
    names: &[&str],
    falsy: Falsy,
) -> Result<T, serde_json::Error> {
    serde_json::from_value(serde_json::Value::Object(pick_fields(options, names, falsy)))
}

fn pick_fields(
    options: &Value,
    names: &[&str],
    falsy: Falsy,
) -> serde_json::Map<String, serde_json::Value> {
    let mut json = serde_json::Map::new();
    for name in names {
        let Some(value) = options.get(name) else { continue };
        let keep = match falsy {
            // The address must be there whatever it is; its own check speaks of it.
            Falsy::IsAbsent => value.is_truthy() || *name == "url",
            Falsy::IsKept => true,
        };
        if keep && !matches!(value, Value::Absent) {
            json.insert((*name).to_owned(), value.to_json());
        }
    }
    json
}
