use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

/// The JSON schema of `accounts.toml`.
pub fn accounts_schema() -> Value {
    schemars::schema_for!(AccountsFile).to_value()
}

/// Who is signed in. Tokens are not kept here but in the keychain.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used: problems are told with their lines")]
struct AccountsFile {
    /// The names of the accounts in use.
    #[serde(default, rename = "use")]
    used: UseSection,
    /// Identities for smartCARS plugins, by name.
    #[serde(default)]
    smartcars: BTreeMap<String, SmartcarsSection>,
    /// Airlines for Stratos plugins, by name.
    #[serde(default)]
    stratos: BTreeMap<String, StratosSection>,
}

/// The names of the accounts in use, one of each kind.
#[derive(Default, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct UseSection {
    /// Who is signed in for smartCARS plugins.
    smartcars: Option<String>,
    /// The airline that Stratos plugins are for.
    stratos: Option<String>,
}

/// An identity for smartCARS plugins.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used: problems are told with their lines")]
struct SmartcarsSection {
    /// The identity as JSON text, or as a table, with its tokens empty.
    identity: Value,
    /// When its tokens were given.
    signed_in: Option<String>,
}

/// An airline for Stratos plugins.
#[derive(JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used: problems are told with their lines")]
struct StratosSection {
    /// Its id.
    id: Option<String>,
    /// Its name.
    name: Option<String>,
    /// Its ICAO code.
    icao: Option<String>,
    /// Where its interface is.
    base_url: String,
    /// Where a new token is asked for.
    refresh_url: Option<String>,
    /// When its tokens were given.
    signed_in: Option<String>,
    /// What it sets for plugins, by their id: `{ settings: { … } }`.
    plugins: Option<BTreeMap<String, Value>>,
}
