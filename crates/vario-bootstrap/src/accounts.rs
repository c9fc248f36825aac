//! Who is signed in: what `accounts.toml` says, with the secrets that the keychain keeps.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::{Map, Value as Json};
use vario_background::Account;
use vario_host_native::{SecretError, SecretStore};
use vario_store::{AccountEntry, AccountKind, AccountSecret, Accounts, Paths};

use crate::settings::{SERVICE, keychain_deadline};
use crate::vario::{Error, Vario};

/// An account that somebody wants to add. Holds secrets: never print it.
#[derive(Clone)]
pub struct NewAccount {
    /// Of which kind.
    pub kind: AccountKind,
    /// What the user calls it.
    pub name: String,
    /// smartCARS: the identity, with its secrets. Stratos: `baseUrl`, and `id`, `name`, `icao`,
    /// `token`, `refreshToken` where they are known.
    pub document: Map<String, Json>,
    /// Stratos: where a new token is asked for.
    pub refresh_url: Option<String>,
}

/// Whether a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretState {
    /// It is.
    Set,
    /// It is not.
    NotSet,
    /// The keychain does not tell; with its words.
    Unknown(String),
}

/// An account as a list shows it, without its secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountRow {
    /// What the file says.
    pub entry: AccountEntry,
    /// Whether it is the one in use of its kind.
    pub in_use: bool,
    /// Its secrets by name.
    pub secrets: Vec<(&'static str, SecretState)>,
}

/// All accounts. Reads the file afresh each time, and the keychain only when an account was added
/// or has come into use since: a keychain may be slow, and plugins ask often.
pub struct AccountBook {
    paths: Paths,
    secrets: Arc<dyn SecretStore>,
    remembered: Mutex<BTreeMap<AccountKind, Remembered>>,
    warnings: Mutex<Vec<String>>,
}

type Secrets = BTreeMap<&'static str, String>;

struct Remembered {
    name: String,
    signed_in: Option<String>,
    secrets: Secrets,
}

impl Remembered {
    fn is_of(&self, entry: &AccountEntry) -> bool {
        self.name == entry.name && self.signed_in == entry.signed_in
    }
}

impl AccountBook {
    pub(crate) fn new(paths: Paths, secrets: Arc<dyn SecretStore>) -> Self {
        Self { paths, secrets, remembered: Mutex::default(), warnings: Mutex::default() }
    }

    /// What is wrong with the file, and what the keychain did not give, each in words without a
    /// secret. The latter is told once.
    pub fn take_warnings(&self) -> Vec<String> {
        let accounts = Accounts::load(&self.paths);
        let broken = accounts.broken().map(ToString::to_string);
        let problems = accounts.problems().iter().map(ToString::to_string);
        let kept = std::mem::take(&mut *self.warnings.lock());
        broken.into_iter().chain(problems).chain(kept).collect()
    }

    /// All accounts, by kind and name.
    ///
    /// # Errors
    /// When the file as a whole cannot be read.
    pub fn list(&self) -> Result<Vec<AccountRow>, Error> {
        let accounts = self.load()?;
        let row = |entry: &AccountEntry| AccountRow {
            in_use: accounts.current(entry.kind).is_some_and(|used| used.name == entry.name),
            secrets: entry
                .kind
                .secrets()
                .iter()
                .map(|it| (it.name, self.state(entry, *it)))
                .collect(),
            entry: entry.clone(),
        };
        Ok(accounts.all().iter().map(row).collect())
    }

    /// The names of all accounts, without a look into the keychain.
    ///
    /// # Errors
    /// As [`AccountBook::list`].
    pub fn names(&self) -> Result<Vec<String>, Error> {
        Ok(self.load()?.all().iter().map(|entry| entry.name.clone()).collect())
    }

    fn load(&self) -> Result<Accounts, Error> {
        let accounts = Accounts::load(&self.paths);
        match accounts.broken() {
            Some(broken) => Err(Error::new(broken.to_string())),
            None => Ok(accounts),
        }
    }

    fn state(&self, entry: &AccountEntry, secret: AccountSecret) -> SecretState {
        if entry.signed_in.is_none() {
            return SecretState::NotSet;
        }
        match self.read(entry, secret) {
            Ok(Some(_)) => SecretState::Set,
            Ok(None) => SecretState::NotSet,
            Err(error) => SecretState::Unknown(error.to_string()),
        }
    }

    /// Adds an account: its secrets go to the keychain, the rest to the file. With `replace` also
    /// in the place of the one of that name. It comes into use if no other of its kind is.
    ///
    /// # Errors
    /// When it does not fit, when there is one of that name, or when it cannot be kept.
    pub fn add(&self, new: NewAccount, replace: bool, now: Timestamp) -> Result<(), Error> {
        let NewAccount { kind, name, mut document, refresh_url } = new;
        let mut secrets = Secrets::new();
        for secret in kind.secrets() {
            if let Some(text) = secret.take_from(&mut document) {
                secrets.insert(secret.name, text);
            }
        }
        // This is one plugin's (smartCARS reference, section 4), and these now have no value.
        document.remove("storagePath");
        if kind == AccountKind::Stratos {
            kind.secrets().iter().for_each(|secret| drop(document.remove(secret.name)));
        }
        if !secrets.is_empty() && !self.secrets.is_available() {
            return Err(not_kept(&name, &SecretError::Unavailable));
        }
        let mut entry = AccountEntry { kind, name, document, refresh_url, signed_in: None };
        let mut accounts = self.load()?;
        let is_new = accounts.get(&entry.name).is_none();
        // An account without the mark has no secrets, whatever the keychain holds. So at no moment
        // do the secrets of one account go with the addresses of another, wherever this ends.
        accounts.add(&entry, replace).map_err(words)?;
        if let Err(error) = self.keep(&entry, &secrets) {
            self.delete(kind, &entry.name).unwrap_or_default();
            if is_new {
                accounts.remove(&entry.name).map_err(words)?;
            }
            return Err(not_kept(&entry.name, &error));
        }
        if !secrets.is_empty() {
            entry.signed_in = Some(now.to_string());
            accounts.add(&entry, true).map_err(words)?;
        }
        Ok(())
    }

    /// Makes this account the one of its kind that is in use. Gives its kind.
    ///
    /// # Errors
    /// When there is none of that name or the file cannot be written.
    pub fn use_account(&self, name: &str) -> Result<AccountKind, Error> {
        self.load()?.use_account(name).map_err(words)
    }

    /// Signs out: no account of this kind is in use from now on. Gives whether one was.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn use_none(&self, kind: AccountKind) -> Result<bool, Error> {
        self.load()?.use_none(kind).map_err(words)
    }

    /// Removes an account with its secrets. Gives its kind.
    ///
    /// # Errors
    /// When there is none of that name, the file cannot be written, or the keychain keeps a secret;
    /// then the account is removed all the same.
    pub fn remove(&self, name: &str) -> Result<AccountKind, Error> {
        let kind = self.load()?.remove(name).map_err(words)?;
        self.delete(kind, name).map_err(|error| {
            Error::new(format!(
                "the account `{name}` is removed, but a secret of it is still in the keychain: \
                 {error}"
            ))
        })?;
        Ok(kind)
    }

    /// The secrets of an account; nothing without those that are not set.
    fn secrets_of(&self, entry: &AccountEntry) -> Secrets {
        if entry.signed_in.is_none() {
            return Secrets::new();
        }
        // Held while the keychain is asked, so that it is asked once.
        let mut remembered = self.remembered.lock();
        if let Some(known) = remembered.get(&entry.kind).filter(|known| known.is_of(entry)) {
            return known.secrets.clone();
        }
        let mut secrets = Secrets::new();
        let mut is_whole = true;
        for secret in entry.kind.secrets() {
            match self.read(entry, *secret) {
                Ok(Some(text)) => drop(secrets.insert(secret.name, text)),
                Ok(None) => {}
                Err(error) => {
                    is_whole = false;
                    self.warn(format!("account `{}`: `{}`: {error}", entry.name, secret.name));
                }
            }
        }
        // A keychain that is locked now may be opened later.
        if is_whole {
            let (name, signed_in) = (entry.name.clone(), entry.signed_in.clone());
            let known = Remembered { name, signed_in, secrets: secrets.clone() };
            remembered.insert(entry.kind, known);
        }
        secrets
    }

    fn warn(&self, text: String) {
        let mut warnings = self.warnings.lock();
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    }

    fn read(
        &self,
        entry: &AccountEntry,
        secret: AccountSecret,
    ) -> Result<Option<String>, SecretError> {
        let account = account(entry.kind, &entry.name, secret.name);
        match self.secrets.read(SERVICE, Some(&account), keychain_deadline()) {
            Ok(text) => Ok(Some(text)),
            Err(SecretError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes these the account's secrets: others that it had are deleted.
    fn keep(&self, entry: &AccountEntry, secrets: &Secrets) -> Result<(), SecretError> {
        self.delete(entry.kind, &entry.name)?;
        secrets.iter().try_for_each(|(what, text)| self.write(entry.kind, &entry.name, what, text))
    }

    fn write(
        &self,
        kind: AccountKind,
        name: &str,
        what: &str,
        text: &str,
    ) -> Result<(), SecretError> {
        let account = account(kind, name, what);
        self.secrets.write(SERVICE, Some(&account), text, keychain_deadline())
    }

    fn delete(&self, kind: AccountKind, name: &str) -> Result<(), SecretError> {
        for secret in kind.secrets() {
            let account = account(kind, name, secret.name);
            match self.secrets.delete(SERVICE, Some(&account), keychain_deadline()) {
                // Without a keychain there can be no secret in it.
                Ok(()) | Err(SecretError::NotFound(_) | SecretError::Unavailable) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

impl vario_background::Accounts for AccountBook {
    fn current(&self, kind: vario_background::AccountKind) -> Option<Account> {
        let accounts = Accounts::load(&self.paths);
        let entry = accounts.current(stored_kind(kind))?;
        let secrets = self.secrets_of(entry);
        Some(signed_in(entry.clone(), &secrets))
    }

    fn renew(
        &self,
        kind: vario_background::AccountKind,
        name: &str,
        token: &str,
        refresh_token: Option<&str>,
    ) -> Result<(), String> {
        let kind = stored_kind(kind);
        let accounts = Accounts::load(&self.paths);
        let entry = accounts.get(name).filter(|entry| entry.kind == kind);
        let entry = entry.ok_or_else(|| format!("there is no account `{name}` any more"))?;
        let (token_name, refresh_name) = token_names(kind);
        let mut new = Secrets::from([(token_name, token.to_owned())]);
        if let (Some(name), Some(refresh_token)) = (refresh_name, refresh_token) {
            new.insert(name, refresh_token.to_owned());
        }
        let mut remembered = self.remembered.lock();
        if let Some(known) = remembered.get_mut(&kind).filter(|known| known.name == name) {
            if !known.is_of(entry) {
                return Err(format!("the account `{name}` has been replaced meanwhile"));
            }
            // For as long as this process lives, the new ones hold even if they cannot be kept.
            known.secrets.extend(new.clone());
        }
        drop(remembered);
        // The refresh token comes first, by its name: the old one may be worth nothing any more.
        let result = new.iter().try_for_each(|(what, text)| self.write(kind, name, what, text));
        result.map_err(|error| error.to_string())
    }
}

/// The account as plugins see it.
fn signed_in(entry: AccountEntry, secrets: &Secrets) -> Account {
    let AccountEntry { kind, name, mut document, refresh_url, .. } = entry;
    let (token, refresh_token) = token_names(kind);
    match kind {
        AccountKind::Smartcars => {
            for secret in kind.secrets() {
                if let Some(text) = secrets.get(secret.name) {
                    secret.put_into(&mut document, text);
                }
            }
        }
        AccountKind::Stratos => {
            // What the airline sets for one plugin is no other plugin's business.
            document.remove("plugins");
            for (key, value) in [("id", name.as_str()), ("name", &name), ("icao", "")] {
                document.entry(key).or_insert_with(|| Json::from(value));
            }
        }
    }
    Account {
        token: secrets.get(token).cloned(),
        refresh_token: refresh_token.and_then(|what| secrets.get(what)).cloned(),
        name,
        document,
        refresh_url,
    }
}

/// Which secret is the token for requests, and which the one that gets a new token.
fn token_names(kind: AccountKind) -> (&'static str, Option<&'static str>) {
    match kind {
        AccountKind::Smartcars => ("va_user.session", None),
        AccountKind::Stratos => ("token", Some("refreshToken")),
    }
}

fn stored_kind(kind: vario_background::AccountKind) -> AccountKind {
    match kind {
        vario_background::AccountKind::Smartcars => AccountKind::Smartcars,
        vario_background::AccountKind::Stratos => AccountKind::Stratos,
    }
}

/// The keychain's name for a secret. A plugin's secret setting is called `<id>/<key>` there, and a
/// key may be anything, but no id begins with `@`: no plugin gets at an account by a clever name.
fn account(kind: AccountKind, name: &str, what: &str) -> String {
    format!("@account/{}/{name}/{what}", kind.name())
}

fn words(error: impl std::fmt::Display) -> Error {
    Error::new(error.to_string())
}

fn not_kept(name: &str, error: &SecretError) -> Error {
    Error::new(format!(
        "the secrets of the account `{name}` cannot be kept: {error}; secrets are only kept in the \
         system's keychain"
    ))
}

impl Vario {
    /// Who is signed in, and the way to change that.
    pub fn accounts(&self) -> AccountBook {
        AccountBook::new(self.paths.clone(), Arc::clone(&self.secrets))
    }

    /// Adds an account; see [`AccountBook::add`].
    ///
    /// # Errors
    /// As there.
    pub fn add_account(&self, new: NewAccount, replace: bool) -> Result<(), Error> {
        self.accounts().add(new, replace, self.clock.now())
    }
}
