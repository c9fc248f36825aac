//! From the text of the file to grants and problems.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use toml_edit::{Item, TableLike};
use vario_permissions::{Permission, PermissionSet};

use crate::document::syntax;
use crate::document::{Problem, did_you_mean, expected_table, nearest, parse, place, position};
use crate::{Error, Paths, PluginGrants};

/// What can be said about a plugin.
const KEYS: [&str; 6] = ["hash", "version", "source", "allow", "deny", "asked"];

/// What a plugin has when it cannot be told what is denied to it.
const UNSURE: &str = "nothing is granted to this plugin until it is corrected";

/// What a file says.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    pub(super) plugins: BTreeMap<String, PluginGrants>,
    /// The plugins of which it cannot be told what is denied to them. Nothing is granted to them.
    pub(super) unsure: BTreeSet<String>,
    pub(super) problems: Vec<Problem>,
}

/// Everything in the text that counts, and what does not.
pub(super) fn read(paths: &Paths, path: &Path, text: &str) -> Result<Reading, Error> {
    let document = parse(path, text, "")?;
    let mut reader = Reader { paths, path, text, reading: Reading::default() };
    reader.root(document.as_table())?;
    reader.reading.problems.sort_by_key(|problem| problem.line);
    Ok(reader.reading)
}

struct Reader<'a> {
    paths: &'a Paths,
    path: &'a Path,
    text: &'a str,
    reading: Reading,
}

impl Reader<'_> {
    fn root(&mut self, root: &dyn TableLike) -> Result<(), Error> {
        for (section, item) in root.iter() {
            let place = place(root, section, item);
            if section != "plugin" {
                let near = did_you_mean(section, ["plugin"]);
                self.problem(place, section.to_owned(), format!("no such section{near}"));
                continue;
            }
            let Some(plugins) = item.as_table_like() else {
                // What it denies, and to whom, is lost: the file as a whole cannot be followed.
                let message = format!("`plugin`: {}", expected_table(item));
                return Err(syntax(self.path, self.text, place, message, ""));
            };
            for (id, item) in plugins.iter() {
                self.plugin(plugins, id, item);
            }
        }
        Ok(())
    }

    fn plugin(&mut self, plugins: &dyn TableLike, id: &str, item: &Item) {
        let mut grants = PluginGrants::default();
        let mut is_sure = true;
        if let Some(table) = item.as_table_like() {
            for (key, item) in table.iter() {
                is_sure &= self.entry(&mut grants, table, id, key, item);
            }
        } else {
            let message = format!("{}; {}", expected_table(item), UNSURE);
            self.problem(place(plugins, id, item), format!("plugin.{id}"), message);
            is_sure = false;
        }
        if !is_sure {
            grants.allow = PermissionSet::default();
            self.reading.unsure.insert(id.to_owned());
        }
        self.reading.plugins.insert(id.to_owned(), grants);
    }

    /// Reads one key of a plugin. Gives whether it is still known what is denied to the plugin.
    fn entry(
        &mut self,
        grants: &mut PluginGrants,
        table: &dyn TableLike,
        id: &str,
        key: &str,
        item: &Item,
    ) -> bool {
        let place = place(table, key, item);
        let name = format!("plugin.{id}.{key}");
        match key {
            "hash" => grants.hash = self.text(place, name, item),
            "version" => grants.version = self.text(place, name, item),
            "source" => {
                let source = self.text(place, name, item);
                grants.source = source.map(|text| self.paths.expand(&text));
            }
            "allow" => {
                self.list(&mut grants.allow, place, &name, item, "it is not granted");
            }
            "asked" => {
                self.list(&mut grants.asked, place, &name, item, "it may be asked for again");
            }
            "deny" => return self.list(&mut grants.deny, place, &name, item, UNSURE),
            _ => {
                // A slip of the pen in `deny` must not allow what should be denied.
                let lower = key.to_lowercase();
                let is_deny = lower.starts_with("den") || nearest(&lower, KEYS) == Some("deny");
                let near = did_you_mean(key, KEYS);
                let after = if is_deny { format!("; {UNSURE}") } else { String::new() };
                self.problem(place, name, format!("no such entry{near}{after}"));
                return !is_deny;
            }
        }
        true
    }

    fn text(&mut self, place: Option<usize>, name: String, item: &Item) -> Option<String> {
        let text = item.as_str();
        if text.is_none() {
            let found = item.type_name();
            self.problem(place, name, format!("expected a text, found {found}; it is ignored"));
        }
        text.map(str::to_owned)
    }

    /// Reads a list of rights. Gives whether all of it can be read; `meanwhile` says what holds if
    /// not.
    fn list(
        &mut self,
        rights: &mut PermissionSet,
        place: Option<usize>,
        name: &str,
        item: &Item,
        meanwhile: &str,
    ) -> bool {
        let Some(list) = item.as_array() else {
            let found = item.type_name();
            let message = format!("expected a list of texts, found {found}; {meanwhile}");
            self.problem(place, name.to_owned(), message);
            return false;
        };
        let mut is_whole = true;
        for item in list {
            let right = match item.as_str() {
                Some(text) => text.parse::<Permission>().map_err(|error| error.to_string()),
                None => Err(format!("expected a text, found {}", item.type_name())),
            };
            match right {
                Ok(right) => drop(rights.insert(right)),
                Err(message) => {
                    let place = item.span().map_or(place, |span| Some(span.start));
                    self.problem(place, name.to_owned(), format!("{message}; {meanwhile}"));
                    is_whole = false;
                }
            }
        }
        is_whole
    }

    fn problem(&mut self, place: Option<usize>, key: String, message: String) {
        let (line, _) = position(self.text, place.unwrap_or(0));
        let path = self.path.to_owned();
        self.reading.problems.push(Problem { path, line, key, message });
    }
}
