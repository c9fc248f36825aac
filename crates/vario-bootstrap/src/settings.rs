//! Where `ctx.settings.get` finds its values.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use vario_host::SettingsSource;
use vario_host_native::{SecretError, SecretStore};
use vario_manifest::{Plugin, SettingDef, SettingKind};
use vario_runtime::Catalog;
use vario_store::Config;
use vario_value::Value;

/// The keychain's name for what is ours.
pub(crate) const SERVICE: &str = "vario";

/// How long the keychain may take to answer.
const KEYCHAIN_TIME: Duration = Duration::from_secs(10);

pub(crate) fn account(plugin: &str, key: &str) -> String {
    format!("{plugin}/{key}")
}

pub(crate) fn keychain_deadline() -> Instant {
    Instant::now() + KEYCHAIN_TIME
}

/// Stored values, then the manifests' defaults; secrets from the keychain.
pub(crate) struct PluginSettings {
    plugins: HashMap<String, Arc<Plugin>>,
    stored: HashMap<String, serde_json::Map<String, Json>>,
    secrets: Arc<dyn SecretStore>,
}

impl PluginSettings {
    pub(crate) fn new(catalog: &Catalog, config: &Config, secrets: Arc<dyn SecretStore>) -> Self {
        let plugins = catalog.plugins.iter();
        let sections = config.settings().plugin.iter();
        Self {
            plugins: plugins
                .map(|found| (found.plugin.id.clone(), Arc::clone(&found.plugin)))
                .collect(),
            stored: sections.map(|(id, section)| (id.clone(), section.settings.clone())).collect(),
            secrets,
        }
    }

    fn plain(&self, plugin_id: &str, setting: &SettingDef) -> Value {
        let stored = self.stored.get(plugin_id).and_then(|values| values.get(&setting.key));
        let value = fitting(setting, stored).or_else(|| setting.default.clone());
        value.as_ref().map_or(Value::Absent, Value::from_json)
    }
}

/// The value in the configuration file. One that does not fit, in a file edited by hand, counts as
/// none.
pub(crate) fn fitting(setting: &SettingDef, stored: Option<&Json>) -> Option<Json> {
    stored.map(|value| from_file(setting, value)).filter(|value| setting.check(value).is_ok())
}

/// How the configuration file keeps a setting's value. TOML has no null, which JSON may hold
/// anywhere, so a `json` setting is kept as text.
pub(crate) fn to_file(setting: &SettingDef, value: Json) -> Json {
    match setting.kind {
        SettingKind::Json => Json::String(value.to_string()),
        _ => value,
    }
}

/// And back. A `json` setting that a person wrote as TOML is taken as it stands.
pub(crate) fn from_file(setting: &SettingDef, value: &Json) -> Json {
    match (&setting.kind, value) {
        (SettingKind::Json, Json::String(text)) => {
            serde_json::from_str(text).unwrap_or_else(|_no_json| value.clone())
        }
        _ => value.clone(),
    }
}

impl SettingsSource for PluginSettings {
    fn setting(&self, plugin_id: &str, key: &str) -> Result<Value, String> {
        let setting = self.plugins.get(plugin_id).and_then(|plugin| plugin.setting(key));
        // As with a setting that has no value: a plugin may ask for what only a newer manifest has.
        let Some(setting) = setting else { return Ok(Value::Absent) };
        if !setting.kind.is_secret() {
            return Ok(self.plain(plugin_id, setting));
        }
        let account = account(plugin_id, key);
        match self.secrets.read(SERVICE, Some(&account), keychain_deadline()) {
            Ok(secret) => Ok(Value::Str(secret)),
            // Without a keychain there can be no secret in it.
            Err(SecretError::NotFound(_) | SecretError::Unavailable) => Ok(Value::Absent),
            Err(error) => Err(format!("the secret setting `{key}` cannot be read: {error}")),
        }
    }
}
