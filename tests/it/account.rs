//! `vario account`: who is signed in.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::json;

use crate::rig::{Ran, Rig};

const SECRET: &str = "hunter2-hunter2-hunter2";

const AIRLINE: [&str; 6] =
    ["account", "add", "stratos", "va", "--base-url", "https://va.example/api"];

/// An identity whose secrets are this text.
fn identity(secret: &str) -> String {
    json!({
        "tfdi_design_user": { "id": 7, "token": secret, "firstName": "Jo" },
        "airline": { "id": 1, "name": "Virtual Air", "settings": { "scriptURL": "https://x/" } },
        "va_user": { "dbID": 5, "pilotID": "VA123", "session": secret },
    })
    .to_string()
}

fn run(rig: &Rig, args: &[&str]) -> Ran {
    rig.run_configured(args)
}

fn list(rig: &Rig) -> serde_json::Value {
    run(rig, &["account", "list", "--json"]).exits(0).json()
}

fn in_use(rig: &Rig) -> Vec<String> {
    let rows = list(rig);
    let used = rows.as_array().into_iter().flatten().filter(|row| row["inUse"] == json!(true));
    used.filter_map(|row| Some(row["name"].as_str()?.to_owned())).collect()
}

fn pipe(rig: &Rig, args: &[&str], input: &str) -> Ran {
    let mut command = rig.command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let written = child.stdin.take().expect("piped").write_all(input.as_bytes());
    // It may refuse before it reads.
    drop(written);
    Ran::of(&child.wait_with_output().expect("it ends"), rig.home.path())
}

/// The text of every file below a folder that does not hold what a test wrote there.
fn everything_below(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            text += &everything_below(&path);
        } else {
            text += &String::from_utf8_lossy(&std::fs::read(&path).expect("readable"));
        }
    }
    text
}

#[test]
fn accounts_are_added_used_and_removed() {
    let rig = Rig::new();
    let none = run(&rig, &["account", "list"]).exits(0);
    assert!(none.stdout.is_empty() && none.stderr.contains("there are no accounts"), "{none}");
    let file = rig.home.write("me.json", identity(""));
    let file = file.to_str().expect("the folder's name is text");
    run(&rig, &["account", "add", "smartcars", "me", "--identity", file]).exits(0);
    pipe(&rig, &["account", "add", "smartcars", "you", "--identity", "-"], "{}").exits(0);
    let more = ["--name-shown", "The VA", "--icao", "TVA", "--refresh-url", "https://va.example/t"];
    run(&rig, &[&AIRLINE[..], &more].concat()).exits(0);
    assert_eq!(in_use(&rig), ["me", "va"], "the first of each kind");
    insta::assert_snapshot!(run(&rig, &["account", "list"]).exits(0).transcript());
    run(&rig, &["account", "use", "you"]).exits(0);
    assert_eq!(in_use(&rig), ["you", "va"]);
    run(&rig, &["account", "use", "--none", "stratos"]).exits(0);
    assert_eq!(in_use(&rig), ["you"]);
    run(&rig, &["account", "remove", "you"]).exits(0);
    assert!(in_use(&rig).is_empty());
    let rows = list(&rig);
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    assert_eq!(
        rows[1],
        json!({
            "kind": "stratos", "name": "va", "inUse": false, "shown": "The VA, TVA",
            "baseUrl": "https://va.example/api", "refreshUrl": "https://va.example/t",
            "signedIn": null, "isSet": { "token": false, "refreshToken": false },
        })
    );
}

#[test]
fn a_name_is_taken_once_and_replaced_on_purpose() {
    let rig = Rig::new();
    run(&rig, &AIRLINE).exits(0);
    let again = run(&rig, &AIRLINE).exits(2);
    assert!(again.stderr.contains("there is an account of that name (stratos)"), "{again}");
    let file = "config/vario/accounts.toml";
    let text = std::fs::read_to_string(rig.home.path().join(file)).expect("it is there");
    rig.home.write(file, format!("# mine\n{text}# below\n"));
    run(&rig, &[&AIRLINE[..], &["--replace", "--icao", "TVA"]].concat()).exits(0);
    let text = std::fs::read_to_string(rig.home.path().join(file)).expect("it is there");
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_not_there_matches_nothing() {
    let rig = Rig::new();
    for words in [&["use", "nobody"][..], &["remove", "nobody"]] {
        let ran = run(&rig, &[&["account"], words].concat()).exits(4);
        assert!(ran.stderr.contains("there is no account `nobody`"), "{ran}");
    }
    run(&rig, &["account", "use"]).exits(2);
    run(&rig, &["account", "use", "a", "--none", "stratos"]).exits(2);
}

#[test]
fn what_cannot_be_used_is_refused_and_changes_nothing() {
    let rig = Rig::new();
    let file = |name: &str, text: &str| {
        rig.home.write(name, text).to_str().expect("its name is text").to_owned()
    };
    let broken = file("broken.json", &format!("{{ \"a\": {SECRET} }}"));
    let list = file("list.json", &format!("[\"{SECRET}\"]"));
    let (empty, two) = (file("empty", " \n"), file("two", "one two"));
    let mut all = String::new();
    for args in [
        &["smartcars", "a", "--identity", &broken][..],
        &["smartcars", "a", "--identity", &list],
        &["smartcars", "a/b", "--identity", "-"],
        &["smartcars", "a", "--identity", "/nowhere/at/all"],
        &["stratos", "a", "--base-url", "va.example"],
        &["stratos", "a", "--base-url", "https://me:hunter2@va.example"],
        &["stratos", "a", "--base-url", "https://va.example", "--refresh-url", "x"],
        &["stratos", "a", "--base-url", "https://va.example", "--token-file", &empty],
        &["stratos", "a", "--base-url", "https://va.example", "--token-file", &two],
    ] {
        let ran = pipe(&rig, &[&["account", "add"], args].concat(), "{}").exits(2);
        assert!(!ran.transcript().contains("hunter2"), "{ran}");
        all += &ran.stderr;
    }
    insta::assert_snapshot!(all);
    assert!(rig.home.names("config/vario").iter().all(|name| name != "accounts.toml"));
}

/// There is no session bus in this environment, hence no keychain.
#[cfg(target_os = "linux")]
#[test]
fn secrets_need_a_keychain_and_are_never_shown_or_written() {
    let rig = Rig::new();
    let token = rig.home.write("secret/token", format!("{SECRET}\n"));
    let token = token.to_str().expect("its name is text");
    let add = ["account", "add", "smartcars", "me", "--identity", "-"];
    let ran = [
        pipe(&rig, &add, &identity(SECRET)),
        pipe(&rig, &[&AIRLINE[..], &["--token-stdin"]].concat(), SECRET),
        run(&rig, &[&AIRLINE[..], &["--token-file", token]].concat()),
        run(&rig, &[&AIRLINE[..], &["--refresh-token-file", token]].concat()),
    ];
    let mut all = String::new();
    for ran in ran {
        let ran = ran.exits(2);
        assert!(!ran.transcript().contains(SECRET), "{ran}");
        all += &ran.stderr;
    }
    insta::assert_snapshot!(all);
    assert_eq!(list(&rig), json!([]));
    for folder in ["config", "data", "state", "cache"] {
        assert!(!everything_below(&rig.home.path().join(folder)).contains(SECRET), "{folder}");
    }
}

#[test]
fn a_broken_file_is_said_and_never_overwritten() {
    let rig = Rig::new();
    let file = rig.home.write("config/vario/accounts.toml", "[use\n");
    let ran = run(&rig, &["account", "list"]).exits(1);
    assert!(ran.stderr.contains("until then nobody is signed in"), "{ran}");
    for args in [&AIRLINE[..], &["account", "use", "va"], &["account", "remove", "va"]] {
        let ran = run(&rig, args).exits(2);
        assert!(ran.stderr.contains("accounts.toml:1:5"), "{ran}");
    }
    assert_eq!(std::fs::read_to_string(file).expect("there"), "[use\n");
}

#[test]
fn a_secret_in_the_file_is_warned_of_and_not_shown() {
    let rig = Rig::new();
    let text = format!("[stratos.va]\nbaseUrl = 'https://va.example'\ntoken = '{SECRET}'\n");
    rig.home.write("config/vario/accounts.toml", text);
    for args in [&["account", "list"][..], &["account", "list", "--json"]] {
        let ran = run(&rig, args).exits(0);
        assert!(ran.stderr.contains("the secret `token` is not used"), "{ran}");
        assert!(!ran.transcript().contains(SECRET), "{ran}");
    }
}
