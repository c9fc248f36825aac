//! From the text of the file to settings and problems.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use toml_edit::{Item, TableLike};

use crate::Error;
use crate::config::json::from_item;
use crate::config::keys;
use crate::config::settings::{PluginSection, Settings};
use crate::document::{self, Problem, did_you_mean, parse, position};

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) settings: Settings,
    pub(super) problems: Vec<Problem>,
    /// The names of the settings that have a valid value in the file.
    pub(super) set: BTreeSet<String>,
}

/// Everything in the text that counts, and what does not.
pub(super) fn read(path: &Path, text: &str) -> Result<Reading, Error> {
    let document = parse(path, text, ", until then defaults apply")?;
    let mut reader = Reader { path, text, reading: Reading::default() };
    reader.root(document.as_table());
    reader.reading.problems.sort_by_key(|problem| problem.line);
    Ok(reader.reading)
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    reading: Reading,
}

impl Reader<'_> {
    fn root(&mut self, root: &dyn TableLike) {
        let defaults = keys::defaults();
        for (section, item) in root.iter() {
            let place = document::place(root, section, item);
            let Some(known) = defaults.get(section).and_then(Value::as_object) else {
                let near = did_you_mean(section, defaults.keys().map(String::as_str));
                self.problem(place, section.to_owned(), format!("no such section{near}"));
                continue;
            };
            let Some(table) = item.as_table_like() else {
                self.problem(place, section.to_owned(), expected_table(item));
                continue;
            };
            if section == "plugin" {
                self.plugins(table);
                continue;
            }
            for (key, item) in table.iter() {
                let name = format!("{section}.{key}");
                let place = document::place(table, key, item);
                if !known.contains_key(key) {
                    let near = did_you_mean(key, known.keys().map(String::as_str));
                    self.problem(place, name, format!("no such setting{near}"));
                } else if let Err(message) = self.assign(section, key, item) {
                    self.problem(place, name, format!("{message}; the default applies"));
                } else {
                    self.reading.set.insert(name);
                }
            }
        }
    }

    fn assign(&mut self, section: &str, key: &str, item: &Item) -> Result<(), String> {
        let value = from_item(item)?;
        self.reading.settings = keys::with(&self.reading.settings, section, key, value)?;
        Ok(())
    }

    /// `[plugin.<id>]`, where any id and any setting may be: definitions are in manifests.
    fn plugins(&mut self, plugins: &dyn TableLike) {
        for (id, item) in plugins.iter() {
            let Some(table) = item.as_table_like() else {
                let place = document::place(plugins, id, item);
                self.problem(place, format!("plugin.{id}"), expected_table(item));
                continue;
            };
            let mut section = PluginSection::default();
            for (key, item) in table.iter() {
                let place = document::place(table, key, item);
                let name = format!("plugin.{id}.{key}");
                if key != "settings" {
                    let near = did_you_mean(key, ["settings"]);
                    self.problem(place, name, format!("no such setting{near}"));
                } else if let Some(settings) = item.as_table_like() {
                    self.plugin_settings(&name, settings, &mut section);
                } else {
                    self.problem(place, name, expected_table(item));
                }
            }
            self.reading.settings.plugin.insert(id.to_owned(), section);
        }
    }

    fn plugin_settings(
        &mut self,
        name: &str,
        settings: &dyn TableLike,
        section: &mut PluginSection,
    ) {
        for (key, item) in settings.iter() {
            match from_item(item) {
                Ok(value) => {
                    section.settings.insert(key.to_owned(), value);
                }
                Err(message) => {
                    let message = format!("{message}; the default applies");
                    self.problem(
                        document::place(settings, key, item),
                        format!("{name}.{key}"),
                        message,
                    );
                }
            }
        }
    }

    fn problem(&mut self, place: Option<usize>, key: String, message: String) {
        let (line, _) = position(self.text, place.unwrap_or(0));
        let path = self.path.to_owned();
        self.reading.problems.push(Problem { path, line, key, message });
    }
}

fn expected_table(item: &Item) -> String {
    format!("{}; it is ignored", document::expected_table(item))
}
