//! Rows of the Mudstack reference. Each plugin here has the shape of the vendor's own examples.

use serde_json::{Value as Json, json};
use vario_model::BackgroundState as State;
use vario_runtime::Catalog;
use vario_value::LogLevel;

use crate::rig::{Options, Rig, impatient};

/// A class around some members, exported as the examples do.
fn class(members: &str) -> String {
    format!(
        "const {{ MudstackPlugin }} = require('@mudstack/plugins');
        class ThePlugin extends MudstackPlugin {{
            {members}
        }}
        module.exports = ThePlugin;"
    )
}

/// Writes a plugin whose folder is its id, with more in its manifest.
fn plugin(rig: &Rig, id: &str, more: Json, members: &str) {
    script(rig, id, more, &class(members));
}

fn script(rig: &Rig, id: &str, more: Json, script: &str) {
    let mut manifest = json!({ "id": id, "name": id, "version": "1.0.0", "main": "index.js" });
    if let (Some(known), Json::Object(more)) = (manifest.as_object_mut(), more) {
        known.extend(more);
    }
    rig.plugin(id, &[("manifest.json", &manifest.to_string()), ("index.js", script)]);
}

/// A plugin with one request, `go`, whose body is given.
fn asked(rig: &Rig, id: &str, more: Json, body: &str) {
    let members = format!(
        "async activate() {{
            await super.activate();
            const api = this.api;
            api.onRequest('go', async (payload, message) => {{ {body} }});
        }}"
    );
    plugin(rig, id, more, &members);
}

fn hosted(plugins: &[(&str, Json, &str)]) -> Rig {
    hosted_by(Rig::new(), plugins)
}

fn hosted_by(rig: Rig, plugins: &[(&str, Json, &str)]) -> Rig {
    for (id, more, members) in plugins {
        plugin(&rig, id, more.clone(), members);
    }
    rig.rescan();
    for (id, _, _) in plugins {
        rig.until_active(id);
    }
    rig
}

fn impatient_rig() -> Rig {
    Rig::with(Options { supervision: impatient })
}

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

#[test]
fn ms_12_a_subscription_calls_its_method_with_the_message() {
    let subscriptions =
        json!({ "subscriptions": [{ "event": "asset:opened", "handler": "opened" }] });
    let rig = hosted(&[("com.x.one", subscriptions, "
        async activate() { await super.activate(); this.seen = 0; }
        async opened(message) {
            this.seen += 1;
            const { id: requestId, payload } = message || {};
            this.api.log('info', JSON.stringify([this.seen, requestId, payload, message.event, message.source, typeof message.timestamp]));
        }
    ")]);
    let id = rig.supervisor.publish("asset:opened", json!({ "path": "a.fbx" }));
    let expected = json!([1, id, { "path": "a.fbx" }, "asset:opened", "external", "number"]);
    rig.until_logged("com.x.one", &expected.to_string());
    rig.supervisor.publish("asset:opened:not", json!(null));
    rig.supervisor.publish("asset:opened", json!(null));
    rig.until_logged("com.x.one", "[2,");
}

#[test]
fn ms_13_a_missing_method_only_warns() {
    let subscriptions = json!({ "subscriptions": [
        { "event": "e", "handler": "gone" },
        { "event": "e", "handler": "there" },
        { "event": "e", "handler": "throws" },
    ] });
    let rig = hosted(&[(
        "com.x.one",
        subscriptions,
        "
        there({ payload }) { this.api.log('info', `there ${payload}`); }
        async throws() { throw new Error('a bad handler'); }
    ",
    )]);
    for number in 1..=2 {
        rig.supervisor.publish("e", json!(number));
        rig.until_logged("com.x.one", &format!("there {number}"));
    }
    rig.until("both deliveries warn", || {
        let lines = rig.user.lines.lock().unwrap();
        let warnings = lines
            .iter()
            .filter(|line| line.level == LogLevel::Warn && line.message.contains("no method gone"));
        warnings.count() == 2
    });
    rig.until_logged("com.x.one", "a bad handler");
    assert_eq!(rig.info("com.x.one").unwrap().state, State::Active);
}

#[test]
fn ms_14_plugins_talk_by_events() {
    let rig = hosted(&[
        ("com.x.hears", json!({}), "
            async activate() {
                await super.activate();
                const off = this.api.events.on('ask', async ({ payload, source }) => {
                    this.api.log('info', `heard ${payload.n} of ${source}`);
                    await this.api.events.emit('answer', { n: payload.n + 1 });
                    if (payload.n === 2) off();
                });
                this.api.events.on('any*', ({ event }) => this.api.log('info', `wild ${event}`));
                this.api.events.once('anyone', () => this.api.log('info', 'once'));
                const never = () => this.api.log('info', 'never');
                this.api.events.on('ask', never);
                this.api.events.off('ask', never);
            }
        "),
        ("com.x.asks", json!({ "dependencies": ["com.x.hears"] }), "
            async activate() {
                await super.activate();
                this.api.events.on('answer', ({ payload }) => this.api.log('info', `answer ${payload.n}`));
                this.api.events.on('ask', ({ payload, source }) => this.api.log('info', `own ${payload.n} ${source}`));
                for (const n of [1, 2, 3]) await this.api.events.emit('ask', { n });
                for (const event of ['anything', 'anyone', 'anyone', 'done']) await this.api.events.emit(event);
            }
        "),
        ]);
    rig.until_logged("com.x.asks", "own 3 com.x.asks");
    rig.until_logged("com.x.asks", "answer 3");
    rig.until("all of the wild", || {
        let lines = rig.user.lines.lock().unwrap();
        lines.iter().filter(|line| line.message == "wild anyone").count() == 2
    });
    let lines = rig.user.lines.lock().unwrap();
    let heard: Vec<&str> = lines
        .iter()
        .filter(|line| line.plugin_id == "com.x.hears")
        .map(|line| line.message.as_str())
        .collect();
    assert_eq!(
        heard,
        [
            "heard 1 of com.x.asks",
            "heard 2 of com.x.asks",
            "wild anything",
            "wild anyone",
            "once",
            "wild anyone"
        ]
    );
}

#[test]
fn ms_15_a_menu_command_reaches_subscribers() {
    let more = json!({
        "subscriptions": [{ "event": "x:hello", "handler": "hello" }],
        "contextMenuCommands": [{ "id": "x.say", "title": "Say", "description": "D", "eventType": "x:hello" }],
    });
    let rig = Rig::new();
    plugin(
        &rig,
        "com.x.one",
        more,
        "
        activate() { return new Promise((resolve) => this.api.events.on('go', resolve)); }
        hello({ payload }) { this.api.log('info', JSON.stringify(payload)); }
    ",
    );
    plugin(&rig, "com.x.two", json!({}), "
        activate() { this.api.events.on('x:hello', ({ payload }) => this.api.log('info', payload.commandId)); }
    ");
    rig.rescan();
    rig.until_active("com.x.two");
    rig.until_state("com.x.one", State::Activating);
    assert!(rig.supervisor.menu().is_empty(), "commands of active plugins only");
    assert!(rig.supervisor.run_menu("com.x.one", "x.say", json!({})).is_err());
    // Nothing is delivered before it is active: it is asked to go on in another way.
    rig.supervisor.stop("com.x.one", crate::rig::LONG).unwrap();
    let file = rig.plugins().join("com.x.one/index.js");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("activate()", "later()")).unwrap();
    rig.rescan();
    rig.supervisor.start("com.x.one", crate::rig::LONG).unwrap();
    let menu = rig.supervisor.menu();
    assert_eq!(menu.len(), 1);
    assert_eq!((menu[0].id.as_str(), menu[0].title.as_str()), ("x.say", "Say"));
    let selection = json!({ "selection": [{ "assetId": "a1" }], "workspaceId": "w" });
    rig.supervisor.run_menu("com.x.one", "x.say", selection).unwrap();
    rig.until_logged("com.x.one", r#""assetId":"a1""#);
    rig.until_logged("com.x.two", "x.say");
    assert!(rig.supervisor.run_menu("com.x.one", "x:hello", json!({})).is_err());
}

#[test]
fn ms_16_registrations_are_emitted_when_it_is_active() {
    let more = json!({ "registrations": [
        { "event": "thumbnailer.register", "payload": { "extensions": [".fbx"] } },
        { "type": "second.register" },
    ] });
    let rig = hosted(&[("com.x.one", more, "")]);
    let payload = rig.until_event("thumbnailer.register");
    assert_eq!(payload, json!({ "extensions": [".fbx"] }));
    rig.until_event("second.register");
    let events = rig.events.lock().unwrap();
    let kinds: Vec<&str> = events
        .iter()
        .filter(|event| event.source == "com.x.one" || event.payload["to"] == json!("active"))
        .map(|event| event.kind.as_str())
        .collect();
    assert_eq!(kinds, ["plugin:state", "thumbnailer.register", "second.register"]);
}

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

#[test]
fn ms_21_requests_are_answered_or_rejected() {
    let rig = impatient_rig();
    plugin(&rig, "answers", json!({}), "
        async activate() {
            await super.activate();
            this.api.onRequest('double', async (n, message) => ({ n: n * 2, from: message.source }));
            this.api.onRequest('throws', () => { throw new Error('not today'); });
            this.api.onRequest('silent', () => new Promise(() => {}));
        }
        method(payload) { return `method ${payload}`; }
        later(_payload, message) { setTimeout(() => this.api.respond(message.id, 'later'), 1); }
    ");
    asked(
        &rig,
        "asks",
        json!({ "dependencies": ["answers", { "id": "off", "optional": true }] }),
        "
        const [target, type, value, options] = payload;
        try { return { ok: await api.requestFromPlugin(target, type, value, options) }; }
        catch (error) { return { failed: error.message, isError: error instanceof Error }; }
    ",
    );
    plugin(&rig, "off", json!({}), "");
    rig.user.disabled.lock().unwrap().push("off".to_owned());
    rig.rescan();
    rig.until_active("asks");
    let ask = |given: Json| rig.request("asks", "go", &given).unwrap();
    assert_eq!(ask(json!(["answers", "double", 21])), json!({ "ok": { "n": 42, "from": "asks" } }));
    assert_eq!(ask(json!(["answers", "method", "m"])), json!({ "ok": "method m" }));
    assert_eq!(ask(json!(["answers", "later"])), json!({ "ok": "later" }));
    for (given, words) in [
        (json!(["answers", "throws"]), "not today"),
        (json!(["answers", "silent", null, { "timeout": 50 }]), "did not answer in time"),
        (json!(["answers", "activate"]), "answers no requests of type"),
        (json!(["answers", "nothing"]), "answers no requests of type"),
        (json!(["nobody", "double", 1]), "not running"),
        (json!(["off", "double", 1]), "not running"),
    ] {
        let answer = ask(given.clone());
        let failed = answer["failed"].as_str().unwrap_or_else(|| panic!("{given}: {answer}"));
        assert!(failed.contains(words) && answer["isError"] == json!(true), "{given}: {answer}");
    }
}

#[test]
fn ms_22_log_lines_carry_plugin_and_level() {
    let rig = hosted(&[("com.x.one", json!({}), "
        activate() {
            const { api } = this;
            for (const level of ['debug', 'info', 'warn', 'error', 'loud']) {
                if (api.log(level, `as ${level}`, { a: [1] }, 'more') !== undefined) throw new Error('void');
            }
            console.warn('console', 1);
        }
    ")]);
    rig.until_logged("com.x.one", "console 1");
    let lines = rig.user.lines.lock().unwrap();
    let own: Vec<(LogLevel, &str)> = lines
        .iter()
        .filter(|line| line.plugin_id == "com.x.one")
        .map(|line| (line.level, line.message.as_str()))
        .collect();
    assert_eq!(
        own,
        [
            (LogLevel::Debug, "as debug { a: [ 1 ] } more"),
            (LogLevel::Info, "as info { a: [ 1 ] } more"),
            (LogLevel::Warn, "as warn { a: [ 1 ] } more"),
            (LogLevel::Error, "as error { a: [ 1 ] } more"),
            (LogLevel::Info, "as loud { a: [ 1 ] } more"),
            (LogLevel::Warn, "console 1"),
        ]
    );
}

#[test]
fn ms_23_configuration_is_kept_per_plugin() {
    let schema = json!({ "configSchema": {
        "type": "object",
        "required": ["size"],
        "properties": { "size": { "type": "integer", "minimum": 1 } },
    } });
    let body = "
        const { config } = api;
        if (payload.set) for (const [key, value] of Object.entries(payload.set)) await config.set(key, value);
        return { one: await config.get('size'), other: await config.get('gone', 'fallback'), all: await config.get(), valid: await config.validate(payload.check) };
    ";
    let rig = Rig::new();
    asked(&rig, "com.x.one", schema.clone(), body);
    asked(&rig, "com.x.two", json!({}), body);
    rig.rescan();
    rig.until_active("com.x.one");
    rig.until_active("com.x.two");
    let answer =
        rig.request("com.x.one", "go", &json!({ "set": { "size": 3, "deep": { "a": [null] } } }));
    let all = json!({ "size": 3, "deep": { "a": [null] } });
    let valid = json!({ "valid": true, "errors": [] });
    let expected = json!({ "one": 3, "other": "fallback", "all": all, "valid": valid });
    assert_eq!(answer.unwrap(), expected);
    let answer = rig.request("com.x.two", "go", &json!({})).unwrap();
    assert_eq!((&answer["all"], &answer["one"]), (&json!({}), &Json::Null));
    let answer = rig.request("com.x.one", "go", &json!({ "check": { "size": 0 } })).unwrap();
    assert_eq!(answer["valid"]["valid"], json!(false));
    assert_eq!(answer["valid"]["errors"].as_array().unwrap().len(), 1);
    // It outlives the plugin's process and the host.
    let (home, user) = rig.shut_down();
    let rig = Rig::of(home, user, Options::default());
    rig.rescan();
    rig.until_active("com.x.one");
    assert_eq!(rig.request("com.x.one", "go", &json!({})).unwrap(), expected);
}

#[test]
fn ms_24_assets_come_from_the_host() {
    let rig = Rig::new();
    asked(&rig, "com.x.one", json!({}), "
        const { assetAPI, tagAPI } = api.db;
        const made = await assetAPI.create({ id: 'a1', name: 'rock', file_name: 'rock.fbx' });
        await assetAPI.addTags('a1', ['stone', 'grey']);
        await assetAPI.addTags('a1', ['grey', 'big']);
        await assetAPI.update('a1', { name: 'Rock' });
        await tagAPI.create({ name: 'stone' });
        const found = await assetAPI.getAsset('a1');
        const listed = await assetAPI.list({ name: 'Rock' });
        const gone = await assetAPI.getAsset('none');
        const tags = await tagAPI.list();
        return { made: made.id, found, listed: listed.length, gone, tags: tags.map((tag) => tag.name), deleted: await assetAPI.delete('a1'), after: await assetAPI.get('a1') };
    ");
    rig.rescan();
    rig.until_active("com.x.one");
    let answer = rig.request("com.x.one", "go", &json!(null)).unwrap();
    let asset = json!({ "id": "a1", "name": "Rock", "file_name": "rock.fbx", "tags": ["stone", "grey", "big"] });
    assert_eq!(
        answer,
        json!({ "made": "a1", "found": asset, "listed": 1, "gone": null, "tags": ["stone"], "deleted": true, "after": null })
    );
    assert_eq!(rig.until_event("asset:created")["id"], json!("a1"));
    assert_eq!(rig.until_event("asset:deleted"), json!({ "id": "a1" }));
}

#[test]
fn ms_25_a_thumbnailer_does_its_work() {
    let more = json!({
        "subscriptions": [{ "event": "thumbnail:request", "handler": "make" }],
        "registrations": [{ "event": "thumbnailer.register", "payload": { "extensions": [".txt"] } }],
    });
    let rig = Rig::new();
    let source = rig.home.write("assets/rock.txt", "grey");
    plugin(&rig, "com.x.thumbs", more, "
        async activate() {
            await super.activate();
            await this.api.db.versionAPI.create({ id: 'v1', localPath: process.env.SOURCE ?? this.api.manifest.source });
        }
        async make({ payload }) {
            const fs = require('fs');
            const path = require('path');
            const from = await this.api.getVersionLocalPath(payload.versionId);
            const to = path.join(this.api.pluginPath, 'thumb.png');
            fs.writeFileSync(to, `thumbnail of ${fs.readFileSync(from, 'utf8')}`);
            const none = await this.api.getVersionLocalPath('none');
            await this.api.updateThumbnail(payload.versionId, to);
            this.api.log('info', `made ${none}`);
        }
    ");
    let file = rig.plugins().join("com.x.thumbs/manifest.json");
    let mut manifest: Json = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    manifest["source"] = json!(source);
    std::fs::write(&file, manifest.to_string()).unwrap();
    rig.rescan();
    rig.until_active("com.x.thumbs");
    assert_eq!(rig.until_event("thumbnailer.register"), json!({ "extensions": [".txt"] }));
    rig.supervisor.publish("thumbnail:request", json!({ "versionId": "v1" }));
    rig.until_logged("com.x.thumbs", "made null");
    let thumb = rig.plugins().join("com.x.thumbs/thumb.png");
    assert_eq!(std::fs::read_to_string(&thumb).unwrap(), "thumbnail of grey");
    assert_eq!(rig.until_event("version:updated")["thumbnailPath"], json!(thumb));
}

#[cfg(unix)]
#[test]
fn ms_26_programs_run_only_where_that_is_granted() {
    let rig = Rig::new();
    asked(&rig, "com.x.one", json!({}), "
        const tried = async (run) => {
            try { const { code, stdout, stderr } = await run(); return { code, stdout, stderr }; }
            catch (error) { return { failed: error.message }; }
        };
        return {
            command: await tried(() => api.executeCommand('printf', ['%s|', 'a b', '$HOME'])),
            both: await tried(() => api.execute({ type: 'command', command: 'sh', args: ['-c', 'pwd; echo no >&2; exit 3'] })),
            gone: await tried(() => api.executeCommand('vario-no-such-program')),
            late: await tried(() => api.executeCommand('sleep', ['60'], { timeout: 50 })),
            script: typeof api.executeNodeScript, python: typeof api.executePythonScript,
        };
    ");
    rig.rescan();
    rig.until_active("com.x.one");
    let answer = rig.request("com.x.one", "go", &json!(null)).unwrap();
    assert_eq!(answer["command"], json!({ "code": 0, "stdout": "a b|$HOME|", "stderr": "" }));
    let folder = rig.plugins().join("com.x.one");
    let pwd = format!("{}\n", folder.display());
    assert_eq!(answer["both"], json!({ "code": 3, "stdout": pwd, "stderr": "no\n" }));
    assert!(answer["gone"]["failed"].is_string(), "{answer}");
    assert!(answer["late"]["failed"].is_string(), "{answer}");
    assert_eq!((&answer["script"], &answer["python"]), (&json!("function"), &json!("function")));
    // Nothing is granted any more: not even by a plugin that runs.
    *rig.user.may_nothing.lock().unwrap() = true;
    rig.supervisor.grants_changed();
    rig.supervisor.restart("com.x.one", crate::rig::LONG).unwrap();
    let answer = rig.request("com.x.one", "go", &json!(null)).unwrap();
    for key in ["command", "both", "gone", "late"] {
        let words = answer[key]["failed"].as_str().unwrap_or_default();
        assert!(words.contains("permission denied"), "{key}: {answer}");
    }
}

#[cfg(unix)]
#[test]
fn ms_27_a_crash_leaves_the_others_alone() {
    let rig = Rig::with(Options { supervision: crate::rig::quick_restarts });
    plugin(&rig, "crashes", json!({}), "
        activate() { this.api.events.on('crash', () => setTimeout(() => { throw new Error('uncaught'); }, 1)); }
    ");
    plugin(&rig, "stays", json!({}), "");
    rig.rescan();
    rig.until_active("crashes");
    rig.until_active("stays");
    let pid = rig.info("stays").unwrap().pid;
    for restarts in 1..=3 {
        if restarts == 2 {
            rig.kill("crashes");
        } else {
            rig.supervisor.publish("crash", json!(null));
        }
        rig.until("it is back", || {
            let info = rig.info("crashes").unwrap();
            info.restarts == restarts && info.state == State::Active
        });
    }
    rig.kill("crashes");
    rig.until("it is given up", || rig.reason("crashes").contains("crashed 4 times"));
    assert_eq!(rig.info("crashes").unwrap().state, State::Failed);
    let info = rig.info("stays").unwrap();
    assert_eq!((info.state, info.pid), (State::Active, pid));
    rig.supervisor.restart("crashes", crate::rig::LONG).unwrap();
    rig.until_active("crashes");
    assert!(rig.has_logged("crashes", "uncaught"));
}

#[test]
fn ms_28_an_endless_loop_is_ended() {
    let rig = impatient_rig();
    asked(&rig, "loops", json!({}), "api.log('info', 'looping'); for (;;) {}");
    asked(&rig, "works", json!({}), "return payload + 1;");
    rig.rescan();
    rig.until_active("loops");
    rig.until_active("works");
    let (sender, receiver) = std::sync::mpsc::channel();
    let done = Box::new(move |answer: vario_background::Answer| {
        let _gone = sender.send(answer.map_err(|error| error.to_string()));
    });
    rig.supervisor.request("loops", "go", &json!(null), done);
    rig.until_logged("loops", "looping");
    for number in 0..100 {
        assert_eq!(rig.request("works", "go", &json!(number)).unwrap(), json!(number + 1));
    }
    rig.until("it is ended", || rig.path("loops").contains(&"failed".to_owned()));
    let words = receiver.recv_timeout(crate::rig::LONG).unwrap().unwrap_err();
    assert!(words.contains("in time") || words.contains("unloaded"), "{words}");
    let failed = rig.events.lock().unwrap();
    let reason = failed
        .iter()
        .find(|event| {
            event.payload["id"] == json!("loops") && event.payload["to"] == json!("failed")
        })
        .map(|event| event.payload["reason"].to_string())
        .unwrap();
    assert!(reason.contains("without a pause"), "{reason}");
}

/// As the vendor's hello-world example is built, in our words.
#[test]
fn ms_29_hello_world_logs_twice() {
    let rig = Rig::new();
    rig.plugin("hello", &[
        ("manifest.json", r#"{
            "id": "com.example.hello", "name": "Hello", "version": "1.0.0", "description": "Says hello",
            "author": "A", "main": "index.js", "enabled": true,
            "dependencies": [], "subscriptions": [], "registrations": []
        }"#),
        ("package.json", r#"{ "name": "hello", "version": "1.0.0", "main": "index.js",
            "dependencies": { "@mudstack/plugins": "^1.0.0" }, "engines": { "node": ">=16" } }"#),
        ("index.js", r#"const { MudstackPlugin } = require("@mudstack/plugins");

class Hello extends MudstackPlugin {
  async activate() {
    await super.activate();
    this.api.log("info", "[Hello] up");
  }

  async deactivate() {
    this.api.log("info", "[Hello] down");
    await super.deactivate();
  }
}

module.exports = Hello;
"#),
    ]);
    rig.rescan();
    rig.until_active("com.example.hello");
    let (_home, user) = rig.shut_down();
    let lines = user.lines.lock().unwrap();
    let texts: Vec<&str> = lines.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(texts, ["[Hello] up", "[Hello] down"]);
}

/// As the vendor's context menu example: id, event type and subscribed event are one string.
#[test]
fn ms_30_a_context_menu_command_is_logged_with_its_payload() {
    let name = "com.example.menu.say-hello";
    let more = json!({
        "author": "A", "enabled": true, "dependencies": [], "registrations": [],
        "subscriptions": [{ "event": name, "handler": "handleSayHello" }],
        "contextMenuCommands": [{ "id": name, "title": "Say Hello", "description": "", "eventType": name }],
    });
    let rig = hosted(&[(
        "com.example.menu",
        more,
        "
        async handleSayHello(message) {
            const { id: requestId, payload } = message || {};
            this.api.log('info', '[Menu] the command was run', payload);
        }
    ",
    )]);
    rig.supervisor.run_menu("com.example.menu", name, json!({})).unwrap();
    let line = format!("[Menu] the command was run {{ commandId: '{name}', selection: [] }}");
    rig.until("the line with its payload", || {
        let lines = rig.user.lines.lock().unwrap();
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        lines.iter().any(|known| flat(&known.message) == line)
    });
}

#[test]
fn ms_31_a_manifest_of_one_line_with_an_empty_author_will_do() {
    let rig = Rig::new();
    rig.plugin("template", &[
        ("manifest.json", r#"{"id":"com.example.template","name":"T","version":"1.0.0","description":"(rename me)","author":"","main":"index.js","enabled":true,"dependencies":[],"subscriptions":[],"registrations":[]}"#),
        ("index.js", &class("async activate() { await super.activate(); this.api.log('info', 'activated'); }")),
        ("README.md", "# Template"),
        (".gitignore", "node_modules/"),
    ]);
    rig.rescan();
    rig.until_active("com.example.template");
    rig.until_logged("com.example.template", "activated");
}

#[test]
fn ms_32_the_built_in_module_is_used_with_and_without_node_modules() {
    let rig = Rig::new();
    let members =
        "async activate() { await super.activate(); this.api.log('info', `up ${this.own}`); }";
    plugin(&rig, "without", json!({}), members);
    plugin(&rig, "with", json!({}), members);
    rig.plugin("with/node_modules/@mudstack/plugins", &[
        ("package.json", r#"{ "name": "@mudstack/plugins", "version": "1.0.0", "main": "index.js" }"#),
        ("index.js", "exports.MudstackPlugin = class { constructor() { this.own = 'theirs'; } activate() {} };"),
    ]);
    rig.rescan();
    rig.until_logged("without", "up undefined");
    rig.until_logged("with", "up undefined");
}
