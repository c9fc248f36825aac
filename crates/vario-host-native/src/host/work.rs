//! Doing what a call wants, once its rights were asked.

use std::path::Path;
use std::sync::Arc;

use vario_host::{HostError, Scope};
use vario_value::Value;

use super::NativeHost;
use super::places::{READ, READ_AND_WRITE, WRITE, room};
use crate::access::Work;
use crate::credentials::{Source, Store};
use crate::fs::resolve::{Place, Stop};
use crate::http::fetch::Sender;
use crate::keychain::{CurrentUser, Keychain, Member};
use crate::refusal::Failure;
use crate::{ccusage, crypto, env, fs, http, ls, sqlite, system, wait};

impl NativeHost {
    pub(super) fn work(&self, work: Work<'_>, scope: &Scope) -> Result<Value, Failure> {
        Ok(match work {
            Work::Nothing => Value::Absent,
            Work::Exists(path) => match self.place(&path, READ, scope) {
                Ok(place) => Value::Bool(place.kind().is_some()),
                // Any error of the system's means no.
                Err(Stop::Failed(_)) => Value::Bool(false),
                Err(Stop::Refused(refusal)) => return Err(refusal.into()),
            },
            Work::ReadText(path) => {
                let place = self.place(&path, READ, scope)?;
                let text = fs::read_text(&place, scope)?;
                self.credentials(scope).read(Source::whole(file(&path, &place)), &text);
                Value::Str(text)
            }
            Work::WriteText(path, content) => {
                let place = self.place(&path, WRITE, scope)?;
                let store = file(&path, &place);
                self.change(&store, content, scope, || {
                    fs::write(&place, content.as_bytes(), room(&place, scope))
                })?;
                Value::Absent
            }
            Work::ListDir(path) => fs::list_dir(&self.place(&path, READ, scope)?, scope)?,
            Work::Decrypt { envelope, key } => {
                let plain = crypto::decrypt(envelope, key)?;
                self.credentials(scope).transformed(envelope, &plain);
                Value::Str(plain)
            }
            Work::Encrypt { plain, key } => {
                let envelope = crypto::encrypt(plain, key)?;
                self.credentials(scope).transformed(&envelope, plain);
                Value::Str(envelope)
            }
            Work::Sha256(text) => Value::Str(crypto::sha256_hex(text)),
            Work::Env(name) => env::get(name, &self.config, &self.env_cache, scope).into(),
            Work::Request(request, target) => {
                let credentials = self.credentials(scope);
                let current = |source: &Source| self.current(source, scope);
                let target = (*target).as_ref();
                http::request(&self.client, &request, target, &credentials, &current, scope)?
            }
            Work::Keychain(member, args) => self.keychain(member, args, scope)?,
            Work::Query(path, sql) => {
                let found = self.place(&path, READ, scope);
                let place = database(found, &path, sql, true)?;
                let rows = sqlite::query(&place, sql, scope)?;
                let source = Source::query(&path, place.real(), sql);
                self.credentials(scope).read(source, &rows);
                Value::Str(rows)
            }
            Work::Exec(path, sql) => {
                let found = self.place(&path, READ_AND_WRITE, scope);
                let place = database(found, &path, sql, false)?;
                let store = Store::Database { named: path, real: place.real().to_owned() };
                self.change(&store, sql, scope, || {
                    sqlite::exec(&place, sql, room(&place, scope), scope)
                })?;
                Value::Absent
            }
            Work::Discover(options) => ls::discover(&options, scope),
            Work::Usage(options) => {
                ccusage::query(&options, &self.config, &self.kept(scope).ended, scope)?
            }
            Work::System => system::info(scope)?,
            Work::Setting(key) => self.setting(key, scope)?,
            Work::Fetch(request, target) => {
                let credentials = &self.credentials(scope);
                let current = &|source: &Source| self.current(source, scope);
                let sender = Sender { client: &self.client, credentials, current, scope };
                sender.fetch(request, (*target).as_ref())?
            }
            Work::Files(work) => self.files(work, scope)?,
            Work::Program(request) => self.program(request, scope)?,
            Work::Database(member, args) => self.database(member, args, scope)?,
        })
    }

    /// Writes to a store that may hold a credential.
    pub(super) fn change(
        &self,
        store: &Store,
        content: &str,
        scope: &Scope,
        write: impl FnOnce() -> Result<(), HostError>,
    ) -> Result<(), HostError> {
        let credentials = self.credentials(scope);
        let current = |source: &Source| self.current(source, scope);
        credentials.before_write(store, content, &current)?;
        write()?;
        credentials.written(store, content, &current);
        Ok(())
    }

    /// Reads again what the plugin read before, in the same way and with the same rights.
    fn current(&self, source: &Source, scope: &Scope) -> Option<String> {
        let same = |named: &Path, real: &Path| {
            self.place(named, READ, scope).ok().filter(|place| place.real() == real)
        };
        match &source.store {
            Store::File { named, real } => fs::read_text(&same(named, real)?, scope).ok(),
            Store::Database { named, real } => {
                sqlite::query(&same(named, real)?, source.sql.as_deref()?, scope).ok()
            }
            Store::Keychain { service, account } => {
                self.open_keychain(scope).ok()?.read(service, account.clone()).ok()
            }
        }
    }

    fn open_keychain<'a>(&'a self, scope: &'a Scope) -> Result<Keychain<'a>, HostError> {
        let variable = if cfg!(windows) { "USERNAME" } else { "USER" };
        let user = CurrentUser::new(self.config.environment.get(variable));
        Keychain::open(&self.config.secrets, user, scope)
    }

    fn keychain(&self, member: &str, args: &[Value], scope: &Scope) -> Result<Value, HostError> {
        let keychain = self.open_keychain(scope)?;
        match keychain.member(member, args)? {
            Member::Read { service, account } => {
                let secret = keychain.read(&service, account.clone())?;
                let store = Store::Keychain { service, account };
                self.credentials(scope).read(Source::whole(store), &secret);
                Ok(Value::Str(secret))
            }
            Member::Write { service, account, value } => {
                let store = Store::Keychain { service: service.clone(), account: account.clone() };
                self.change(&store, value, scope, || keychain.write(service, account, value))?;
                Ok(Value::Absent)
            }
        }
    }

    fn setting(&self, key: &str, scope: &Scope) -> Result<Value, HostError> {
        let (settings, plugin) = (Arc::clone(&self.config.settings), scope.plugin_id.clone());
        let key = key.to_owned();
        // A secret comes from the keychain, which may ask the user first.
        wait::on_helper(scope, move || settings.setting(&plugin, &key))?.map_err(HostError::Failed)
    }
}

pub(super) fn file(named: &Path, place: &Place) -> Store {
    Store::File { named: named.to_owned(), real: place.real().to_owned() }
}

/// A database that cannot be reached fails in the words of the `sqlite3` program.
fn database(
    found: Result<Place, Stop>,
    path: &Path,
    sql: &str,
    is_query: bool,
) -> Result<Place, Failure> {
    found.map_err(|stop| match stop {
        Stop::Failed(_) => sqlite::cannot_open(path, sql, is_query).into(),
        refused @ Stop::Refused(_) => refused.into(),
    })
}
