//! `vario probe --json`: what it prints and how it exits.

use serde_json::json;

use crate::rig::{LANGUAGES, Rig};

fn ids(snapshots: &serde_json::Value) -> Vec<&str> {
    let snapshots = snapshots.as_array().expect("an array of snapshots");
    snapshots.iter().filter_map(|snapshot| snapshot["providerId"].as_str()).collect()
}

#[test]
fn json_follows_its_schema_for_every_type_of_line() {
    let rig = Rig::new();
    let schema = rig.run_configured(&["schema", "snapshot"]).exits(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for language in LANGUAGES {
        for fixture in ["plugins/lines", "plugins/bad-lines", "plugins/failure-syntax"] {
            rig.fixture(fixture, *language);
        }
        let ran = rig.run(&["probe", "--json"]).exits(1);
        for snapshot in ran.json().as_array().expect("an array") {
            let problems: Vec<String> =
                validator.iter_errors(snapshot).map(|error| error.to_string()).collect();
            assert!(problems.is_empty(), "{language:?} {problems:?} {snapshot}");
        }
        // What the schema says no value may be, it does refuse.
        let mut snapshot = ran.json()[0].clone();
        snapshot["lines"][0]["type"] = json!("gauge");
        assert!(!validator.is_valid(&snapshot), "a line of an unknown type");
    }
}

#[test]
fn a_good_snapshot() {
    for language in LANGUAGES {
        let rig = Rig::new();
        rig.plugin(
            *language,
            "good",
            "return { plan = 'Pro', lines = { ctx.line.badge({ label = 'State', text = 'On' }) } }",
            "return { plan: 'Pro', lines: [ctx.line.badge({ label: 'State', text: 'On' })] }",
        );
        let mut snapshots = rig.run(&["probe", "--json"]).exits(0).json();
        let snapshot = snapshots[0].as_object_mut().expect("an object");
        assert!(snapshot["durationMs"].is_u64());
        assert!(snapshot["fetchedAt"].as_str().is_some_and(|time| time.ends_with('Z')));
        snapshot.remove("durationMs");
        snapshot.remove("fetchedAt");
        assert_eq!(
            snapshots,
            json!([{
                "providerId": "good",
                "displayName": "The good",
                "plan": "Pro",
                "lines": [{ "type": "badge", "label": "State", "text": "On", "color": null, "subtitle": null }],
                "ok": true,
                "error": null,
                "cause": null,
                "needs": [],
                "notices": [],
            }])
        );
    }
}

#[test]
fn order_is_the_one_asked_for_else_by_id() {
    let rig = Rig::new();
    for id in ["b", "c", "a"] {
        rig.says(id, "hello");
    }
    let all = rig.run(&["probe", "--json"]).exits(0).json();
    assert_eq!(ids(&all), ["a", "b", "c"]);
    let asked = rig.run(&["probe", "--json", "c", "a", "c"]).exits(0).json();
    assert_eq!(ids(&asked), ["c", "a"]);
}

#[test]
fn a_failure_says_what_is_behind_it() {
    for language in LANGUAGES {
        let rig = Rig::new();
        rig.plugin(
            *language,
            "broken",
            "local nothing\nreturn nothing.lines",
            "let nothing;\nreturn nothing.lines",
        );
        let ran = rig.run(&["probe", "--json"]).exits(1);
        let snapshot = &ran.json()[0];
        let generic = "The plugin failed, try again or contact plugin author.";
        assert_eq!((&snapshot["ok"], &snapshot["error"]), (&json!(false), &json!(generic)));
        let cause = &snapshot["cause"];
        assert_eq!(cause["file"], json!(format!("plugin.{}", language.name())), "{cause}");
        assert_eq!(cause["line"], json!(3), "{cause}");
        let message = cause["message"].as_str().unwrap_or_default();
        assert!(message.contains("nil") || message.contains("undefined"), "{cause}");
        assert!(cause["stack"].as_str().is_some_and(|stack| stack.contains("probe")), "{cause}");
    }
}

#[test]
fn one_bad_plugin_hides_no_other() {
    let rig = Rig::new();
    rig.says("fine", "hello");
    rig.throws("thrown", "Not logged in.");
    rig.home.write("plugins/unreadable/plugin.json", "{ \"schemaVersion\": 1, ");
    let ran = rig.run(&["probe", "--json"]).exits(1);
    assert_eq!(ids(&ran.json()), ["fine", "thrown"]);
    assert_eq!(ran.json()[0]["ok"], json!(true));
    assert_eq!(ran.json()[1]["error"], json!("Not logged in."));
    assert!(ran.stderr.contains("[TEMP]/plugins/unreadable cannot be used"), "{ran}");
}

#[test]
fn exit_codes() {
    let rig = Rig::new();
    rig.says("fine", "hello");
    rig.throws("thrown", "No.");
    let folder = rig.plugins();
    let folder = folder.to_str().expect("a temporary path is UTF-8");
    let empty = rig.home.path().join("empty");
    std::fs::create_dir(&empty).expect("a new folder");
    let empty = empty.to_str().expect("a temporary path is UTF-8");
    for (code, args) in [
        (0, &["probe", "fine", "--plugins", folder][..]),
        (0, &["--help"]),
        (0, &["--version"]),
        (1, &["probe", "thrown", "--plugins", folder]),
        (1, &["probe", "--plugins", folder]),
        (1, &["probe", "fine", "missing", "--plugins", folder]),
        (2, &["probe", "--no-such-option"]),
        (2, &["no-such-command"]),
        (2, &["probe", "--timeout", "soon"]),
        (2, &["probe", "--timeout", "0s"]),
        (2, &["probe", "--jobs", "0"]),
        (2, &["probe", "--record", "x.json", "--plugins", folder]),
        (2, &["check", "no-such-folder"]),
        (2, &["replay", "no-such-file.json"]),
        (4, &["probe", "missing", "--plugins", folder]),
        (4, &["probe", "--plugins", empty]),
        (4, &["list", "--plugins", empty]),
    ] {
        let ran = rig.run_configured(args);
        assert_eq!(ran.code, Some(code), "{args:?} {ran}");
        let said = if code == 0 || code == 1 { &ran.stdout } else { &ran.stderr };
        assert!(!said.is_empty(), "{args:?} says nothing");
    }
}

#[test]
fn a_mistyped_id_names_the_nearest() {
    let rig = Rig::new();
    rig.says("weather", "sunny");
    let ran = rig.run(&["probe", "wether"]).exits(4);
    assert_eq!(ran.stdout, "");
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn the_table_shows_the_cause_only_when_asked() {
    let rig = Rig::new();
    rig.plugin(LANGUAGES[0], "broken", "local x\nreturn x.y", "let x;\nreturn x.y");
    let file = format!("plugin.{}", LANGUAGES[0].name());
    let ran = rig.run(&["probe"]).exits(1);
    assert!(ran.stdout.contains("The plugin failed"), "{ran}");
    let ran = rig.run(&["probe", "-v"]).exits(1);
    assert!(ran.transcript().contains(&file), "{ran}");
}

#[test]
fn a_named_plugin_runs_though_it_is_disabled() {
    let rig = Rig::new();
    rig.says("quiet", "hello");
    rig.run(&["disable", "quiet"]).exits(0);
    assert_eq!(ids(&rig.run(&["probe", "--json", "quiet"]).exits(0).json()), ["quiet"]);
    rig.run(&["probe", "--json"]).exits(4);
}

#[test]
fn the_plugin_of_this_machine_shows_real_values() {
    if !cfg!(feature = "lua") {
        return;
    }
    let rig = Rig::new();
    let ran = rig.run_configured(&["probe", "--json"]).exits(0);
    let snapshots = ran.json();
    assert_eq!(ids(&snapshots), ["system"]);
    let lines = snapshots[0]["lines"].as_array().expect("lines");
    let memory = lines.iter().find(|line| line["label"] == "Memory").expect("memory");
    assert!(memory["limit"].as_f64().is_some_and(|limit| limit > 0.1), "{memory}");
    assert!(memory["used"].as_f64().is_some_and(|used| used > 0.0), "{memory}");
}
