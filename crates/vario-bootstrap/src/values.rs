//! What plugins that stay keep and need: values by key, settings, programs, logs.

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use vario_background::{PluginSettings, Requirements, Storage};
use vario_host::{LogEntry, LogOrigin, LogSink};
use vario_host_native::{
    ProcessEnvironment, SecretStore, Sought, library_is_there, program_is_there,
};
use vario_manifest::{Dialect, Plugin, Requirement, SettingDef, SettingScope};
use vario_runtime::Clock;
use vario_store::{AccountKind, Accounts, Config, Paths, PluginLogs, Store};
use vario_value::LogLevel;

use crate::configure::definition;
use crate::settings::{SERVICE, account, fitting, keychain_deadline, to_file};
use crate::vario::{Error, Vario};

impl Vario {
    /// What plugins that stay keep by key.
    ///
    /// # Errors
    /// See [`Vario::store`].
    pub fn background_storage(&self) -> Result<Arc<dyn Storage>, Error> {
        Ok(Arc::new(StoredValues { store: self.store()? }))
    }

    /// Plugins' settings, read afresh at each call.
    pub fn background_settings(&self) -> Arc<dyn PluginSettings> {
        Arc::new(FreshSettings { paths: self.paths.clone(), secrets: Arc::clone(&self.secrets) })
    }

    /// Looks for programs and libraries on this machine.
    pub fn background_requirements(&self) -> Arc<dyn Requirements> {
        Arc::new(OnThisMachine { home: self.paths.home().map(ToOwned::to_owned) })
    }

    /// Keeps what plugins that stay have to say, and hands it on to the log of [`Vario::set_log`].
    pub fn background_log(&self) -> Arc<dyn LogSink> {
        let logs = PluginLogs::new(&self.paths);
        Arc::new(KeptLog { logs, clock: Arc::clone(&self.clock), next: Arc::clone(&self.log) })
    }

    /// The logs of plugins that stay.
    pub fn plugin_logs(&self) -> PluginLogs {
        PluginLogs::new(&self.paths)
    }
}

struct StoredValues {
    store: Arc<Store>,
}

impl Storage for StoredValues {
    fn get(&self, plugin: &str, key: &str) -> Result<Option<Json>, String> {
        self.store.plugin_value(plugin, key).map_err(|error| error.to_string())
    }

    fn all(&self, plugin: &str) -> Result<Map<String, Json>, String> {
        self.store.plugin_values(plugin).map_err(|error| error.to_string())
    }

    fn set(&self, plugin: &str, key: &str, value: &Json) -> Result<(), String> {
        self.store.set_plugin_value(plugin, key, value).map_err(|error| error.to_string())
    }

    fn remove(&self, plugin: &str, key: &str) -> Result<(), String> {
        let removed = self.store.remove_plugin_value(plugin, key);
        removed.map(drop).map_err(|error| error.to_string())
    }
}

/// What the user set in the configuration and in the keychain, and what the airline set.
struct FreshSettings {
    paths: Paths,
    secrets: Arc<dyn SecretStore>,
}

impl FreshSettings {
    fn secret(&self, plugin: &Plugin, setting: &SettingDef) -> Option<Json> {
        let account = account(&plugin.id, &setting.key);
        let read = self.secrets.read(SERVICE, Some(&account), keychain_deadline());
        read.ok().map(Json::String)
    }

    /// The airline's values for this plugin, from the account in use.
    fn of_airline(&self, plugin: &Plugin) -> Map<String, Json> {
        if plugin.settings.iter().all(|setting| setting.scope == SettingScope::User) {
            return Map::new();
        }
        let kind = match plugin.dialect {
            Dialect::Smartcars => AccountKind::Smartcars,
            _ => AccountKind::Stratos,
        };
        let accounts = Accounts::load(&self.paths);
        let Some(entry) = accounts.current(kind) else { return Map::new() };
        let found = match kind {
            AccountKind::Smartcars => applied(&entry.document, &plugin.id),
            AccountKind::Stratos => {
                entry.document.get("plugins").and_then(|all| all.get(&plugin.id)?.get("settings"))
            }
        };
        found.and_then(Json::as_object).cloned().unwrap_or_default()
    }
}

/// `airline.plugins[].appliedSettings` of an identity (smartCARS reference, sections 1 and 4).
fn applied<'a>(identity: &'a Map<String, Json>, id: &str) -> Option<&'a Json> {
    let plugins = identity.get("airline")?.get("plugins")?.as_array()?;
    let is_it = |plugin: &&Json| plugin.get("id").and_then(Json::as_str) == Some(id);
    plugins.iter().find(is_it)?.get("appliedSettings")
}

impl PluginSettings for FreshSettings {
    fn effective(&self, plugin: &Plugin) -> Map<String, Json> {
        let mut values = self.stored(plugin);
        for setting in &plugin.settings {
            if let (false, Some(default)) = (values.contains_key(&setting.key), &setting.default) {
                values.insert(setting.key.clone(), default.clone());
            }
        }
        values
    }

    fn stored(&self, plugin: &Plugin) -> Map<String, Json> {
        let config = Config::load(&self.paths);
        let airline = self.of_airline(plugin);
        let value = |setting: &SettingDef| match setting.scope {
            // The airline's word counts as far as it fits, like a file edited by hand.
            SettingScope::Airline => {
                airline.get(&setting.key).filter(|value| setting.check(value).is_ok()).cloned()
            }
            SettingScope::User if setting.kind.is_secret() => self.secret(plugin, setting),
            SettingScope::User => fitting(setting, config.setting(&plugin.id, &setting.key)),
        };
        let pair = |setting: &SettingDef| Some((setting.key.clone(), value(setting)?));
        plugin.settings.iter().filter_map(pair).collect()
    }

    fn set(&self, plugin: &Plugin, key: &str, value: &Json) -> Result<(), String> {
        let setting = definition(plugin, key).map_err(|error| error.to_string())?;
        setting.check(value).map_err(|error| error.to_string())?;
        if !setting.kind.is_secret() {
            let value = to_file(setting, value.clone());
            let set = Config::load(&self.paths).set_setting(&plugin.id, key, &value);
            return set.map_err(|error| error.to_string());
        }
        let secret = value.as_str().ok_or_else(|| format!("`{key}` is a text"))?;
        let account = account(&plugin.id, key);
        let written = self.secrets.write(SERVICE, Some(&account), secret, keychain_deadline());
        written.map_err(|error| format!("the secret `{key}` cannot be kept: {error}"))
    }
}

struct OnThisMachine {
    home: Option<PathBuf>,
}

impl Requirements for OnThisMachine {
    fn is_there(&self, requirement: &Requirement) -> bool {
        let sought = |path, variable| Sought { path, variable, home: self.home.as_deref() };
        match requirement {
            Requirement::Executable { name, path, env } => {
                program_is_there(name, sought(path.as_deref(), env.as_deref()), &ProcessEnvironment)
            }
            Requirement::Library { path, env, .. } => {
                library_is_there(sought(path.as_deref(), env.as_deref()), &ProcessEnvironment)
            }
            _ => false,
        }
    }
}

/// Everything is kept, whatever the user wants to see at once: the files are bounded.
struct KeptLog {
    logs: PluginLogs,
    clock: Arc<dyn Clock>,
    next: Arc<dyn LogSink>,
}

impl LogSink for KeptLog {
    fn wants(&self, _level: LogLevel) -> bool {
        true
    }

    fn write(&self, entry: LogEntry) {
        let now = self.clock.now().as_millisecond();
        let words = match entry.origin {
            LogOrigin::Plugin => entry.message.clone(),
            LogOrigin::Host => format!("vario: {}", entry.message),
        };
        // A plugin runs on when its log cannot be written, as on a full disk.
        let _lost = self.logs.append(&entry.plugin_id, now, entry.level, &words);
        if self.next.wants(entry.level) {
            self.next.write(entry);
        }
    }
}
