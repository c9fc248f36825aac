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

/// Fit to be pasted: no home folder, no name, no token, whatever is wrong.
#[test]
fn what_is_wrong_tells_nothing_about_the_user() {
    let rig = Rig::new();
    let token = "sk-abcdefghijklmnopqrstuvwxyz";
    let config = format!(
        "[app]\nlog_level = \"{token}\"\n[proxy]\nenabled = true\nurl = \"http://a:{token}@b\"\n\
         [plugins]\nfolders = [\"~/plugins\", \"/media/quentin-unusual/plugins\"]\n"
    );
    let home = "home/quentin-unusual";
    rig.home.write(&format!("{home}/.config/vario/config.toml"), config);
    rig.home.write(&format!("{home}/.config/vario/grants.toml"), "this is no TOML");
    rig.home.write(&format!("{home}/.config/vario/accounts.toml"), "nor is this");
    rig.home.write(&format!("{home}/plugins/bad/plugin.json"), "{");
    for format in [&["doctor"][..], &["doctor", "--json"], &["doctor", "-v"]] {
        let mut command = rig.command(format);
        let folder = rig.home.path().join(home);
        for variable in ["HOME", "USERPROFILE"] {
            command.env(variable, &folder);
        }
        for variable in ["CONFIG", "DATA", "STATE", "CACHE"] {
            command.env_remove(format!("XDG_{variable}_HOME"));
        }
        command.env("USER", "quentin-unusual");
        let ran = rig.finish(command).exits(1);
        assert!(ran.stdout.contains("~/.config/vario/config.toml"), "{ran}");
        assert!(ran.stdout.contains("/media/USER/plugins"), "{ran}");
        let all = format!("{}{}", ran.stdout, ran.stderr);
        for private in ["quentin", "[TEMP]", "abcdefghijklm"] {
            assert!(!all.contains(private), "{private}: {ran}");
        }
    }
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
