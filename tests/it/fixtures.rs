//! The plugins in `fixtures/plugins`: the same plugin twice, with one expectation for both.

use std::path::PathBuf;

use crate::rig::{Language, Rig, fixtures};

fn pairs() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(fixtures().join("plugins")).expect("there are fixtures");
    let mut pairs: Vec<PathBuf> =
        entries.map(|entry| entry.expect("readable").path()).filter(|path| path.is_dir()).collect();
    pairs.sort();
    pairs
}

#[test]
fn every_pair_passes_its_cassettes_in_both_orders() {
    let rig = Rig::new();
    let cassettes: usize = pairs()
        .iter()
        .map(|pair| std::fs::read_dir(pair.join("cassettes")).expect("each has some").count())
        .sum();
    for order in ["strict", "keyed"] {
        let mut command = rig.command(&["test", "--json", "--strict-end", "--order", order]);
        command.args(pairs());
        let ran = rig.finish(command);
        let lines = ran.json_lines();
        let failed: Vec<_> = lines.iter().filter(|line| line["ok"] != true).collect();
        assert!(failed.is_empty(), "{order} {failed:#?}");
        assert_eq!(lines.len(), 2 * cassettes, "{order}");
        assert_eq!(ran.code, Some(0), "{order} {}", ran.stderr);
    }
}

#[test]
fn every_cassette_has_an_expectation_and_fits_the_schema() {
    let schema = Rig::new().run_configured(&["schema", "cassette"]).exits(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for pair in pairs() {
        for entry in std::fs::read_dir(pair.join("cassettes")).expect("each has some") {
            let file = entry.expect("readable").path();
            let text = std::fs::read_to_string(&file).expect("readable");
            let cassette = serde_json::from_str(&text).expect("JSON");
            assert!(validator.is_valid(&cassette), "{}", file.display());
            assert!(cassette["output"].is_object(), "{} expects nothing", file.display());
        }
    }
}

/// Every host function but the raw forms is called by some fixture.
#[test]
fn every_host_function_is_covered() {
    let mut text = String::new();
    for pair in pairs() {
        for entry in std::fs::read_dir(pair.join("cassettes")).expect("each has some") {
            text += &std::fs::read_to_string(entry.expect("readable").path()).expect("readable");
        }
        for language in [Language::Lua, Language::Js] {
            let file = pair.join(language.name()).join(format!("plugin.{}", language.name()));
            text += &std::fs::read_to_string(file).expect("each has both");
        }
    }
    for function in [
        "log.info",
        "log.warn",
        "log.error",
        "\"fs.exists\"",
        "\"fs.readText\"",
        "\"fs.writeText\"",
        "\"fs.listDir\"",
        "\"crypto.decryptAes256Gcm\"",
        "\"crypto.encryptAes256Gcm\"",
        "\"crypto.sha256Hex\"",
        "\"env.get\"",
        "\"http.request\"",
        "\"keychain.readGenericPassword\"",
        "\"keychain.readGenericPasswordForCurrentUser\"",
        "\"keychain.writeGenericPassword\"",
        "\"keychain.writeGenericPasswordForCurrentUser\"",
        "\"sqlite.query\"",
        "\"sqlite.exec\"",
        "\"ls.discover\"",
        "\"ccusage.query\"",
        "\"system.info\"",
        "\"settings.get\"",
    ] {
        assert!(text.contains(function), "no fixture calls {function}");
    }
}

#[test]
fn a_folder_without_cassettes_is_no_success() {
    let rig = Rig::new();
    let folder = rig.says("untested", "hello");
    let mut command = rig.command(&["test"]);
    command.arg(folder);
    let ran = rig.finish(command).exits(4);
    assert!(ran.stderr.contains("cassettes"), "{ran}");
}

#[test]
fn a_wrong_expectation_fails_and_shows_the_difference() {
    let rig = Rig::new();
    let folder = rig.says("one", "hello");
    rig.home.write(
        "plugins/one/cassettes/wrong.json",
        r#"{ "cassette": 1, "plugin": "one", "name": "says something else", "unixMs": 0, "calls": [],
            "output": { "plan": null, "lines": [{ "type": "text", "label": "Says", "value": "bye" }] } }"#,
    );
    let mut command = rig.command(&["test"]);
    command.arg(folder);
    insta::assert_snapshot!(rig.finish(command).transcript());
}

#[test]
fn the_bundled_plugins_pass_their_cassettes() {
    let rig = Rig::new();
    let mut command = rig.command(&["test", "--json", "--strict-end"]);
    command.arg(fixtures().join("../crates/vario-bootstrap/plugins/system"));
    let ran = rig.finish(command).exits(0);
    assert_eq!(ran.json_lines().len(), 3);
}
