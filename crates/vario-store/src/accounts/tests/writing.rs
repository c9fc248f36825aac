use serde_json::json;

use super::{Fixture, airline, entry, pilot};
use crate::{AccountKind, Accounts};

fn used(accounts: &Accounts) -> [Option<&str>; 2] {
    AccountKind::ALL.map(|kind| accounts.current(kind).map(|entry| entry.name.as_str()))
}

#[test]
fn accounts_come_back_as_they_were() {
    let fixture = Fixture::empty();
    let mut accounts = fixture.accounts();
    let mut with_more = airline("va.two");
    with_more.refresh_url = Some("https://va.example/token".into());
    with_more.signed_in = Some("2026-01-02T03:04:05.000Z".into());
    let entries = [pilot("Mö 1"), pilot("me@va"), airline("va"), with_more];
    for entry in &entries {
        accounts.add(entry, false).unwrap();
    }
    assert_eq!(fixture.problems(), [""; 0], "{}", fixture.text());
    let mut wanted = entries.to_vec();
    wanted[..2].reverse();
    wanted.sort_by_key(|entry| (entry.kind, entry.name.clone()));
    assert_eq!(fixture.accounts().all(), wanted);
    assert_eq!(used(&fixture.accounts()), [Some("Mö 1"), Some("va")], "the first of each");
    assert!(fixture.text().starts_with("# Who is signed in."), "{}", fixture.text());
}

#[test]
fn one_of_each_kind_is_in_use() {
    let fixture = Fixture::empty();
    let mut accounts = fixture.accounts();
    for entry in [pilot("a"), pilot("b"), airline("c"), airline("d")] {
        accounts.add(&entry, false).unwrap();
    }
    assert_eq!(accounts.use_account("b").unwrap(), AccountKind::Smartcars);
    assert_eq!(accounts.use_account("d").unwrap(), AccountKind::Stratos);
    assert_eq!(used(&fixture.accounts()), [Some("b"), Some("d")]);
    assert!(accounts.use_none(AccountKind::Smartcars).unwrap());
    assert!(!accounts.use_none(AccountKind::Smartcars).unwrap());
    assert_eq!(used(&fixture.accounts()), [None, Some("d")]);
    assert_eq!(accounts.remove("d").unwrap(), AccountKind::Stratos);
    assert_eq!(used(&fixture.accounts()), [None, None], "no other takes its place");
    assert_eq!(accounts.remove("c").unwrap(), AccountKind::Stratos);
    let error = accounts.remove("aa").unwrap_err().to_string();
    assert_eq!(error, "`aa`: there is no such account; did you mean `a`?");
    assert!(accounts.use_account("d").is_err());
    assert_eq!(fixture.problems(), [""; 0]);
}

#[test]
fn a_name_is_taken_once_and_replaced_on_purpose_only() {
    let fixture = Fixture::empty();
    let mut accounts = fixture.accounts();
    let mut first = airline("a");
    first.refresh_url = Some("https://va.example/token".into());
    accounts.add(&first, false).unwrap();
    let error = accounts.add(&airline("a"), false).unwrap_err().to_string();
    assert_eq!(error, "`a`: there is an account of that name (stratos)");
    assert!(accounts.add(&pilot("a"), true).is_err(), "of another kind");
    assert_eq!(accounts.all(), [first]);
    accounts.add(&airline("a"), true).unwrap();
    assert_eq!(fixture.accounts().all(), [airline("a")]);
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_is_written() {
    let fixture = Fixture::empty();
    let mut accounts = fixture.accounts();
    let with = |kind, document| entry(kind, "a", document);
    let secret = json!({ "va_user": { "session": "hunter2" } });
    let odd = json!({ "tfdi_design_user": { "token": ["hunter2"] } });
    let token = json!({ "baseUrl": "https://x", "token": "hunter2" });
    let large = json!({ "airline": "x".repeat(600_000) });
    let mut entries = vec![
        with(AccountKind::Smartcars, secret),
        with(AccountKind::Smartcars, odd),
        with(AccountKind::Smartcars, large),
        with(AccountKind::Stratos, token),
        with(AccountKind::Stratos, json!({})),
        with(AccountKind::Stratos, json!({ "baseUrl": "https://me:hunter2@x" })),
    ];
    let long = "x".repeat(65);
    for name in ["", " a", "a/b", "a\nb", "-a", "a\u{202e}b", &long] {
        entries.push(pilot(name));
    }
    for entry in entries {
        let error = accounts.add(&entry, false).unwrap_err().to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }
    assert!(fixture.home.names("config").iter().all(|name| name != "accounts.toml"));
}

#[test]
fn comments_and_what_a_person_wrote_stay() {
    let text = "# mine\n[use] # who\nstratos = 'a' # this one\n\n# the airline\n[stratos.a]\n\
                baseUrl = 'https://old' # their server\nplugins.map.settings.zoom = 4\nodd = 1\n";
    let fixture = Fixture::new(text);
    let mut accounts = fixture.accounts();
    accounts.add(&airline("a"), true).unwrap();
    accounts.add(&airline("b"), false).unwrap();
    accounts.use_account("b").unwrap();
    let text = fixture.text();
    for kept in ["# mine\n", "[use] # who", "# this one", "# the airline\n", "# their server"] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    assert_eq!(accounts.get("a").unwrap().document["plugins"]["map"]["settings"]["zoom"], 4);
    assert!(text.contains("odd = 1") && text.contains("\"https://va.example/api\" # their"));
    let before = fixture.text();
    accounts.use_account("b").unwrap();
    assert_eq!(fixture.text(), before, "nothing to do, nothing written");
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let fixture = Fixture::empty();
    fixture.accounts().add(&pilot("a"), false).unwrap();
    let mode = fixture.paths.accounts_file().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
