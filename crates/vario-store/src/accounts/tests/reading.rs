use serde_json::json;

use super::Fixture;
use crate::{AccountKind, accounts_schema};

#[test]
fn no_file_means_nobody() {
    let fixture = Fixture::empty();
    let accounts = fixture.accounts();
    assert!(accounts.all().is_empty() && accounts.broken().is_none());
    assert!(AccountKind::ALL.into_iter().all(|kind| accounts.current(kind).is_none()));
}

#[test]
fn a_file_by_hand_is_understood() {
    let fixture = Fixture::new(
        "[use]\nsmartcars = 'me'\nstratos = 'va'\n\
         [smartcars]\nme.identity = '{ \"va_user\": { \"pilotID\": \"VA1\" } }'\n\
         [smartcars.'the other@va']\nidentity.airline.id = 5\n\
         [stratos.va]\nbaseUrl = 'http://localhost:8080/api'\nicao = 'TVA'\n\
         refreshUrl = 'https://va.example/token'\n\
         plugins.map.settings = { zoom = 4 }\n",
    );
    assert_eq!(fixture.problems(), [""; 0]);
    let accounts = fixture.accounts();
    let me = accounts.current(AccountKind::Smartcars).unwrap();
    assert_eq!((me.name.as_str(), &me.document["va_user"]["pilotID"]), ("me", &json!("VA1")));
    let other = accounts.get("the other@va").unwrap();
    assert_eq!(other.document["airline"]["id"], json!(5));
    let airline = accounts.current(AccountKind::Stratos).unwrap();
    assert_eq!(airline.refresh_url.as_deref(), Some("https://va.example/token"));
    assert_eq!(
        json!(airline.document),
        json!({
            "icao": "TVA", "baseUrl": "http://localhost:8080/api",
            "plugins": { "map": { "settings": { "zoom": 4 } } },
        })
    );
}

#[test]
fn what_does_not_count_is_told_and_the_rest_does() {
    for (text, wanted) in [
        ("[usr]\n", "1: `usr`: no such section; did you mean `use`?"),
        ("use = 5\n", "1: `use`: expected a table, found integer"),
        ("stratos = 5\n", "1: `stratos`: expected a table, found integer"),
        (
            "[use]\nsmartcar = 'a'\n",
            "2: `use.smartcar`: no such kind of account; did you mean `smartcars`?",
        ),
        (
            "[use]\nstratos = 5\n",
            "2: `use.stratos`: expected the name of an account, found integer; none is in use",
        ),
        (
            "[use]\nstratos = 'a'\n",
            "2: `use.stratos`: there is no such account that can be read; none is in use",
        ),
        (
            "[stratos]\na = 5\n",
            "2: `stratos.a`: expected a table, found integer; this account does not count until it is corrected",
        ),
        (
            "[stratos.a]\nname = 'x'\n",
            "1: `stratos.a`: `baseUrl`: it is missing; this account does not count until it is corrected",
        ),
        (
            "[stratos.'a/b']\nbaseUrl = 'https://x'\n",
            "1: `stratos.a/b`: a name is made of letters, digits, `.`, `_`, `-`, `@` and spaces within; this account does not count until it is corrected",
        ),
        (
            "[smartcars.a]\n",
            "1: `smartcars.a`: `identity`: it is missing; this account does not count until it is corrected",
        ),
        (
            "[smartcars.a]\nidentity = '[]'\n",
            "2: `smartcars.a`: `identity`: expected a JSON object; this account does not count until it is corrected",
        ),
        (
            "[smartcars.a]\nidentity = 'hunter2'\n",
            "2: `smartcars.a`: `identity`: expected value at line 1 column 1; this account does not count until it is corrected",
        ),
        (
            "[stratos.a]\nbaseUrl = 'https://x'\nidd = 1\n",
            "3: `stratos.a.idd`: no such entry; did you mean `id`?",
        ),
        (
            "[stratos.a]\nbaseUrl = 'https://x'\nicao = 1\n",
            "3: `stratos.a.icao`: expected a text, found integer; it is ignored",
        ),
        (
            "[smartcars.a]\nidentity = '{}'\n[stratos.a]\nbaseUrl = 'https://x'\n",
            "3: `stratos.a`: there is an account of that name (smartcars); this account does not count until it is corrected",
        ),
    ] {
        let fixture = Fixture::new(format!("{text}[smartcars.fine]\nidentity = '{{}}'\n"));
        assert_eq!(fixture.problems(), [format!("accounts.toml:{wanted}")], "{text}");
        assert!(fixture.accounts().get("fine").is_some(), "{text}");
    }
}

#[test]
fn addresses_without_secrets_are_taken_and_no_others() {
    for (url, fits) in [
        ("https://va.example", true),
        ("HTTP://localhost:80/x?y=1", true),
        ("https://[::1]:8080/", true),
        ("https://va.example/user@x", true),
        ("https://", false),
        ("https:///x", false),
        ("va.example", false),
        ("ftp://va.example", false),
        ("https://me:hunter2@va.example", false),
        ("https://va.example/a b", false),
        ("https://va.example\\@evil", false),
        ("", false),
    ] {
        let fixture = Fixture::new(format!("[stratos.a]\nbaseUrl = '{url}'\n"));
        assert_eq!(fixture.accounts().get("a").is_some(), fits, "{url}");
        assert!(!fixture.problems().concat().contains("hunter2"));
    }
}

#[test]
fn a_secret_in_the_file_is_not_used_and_not_repeated() {
    let fixture = Fixture::new(
        "[smartcars.me]\nidentity = '{ \"va_user\": { \"session\": \"hunter2\" } }'\n\
         [stratos.va]\nbaseUrl = 'https://x'\ntoken = 'hunter2'\nrefreshToken = 'hunter2'\n",
    );
    let problems = fixture.problems();
    assert_eq!(problems.len(), 3, "{problems:#?}");
    assert!(problems[0].contains("`smartcars.me`: the secret `va_user.session` is not used"));
    assert!(!problems.concat().contains("hunter2"));
    let accounts = fixture.accounts();
    assert_eq!(accounts.get("me").unwrap().document["va_user"]["session"], json!(""));
    assert_eq!(json!(accounts.get("va").unwrap().document), json!({ "baseUrl": "https://x" }));
}

#[test]
fn a_file_that_cannot_be_read_signs_nobody_in_and_stays() {
    for text in [&b"[use\nsmartcars = 'a'\n"[..], b"\xff", b"a = 1\na = 2\n"] {
        let fixture = Fixture::new(text);
        let mut accounts = fixture.accounts();
        let broken = accounts.broken().expect("it is broken").to_string();
        assert!(broken.contains("accounts.toml"), "{broken}");
        assert!(accounts.current(AccountKind::Smartcars).is_none());
        assert!(accounts.use_account("a").is_err() && accounts.remove("a").is_err());
        assert_eq!(std::fs::read(fixture.paths.accounts_file()).unwrap(), text);
    }
    let broken = Fixture::new("[use\n").accounts();
    let words = broken.broken().unwrap().to_string();
    assert!(words.ends_with("correct the file; until then nobody is signed in"), "{words}");
}

#[test]
fn the_schema_knows_every_key() {
    let schema = accounts_schema().to_string();
    for key in ["smartcars", "stratos", "identity", "signedIn", "baseUrl", "refreshUrl", "plugins"]
    {
        assert!(schema.contains(&format!("\"{key}\"")), "{key}");
    }
}
