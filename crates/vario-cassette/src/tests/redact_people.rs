//! Names, addresses and folders of people.

use serde_json::{Value as Json, json};

use super::recorded;
use super::redact::{is_like, one, redacted, redacted_with};
use crate::RedactOptions;

#[test]
fn names_are_replaced_when_asked_for() {
    let ok =
        json!({"name": "Zoë Robertson", "login": "zoerobert", "given_name": "Zoë", "plan": "Pro"});
    let calls = || vec![recorded("http.request", json!([{"url": "u"}]), ok.clone())];
    let (kept, _) = redacted(calls());
    assert_eq!(kept.calls[0].ok.as_ref(), Some(&ok));
    let options = RedactOptions { names: true, ..RedactOptions::default() };
    let (gone, _) = redacted_with(calls(), &options);
    let gone = gone.calls[0].ok.clone().expect("an answer");
    for key in ["name", "login", "given_name"] {
        assert_ne!(gone[key], ok[key], "{key}");
        assert!(is_like(ok[key].as_str().expect("text"), gone[key].as_str().expect("text")));
    }
    assert_eq!(gone["plan"], "Pro");
}

#[test]
fn user_names_in_paths_are_replaced_alike() {
    let texts = [
        "/home/bob/.x",
        "/Users/bob/Library",
        "C:\\Users\\bob\\AppData",
        "file%3A%2F%2F%2Fhome%2Fbob%2Fx",
        "-home-bob-project",
        "/home/bobby/x",
        "bob",
    ];
    let new = one("fs.listDir", json!(["~"]), json!(texts));
    let new: Vec<&str> = new.as_array().expect("a list").iter().filter_map(Json::as_str).collect();
    let user = new[0].strip_prefix("/home/").and_then(|rest| rest.strip_suffix("/.x"));
    let user = user.expect("a path stays a path");
    assert!(user.len() == 3 && user != "bob", "{user}");
    assert_eq!(new[1], format!("/Users/{user}/Library"));
    assert_eq!(new[2], format!("C:\\Users\\{user}\\AppData"));
    assert_eq!(new[3], format!("file%3A%2F%2F%2Fhome%2F{user}%2Fx"));
    assert_eq!(new[4], format!("-home-{user}-project"));
    assert!(new[5].starts_with("/home/") && !new[5].contains("bob"), "{}", new[5]);
    assert_eq!(new[6], "bob", "a short word elsewhere may be anything");
}

#[test]
fn email_addresses_stay_email_addresses() {
    let ok = json!("from Zoe.Müller+x@mail.example.co.uk to a@b.io, not git@v1.2");
    let new = one("fs.readText", json!(["~/x"]), ok.clone());
    let (old, new) = (ok.as_str().expect("text"), new.as_str().expect("text"));
    assert!(is_like(old, new), "{new}");
    assert!(!new.contains("Müller") && !new.contains("mail.example") && !new.contains("a@b"));
    assert!(new.contains(".uk to ") && new.ends_with(".io, not git@v1.2"), "{new}");
}
