//! Where `ctx.settings.get` finds its values.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use vario_host::SettingsSource;
use vario_host_native::{SecretError, SecretStore};
use vario_manifest::{Plugin, SettingDef};
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
        // A value that does not fit, in a file edited by hand, counts as none.
        let stored = stored.filter(|value| setting.check(value).is_ok());
        stored.or(setting.default.as_ref()).map_or(Value::Absent, Value::from_json)
    }
}

impl SettingsSource for PluginSettings {
    fn setting(&self, plugin_id: &str, key: &str) -> Result<Value, String> {
        let setting = self.plugins.get(plugin_id).and_then(|plugin| plugin.setting(key));
        let Some(setting) = setting else {
            return Err(format!("the manifest has no setting `{key}`"));
        };
        if !setting.kind.is_secret() {
            return Ok(self.plain(plugin_id, setting));
        }
        let account = account(plugin_id, key);
        match self.secrets.read(SERVICE, Some(&account), keychain_deadline()) {
            Ok(secret) => Ok(Value::Str(secret)),
            Err(SecretError::NotFound(_)) => Ok(Value::Absent),
            Err(error) => Err(format!("the secret setting `{key}` cannot be read: {error}")),
        }
    }
}
