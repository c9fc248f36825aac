//! Rows 1 to 5: which plugins are found, and which of them run.

use serde_json::json;
use vario_model::BackgroundState as State;
use vario_runtime::Catalog;

use super::{class, hosted, plugin, script};
use crate::rig::Rig;

#[test]
fn ms_01_subfolders_with_either_manifest_are_found() {
    let rig = Rig::new();
    plugin(&rig, "com.x.one", json!({}), "");
    let manifest =
        r#"{ "id": "com.x.two", "name": "Two", "main": "lib/main.js", "dependencies": [] }"#;
    rig.plugin("two", &[("plugin.json", manifest), ("lib/main.js", &class(""))]);
    rig.plugin("com.x.one/nested", &[("manifest.json", manifest), ("lib/main.js", "")]);
    rig.plugin("no-plugin", &[("readme.txt", "nothing")]);
    rig.home.write("plugins/manifest.json", manifest);
    let catalog = Catalog::discover(&[rig.plugins(), rig.home.path().join("none")], &[]);
    let ids: Vec<&str> = catalog.plugins.iter().map(|found| found.plugin.id.as_str()).collect();
    assert_eq!(ids, ["com.x.one", "com.x.two"]);
    assert!(catalog.problems.is_empty());
    assert!(catalog.searched[0].state.is_ok() && catalog.searched[1].state.is_err());
}

#[test]
fn ms_02_a_bad_candidate_is_reported_and_hides_no_other() {
    let rig = Rig::new();
    for (folder, manifest) in [
        ("no-id", r#"{ "name": "X", "main": "index.js", "subscriptions": [] }"#),
        ("no-name", r#"{ "id": "com.x.a", "main": "index.js" }"#),
        ("no-main", r#"{ "id": "com.x.b", "name": "X", "subscriptions": [] }"#),
        ("gone-main", r#"{ "id": "com.x.c", "name": "X", "main": "gone.js" }"#),
        ("escape", r#"{ "id": "com.x.d", "name": "X", "main": "../good/index.js" }"#),
        ("shape", r#"{ "id": "com.x.e", "name": "X", "main": "index.js", "dependencies": {} }"#),
        (
            "handler",
            r#"{ "id": "com.x.f", "name": "X", "main": "index.js", "subscriptions": [{ "event": "e" }] }"#,
        ),
        ("syntax", r#"{ "id": "#),
    ] {
        rig.plugin(folder, &[("manifest.json", manifest), ("index.js", &class(""))]);
    }
    plugin(&rig, "good", json!({}), "");
    plugin(&rig, "later", json!({ "id": "good" }), "");
    let catalog = Catalog::discover(&[rig.plugins()], &[]);
    let ids: Vec<&str> = catalog.plugins.iter().map(|found| found.plugin.id.as_str()).collect();
    assert_eq!(ids, ["good"]);
    let folder = |path: &std::path::Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut bad: Vec<String> = catalog.problems.iter().map(|bad| folder(&bad.path)).collect();
    bad.sort();
    assert_eq!(
        bad,
        [
            "escape",
            "gone-main",
            "handler",
            "later",
            "no-id",
            "no-main",
            "no-name",
            "shape",
            "syntax"
        ]
    );
    rig.rescan();
    rig.until_active("good");
}

#[test]
fn ms_03_nothing_runs_at_discovery() {
    let rig = Rig::new();
    rig.user.disabled.lock().unwrap().push("com.x.one".to_owned());
    script(&rig, "com.x.one", json!({}), "throw new Error('it ran');");
    rig.rescan();
    rig.until("it is known", || rig.info("com.x.one").is_some());
    let info = rig.info("com.x.one").unwrap();
    assert_eq!((info.state, info.pid, info.enabled), (State::Registered, None, false));
    assert!(!rig.has_logged("com.x.one", ""));
    assert!(rig.path("com.x.one").is_empty());
}

#[test]
fn ms_04_a_refresh_finds_a_new_folder_and_loads_it() {
    let rig = hosted(&[("com.x.one", json!({}), "")]);
    let pid = rig.info("com.x.one").unwrap().pid;
    plugin(&rig, "com.x.two", json!({}), "");
    rig.rescan();
    rig.until_active("com.x.two");
    assert_eq!(rig.info("com.x.one").unwrap().pid, pid, "the other is left alone");
    std::fs::remove_dir_all(rig.plugins().join("com.x.two")).unwrap();
    rig.rescan();
    rig.until("the vanished one is gone", || rig.info("com.x.two").is_none());
    assert_eq!(rig.path("com.x.two").last().map(String::as_str), Some("unloaded"));
}

#[test]
fn ms_05_who_is_enabled_is_kept_outside_the_folder() {
    let rig = Rig::new();
    plugin(&rig, "com.x.off", json!({ "enabled": true }), "");
    plugin(&rig, "com.x.on", json!({}), "");
    rig.user.disabled.lock().unwrap().push("com.x.off".to_owned());
    rig.rescan();
    rig.until_active("com.x.on");
    assert_eq!(rig.info("com.x.off").unwrap().state, State::Registered);
    rig.user.disabled.lock().unwrap().clear();
    rig.supervisor.reconsider();
    rig.until_active("com.x.off");
    let catalog = Catalog::discover(&[rig.plugins()], &[]);
    assert!(catalog.get("com.x.off").unwrap().plugin.enabled_at_first);
}
