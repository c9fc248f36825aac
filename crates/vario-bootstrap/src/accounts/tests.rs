use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use vario_background::{Account, AccountKind as Kind, Accounts as _};
use vario_host_native::{MemorySecrets, NoSecrets, SecretError, SecretStore};
use vario_store::{AccountKind, Paths};
use vario_test_support::TempHome;

use super::{AccountBook, NewAccount, SecretState};

/// A keychain that counts what it is asked and can be locked.
#[derive(Default)]
struct Keychain {
    kept: MemorySecrets,
    reads: AtomicUsize,
    locked: parking_lot::Mutex<bool>,
}

impl Keychain {
    fn open(&self) -> Result<(), SecretError> {
        if *self.locked.lock() { Err(SecretError::Failed("locked".to_owned())) } else { Ok(()) }
    }
}

impl SecretStore for Keychain {
    fn read(&self, s: &str, a: Option<&str>, until: Instant) -> Result<String, SecretError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.open().and_then(|()| self.kept.read(s, a, until))
    }

    fn write(&self, s: &str, a: Option<&str>, v: &str, until: Instant) -> Result<(), SecretError> {
        self.open().and_then(|()| self.kept.write(s, a, v, until))
    }

    fn delete(&self, s: &str, a: Option<&str>, until: Instant) -> Result<(), SecretError> {
        self.open().and_then(|()| self.kept.delete(s, a, until))
    }

    fn is_available(&self) -> bool {
        true
    }
}

struct Fixture {
    home: TempHome,
    keychain: Arc<Keychain>,
    book: AccountBook,
}

impl Fixture {
    fn new() -> Self {
        let home = TempHome::new();
        let keychain = Arc::new(Keychain::default());
        let book = book(&home, Arc::clone(&keychain) as _);
        Self { home, keychain, book }
    }

    /// As another process has it.
    fn other(&self) -> AccountBook {
        book(&self.home, Arc::clone(&self.keychain) as _)
    }

    #[track_caller]
    fn add(&self, new: NewAccount, replace: bool, second: i64) {
        let now = Timestamp::from_second(second).unwrap();
        self.other().add(new, replace, now).unwrap();
    }

    #[track_caller]
    fn airline(&self) -> Account {
        self.book.current(Kind::Stratos).expect("somebody is signed in")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.home.path().join("config/accounts.toml")).unwrap_or_default()
    }
}

fn book(home: &TempHome, secrets: Arc<dyn SecretStore>) -> AccountBook {
    AccountBook::new(Paths::below(home.path()), secrets)
}

fn new(kind: AccountKind, name: &str, document: Json) -> NewAccount {
    let Json::Object(document) = document else { panic!("a document is an object") };
    NewAccount { kind, name: name.to_owned(), document, refresh_url: None }
}

fn pilot(name: &str, session: &str) -> NewAccount {
    let document = json!({
        "tfdi_design_user": { "id": 7, "token": "hunter2-user" },
        "airline": { "id": 1 },
        "va_user": { "pilotID": "VA1", "session": session },
        "storagePath": "/somewhere",
    });
    new(AccountKind::Smartcars, name, document)
}

fn airline(name: &str, token: &str) -> NewAccount {
    let base = "https://va.example/api";
    let document = json!({ "baseUrl": base, "token": token, "refreshToken": "hunter2-refresh" });
    new(AccountKind::Stratos, name, document)
}

#[test]
fn an_identity_is_kept_without_its_secrets_and_comes_back_with_them() {
    let fixture = Fixture::new();
    assert!(fixture.book.current(Kind::Smartcars).is_none());
    fixture.add(pilot("me", "hunter2-session"), false, 1);
    assert!(!fixture.text().contains("hunter2"), "{}", fixture.text());
    let account = fixture.book.current(Kind::Smartcars).expect("somebody is signed in");
    let mut wanted = pilot("me", "hunter2-session").document;
    wanted.remove("storagePath");
    assert_eq!(account.document, wanted);
    assert_eq!(account.token.as_deref(), Some("hunter2-session"));
    assert_eq!(account.refresh_token, None);
    assert!(fixture.book.current(Kind::Stratos).is_none());
}

#[test]
fn an_airline_shows_no_token_and_no_other_plugins_settings() {
    let fixture = Fixture::new();
    let mut added = airline("va", "hunter2");
    added.refresh_url = Some("https://va.example/token".to_owned());
    added.document.insert("icao".to_owned(), "TVA".into());
    fixture.add(added, false, 1);
    let path = fixture.home.path().join("config/accounts.toml");
    std::fs::write(&path, fixture.text() + "plugins.map.settings.zoom = 4\n").unwrap();
    let account = fixture.airline();
    let document =
        json!({ "id": "va", "name": "va", "icao": "TVA", "baseUrl": "https://va.example/api" });
    assert_eq!(json!(account.document), document);
    assert_eq!(account.token.as_deref(), Some("hunter2"));
    assert_eq!(account.refresh_token.as_deref(), Some("hunter2-refresh"));
    assert_eq!(account.refresh_url.as_deref(), Some("https://va.example/token"));
}

#[test]
fn the_keychain_is_asked_once_until_the_account_changes() {
    let fixture = Fixture::new();
    fixture.add(airline("va", "one"), false, 1);
    for _ in 0..5 {
        assert_eq!(fixture.airline().token.as_deref(), Some("one"));
    }
    assert_eq!(fixture.keychain.reads.load(Ordering::Relaxed), 2);
    fixture.add(airline("va", "two"), true, 2);
    assert_eq!(fixture.airline().token.as_deref(), Some("two"));
    fixture.add(airline("other", "three"), false, 3);
    assert_eq!(fixture.airline().name, "va");
    fixture.other().use_account("other").unwrap();
    assert_eq!(fixture.airline().token.as_deref(), Some("three"));
    fixture.other().use_none(AccountKind::Stratos).unwrap();
    assert!(fixture.book.current(Kind::Stratos).is_none());
}

#[test]
fn what_is_replaced_leaves_no_secret_behind() {
    let fixture = Fixture::new();
    fixture.add(airline("va", "one"), false, 1);
    let bare = || new(AccountKind::Stratos, "va", json!({ "baseUrl": "https://new.example" }));
    fixture.add(bare(), true, 2);
    let account = fixture.airline();
    assert_eq!((account.token, account.refresh_token), (None, None));
    let rows = fixture.book.list().unwrap();
    assert!(rows[0].in_use && rows[0].secrets.iter().all(|it| it.1 == SecretState::NotSet));
    fixture.add(airline("va", "two"), true, 3);
    assert_eq!(fixture.book.list().unwrap()[0].secrets[0], ("token", SecretState::Set));
    assert_eq!(fixture.other().remove("va").unwrap(), AccountKind::Stratos);
    assert!(fixture.book.list().unwrap().is_empty());
    fixture.add(bare(), false, 3);
    assert_eq!(fixture.airline().token, None);
}

#[test]
fn new_tokens_are_kept_for_the_account_they_are_for() {
    let fixture = Fixture::new();
    fixture.add(airline("va", "one"), false, 1);
    assert_eq!(fixture.airline().token.as_deref(), Some("one"));
    fixture.book.renew(Kind::Stratos, "va", "two", Some("r2")).unwrap();
    let both = |account: Account| (account.token.unwrap(), account.refresh_token.unwrap());
    assert_eq!(both(fixture.airline()), ("two".into(), "r2".into()));
    fixture.book.renew(Kind::Stratos, "va", "three", None).unwrap();
    let other = fixture.other().current(Kind::Stratos).unwrap();
    assert_eq!(both(other), ("three".into(), "r2".into()));
    // Somebody signs in anew while the old token is refreshed.
    fixture.add(airline("va", "four"), true, 2);
    assert!(fixture.book.renew(Kind::Stratos, "va", "late", Some("late")).is_err());
    assert_eq!(fixture.airline().token.as_deref(), Some("four"));
    fixture.other().remove("va").unwrap();
    assert!(fixture.book.renew(Kind::Stratos, "va", "late", None).is_err());
    assert!(fixture.book.renew(Kind::Smartcars, "va", "late", None).is_err());
}

#[test]
fn a_locked_keychain_is_told_and_asked_again() {
    let fixture = Fixture::new();
    fixture.add(airline("va", "one"), false, 1);
    *fixture.keychain.locked.lock() = true;
    assert_eq!(fixture.airline().token, None);
    assert_eq!(fixture.airline().token, None);
    let warnings = fixture.book.take_warnings();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert_eq!(warnings[0], "account `va`: `token`: keychain: locked");
    let state = fixture.book.list().unwrap()[0].secrets[0].1.clone();
    assert_eq!(state, SecretState::Unknown("keychain: locked".to_owned()));
    let error = fixture.other().remove("va").unwrap_err().to_string();
    assert!(error.starts_with("the account `va` is removed, but a secret"), "{error}");
    assert!(fixture.book.current(Kind::Stratos).is_none());
    let error = fixture.other().add(airline("va", "two"), false, Timestamp::UNIX_EPOCH);
    assert!(error.unwrap_err().to_string().contains("cannot be kept: keychain: locked"));
    assert!(fixture.book.list().unwrap().is_empty(), "half an account is none");
    *fixture.keychain.locked.lock() = false;
    fixture.add(airline("va", "two"), false, 2);
    assert_eq!(fixture.airline().token.as_deref(), Some("two"));
}

#[test]
fn tokens_that_cannot_be_kept_hold_for_this_process() {
    let fixture = Fixture::new();
    fixture.add(airline("va", "one"), false, 1);
    assert_eq!(fixture.airline().token.as_deref(), Some("one"));
    *fixture.keychain.locked.lock() = true;
    let words = fixture.book.renew(Kind::Stratos, "va", "hunter2", Some("hunter2")).unwrap_err();
    assert!(!words.contains("hunter2"), "{words}");
    assert_eq!(fixture.airline().token.as_deref(), Some("hunter2"));
}

#[test]
fn without_a_keychain_there_are_accounts_without_secrets_only() {
    let home = TempHome::new();
    let book = book(&home, Arc::new(NoSecrets));
    let now = Timestamp::UNIX_EPOCH;
    let error = book.add(airline("va", "hunter2"), false, now).unwrap_err().to_string();
    assert_eq!(
        error,
        "the secrets of the account `va` cannot be kept: this system has no keychain that vario \
         can use; start a Secret Service; secrets are only kept in the system's keychain"
    );
    assert!(book.list().unwrap().is_empty());
    let document = json!({ "baseUrl": "https://va.example" });
    book.add(new(AccountKind::Stratos, "va", document), false, now).unwrap();
    book.add(new(AccountKind::Smartcars, "me", json!({})), false, now).unwrap();
    assert!(book.current(Kind::Stratos).is_some_and(|account| account.token.is_none()));
    book.remove("va").unwrap();
    assert_eq!(book.take_warnings(), [""; 0]);
}

#[test]
fn a_file_that_cannot_be_read_signs_nobody_in() {
    let fixture = Fixture::new();
    fixture.add(airline("va", "one"), false, 1);
    fixture.home.write("config/accounts.toml", "[use\n");
    assert!(fixture.book.current(Kind::Stratos).is_none());
    assert!(fixture.book.list().is_err());
    let warnings = fixture.book.take_warnings();
    assert!(warnings[0].ends_with("until then nobody is signed in"), "{warnings:?}");
    let error = fixture.book.add(airline("va", "two"), true, Timestamp::UNIX_EPOCH).unwrap_err();
    assert!(error.to_string().contains("accounts.toml:1:"), "{error}");
}
