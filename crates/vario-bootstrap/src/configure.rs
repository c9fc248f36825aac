//! Changes of the configuration that every front offers.

use std::sync::Arc;

use serde_json::Value as Json;
use vario_host_native::SecretError;
use vario_manifest::{Plugin, SettingDef, SettingScope};

use crate::settings::{SERVICE, account, from_file, keychain_deadline, to_file};
use crate::vario::{Error, Vario};

/// A plugin's setting with its value. A secret's value is never here.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingRow {
    /// Key.
    pub key: String,
    /// Name to show.
    pub name: String,
    /// The name of its type.
    pub kind: &'static str,
    /// Whether its value is kept in the keychain and not shown.
    pub is_secret: bool,
    /// Whether the user has set it.
    pub is_set: bool,
    /// What holds: the stored value, else the default.
    pub value: Option<Json>,
    /// For a secret: whether it is set, in words.
    pub secret_state: String,
}

impl Vario {
    /// Reads the configuration anew.
    pub fn reload(&mut self) {
        self.config = vario_store::Config::load(&self.paths);
    }

    /// Enables or disables a plugin. Gives whether that changed anything.
    ///
    /// # Errors
    /// When the configuration cannot be written.
    pub fn set_enabled(&mut self, id: &str, enabled: bool) -> Result<bool, Error> {
        let changed = if enabled { self.config.enable(id) } else { self.config.disable(id) };
        changed.map_err(|error| Error::new(error.to_string()))
    }

    /// Every value of the configuration with its name.
    pub fn config_values(&self) -> Vec<(String, Json)> {
        let entries = self.config.entries().into_iter();
        entries.map(|entry| (entry.key, entry.value)).collect()
    }

    /// One value of the configuration.
    ///
    /// # Errors
    /// When there is no such key.
    pub fn config_value(&self, key: &str) -> Result<Json, Error> {
        self.config.get(key).map_err(|error| Error::new(error.to_string()))
    }

    /// Sets a value of the configuration from text.
    ///
    /// # Errors
    /// When there is no such key, the text does not fit, or the file cannot be written.
    pub fn set_config(&mut self, key: &str, text: &str) -> Result<Json, Error> {
        self.config.set(key, text).map_err(|error| Error::new(error.to_string()))
    }

    /// Makes the default of a value hold again.
    ///
    /// # Errors
    /// As [`Vario::set_config`].
    pub fn unset_config(&mut self, key: &str) -> Result<bool, Error> {
        self.config.unset(key).map_err(|error| Error::new(error.to_string()))
    }

    /// A plugin's settings in the order of its manifest.
    ///
    /// # Errors
    /// When there is no such plugin.
    pub fn settings(&self, id: &str) -> Result<Vec<SettingRow>, Error> {
        let plugin = self.plugin(id)?;
        Ok(plugin.settings.iter().map(|setting| self.row(id, setting)).collect())
    }

    fn row(&self, id: &str, setting: &SettingDef) -> SettingRow {
        let is_secret = setting.kind.is_secret();
        let stored = self.config.setting(id, &setting.key);
        let stored = stored.map(|value| from_file(setting, value));
        let mut row = SettingRow {
            key: setting.key.clone(),
            name: setting.name.clone(),
            kind: setting.kind.name(),
            is_secret,
            is_set: stored.is_some(),
            value: stored.or_else(|| setting.default.clone()),
            secret_state: String::new(),
        };
        if is_secret {
            let account = account(id, &setting.key);
            let read = self.secrets.read(SERVICE, Some(&account), keychain_deadline());
            row.is_set = read.is_ok();
            row.value = None;
            row.secret_state = match read {
                Ok(_) => "set".to_owned(),
                Err(SecretError::NotFound(_)) => "not set".to_owned(),
                Err(error) => format!("not readable ({error})"),
            };
        }
        row
    }

    /// What looks up which of these secrets, named by plugin and key, are set. The keychain may be
    /// slow or ask the user something, so this is for another thread.
    pub fn look_up_secrets(
        &self,
        wanted: Vec<(String, String)>,
    ) -> impl FnOnce() -> Vec<(String, String)> + Send + 'static {
        let secrets = Arc::clone(&self.secrets);
        let is_set = move |(id, key): &(String, String)| {
            secrets.read(SERVICE, Some(&account(id, key)), keychain_deadline()).is_ok()
        };
        move || wanted.into_iter().filter(is_set).collect()
    }

    /// Sets a plugin's setting from text. A secret goes to the keychain, never to a file.
    ///
    /// # Errors
    /// When there is no such plugin or setting, the text does not fit, or it cannot be kept.
    pub fn set_setting(&mut self, id: &str, key: &str, text: &str) -> Result<(), Error> {
        let plugin = self.plugin(id)?;
        let setting = definition(&plugin, key)?;
        if setting.kind.is_secret() {
            let account = account(id, key);
            return self.secrets.write(SERVICE, Some(&account), text, keychain_deadline()).map_err(
                |error| {
                    Error::new(format!(
                        "the secret `{key}` cannot be kept: {error}; secrets are only kept in the \
                         system's keychain"
                    ))
                },
            );
        }
        let value = setting.parse(text).map_err(|error| Error::new(error.to_string()))?;
        self.config
            .set_setting(id, key, &to_file(setting, value))
            .map_err(|error| Error::new(error.to_string()))
    }

    /// Sets a plugin's setting that is no secret.
    ///
    /// # Errors
    /// As [`Vario::set_setting`].
    pub fn set_setting_value(&mut self, id: &str, key: &str, value: Json) -> Result<(), Error> {
        let plugin = self.plugin(id)?;
        let setting = definition(&plugin, key)?;
        if setting.kind.is_secret() {
            return Err(Error::new(format!("`{key}` is a secret")));
        }
        setting.check(&value).map_err(|error| Error::new(error.to_string()))?;
        self.config
            .set_setting(id, key, &to_file(setting, value))
            .map_err(|error| Error::new(error.to_string()))
    }

    /// Forgets a plugin's setting, so that its default holds.
    ///
    /// # Errors
    /// As [`Vario::set_setting`].
    pub fn unset_setting(&mut self, id: &str, key: &str) -> Result<(), Error> {
        let plugin = self.plugin(id)?;
        if definition(&plugin, key)?.kind.is_secret() {
            let account = account(id, key);
            return match self.secrets.delete(SERVICE, Some(&account), keychain_deadline()) {
                Ok(()) | Err(SecretError::NotFound(_)) => Ok(()),
                Err(error) => Err(Error::new(error.to_string())),
            };
        }
        let unset = self.config.unset_setting(id, key);
        unset.map(|_changed| ()).map_err(|error| Error::new(error.to_string()))
    }

    fn plugin(&self, id: &str) -> Result<Arc<Plugin>, Error> {
        let catalog = self.catalog();
        let found = catalog.get(id).map(|found| Arc::clone(&found.plugin));
        found.ok_or_else(|| Error::new(format!("there is no plugin `{id}`")))
    }
}

/// The definition of a setting that the user may change.
pub(crate) fn definition<'a>(plugin: &'a Plugin, key: &str) -> Result<&'a SettingDef, Error> {
    let Some(setting) = plugin.setting(key) else {
        let keys = plugin.settings.iter().map(|setting| setting.key.as_str());
        let near = vario_manifest::nearest(key, keys)
            .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        return Err(Error::new(format!("plugin `{}` has no setting `{key}`{near}", plugin.id)));
    };
    if setting.scope == SettingScope::Airline {
        return Err(Error::new(format!("`{key}` is set by the airline and is read-only here")));
    }
    Ok(setting)
}
