//! Credentials in keychains, databases, envelopes and several places.

use std::sync::Arc;
use std::time::Instant;

use vario_host::HostError;
use vario_value::Value;

use super::super::support::{World, texts};
use super::{Login, stored, token};
use crate::{MemorySecrets, SecretError, SecretStore};

const NOTHING: [String; 0] = [];
const SERVICE: &str = "Tool-credentials";

/// A keychain that cannot be written any more.
struct Locked(Arc<dyn SecretStore>);

impl SecretStore for Locked {
    fn read(&self, s: &str, a: Option<&str>, until: Instant) -> Result<String, SecretError> {
        self.0.read(s, a, until)
    }

    fn write(&self, _: &str, _: Option<&str>, _: &str, _: Instant) -> Result<(), SecretError> {
        Err(SecretError::Failed("it is locked".to_owned()))
    }

    fn delete(&self, _: &str, _: Option<&str>, _: Instant) -> Result<(), SecretError> {
        Err(SecretError::Failed("it is locked".to_owned()))
    }

    fn is_available(&self) -> bool {
        true
    }
}

/// A login in the keychain of that user.
fn in_keychain(lock: bool) -> (Login, Arc<dyn SecretStore>, String) {
    let mut login = Login::with_rights(&["keychain:Tool-*", "net:127.0.0.1"]);
    let secrets: Arc<dyn SecretStore> = Arc::new(MemorySecrets::new());
    let old = login.in_store();
    let until = login.world.scope.deadline;
    secrets.write(SERVICE, Some("me"), &stored(&old), until).unwrap();
    let shown = Arc::clone(&secrets);
    login.world.config.secrets = if lock { Arc::new(Locked(shown)) } else { shown };
    login.world = login.world.variables(&[("USER", "me")]);
    login.host = login.world.host();
    (login, secrets, old)
}

fn read_item(login: &Login) -> String {
    let text = login.call("keychain.readGenericPassword", &texts(&[SERVICE])).unwrap();
    token(text.as_str().unwrap())
}

#[test]
fn a_keychain_item_is_written_back_whichever_way() {
    for write in ["keychain.writeGenericPassword", "keychain.writeGenericPasswordForCurrentUser"] {
        let (login, secrets, _) = in_keychain(false);
        let new = login.renewed(&read_item(&login));
        assert_eq!(login.rescue_files().len(), 1);
        login.call(write, &texts(&[SERVICE, &stored(&new)])).unwrap();
        let now = secrets.read(SERVICE, Some("me"), login.world.scope.deadline).unwrap();
        assert_eq!(Some(token(&now)), login.provider.newest());
        assert!(login.rescue_files().is_empty());
        // As it is read back, it is what was written.
        let newer = login.renewed(&read_item(&login));
        login.call(write, &texts(&[SERVICE, &stored(&newer)])).unwrap();
        assert_eq!(login.end(), NOTHING);
    }
}

#[test]
fn a_keychain_that_cannot_be_written_loses_nothing() {
    let (login, secrets, old) = in_keychain(true);
    let new = login.renewed(&read_item(&login));
    let args = texts(&[SERVICE, &stored(&new)]);
    let message = "keychain write failed: it is locked".to_owned();
    let answer = login.call("keychain.writeGenericPassword", &args);
    assert_eq!(answer, Err(HostError::Failed(message)));
    login.assert_rescued();
    let now = secrets.read(SERVICE, None, login.world.scope.deadline).unwrap();
    assert_eq!(token(&now), old);
    let notices = login.end();
    assert!(notices[0].contains("the keychain item Tool-credentials"), "{notices:?}");
}

#[test]
fn a_keychain_item_of_another_login_is_left_alone() {
    let (login, secrets, _) = in_keychain(false);
    let new = login.renewed(&read_item(&login));
    let other = login.provider.log_in();
    let until = login.world.scope.deadline;
    secrets.write(SERVICE, Some("me"), &stored(&other), until).unwrap();
    let args = texts(&[SERVICE, &stored(&new)]);
    login.call("keychain.writeGenericPasswordForCurrentUser", &args).unwrap_err();
    assert_eq!(token(&secrets.read(SERVICE, None, until).unwrap()), other);
    login.assert_rescued();
    assert_eq!(login.end().len(), 1);
}

const DATABASE: &str = "~/.tool/state.db";
const QUERY: &str = "SELECT value FROM items WHERE key = 'auth/refreshToken'";

fn execute(world: &World, sql: &str) {
    let path = world.path(".tool/state.db");
    let call = vario_sqlite::Call::until(world.scope.deadline);
    vario_sqlite::exec(path.to_str().unwrap(), sql, &call).unwrap();
}

fn in_database() -> Login {
    let login = Login::new();
    let old = login.in_store();
    let create = "CREATE TABLE items (key TEXT PRIMARY KEY, value TEXT)";
    let insert =
        format!("INSERT INTO items VALUES ('auth/refreshToken', '{old}'), ('visits', '1')");
    execute(&login.world, &format!("{create}; {insert}"));
    login
}

fn read_database(login: &Login) -> String {
    let rows = login.call("sqlite.query", &texts(&[DATABASE, QUERY])).unwrap();
    token(rows.as_str().unwrap())
}

fn write_database(login: &Login, new: &str) -> Result<Value, HostError> {
    let sql = format!("INSERT OR REPLACE INTO items VALUES ('auth/refreshToken', '{new}')");
    login.call("sqlite.exec", &texts(&[DATABASE, &sql]))
}

#[test]
fn a_database_may_change_beside_the_login() {
    let login = in_database();
    let visits = "SELECT value FROM items WHERE key = 'visits'";
    login.call("sqlite.query", &texts(&[DATABASE, visits])).unwrap();
    let old = read_database(&login);
    execute(&login.world, "UPDATE items SET value = '2' WHERE key = 'visits'");
    let new = login.renewed(&old);
    execute(&login.world, "UPDATE items SET value = '3' WHERE key = 'visits'");
    write_database(&login, &new).unwrap();
    assert_eq!(Some(read_database(&login)), login.provider.newest());
    assert!(login.rescue_files().is_empty());
    let newer = login.renewed(&new);
    write_database(&login, &newer).unwrap();
    assert_eq!(login.end(), NOTHING);
}

#[test]
fn a_database_with_another_login_is_left_alone() {
    let login = in_database();
    let old = read_database(&login);
    let new = login.renewed(&old);
    let other = login.provider.log_in();
    let sql = format!("UPDATE items SET value = '{other}' WHERE key = 'auth/refreshToken'");
    execute(&login.world, &sql);
    write_database(&login, &new).unwrap_err();
    assert_eq!(read_database(&login), other);
    login.assert_rescued();
    assert_eq!(login.end().len(), 1);
}

#[test]
fn a_statement_that_fails_loses_nothing() {
    let login = in_database();
    let new = login.renewed(&read_database(&login));
    let sql = format!("INSERT INTO nowhere VALUES ('{new}')");
    login.call("sqlite.exec", &texts(&[DATABASE, &sql])).unwrap_err();
    login.assert_rescued();
    assert_eq!(login.end().len(), 1);
}

#[test]
fn an_envelope_holds_what_is_in_it() {
    let login = Login::new();
    let key = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    let text = |answer: Value| answer.as_str().unwrap().to_owned();
    let encrypt = |plain: &str| login.call("crypto.encryptAes256Gcm", &texts(&[plain, key]));
    let path = login.world.path(".tool/auth.enc");
    let old = login.in_store();
    std::fs::write(&path, text(encrypt(&stored(&old)).unwrap())).unwrap();
    // A host that has not seen the encryption.
    let login = Login { host: login.world.host(), ..login };
    let name = path.to_str().unwrap();
    let envelope = text(login.call("fs.readText", &texts(&[name])).unwrap());
    let plain = text(login.call("crypto.decryptAes256Gcm", &texts(&[&envelope, key])).unwrap());
    let new = login.renewed(&token(&plain));
    let files = login.rescue_files();
    assert!(files[0].to_str().unwrap().ends_with("-auth-enc.json"), "{files:?}");
    let args = texts(&[&stored(&new), key]);
    let envelope = text(login.call("crypto.encryptAes256Gcm", &args).unwrap());
    login.call("fs.writeText", &texts(&[name, &envelope])).unwrap();
    assert!(login.rescue_files().is_empty());
    assert_eq!(login.end(), NOTHING);
    assert_eq!(login.provider.newest(), Some(new));
}

#[test]
fn each_store_of_the_old_token_must_get_the_new_one() {
    let login = Login::new();
    let copy = login.world.path(".tool/copy.json");
    std::fs::copy(login.file(), &copy).unwrap();
    let copy = copy.to_str().unwrap();
    login.call("fs.readText", &texts(&[copy])).unwrap();
    let new = login.renewed(&login.read());
    login.write(&new).unwrap();
    login.assert_rescued();
    login.call("fs.writeText", &texts(&[copy, &stored(&new)])).unwrap();
    login.assert_logged_in();
    let newer = login.renewed(&login.read());
    login.write(&newer).unwrap();
    let notices = login.end();
    assert!(notices[0].contains("of ~/.tool/copy.json but"), "{notices:?}");
}

#[test]
fn a_copy_in_the_plugins_own_folder_does_not_count() {
    let login = Login::new();
    let own = login.world.scope.plugin_data_dir.join("auth.json");
    std::fs::copy(login.file(), &own).unwrap();
    login.call("fs.readText", &texts(&[own.to_str().unwrap()])).unwrap();
    let new = login.renewed(&login.read());
    login.write(&new).unwrap();
    login.assert_logged_in();
    assert_eq!(login.end(), NOTHING);
}

#[test]
fn a_login_of_the_plugins_own() {
    let login = Login::with_rights(&["net:127.0.0.1"]);
    let own = login.world.scope.plugin_data_dir.join("auth.json");
    std::fs::copy(login.file(), &own).unwrap();
    let own = own.to_str().unwrap();
    let text = login.call("fs.readText", &texts(&[own])).unwrap();
    let new = login.renewed(&token(text.as_str().unwrap()));
    login.assert_rescued();
    login.call("fs.writeText", &texts(&[own, &stored(&new)])).unwrap();
    assert!(login.rescue_files().is_empty());
    assert_eq!(login.end(), NOTHING);
}

#[test]
fn a_login_from_a_setting_is_kept_by_whatever_the_plugin_writes() {
    let login = Login::with_rights(&["net:127.0.0.1"]);
    let new = login.renewed(&login.in_store());
    login.assert_rescued();
    let own = login.world.scope.plugin_data_dir.join("auth.json");
    login.call("fs.writeText", &texts(&[own.to_str().unwrap(), &stored(&new)])).unwrap();
    assert!(login.rescue_files().is_empty());
    assert_eq!(login.end(), NOTHING);
    // And is told of when it writes nothing.
    login.renewed(&new);
    let notices = login.end();
    assert!(notices[0].starts_with("demo renewed the credential of 127.0.0.1 "), "{notices:?}");
}
