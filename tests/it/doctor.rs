//! `vario doctor` and `vario schema`.

use serde_json::json;

use crate::rig::{LANGUAGES, Rig};

#[test]
fn a_fresh_home_has_no_problems_and_stays_empty() {
    let rig = Rig::new();
    let report = rig.run_configured(&["doctor", "--json"]).exits(0).json();
    assert_eq!(report["problems"], json!([]));
    assert_eq!(report["engines"].as_array().map(Vec::len), Some(LANGUAGES.len()));
    assert_eq!(rig.home.names(""), ["plugins"], "looking changes nothing");
}

#[test]
fn no_path_tells_the_user_s_name() {
    let rig = Rig::new();
    let ran = rig.run_configured(&["doctor"]).exits(0);
    assert!(!ran.stdout.contains("[TEMP]"), "{ran}");
}

#[test]
fn problems_are_counted() {
    let rig = Rig::new();
    rig.home.write("plugins/bad/plugin.json", "{");
    let ran = rig.run(&["doctor"]).exits(1);
    assert!(
        ran.stdout.contains("[TEMP]/plugins/bad") || ran.stdout.contains("~/plugins/bad"),
        "{ran}"
    );
}

#[test]
fn every_schema_is_one() {
    let rig = Rig::new();
    for name in ["manifest", "output", "settings", "cassette", "config", "snapshot"] {
        let schema = rig.run_configured(&["schema", name]).exits(0).json();
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        assert!(jsonschema::validator_for(&schema).is_ok(), "{name}");
    }
}
