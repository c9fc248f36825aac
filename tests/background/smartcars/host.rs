//! What the host itself answers, and the ports in plugins' code (section 5), from within plugins.
//! No port is open here; `tests/it/serve.rs` asks the same over connections.

use serde_json::{Value as Json, json};

use super::{go, plugin, plugin_with, running};
use crate::rig::{Rig, request};

const ID: &str = "com.example.one";

#[test]
fn sc_29_the_host_answers_by_itself() {
    let rig = Rig::new();
    let keys = r#""availableSettings": { "loud": { "name": "Loud", "type": "boolean", "default": true } },"#;
    plugin_with(&rig, ID, keys, "exports.routes = {};");
    rig.plugin("page", &[
        ("plugin.json", r#"{ "id": "com.example.page", "name": "Page", "version": "2.0.0", "type": "airline", "description": "d" }"#),
        ("ui/index.html", "<p>"),
    ]);
    assert_eq!(rig.get("/api/identity").status(), 404, "nobody is signed in");
    go(&rig, &[ID]);
    assert_eq!(rig.get("/api/config").json()["config"]["privateAPI"], "https://api.example/");
    let identity = rig.get("/api/identity").json();
    assert_eq!(identity["va_user"]["pilotID"], "VA7");
    assert_eq!(identity["storagePath"], Json::Null);
    assert_eq!(rig.get("/api/settings").json()[ID], json!({ "loud": true }));
    assert_eq!(rig.get(&format!("/api/settings/{ID}")).json(), json!({ "loud": true }));
    let expected = json!([
        { "id": ID, "name": format!("The {ID}"), "version": "1.0.0", "type": "user", "description": "", "ui": false },
        { "id": "com.example.page", "name": "Page", "version": "2.0.0", "type": "airline", "description": "d", "ui": true },
    ]);
    assert_eq!(rig.get("/api/plugins/installed").json(), expected);
    // What only a front can do is told to whoever shows it.
    for (path, body, event) in [
        ("navigate", json!({ "pluginID": ID }), "core.navigate"),
        (
            "play-sound",
            json!({ "url": "http://localhost:7172/api/x/current.wav?1" }),
            "core.play-sound",
        ),
        ("notify", json!({ "source": "One", "message": "hi", "type": "success" }), "core.notify"),
    ] {
        let answer = rig.post(&format!("/api/{path}"), &body);
        assert_eq!(answer.status(), 200, "{path}: {}", answer.text());
        assert_eq!(rig.until_event(event), body);
        assert_eq!(rig.post(&format!("/api/{path}"), &json!({})).status(), 400, "{path}");
    }
    assert_eq!(rig.ask(&request("POST", "/api/stop-sound", &[], b"")).status(), 200);
    assert_eq!(rig.until_event("core.stop-sound"), json!({}));
    let answer = rig.post("/api/log", &json!({ "message": "hello log", "level": "warn" }));
    assert_eq!(answer.status(), 200);
    rig.until_logged("smartcars", "hello log");
    assert_eq!(rig.post("/api/log", &json!({ "level": "warn" })).status(), 400);
    assert_eq!(rig.ask(&request("POST", "/api/navigate", &[], b"{")).status(), 400);
}

/// Asks any address by each client a plugin may have, and tells status and body.
const ASKS: &str = r#"
    const axios = require("axios"), http = require("http");
    const clients = {
        axios: async (url) => { const { status, data } = await axios.get(url, { validateStatus: () => true }); return [status, data]; },
        fetch: async (url) => { const response = await fetch(url); return [response.status, await response.json()]; },
        http: (url) => new Promise((resolve, reject) => http.get(url, (res) => {
            let text = "";
            res.on("data", (chunk) => { text += chunk; });
            res.on("end", () => resolve([res.statusCode, JSON.parse(text)]));
        }).on("error", reject)),
    };
    exports.routes = { get: { ask: { handler: async (req, res) => {
        try { res.json(await clients[req.query.by](req.query.url)); } catch (error) { res.json(["error", String(error.message), String(error.cause)]); }
    } } }, post: { send: { handler: async (req, res) => { const { status, data } = await axios.post(req.body.url, req.body.body); res.json([status, data]); } } } };
"#;

#[test]
fn sc_30_the_ports_in_plugins_code_lead_here() {
    let rig = Rig::new();
    plugin(&rig, ID, ASKS);
    let other = "
        exports.routes = {
            get: { data: { handler: (req, res) => res.json({ query: req.query, host: req.headers.host }) } },
            post: { sum: { handler: (req, res) => res.json(req.body.a + req.body.b) } },
        };";
    plugin(&rig, "com.example.other", other);
    go(&rig, &[ID, "com.example.other"]);
    let ask = |by: &str, url: &str| rig.get(&format!("/api/{ID}/ask?by={by}&url={url}")).json();
    let path = "/api/com.example.other/data%3Fq=1";
    for by in ["axios", "fetch", "http"] {
        for host in ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"] {
            let answer = ask(by, &format!("http://{host}:7172{path}"));
            assert_eq!(answer[0], 200, "{by} {host}: {answer}");
            assert_eq!(answer[1]["query"], json!({ "q": "1" }), "{by} {host}");
        }
        let answer = ask(by, "http://localhost:7172/api/plugins/installed");
        assert_eq!(answer[1].as_array().map(Vec::len), Some(2), "{by}: {answer}");
        let answer = ask(by, "http://localhost:7172/api/com.example.none/data");
        assert_eq!(answer[0], 404, "{by}: {answer}");
    }
    let body = json!({ "url": "http://127.0.0.1:7172/api/com.example.other/sum", "body": { "a": 1, "b": 2 } });
    assert_eq!(rig.post(&format!("/api/{ID}/send"), &body).json(), json!([200, 3]));
}

#[test]
fn sc_30_others_than_ones_own_need_a_right() {
    let rig = running(ID, ASKS);
    *rig.user.may_only.lock().unwrap() = Some(vec!["routes"]);
    rig.supervisor.grants_changed();
    let ask = |path: &str| {
        rig.get(&format!("/api/{ID}/ask?by=axios&url=http://localhost:7172{path}")).json()
    };
    // It starts anew with what it may do now.
    rig.until("it is there again", || rig.get(&format!("/api/{ID}/ask")).status() != 404);
    rig.until_active(ID);
    rig.until("it is refused", || ask("/api/identity")[0] == "error");
    assert!(ask("/api/identity")[1].as_str().unwrap().contains("not allowed"));
    assert_eq!(ask(&format!("/api/settings/{ID}"))[0], 200);
}
