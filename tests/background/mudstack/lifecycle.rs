//! Rows 6 to 11: a plugin from its making to its end.

use serde_json::{Value as Json, json};
use vario_model::BackgroundState as State;

use super::{asked, hosted, impatient_rig, plugin, script};
use crate::rig::Rig;

#[test]
fn ms_06_the_class_is_made_with_the_api() {
    let rig = Rig::new();
    plugin(&rig, "com.x.own", json!({}), "
        constructor(api) { super(api); this.made = this.api === api && typeof api.log === 'function'; }
        activate() { this.api.log('info', `made ${this.made} ${this.api.pluginId} ${this.api.manifest.name}`); }
    ");
    script(&rig, "com.x.default", json!({}), "
        const { MudstackPlugin } = require('@mudstack/plugins');
        exports.default = class extends MudstackPlugin { activate() { this.api.log('info', 'default'); } };
    ");
    script(
        &rig,
        "com.x.plain",
        json!({}),
        "
        module.exports = class { activate() { this.api.log('info', 'plain'); } };
    ",
    );
    script(&rig, "com.x.hookless", json!({}), "module.exports = class {};");
    script(&rig, "com.x.none", json!({}), "module.exports = { activate() {} };");
    rig.rescan();
    rig.until_logged("com.x.own", "made true com.x.own com.x.own");
    rig.until_logged("com.x.default", "default");
    rig.until_logged("com.x.plain", "plain");
    rig.until_active("com.x.hookless");
    rig.until_state("com.x.none", State::Failed);
    assert!(rig.reason("com.x.none").contains("no class"), "{}", rig.reason("com.x.none"));
}

#[test]
fn ms_07_the_base_hooks_can_be_awaited() {
    let rig = hosted(&[("com.x.one", json!({}), "
        async activate() { const base = super.activate(); await base; this.api.log('info', `up ${base instanceof Promise}`); }
        async deactivate() { this.api.log('info', 'going'); await super.deactivate(); this.api.log('info', 'gone'); }
    ")]);
    rig.until_logged("com.x.one", "up true");
    let user = rig.shut_down().1;
    let lines = user.lines.lock().unwrap();
    let texts: Vec<&str> = lines.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(texts, ["up true", "going", "gone"]);
}

#[test]
fn ms_08_every_state_can_be_seen() {
    let rig = hosted(&[("com.x.one", json!({}), "")]);
    rig.supervisor.stop("com.x.one", crate::rig::LONG).unwrap();
    rig.until_state("com.x.one", State::Unloaded);
    let up = ["loading", "loaded", "activating", "active"];
    let down = ["deactivating", "inactive", "unloading", "unloaded"];
    assert_eq!(rig.path("com.x.one"), [up, down].concat());
    rig.supervisor.start("com.x.one", crate::rig::LONG).unwrap();
    assert_eq!(rig.path("com.x.one"), [&up[..], &down[..], &up[..]].concat());
    let events = rig.events.lock().unwrap();
    let states: Vec<&Json> = events
        .iter()
        .filter(|event| event.kind == "plugin:state")
        .map(|event| &event.payload)
        .collect();
    assert_eq!(states[0], &json!({ "id": "com.x.one", "from": "registered", "to": "loading" }));
    for pair in states.windows(2) {
        assert_eq!(pair[0]["to"], pair[1]["from"]);
    }
}

#[test]
fn ms_09_a_start_that_throws_or_hangs_fails() {
    let rig = impatient_rig();
    plugin(
        &rig,
        "com.x.throws",
        json!({}),
        "
        async activate() { await super.activate(); throw new Error('no luck'); }
        deactivate() { this.api.log('info', 'deactivated'); }
    ",
    );
    plugin(
        &rig,
        "com.x.hangs",
        json!({}),
        "
        activate() { return new Promise(() => {}); }
        deactivate() { this.api.log('info', 'deactivated'); }
    ",
    );
    script(&rig, "com.x.top", json!({}), "throw new TypeError('at the top');");
    plugin(&rig, "com.x.fine", json!({}), "");
    rig.rescan();
    rig.until_active("com.x.fine");
    for (id, reason) in
        [("com.x.throws", "no luck"), ("com.x.hangs", "more than 3 s"), ("com.x.top", "at the top")]
    {
        rig.until_state(id, State::Failed);
        assert!(rig.reason(id).contains(reason), "{}", rig.reason(id));
        rig.until("its process is gone", || rig.info(id).unwrap().pid.is_none());
        assert!(!rig.has_logged(id, "deactivated"));
    }
    assert_eq!(rig.info("com.x.fine").unwrap().state, State::Active);
    // A failed plugin can be tried again.
    let error = rig.supervisor.restart("com.x.throws", crate::rig::LONG).unwrap_err();
    assert!(error.contains("no luck"), "{error}");
}

#[test]
fn ms_10_disabling_and_shutting_down_deactivate() {
    let members = "async deactivate() { this.api.log('info', 'bye'); await super.deactivate(); }";
    let rig = hosted(&[("com.x.one", json!({}), members), ("com.x.two", json!({}), members)]);
    rig.user.disabled.lock().unwrap().push("com.x.one".to_owned());
    rig.supervisor.reconsider();
    rig.until_state("com.x.one", State::Unloaded);
    assert!(rig.has_logged("com.x.one", "bye"));
    assert!(!rig.has_logged("com.x.two", "bye"));
    let (_home, user) = rig.shut_down();
    let lines = user.lines.lock().unwrap();
    assert!(lines.iter().any(|line| line.plugin_id == "com.x.two" && line.message == "bye"));
}

#[test]
fn ms_11_the_environment_names_the_plugin() {
    let rig = Rig::new();
    asked(
        &rig,
        "com.x.one",
        json!({}),
        "
        const { PLUGIN_ID, PLUGIN_PATH } = process.env;
        return [PLUGIN_ID, PLUGIN_PATH, api.pluginPath, __dirname];
    ",
    );
    rig.rescan();
    rig.until_active("com.x.one");
    let folder = rig.plugins().join("com.x.one");
    let answer = rig.request("com.x.one", "go", &json!(null)).unwrap();
    assert_eq!(answer, json!(["com.x.one", folder, folder, folder]));
}
