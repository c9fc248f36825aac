//! Rows 17 to 20: plugins and programs that a plugin needs.

use serde_json::{Value as Json, json};
use vario_model::BackgroundState as State;

use super::{hosted, plugin};
use crate::rig::Rig;

#[test]
fn ms_17_what_a_plugin_needs_is_active_first() {
    let rig = hosted(&[
        (
            "a",
            json!({ "dependencies": ["b", "c"] }),
            "activate() { this.api.log('info', `${this.api.hasDependency('b')} ${this.api.hasDependency('c')}`); }",
        ),
        (
            "b",
            json!({ "dependencies": [{ "type": "plugin", "id": "c", "version": "^1.0.0" }] }),
            "",
        ),
        (
            "c",
            json!({}),
            "async activate() { await new Promise((resolve) => setTimeout(resolve, 50)); }",
        ),
    ]);
    rig.until_logged("a", "true true");
    let order = |to: &str| {
        let events = rig.events.lock().unwrap();
        let own = events
            .iter()
            .filter(|event| event.kind == "plugin:state" && event.payload["to"] == json!(to));
        own.map(|event| event.payload["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(order("loading"), ["c", "b", "a"]);
    rig.supervisor.shutdown(crate::rig::LONG).unwrap();
    assert_eq!(order("unloaded"), ["a", "b", "c"]);
}

#[test]
fn ms_18_a_missing_dependency_stops_only_who_requires_it() {
    let rig = Rig::new();
    let has = "async activate() { await super.activate(); this.api.log('info', `has ${this.api.hasDependency('com.gone')}`); }";
    plugin(&rig, "needs", json!({ "dependencies": ["com.gone"] }), has);
    plugin(&rig, "chain", json!({ "dependencies": ["needs"] }), has);
    plugin(&rig, "old", json!({ "dependencies": [{ "id": "likes", "version": ">=2" }] }), has);
    plugin(&rig, "likes", json!({ "dependencies": [{ "id": "com.gone", "optional": true }] }), has);
    rig.rescan();
    rig.until_logged("likes", "has false");
    for (id, reason) in [
        ("needs", "dependency:com.gone"),
        ("chain", "dependency:needs"),
        ("old", "dependency:likes"),
    ] {
        rig.until_state(id, State::Failed);
        assert_eq!(rig.reason(id), reason);
        assert_eq!(rig.path(id), ["failed"], "its process was never made");
    }
    // It comes after all: those that waited for it go on.
    plugin(&rig, "com.gone", json!({}), "");
    rig.rescan();
    rig.until_active("chain");
    rig.until_logged("needs", "has true");
}

#[test]
fn ms_19_a_cycle_is_reported_with_its_members() {
    let rig = Rig::new();
    for (id, needs) in [("a", "b"), ("b", "c"), ("c", "a"), ("outside", "a")] {
        plugin(&rig, id, json!({ "dependencies": [needs] }), "");
    }
    plugin(&rig, "free", json!({}), "");
    rig.rescan();
    rig.until_active("free");
    for id in ["a", "b", "c"] {
        rig.until_state(id, State::Failed);
        assert_eq!(rig.reason(id), "dependency cycle: a → b → c → a");
    }
    rig.until_state("outside", State::Failed);
    assert_eq!(rig.reason("outside"), "dependency:a");
}

#[test]
fn ms_20_programs_are_found_by_path_and_by_environment() {
    let rig = Rig::new();
    let program = rig.home.write("tools/tool", "");
    // The one variable of this process that names a file in every environment tests run in.
    let named = "CARGO";
    assert!(std::env::var_os(named).is_some(), "cargo runs the tests");
    let needs = |dependency: Json| json!({ "dependencies": [dependency] });
    plugin(
        &rig,
        "by-path",
        needs(json!({ "type": "executable", "name": "tool", "path": program })),
        "
        activate() { this.api.log('info', `has ${this.api.hasDependency('tool')}`); }
    ",
    );
    plugin(
        &rig,
        "by-env",
        needs(json!({ "type": "executable", "name": "cargo", "env": named })),
        "",
    );
    plugin(
        &rig,
        "without",
        needs(json!({ "type": "executable", "name": "no", "path": "/nowhere/no" })),
        "",
    );
    plugin(
        &rig,
        "can-do-without",
        needs(
            json!({ "type": "executable", "name": "no", "path": "/nowhere/no", "optional": true }),
        ),
        "
        activate() { this.api.log('info', `has ${this.api.hasDependency('no')}`); }
    ",
    );
    rig.rescan();
    rig.until_logged("by-path", "has true");
    rig.until_active("by-env");
    rig.until_logged("can-do-without", "has false");
    rig.until_state("without", State::Failed);
    assert_eq!(rig.reason("without"), "dependency:no");
}
