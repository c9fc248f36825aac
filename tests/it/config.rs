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
fn settings_have_types_and_reach_the_plugin() {
    let rig = with_settings();
    assert_eq!(value(&rig, "count"), json!(3));
    for (key, given, kept) in [
        ("enabled", "false", json!(false)),
        ("name", "naïve words", json!("naïve words")),
        ("count", "42", json!(42)),
        ("level", "0.75", json!(0.75)),
        ("mode", "slow", json!("slow")),
        ("day", "2026-02-28", json!("2026-02-28")),
        ("extra", "[1,{\"a\":null}]", json!([1, { "a": null }])),
    ] {
        rig.run(&["config", "plugin", "host-settings", key, given]).exits(0);
        assert_eq!(value(&rig, key), kept, "{key}");
    }
    let probed = rig.run(&["probe", "--json"]).exits(0).json();
    let lines = probed[0]["lines"].as_array().expect("lines");
    let shown: Vec<&str> = lines.iter().filter_map(|line| line["value"].as_str()).collect();
    assert_eq!(
        shown,
        [
            "false",
            "\"naïve words\"",
            "42",
            "0.75",
            "\"slow\"",
            "\"2026-02-28\"",
            "[1,{\"a\":null}]",
            "absent",
            "absent"
        ]
    );
    rig.run(&["config", "--unset", "plugin", "host-settings", "count"]).exits(0);
    assert_eq!(value(&rig, "count"), json!(3));
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
    rig.run(&["config", "plugin", "no-such-plugin", "count", "1"]).exits(4);
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
