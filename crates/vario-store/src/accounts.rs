//! The accounts: `accounts.toml`, who is signed in. Secrets are elsewhere, in the keychain.

mod entry;
mod read;
mod schema;
mod write;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Value as Toml};

use crate::accounts::read::{Reading, read};
use crate::document::{self, Problem, edit, text_of};
use crate::{Error, Paths};

pub use crate::accounts::entry::{AccountEntry, AccountKind, AccountSecret};
pub use crate::accounts::schema::accounts_schema;

/// The accounts as they were read, and the way to change them.
///
/// An account that cannot be read does not count, see [`Accounts::problems`]. If the file as a
/// whole cannot be, there is none and nobody is signed in, see [`Accounts::broken`]. No secret is
/// kept here: one that a person wrote into the file is not used, and one that is handed over is
/// refused.
///
/// A change takes a lock, reads the file again, edits that text and replaces the file, as in
/// [`Config`](crate::Config): comments and the order stay, and two processes lose nothing of each
/// other's. A broken file is never written.
#[derive(Debug)]
pub struct Accounts {
    path: PathBuf,
    reading: Reading,
    broken: Option<Error>,
}

impl Accounts {
    /// Reads the accounts. A missing file holds none.
    pub fn load(paths: &Paths) -> Self {
        let path = paths.accounts_file();
        let reading = text_of(&path).and_then(|text| read(&path, &text));
        let (reading, broken) = match reading {
            Ok(reading) => (reading, None),
            Err(error) => (Reading::default(), Some(error)),
        };
        Self { path, reading, broken }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why the file as a whole could not be read. Then nobody is signed in.
    pub fn broken(&self) -> Option<&Error> {
        self.broken.as_ref()
    }

    /// What in the file does not count, in the order of the file. Never holds a secret.
    pub fn problems(&self) -> &[Problem] {
        &self.reading.problems
    }

    /// All accounts, by kind and name.
    pub fn all(&self) -> &[AccountEntry] {
        &self.reading.entries
    }

    /// The account of that name; there is one of all kinds.
    pub fn get(&self, name: &str) -> Option<&AccountEntry> {
        self.reading.entries.iter().find(|entry| entry.name == name)
    }

    /// The account of a kind that is in use: who is signed in.
    pub fn current(&self, kind: AccountKind) -> Option<&AccountEntry> {
        let name = self.reading.used.get(&kind)?;
        self.get(name).filter(|entry| entry.kind == kind)
    }

    /// Adds an account; with `replace`, also in the place of the one of that name and kind. It is
    /// in use from then on if no other of its kind is.
    ///
    /// # Errors
    /// If the name or an address does not fit, there is an account of that name, a secret is in the
    /// document, or the file cannot be changed. Nothing is changed then.
    pub fn add(&mut self, entry: &AccountEntry, replace: bool) -> Result<(), Error> {
        entry.check()?;
        let path = self.path.clone();
        self.change(|document, reading| {
            let known = reading.find(&entry.name);
            if let Some(known) = known
                && !(replace && known.kind == entry.kind)
            {
                let message = format!("there is an account of that name ({})", known.kind.name());
                return Err(Error::value(&entry.name, message));
            }
            write::put(document, entry)?;
            let in_use = reading.used.get(&entry.kind).and_then(|name| reading.find(name));
            if in_use.is_none_or(|in_use| in_use.kind != entry.kind) {
                edit::set(document, &["use"], entry.kind.name(), Toml::from(entry.name.as_str()))?;
            }
            // A section that a person laid out in another way could say something else.
            let written = read(&path, &document.to_string())?;
            if !written.find(&entry.name).is_some_and(|written| written.is_as_good_as(entry)) {
                let message = "it cannot be written the way it is laid out; correct it in the file";
                return Err(Error::value(&entry.name, message));
            }
            Ok(true)
        })
        .map(drop)
    }

    /// Makes this account the one of its kind that is in use. Gives its kind.
    ///
    /// # Errors
    /// If there is no such account, or the file cannot be changed.
    pub fn use_account(&mut self, name: &str) -> Result<AccountKind, Error> {
        let mut kind = None;
        self.change(|document, reading| {
            let found = reading.known(name)?.kind;
            kind = Some(found);
            edit::set(document, &["use"], found.name(), Toml::from(name))
        })?;
        kind.ok_or_else(|| no_such(&self.reading, name))
    }

    /// Makes no account of this kind be in use: signs out. Gives whether one was.
    ///
    /// # Errors
    /// If the file cannot be changed.
    pub fn use_none(&mut self, kind: AccountKind) -> Result<bool, Error> {
        self.change(|document, _| edit::unset(document, &["use"], kind.name()))
    }

    /// Removes an account, which is not in use from then on. Gives its kind.
    ///
    /// # Errors
    /// As for [`Accounts::use_account`].
    pub fn remove(&mut self, name: &str) -> Result<AccountKind, Error> {
        let mut kind = None;
        self.change(|document, reading| {
            let found = reading.known(name)?.kind;
            kind = Some(found);
            if reading.used.get(&found).is_some_and(|used| used == name) {
                edit::unset(document, &["use"], found.name())?;
            }
            edit::unset_table(document, &[found.name()], name)
        })?;
        kind.ok_or_else(|| no_such(&self.reading, name))
    }

    fn change(
        &mut self,
        edit: impl FnOnce(&mut DocumentMut, &Reading) -> Result<bool, Error>,
    ) -> Result<bool, Error> {
        let read = |text: &str| read(&self.path, text);
        let (reading, changed) = document::change(&self.path, read, edit)?;
        self.reading = reading;
        self.broken = None;
        Ok(changed)
    }
}

fn no_such(reading: &Reading, name: &str) -> Error {
    let names = reading.entries.iter().map(|entry| entry.name.as_str());
    let near = document::did_you_mean(name, names);
    Error::value(name, format!("there is no such account{near}"))
}
