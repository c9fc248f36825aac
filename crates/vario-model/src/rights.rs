use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A right that a run lacked (design section 5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Need {
    /// The least right that would have been enough, such as `net:api.example.com:443`.
    pub permission: String,
    /// Why it was refused.
    pub reason: NeedReason,
}

/// Why a right was refused.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub enum NeedReason {
    /// The manifest does not ask for it, so it cannot be granted.
    NotRequested,
    /// The user has not granted it.
    NotGranted,
    /// The user has denied it.
    Denied,
}

/// One host call as the audit log keeps it. Texts are redacted before they come here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// When it was made, in milliseconds since the epoch.
    pub at_ms: i64,
    /// The plugin.
    pub plugin_id: String,
    /// Which run of the plugin: the moment it began, in milliseconds since the epoch.
    pub run: i64,
    /// The host function, such as `fs.readText`.
    pub function: String,
    /// What it was about: a path, an address, a name.
    pub target: String,
    /// Whether the plugin had the right to it.
    pub allowed: bool,
    /// What was lacking, when it was refused; the first of it.
    pub need: Option<Need>,
    /// Whether the call succeeded.
    pub ok: bool,
    /// How much text went in or out, in bytes.
    pub bytes: u64,
    /// How long it took, in microseconds.
    pub duration_us: u64,
}
