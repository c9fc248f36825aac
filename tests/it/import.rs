//! `vario import openusage`: what an old installation leaves behind comes along.

use serde_json::json;

use crate::rig::Rig;

/// An installation with settings, and with data of two plugins.
fn old() -> Rig {
    let rig = Rig::new();
    let settings = json!({
        "plugins": { "order": ["codex", "claude"], "disabled": ["amp"] },
        "themeMode": "dark",
        "displayMode": "left",
        "analytics.daily_active_day": "2026-01-01",
    });
    rig.home.write("old/settings.json", settings.to_string());
    rig.home.write("old/plugins_data/copilot/auth.json", r#"{ "token": "very secret" }"#);
    rig.home.write("old/plugins_data/amp/notes", "theirs");
    rig.home.write("old/plugins/amp/plugin.json", "{}");
    rig
}

fn data(rig: &Rig, path: &str) -> Option<String> {
    std::fs::read_to_string(rig.home.path().join("data/vario/plugins_data").join(path)).ok()
}

#[test]
fn settings_and_data_come_along_and_every_step_is_told() {
    let rig = old();
    rig.home.write("data/vario/plugins_data/amp/notes", "ours");
    let dry = rig.run_configured(&["import", "openusage", "old", "--dry-run"]).exits(0);
    assert!(dry.stdout.contains("would set  themeMode: display.theme_mode = \"dark\"\n"), "{dry}");
    assert!(dry.stderr.ends_with("; nothing was changed\n"), "{dry}");
    assert_eq!((data(&rig, "copilot/auth.json"), rig.home.names("config").len()), (None, 0));
    let ran = rig.run_configured(&["import", "openusage", "old"]).exits(0);
    let expected = "\
set    plugins.order: plugins.order = [\"codex\",\"claude\"]
set    plugins.disabled: plugins.disabled = [\"amp\"]
set    themeMode: display.theme_mode = \"dark\"
same   displayMode: it is so already
left   analytics.daily_active_day: nothing is counted here
kept   plugins_data/amp/notes: [TEMP]/data/vario/plugins_data/amp/notes is there already
copied plugins_data/copilot/auth.json: to [TEMP]/data/vario/plugins_data/copilot/auth.json
left   plugins: code is not copied; `vario config plugins.folders '[TEMP]/old/plugins'` uses it there
";
    assert_eq!(ran.stdout, expected);
    assert_eq!(ran.stderr, "3 settings set, 1 file copied, 1 kept as they are here, 0 failed\n");
    assert_eq!(data(&rig, "copilot/auth.json").as_deref(), Some(r#"{ "token": "very secret" }"#));
    assert_eq!(data(&rig, "amp/notes").as_deref(), Some("ours"));
    let theme = rig.run_configured(&["config", "display.theme_mode"]).exits(0);
    assert_eq!(theme.stdout, "dark\n");
    assert_eq!(rig.home.names("old"), ["plugins", "plugins_data", "settings.json"]);
    let again = rig.run_configured(&["import", "openusage", "old", "-q"]).exits(0);
    assert!(!again.stdout.contains("set  ") && !again.stdout.contains("copied p"), "{again}");
    assert_eq!(again.stderr, "");
}

#[test]
fn what_cannot_be_taken_over_is_an_exit_code() {
    let rig = old();
    rig.home.write("old/settings.json", "{ \"themeMode\": \"dark\", ");
    let ran = rig.run_configured(&["import", "openusage", "old"]).exits(1);
    assert!(ran.stdout.contains("failed settings.json: it is not JSON"), "{ran}");
    assert!(data(&rig, "copilot/auth.json").is_some(), "the rest comes along");
    assert!(!ran.stdout.contains("very secret"), "{ran}");
    let ran = rig.run_configured(&["import", "openusage", "nowhere"]).exits(2);
    assert!(ran.stderr.contains("nowhere: there is no such folder"), "{ran}");
    std::fs::create_dir(rig.home.path().join("empty")).expect("the home folder is ours");
    let ran = rig.run_configured(&["import", "openusage", "empty"]).exits(4);
    assert!(ran.stderr.contains("holds nothing of OpenUsage's"), "{ran}");
    rig.run_configured(&["import"]).exits(2);
}

#[test]
fn names_do_nothing_to_a_terminal() {
    let rig = Rig::new();
    let settings = json!({ "\u{1b}[2J\nset themeMode": 1, "themeMode": "\u{1b}[31m" });
    rig.home.write("old/settings.json", settings.to_string());
    let ran = rig.run_configured(&["import", "openusage", "old"]).exits(1);
    assert!(!ran.stdout.contains('\u{1b}'), "{ran}");
    assert_eq!(ran.stdout.lines().count(), 2, "{ran}");
}
