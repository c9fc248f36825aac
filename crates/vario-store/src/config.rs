//! The configuration: `config.toml`, which a person may edit, and so may we.

pub(crate) mod json;
mod keys;
mod read;
mod settings;
mod units;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde_json::Value;
use toml_edit::DocumentMut;

use crate::config::read::{Reading, read};
use crate::document::{self, Problem, edit, text_of};
use crate::{Error, Paths};

pub use crate::config::keys::{Entry, config_schema};
pub use crate::config::settings::{
    App, Display, IconStyle, Isolation, Limits, LogLevel, Notifications, PluginSection, Plugins,
    Proxy, Settings, ThemeMode, Updates,
};
pub use crate::config::units::{ByteSize, Millis};

/// The configuration as it was read, and the way to change it.
///
/// A change takes a lock, reads the file again, edits that text and replaces the file, so that two
/// processes lose nothing of each other's. A file that cannot be read counts as empty, and is never
/// written: every change is refused until a person has corrected it.
#[derive(Debug)]
pub struct Config {
    path: PathBuf,
    reading: Reading,
    broken: Option<Error>,
}

impl Config {
    /// Reads the configuration. A missing file is an empty one.
    pub fn load(paths: &Paths) -> Self {
        Self::load_file(&paths.config_file())
    }

    /// As [`Config::load`], for a file elsewhere.
    pub fn load_file(path: &Path) -> Self {
        let reading = text_of(path).and_then(|text| read(path, &text));
        let (reading, broken) = match reading {
            Ok(reading) => (reading, None),
            Err(error) => (Reading::default(), Some(error)),
        };
        Self { path: path.to_owned(), reading, broken }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The values, defaults included.
    pub fn settings(&self) -> &Settings {
        &self.reading.settings
    }

    /// What in the file does not count, in the order of the file.
    pub fn problems(&self) -> &[Problem] {
        &self.reading.problems
    }

    /// Why the file as a whole could not be read. Then all values are defaults.
    pub fn broken(&self) -> Option<&Error> {
        self.broken.as_ref()
    }

    /// Where plugins are looked for: the default folder, then those of the configuration.
    pub fn plugin_folders(&self, paths: &Paths) -> Vec<PathBuf> {
        let configured = self.settings().plugins.folders.iter().map(|text| paths.expand(text));
        std::iter::once(paths.plugins_dir()).chain(configured).collect()
    }

    /// Whether the user has not disabled this plugin.
    pub fn is_enabled(&self, plugin: &str) -> bool {
        !self.settings().plugins.disabled.iter().any(|id| id == plugin)
    }

    /// Enables a plugin. Gives whether that changed anything.
    pub fn enable(&mut self, plugin: &str) -> Result<bool, Error> {
        self.change(|document| {
            edit::remove_items(document, &["plugins"], "disabled", |id| id == plugin)
        })
    }

    /// Disables a plugin. Gives whether that changed anything.
    pub fn disable(&mut self, plugin: &str) -> Result<bool, Error> {
        self.change(|document| edit::add_item(document, &["plugins"], "disabled", plugin))
    }

    /// The value of a plugin's setting, if the file has one.
    pub fn setting(&self, plugin: &str, key: &str) -> Option<&Value> {
        self.settings().plugin.get(plugin)?.settings.get(key)
    }

    /// Sets a plugin's setting. `null` unsets it, as TOML has no such value.
    ///
    /// Whether the value fits is for the setting's definition to say, before. Secrets do not
    /// belong here: they go to the keychain.
    pub fn set_setting(&mut self, plugin: &str, key: &str, value: &Value) -> Result<(), Error> {
        if value.is_null() {
            return self.unset_setting(plugin, key).map(drop);
        }
        let name = || format!("plugin.{plugin}.settings.{key}");
        let value = json::to_toml(value).map_err(|message| Error::value(name(), message))?;
        self.change(|document| edit::set(document, &["plugin", plugin, "settings"], key, value))
            .map(drop)
    }

    /// Forgets a plugin's setting. Gives whether there was one.
    pub fn unset_setting(&mut self, plugin: &str, key: &str) -> Result<bool, Error> {
        self.change(|document| edit::unset(document, &["plugin", plugin, "settings"], key))
    }

    /// The value of a setting by its name, such as `display.theme_mode`, or
    /// `plugin.claude.settings.region`, which is null if it is not set.
    ///
    /// # Errors
    /// [`Error::UnknownKey`], with the nearest name.
    pub fn get(&self, key: &str) -> Result<Value, Error> {
        keys::get(self.settings(), key)
    }

    /// Sets a setting from text, as typed: `15`, `true`, `32M`, `30s`, `a, b` for a list. Gives the
    /// value it was understood as. Plugins' settings are set by [`Config::set_setting`].
    ///
    /// # Errors
    /// [`Error::UnknownKey`], [`Error::Value`] if the text does not fit, or if writing fails.
    pub fn set(&mut self, key: &str, text: &str) -> Result<Value, Error> {
        let (section, name, value) = keys::parse(key, text)?;
        if value.is_null() {
            self.change(|document| edit::unset(document, &[section], name))?;
        } else {
            let item = json::to_toml(&value).map_err(|message| Error::value(key, message))?;
            self.change(|document| edit::set(document, &[section], name, item))?;
        }
        Ok(value)
    }

    /// What [`Config::set`] would set.
    ///
    /// # Errors
    /// [`Error::UnknownKey`], or [`Error::Value`] if the text does not fit.
    pub fn understood(&self, key: &str, text: &str) -> Result<Value, Error> {
        keys::parse(key, text).map(|(_, _, value)| value)
    }

    /// Forgets the value of a setting, so that its default holds. Gives whether there was one.
    pub fn unset(&mut self, key: &str) -> Result<bool, Error> {
        let (section, name) = keys::split(key)?;
        self.change(|document| edit::unset(document, &[section], name))
    }

    /// Every setting in a fixed order, with its value; plugins' settings are not among them.
    pub fn entries(&self) -> Vec<Entry> {
        keys::entries(&self.reading)
    }

    /// Edits the file as it is now. `edit` says whether it changed anything.
    fn change(
        &mut self,
        edit: impl FnOnce(&mut DocumentMut) -> Result<bool, Error>,
    ) -> Result<bool, Error> {
        let read = |text: &str| read(&self.path, text);
        let (reading, changed) = document::change(&self.path, read, |document, _| edit(document))?;
        self.reading = reading;
        self.broken = None;
        Ok(changed)
    }
}
