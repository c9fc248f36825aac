//! `vario list`, and enabling plugins.

use serde_json::json;

use crate::rig::{LANGUAGES, Rig};

#[test]
fn json() {
    let rig = Rig::new();
    rig.fixture("plugins/lines", LANGUAGES[0]);
    rig.says("other", "hello");
    rig.run(&["disable", "other"]).exits(0);
    let list = rig.run(&["list", "--json"]).exits(0).json();
    assert_eq!(list.as_array().map(Vec::len), Some(2));
    let lines = &list[0];
    assert_eq!(lines["id"], json!("lines"));
    assert_eq!(lines["name"], json!("All line types"));
    assert_eq!(lines["dialect"], json!("vario"));
    assert_eq!(lines["language"], json!(LANGUAGES[0].name()));
    assert_eq!(lines["enabled"], json!(true));
    assert_eq!(lines["path"], json!("[TEMP]/plugins/lines"));
    assert_eq!(lines["links"].as_array().map(Vec::len), Some(2));
    assert_eq!((&list[1]["id"], &list[1]["enabled"]), (&json!("other"), &json!(false)));
}

#[test]
fn an_empty_list_says_where_it_looked() {
    let rig = Rig::new();
    let missing = rig.home.path().join("missing");
    let ran =
        rig.run_configured(&["list", "--plugins", "missing", "--plugins", "plugins"]).exits(4);
    assert!(!missing.exists());
    assert_eq!(ran.stdout, "");
    insta::assert_snapshot!(ran.stderr);
}

#[test]
fn duplicates_are_named_and_the_first_one_wins() {
    let rig = Rig::new();
    rig.says("twin", "first");
    std::fs::rename(rig.plugins().join("twin"), rig.plugins().join("a")).expect("renamed");
    rig.says("twin", "second");
    std::fs::rename(rig.plugins().join("twin"), rig.plugins().join("b")).expect("renamed");
    let ran = rig.run(&["list", "--json"]).exits(0);
    assert_eq!(ran.json().as_array().map(Vec::len), Some(1));
    assert_eq!(ran.json()[0]["path"], json!("[TEMP]/plugins/a"));
    assert!(ran.stderr.contains("[TEMP]/plugins/a"), "{ran}");
    assert!(ran.stderr.contains("[TEMP]/plugins/b"), "{ran}");
    let probed = rig.run(&["probe", "twin", "--json"]).exits(0).json();
    assert_eq!(probed[0]["lines"][0]["value"], json!("first"));
}

#[test]
fn enabling_is_kept_outside_the_plugin() {
    let rig = Rig::new();
    let folder = rig.says("one", "hello");
    let names = || -> Vec<String> {
        let entries = std::fs::read_dir(&folder).expect("the plugin is there");
        entries
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect()
    };
    let before = names();
    let enabled = || rig.run(&["list", "--json"]).exits(0).json()[0]["enabled"].clone();
    assert_eq!(enabled(), json!(true));
    rig.run(&["disable", "one"]).exits(0);
    assert_eq!(enabled(), json!(false));
    rig.run(&["disable", "one"]).exits(0);
    rig.run(&["enable", "one"]).exits(0);
    assert_eq!(enabled(), json!(true));
    assert_eq!(names(), before);
    let ran = rig.run(&["enable", "missing"]).exits(4);
    assert!(ran.stderr.contains("`missing`"), "{ran}");
    rig.run(&["enable", "one", "missing"]).exits(1);
}

#[test]
fn a_configured_folder_is_searched_and_can_be_rescanned() {
    let rig = Rig::new();
    let folder = rig.plugins();
    let value = format!("[{}]", json!(folder.to_str().expect("UTF-8")));
    rig.run_configured(&["config", "plugins.folders", &value]).exits(0);
    let ids = || {
        let list = rig.run_configured(&["list", "--json"]).exits(0).json();
        let list = list.as_array().expect("an array").clone();
        list.iter()
            .filter_map(|plugin| plugin["id"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert!(!ids().contains(&"late".to_owned()));
    rig.says("late", "hello");
    assert!(ids().contains(&"late".to_owned()), "{:?}", ids());
}
