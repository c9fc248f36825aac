//! Rows 12 to 16: subscriptions, messages, and what menus send.

use serde_json::json;
use vario_model::BackgroundState as State;
use vario_value::LogLevel;

use super::{hosted, plugin};
use crate::rig::Rig;

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
