//! `vario config`: the program's settings and the plugins'.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::json;

use crate::rig::{LANGUAGES, Ran, Rig};

const SECRET: &str = "hunter2-hunter2-hunter2";

fn with_settings() -> Rig {
    let rig = Rig::new();
    rig.fixture("plugins/host-settings", LANGUAGES[0]);
    rig
}

fn value(rig: &Rig, key: &str) -> serde_json::Value {
    rig.run(&["config", "--json", "plugin", "host-settings", key]).exits(0).json()
}

#[test]
fn settings_have_types() {
    let rig = with_settings();
    assert_eq!(value(&rig, "count"), json!(3));
    for (key, given, kept) in [
        ("enabled", "false", json!(false)),
        ("name", "naïve words", json!("naïve words")),
        ("count", "42", json!(42)),
        ("level", "0.75", json!(0.75)),
        ("mode", "slow", json!("slow")),
        ("day", "2026-02-28", json!("2026-02-28")),
        ("extra", "[1,{\"a\":[]}]", json!([1, { "a": [] }])),
    ] {
        rig.run(&["config", "plugin", "host-settings", key, given]).exits(0);
        assert_eq!(value(&rig, key), kept, "{key}");
    }
    rig.run(&["config", "--unset", "plugin", "host-settings", "count"]).exits(0);
    assert_eq!(value(&rig, "count"), json!(3));
}

#[test]
fn a_setting_reaches_the_plugin_with_its_type() {
    for language in LANGUAGES {
        let rig = Rig::new();
        rig.plugin_with(
            *language,
            "typed",
            "local count, extra = ctx.settings.get('count'), ctx.settings.get('extra')
             return { plan = type(count) .. ' ' .. count .. ' ' .. #extra .. ' ' .. tostring(ctx.settings.get('name')),
                      lines = { { type = 'badge' } } }",
            "const count = ctx.settings.get('count'), extra = ctx.settings.get('extra');
             return { plan: typeof count + ' ' + count + ' ' + extra.length + ' ' + (ctx.settings.get('name') ?? 'nil'),
                      lines: [{ type: 'badge' }] };",
            r#""settings": [
                { "key": "count", "type": "number", "name": "Count", "default": 3 },
                { "key": "name", "type": "text", "name": "Name" },
                { "key": "extra", "type": "json", "name": "Extra", "default": [1] }
            ],"#,
        );
        let plan = || rig.run(&["probe", "--json"]).exits(0).json()[0]["plan"].clone();
        assert_eq!(plan(), json!("number 3 1 nil"), "{language:?}");
        for (key, given) in [("count", "4.5"), ("name", "naïve"), ("extra", "[{}, 2]")] {
            rig.run(&["config", "plugin", "typed", key, given]).exits(0);
        }
        assert_eq!(plan(), json!("number 4.5 2 naïve"), "{language:?}");
    }
}

/// Nothing can have been kept where there is no keychain, so there is nothing to read either.
#[cfg(target_os = "linux")]
#[test]
fn a_secret_is_absent_where_there_is_no_keychain() {
    for language in LANGUAGES {
        let rig = Rig::new();
        rig.fixture("plugins/host-settings", *language);
        let ran = rig.run(&["probe", "--json"]).exits(0);
        let snapshots = ran.json();
        let lines = snapshots[0]["lines"].as_array().expect("lines");
        let token = lines.iter().find(|line| line["label"] == "token").expect("a token");
        assert_eq!(token["value"], json!("absent"), "{language:?}");
    }
}

#[test]
fn options_may_follow_the_words_and_a_value_may_be_negative() {
    let rig = with_settings();
    let mut command = rig.command(&["config", "plugin", "host-settings", "count", "--json"]);
    command.arg("--plugins").arg(rig.plugins());
    assert_eq!(rig.finish(command).exits(0).json(), json!(3));
    let ran = rig.run(&["config", "plugin", "host-settings", "count", "-1"]).exits(2);
    assert!(ran.stderr.contains("`count`"), "{ran}");
}

#[test]
fn values_that_do_not_fit_are_refused_and_change_nothing() {
    let rig = with_settings();
    let mut all = String::new();
    for (key, given) in [
        ("enabled", "maybe"),
        ("count", "many"),
        ("count", "101"),
        ("count", "NaN"),
        ("level", "2"),
        ("mode", "medium"),
        ("day", "2026-02-30"),
        ("extra", "{"),
        ("missing", "1"),
    ] {
        let ran = rig.run(&["config", "plugin", "host-settings", key, given]);
        assert_eq!(ran.code, Some(2), "{key} {given}: {ran}");
        all += &ran.stderr;
    }
    insta::assert_snapshot!(all);
    assert_eq!(value(&rig, "count"), json!(3));
}

#[test]
fn a_json_setting_may_hold_null() {
    let rig = with_settings();
    for text in ["[1,{\"a\":null}]", "null"] {
        rig.run(&["config", "plugin", "host-settings", "extra", text]).exits(0);
        assert_eq!(value(&rig, "extra").to_string(), text);
    }
}

#[test]
fn a_plugin_that_is_not_there_matches_nothing() {
    let rig = with_settings();
    for words in [&["nobody"][..], &["nobody", "count"], &["nobody", "count", "1"]] {
        let ran = rig.run(&[&["config", "plugin"], words].concat());
        assert_eq!(ran.code, Some(4), "{words:?}: {ran}");
        assert!(ran.stderr.contains("`nobody`"), "{ran}");
    }
}

fn pipe(rig: &Rig, args: &[&str], input: &str) -> Ran {
    let mut command = rig.command(&["--plugins"]);
    command.arg(rig.plugins()).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let written = child.stdin.take().expect("piped").write_all(input.as_bytes());
    // It may refuse before it reads.
    drop(written);
    Ran::of(&child.wait_with_output().expect("it ends"), rig.home.path())
}

#[cfg(target_os = "linux")]
#[test]
fn a_secret_needs_a_keychain_and_is_never_shown_or_written() {
    let rig = with_settings();
    // There is no session bus in this environment, hence no keychain.
    let piped = pipe(&rig, &["config", "plugin", "host-settings", "token"], SECRET);
    let given = rig.run(&["config", "plugin", "host-settings", "token", SECRET]);
    let mut all = String::new();
    for ran in [&piped, &given] {
        assert_ne!(ran.code, Some(0), "{ran}");
        assert!(!ran.transcript().contains(SECRET), "{ran}");
        all += &ran.transcript();
    }
    insta::assert_snapshot!(all);
    let listed = rig.run(&["config", "plugin", "host-settings"]).exits(0);
    assert!(listed.stdout.contains("token"), "{listed}");
    let json = rig.run(&["config", "--json", "plugin", "host-settings"]).exits(0).json();
    let token = json.as_array().and_then(|rows| rows.iter().find(|row| row["key"] == "token"));
    assert_eq!(token.map(|row| &row["value"]), Some(&json!(null)));
    assert!(!everything_below(rig.home.path()).contains(SECRET));
}

/// The text of every file below a folder.
fn everything_below(folder: &std::path::Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).expect("readable") {
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
fn the_file_keeps_its_comments() {
    let rig = Rig::new();
    rig.home.write(
        "config/vario/config.toml",
        "# mine\n[display]\ndisplay_mode = \"used\" # as I like it\n",
    );
    assert_eq!(rig.run_configured(&["config", "display.display_mode"]).exits(0).stdout, "used\n");
    rig.run_configured(&["config", "limits.wall", "12s"]).exits(0);
    rig.run_configured(&["config", "display.display_mode", "left"]).exits(0);
    let kept = std::fs::read_to_string(rig.home.path().join("config/vario/config.toml"));
    insta::assert_snapshot!(kept.expect("the file is there"));
}

#[test]
fn a_broken_file_is_said_and_never_overwritten() {
    let rig = Rig::new();
    let file = rig.home.write("config/vario/config.toml", "[display\nmode = ");
    rig.says("fine", "hello");
    let ran = rig.run(&["probe", "--json"]).exits(0);
    assert!(ran.stderr.contains("config.toml"), "{ran}");
    let set = rig.run_configured(&["config", "limits.wall", "12s"]);
    assert_ne!(set.code, Some(0), "{set}");
    assert_eq!(std::fs::read_to_string(file).expect("there"), "[display\nmode = ");
}

#[test]
fn an_unknown_key_names_the_nearest() {
    let ran = Rig::new().run_configured(&["config", "display.display_mod"]).exits(2);
    assert!(ran.stderr.contains("display.display_mode"), "{ran}");
    let ran = Rig::new().run_configured(&["config", "limits.wall", "soon"]).exits(2);
    assert!(ran.stderr.contains("limits.wall"), "{ran}");
}
