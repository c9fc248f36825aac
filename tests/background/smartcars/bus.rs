//! The event bus from within plugins (section 6).

use serde_json::json;

use super::{go, plugin};
use crate::rig::Rig;

const ID: &str = "com.example.one";

/// Hears everything, and opens its connection again whenever it was closed.
const HEARS: &str = r#"
    const seen = [];
    let socket, opened = 0;
    const connect = () => {
        socket = new WebSocket("ws://localhost:7173");
        socket.onopen = () => { opened += 1; console.log("open", opened); };
        socket.onmessage = (event) => { const message = JSON.parse(event.data); seen.push(message); console.log("heard", message.type); };
        socket.onclose = (event) => { console.log("closed", event.code); setTimeout(connect, 5); };
        socket.onerror = (event) => console.log("error", event.message);
    };
    exports.onStart = connect;
    exports.onEnd = () => { socket.onclose = null; socket.close(); };
    exports.routes = {
        get: { seen: { handler: (req, res) => res.json(seen) } },
        post: {
            send: { handler: (req, res) => { socket.send(typeof req.body === "string" ? req.body : JSON.stringify(req.body)); res.send(); } },
            close: { handler: (req, res) => { socket.close(); res.send(); } },
        },
    };
"#;

#[test]
fn sc_21_a_socket_hears_events_and_opens_again() {
    let rig = Rig::new();
    let (one, two) = (ID, "com.example.two");
    plugin(&rig, one, HEARS);
    plugin(&rig, two, HEARS);
    go(&rig, &[one, two]);
    let seen = |id: &str, kind: &str| {
        let all = rig.get(&format!("/api/{id}/seen")).json();
        let all = all.as_array().unwrap().clone();
        all.into_iter().filter(|event| event["type"] == kind).collect::<Vec<_>>()
    };
    for id in [one, two] {
        rig.until_logged(id, "open 1");
    }
    rig.supervisor.publish("from outside", json!({ "n": 1 }));
    for id in [one, two] {
        rig.until_logged(id, "heard from outside");
        let event = &seen(id, "from outside")[0];
        assert_eq!((&event["source"], &event["data"]), (&json!("external"), &json!({ "n": 1 })));
        assert!(event["timestamp"].as_i64().is_some_and(|at| at > 1_600_000_000_000), "{event}");
        assert_eq!(event.as_object().unwrap().len(), 4, "{event}");
    }
    // What one says, the others hear, and whoever else listens.
    rig.post(&format!("/api/{one}/send"), &json!({ "type": "flight:phase", "data": "TAXI" }));
    assert_eq!(rig.until_event("flight:phase"), json!("TAXI"));
    rig.until_logged(two, "heard flight:phase");
    assert_eq!(seen(two, "flight:phase")[0]["source"], one);
    // What is no event is nothing.
    for nonsense in [json!([1]), json!({}), json!({ "type": 5 })] {
        rig.post(&format!("/api/{one}/send"), &nonsense);
    }
    rig.post(&format!("/api/{one}/close"), &json!({}));
    rig.until_logged(one, "open 2");
    rig.supervisor.publish("second", json!(null));
    for id in [one, two] {
        rig.until_logged(id, "heard second");
        assert_eq!(seen(id, "second").len(), 1, "{id}");
    }
    assert!(seen(one, "flight:phase").is_empty(), "nobody hears himself");
    assert!(rig.has_logged(one, "closed 1000"));
    assert!(!rig.has_logged(two, "closed"));
}

#[test]
fn sc_21_what_the_core_tells() {
    let rig = Rig::new();
    plugin(&rig, ID, HEARS);
    go(&rig, &[ID]);
    rig.until_logged(ID, "open 1");
    plugin(&rig, "com.example.two", "");
    plugin(&rig, "com.example.bad", "throw new Error('no');");
    rig.rescan();
    rig.until_logged(ID, "heard plugin.loaded");
    rig.until_logged(ID, "heard plugin.failed");
    rig.user.disabled.lock().unwrap().push("com.example.two".to_owned());
    rig.supervisor.reconsider();
    rig.until_logged(ID, "heard plugin.unloaded");
    rig.supervisor.settings_changed(ID);
    rig.until_logged(ID, "heard settings.updated");
    let seen = rig.get(&format!("/api/{ID}/seen")).json();
    let core: Vec<_> =
        seen.as_array().unwrap().iter().filter(|one| one["source"] == "core").collect();
    let of =
        |kind: &str| core.iter().find(|one| one["type"] == kind).unwrap()["data"]["id"].clone();
    assert_eq!(of("plugin.unloaded"), "com.example.two");
    let unloaded = core.iter().filter(|one| one["type"] == "plugin.unloaded");
    assert_eq!(unloaded.count(), 1, "an event is told once");
    assert_eq!(of("plugin.failed"), "com.example.bad");
    assert_eq!(of("settings.updated"), ID);
}

#[test]
fn sc_21_nothing_else_is_reached_by_web_socket() {
    let rig = Rig::new();
    plugin(
        &rig,
        ID,
        "
        for (const url of ['wss://example.com/', 'ws://localhost:9/', 'ws://192.0.2.1:7173/']) {
            const socket = new WebSocket(url);
            socket.onerror = () => console.log('error', url);
            socket.onclose = (event) => console.log('closed', url, event.code);
        }
    ",
    );
    go(&rig, &[ID]);
    for url in ["wss://example.com/", "ws://localhost:9/", "ws://192.0.2.1:7173/"] {
        rig.until_logged(ID, &format!("error {url}"));
        rig.until_logged(ID, &format!("closed {url} 1006"));
    }
}
