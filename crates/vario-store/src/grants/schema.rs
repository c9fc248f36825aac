use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

/// The JSON schema of `grants.toml`.
pub fn grants_schema() -> Value {
    schemars::schema_for!(GrantsFile).to_value()
}

/// What plugins may do.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used: problems are told with their lines")]
struct GrantsFile {
    /// What was granted and denied to single plugins, by id.
    #[serde(default)]
    plugin: BTreeMap<String, GrantsSection>,
}

/// What was granted and denied to one plugin.
#[derive(Default, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct GrantsSection {
    /// The content hash of the code that it was granted to.
    hash: Option<String>,
    /// The version of that code.
    version: Option<String>,
    /// The folder that the plugin was in.
    source: Option<String>,
    /// What it may do, such as `net:api.example.com` or `read:~/.tool/**`.
    allow: Vec<String>,
    /// What it may never do, whatever is allowed.
    deny: Vec<String>,
    /// What the user was asked for and did not allow.
    asked: Vec<String>,
}
