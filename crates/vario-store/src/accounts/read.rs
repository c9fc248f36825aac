//! From the text of the file to accounts and problems.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value};
use toml_edit::{Item, TableLike};

use crate::accounts::entry::{check_name, check_url};
use crate::config::json;
use crate::document::{Problem, did_you_mean, expected_table, parse, place, position};
use crate::{AccountEntry, AccountKind, Error};

/// The texts of a Stratos account's document.
pub(super) const STRATOS_TEXTS: [&str; 4] = ["id", "name", "icao", "baseUrl"];

const SECTIONS: [&str; 3] = ["use", "smartcars", "stratos"];
const SMARTCARS_KEYS: [&str; 2] = ["identity", "signedIn"];
const STRATOS_KEYS: [&str; 7] =
    ["id", "name", "icao", "baseUrl", "refreshUrl", "signedIn", "plugins"];

/// What holds until an account's section is corrected.
const LOST: &str = "this account does not count until it is corrected";

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// By kind and name; no two have the same name.
    pub(super) entries: Vec<AccountEntry>,
    /// The name of the account in use, which need not be there.
    pub(super) used: BTreeMap<AccountKind, String>,
    pub(super) problems: Vec<Problem>,
}

impl Reading {
    pub(super) fn find(&self, name: &str) -> Option<&AccountEntry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    pub(super) fn known(&self, name: &str) -> Result<&AccountEntry, Error> {
        self.find(name).ok_or_else(|| super::no_such(self, name))
    }
}

/// Everything in the text that counts, and what does not.
pub(super) fn read(path: &Path, text: &str) -> Result<Reading, Error> {
    let document = parse(path, text, "; until then nobody is signed in")?;
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
        for (section, item) in root.iter().filter(|(section, _)| !SECTIONS.contains(section)) {
            let near = did_you_mean(section, SECTIONS);
            self.problem(place(root, section, item), section, format!("no such section{near}"));
        }
        for kind in AccountKind::ALL {
            let Some(accounts) = self.section(root, kind.name()) else { continue };
            for (name, item) in accounts.iter() {
                self.account(kind, accounts, name, item);
            }
        }
        self.reading.entries.sort_by(|one, other| {
            let key = |entry: &AccountEntry| (entry.kind, entry.name.clone());
            key(one).cmp(&key(other))
        });
        if let Some(used) = self.section(root, "use") {
            for (kind, item) in used.iter() {
                self.used(used, kind, item);
            }
        }
    }

    fn section<'a>(&mut self, root: &'a dyn TableLike, name: &str) -> Option<&'a dyn TableLike> {
        let item = root.get(name)?;
        let table = item.as_table_like();
        if table.is_none() {
            self.problem(place(root, name, item), name, expected_table(item));
        }
        table
    }

    fn used(&mut self, table: &dyn TableLike, key: &str, item: &Item) {
        let (place, name) = (place(table, key, item), format!("use.{key}"));
        let Some(kind) = AccountKind::named(key) else {
            let near = did_you_mean(key, AccountKind::ALL.map(AccountKind::name));
            return self.problem(place, &name, format!("no such kind of account{near}"));
        };
        let Some(account) = item.as_str() else {
            let found = item.type_name();
            let message = format!("expected the name of an account, found {found}; none is in use");
            return self.problem(place, &name, message);
        };
        let found = self.reading.find(account);
        if found.is_none_or(|found| found.kind != kind) {
            let message = "there is no such account that can be read; none is in use".to_owned();
            self.problem(place, &name, message);
        }
        self.reading.used.insert(kind, account.to_owned());
    }

    fn account(&mut self, kind: AccountKind, accounts: &dyn TableLike, name: &str, item: &Item) {
        let at = place(accounts, name, item);
        let full = format!("{}.{name}", kind.name());
        let lost = |message: String| format!("{message}; {LOST}");
        let Some(table) = item.as_table_like() else {
            return self.problem(at, &full, lost(expected_table(item)));
        };
        if let Err(message) = check_name(name) {
            return self.problem(at, &full, lost(message));
        }
        if let Some(other) = self.reading.find(name) {
            let message = format!("there is an account of that name ({})", other.kind.name());
            return self.problem(at, &full, lost(message));
        }
        let read = match kind {
            AccountKind::Smartcars => self.smartcars(table, &full),
            AccountKind::Stratos => self.stratos(table, &full),
        };
        let document = match read {
            Ok(document) => document,
            Err((key, message)) => {
                let at = table.get(key).and_then(|item| place(table, key, item)).or(at);
                return self.problem(at, &full, lost(format!("`{key}`: {message}")));
            }
        };
        let text = |key: &str| table.get(key).and_then(Item::as_str).map(str::to_owned);
        let mut entry = AccountEntry {
            kind,
            name: name.to_owned(),
            document,
            refresh_url: text("refreshUrl").filter(|_| kind == AccountKind::Stratos),
            signed_in: text("signedIn"),
        };
        self.without_secrets(&mut entry, at, &full);
        self.reading.entries.push(entry);
    }

    /// The identity. An error names the key that is wrong.
    fn smartcars(
        &mut self,
        table: &dyn TableLike,
        full: &str,
    ) -> Result<Map<String, Value>, (&'static str, String)> {
        self.unknown(table, full, &SMARTCARS_KEYS);
        self.optional_texts(table, full, &["signedIn"]);
        let refuse = |message: String| Err(("identity", message));
        let identity = match table.get("identity") {
            None => return refuse("it is missing".to_owned()),
            Some(item) => match item.as_str() {
                // The parser's words name a place and no value.
                Some(text) => serde_json::from_str(text).map_err(|error| error.to_string()),
                None => json::from_item(item),
            },
        };
        match identity {
            Ok(Value::Object(identity)) => Ok(identity),
            Ok(_) => refuse("expected a JSON object".to_owned()),
            Err(message) => refuse(message),
        }
    }

    fn stratos(
        &mut self,
        table: &dyn TableLike,
        full: &str,
    ) -> Result<Map<String, Value>, (&'static str, String)> {
        let secrets = AccountKind::Stratos.secrets().iter().map(|secret| secret.name);
        self.unknown(table, full, &STRATOS_KEYS.into_iter().chain(secrets).collect::<Vec<_>>());
        self.optional_texts(table, full, &["id", "name", "icao", "signedIn"]);
        let mut document = Map::new();
        for key in STRATOS_TEXTS.into_iter().chain(["token", "refreshToken"]) {
            if let Some(text) = table.get(key).and_then(Item::as_str) {
                document.insert(key.to_owned(), Value::from(text));
            }
        }
        for key in ["baseUrl", "refreshUrl"] {
            match table.get(key).map(Item::as_str) {
                Some(Some(url)) => check_url(url).map_err(|message| (key, message))?,
                Some(None) => return Err((key, "expected a text".to_owned())),
                None if key == "baseUrl" => return Err((key, "it is missing".to_owned())),
                None => {}
            }
        }
        if let Some(item) = table.get("plugins") {
            let plugins = json::from_item(item).map_err(|message| ("plugins", message))?;
            document.insert("plugins".to_owned(), plugins);
        }
        Ok(document)
    }

    /// Empties secrets that a person wrote into the file.
    fn without_secrets(&mut self, entry: &mut AccountEntry, place: Option<usize>, full: &str) {
        for secret in entry.kind.secrets() {
            if secret.take_from(&mut entry.document).is_some() {
                let message = format!(
                    "the secret `{}` is not used: it does not belong in this file; `vario account \
                     add --replace` takes it and keeps it in the keychain",
                    secret.name
                );
                self.problem(place, full, message);
            }
        }
        if entry.kind == AccountKind::Stratos {
            entry.document.remove("token");
            entry.document.remove("refreshToken");
        }
    }

    fn unknown(&mut self, table: &dyn TableLike, full: &str, known: &[&str]) {
        for (key, item) in table.iter().filter(|(key, _)| !known.contains(key)) {
            let near = did_you_mean(key, known.iter().copied());
            let name = format!("{full}.{key}");
            self.problem(place(table, key, item), &name, format!("no such entry{near}"));
        }
    }

    fn optional_texts(&mut self, table: &dyn TableLike, full: &str, keys: &[&str]) {
        for key in keys {
            let Some(item) = table.get(key).filter(|item| !item.is_str()) else { continue };
            let message = format!("expected a text, found {}; it is ignored", item.type_name());
            self.problem(place(table, key, item), &format!("{full}.{key}"), message);
        }
    }

    fn problem(&mut self, place: Option<usize>, key: &str, message: String) {
        let (line, _) = position(self.text, place.unwrap_or(0));
        let path = self.path.to_owned();
        self.reading.problems.push(Problem { path, line, key: key.to_owned(), message });
    }
}
