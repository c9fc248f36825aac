//! Requests and what answers them (section 5).

use serde_json::json;
use vario_model::BackgroundState;

use super::{fixture, go, plugin, running};
use crate::rig::{Options, Rig, impatient, request};

const ID: &str = "com.example.one";

#[test]
fn sc_10_get_and_post_reach_their_handlers() {
    let rig = running(ID, "
        module.exports = {
            routes: {
                get: { 'some-thing': { handler: (req, res) => res.json({ query: req.query, params: req.params, method: req.method, key: req.headers['x-key'], url: req.url }) } },
                post: { echo: { handler: (req, res) => { res.status(201).json({ body: req.body, method: req.method }); } } },
                PUT: { echo: { handler: (req, res) => res.json(req.method) } },
                delete: { echo: { handler: (req, res) => res.json(req.method) } },
            },
        };
    ");
    let target = format!("/api/{ID}/some-thing?a=1&b=2&b=3&c=x%20y&1712345");
    let answer = rig.ask(&request("GET", &target, &[("x-key", "k")], b""));
    assert_eq!(answer.status(), 200, "{}", answer.text());
    assert_eq!(
        answer.json(),
        json!({
            "query": { "1712345": "", "a": "1", "b": ["2", "3"], "c": "x y" },
            "params": { "pluginId": ID, "handlerName": "some-thing" },
            "method": "GET", "key": "k", "url": target,
        })
    );
    let echo = format!("/api/{ID}/echo");
    let answer = rig.post(&echo, &json!({ "x": [1, null] }));
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.json(), json!({ "body": { "x": [1, null] }, "method": "POST" }));
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = rig.ask(&request("POST", &echo, &form, b"a=4&b=x+y"));
    assert_eq!(answer.json()["body"], json!({ "a": "4", "b": "x y" }));
    for method in ["PUT", "DELETE"] {
        assert_eq!(rig.ask(&request(method, &echo, &[], b"")).json(), json!(method));
    }
    let options = rig.ask(&request("OPTIONS", &echo, &[], b""));
    assert_eq!(options.status(), 204);
    assert_eq!(options.header("access-control-allow-origin"), Some("*"));
}

#[test]
fn sc_11_names_with_all_kinds_of_signs() {
    let names = ["create-flight", "map_style", "chatMessages", "current.wav", "a~b", "é", "x y"];
    let code = format!(
        "exports.routes = {{ get: {{}} }};
         for (const name of {}) exports.routes.get[name] = {{ handler: (req, res) => res.json(req.params.handlerName) }};",
        json!(names)
    );
    let rig = running(ID, &code);
    let get = |path: &str| rig.get(&format!("/api/{ID}/{path}"));
    for (path, name) in names.iter().take(5).map(|name| (*name, *name)).chain([
        ("%C3%A9", "é"),
        ("x%20y", "x y"),
        ("map%5Fstyle", "map_style"),
    ]) {
        assert_eq!(get(path).json(), json!(name), "{path}");
    }
    for path in ["Map_style", "chatmessages", "current", "current.wav/", "a/b", "%", ""] {
        assert_eq!(get(path).status(), 404, "{path}");
    }
}

#[test]
fn sc_12_what_is_not_there() {
    let rig = Rig::new();
    plugin(
        &rig,
        ID,
        "exports.routes = { get: { ok: { handler: (req, res) => res.send('ok') } } };",
    );
    plugin(
        &rig,
        "com.example.failed",
        "exports.routes = { get: { ok: { handler: (req, res) => res.send('ok') } } }; exports.onStart = () => { throw new Error('no'); };",
    );
    plugin(
        &rig,
        "com.example.off",
        "exports.routes = { get: { ok: { handler: (req, res) => res.send('ok') } } };",
    );
    rig.user.disabled.lock().unwrap().push("com.example.off".to_owned());
    go(&rig, &[ID]);
    rig.until_state("com.example.failed", BackgroundState::Failed);
    rig.until("it is gone", || rig.info("com.example.failed").unwrap().pid.is_none());
    for (method, path) in [
        ("GET", "/api/com.example.none/ok"),
        ("GET", "/api/com.example.failed/ok"),
        ("GET", "/api/com.example.off/ok"),
        ("GET", "/api/com.example.one/none"),
        ("POST", "/api/com.example.one/ok"),
        ("DELETE", "/api/com.example.one/ok"),
        ("GET", "/api/com.example.one"),
        ("GET", "/api/com.example.one/ok/more"),
        ("GET", "/api/none"),
        ("GET", "/api"),
        ("GET", "/"),
    ] {
        let answer = rig.ask(&request(method, path, &[], b""));
        assert_eq!(answer.status(), 404, "{method} {path}");
        assert!(answer.json()["error"].is_string(), "{method} {path}: {}", answer.text());
    }
    assert_eq!(rig.get(&format!("/api/{ID}/ok")).text(), "ok");
}

#[test]
fn sc_13_handlers_that_fail() {
    let rig = fixture("smartcars-object");
    let get = |name: &str| rig.get(&format!("/api/demo.smartcars-object/{name}"));
    for (name, message) in [("throws", "thrown on purpose"), ("rejects", "rejected on purpose")] {
        let answer = get(name);
        assert_eq!((answer.status(), answer.json()), (500, json!({ "error": message })));
        rig.until_logged("demo.smartcars-object", message);
    }
    let twice = get("twice");
    assert_eq!((twice.status(), twice.text().as_str()), (200, "first"));
    let json_type = [("content-type", "application/json")];
    let target = "/api/demo.smartcars-object/sum";
    assert_eq!(rig.ask(&request("POST", target, &json_type, b"{bad")).status(), 400);
    assert_eq!(rig.post(target, &json!({ "a": 2, "b": 3 })).json(), json!({ "sum": 5 }));
    assert_eq!(rig.path("demo.smartcars-object").len(), 4, "it never went");
}

#[test]
fn sc_13_a_handler_that_never_answers_is_504() {
    let rig = Rig::with(Options { supervision: impatient });
    rig.fixture("smartcars-object");
    go(&rig, &["demo.smartcars-object"]);
    let answer = rig.get("/api/demo.smartcars-object/never");
    assert_eq!(answer.status(), 504);
    assert!(answer.json()["error"].is_string());
    assert_eq!(rig.get("/api/demo.smartcars-object/state").status(), 200);
}

#[test]
fn sc_14_answers_and_their_types() {
    let rig = running(ID, "
        const path = require('path');
        exports.routes = { get: {
            json: { handler: (req, res) => res.status(201).json({ a: 1 }) },
            text: { handler: (req, res) => res.send('<b>') },
            object: { handler: (req, res) => res.send({ b: 2 }) },
            empty: { handler: (req, res) => res.send() },
            bytes: { handler: (req, res) => res.send(Buffer.from([1, 2])) },
            missing: { handler: (req, res) => res.status(404).send('Not found') },
            file: { handler: (req, res) => res.sendFile(path.join(__dirname, 'sounds', req.query.name)) },
            outside: { handler: (req, res) => res.sendFile(path.join(__dirname, '../../elsewhere.txt')) },
        } };
    ");
    rig.home.write("plugins/one/background/sounds/push_back_day.wav", b"RIFF\x00\xff");
    rig.home.write("plugins/one/background/sounds/a.png", "png");
    rig.home.write("plugins/elsewhere.txt", "secret");
    let get = |name: &str| rig.get(&format!("/api/{ID}/{name}"));
    for (name, status, kind, body) in [
        ("json", 201, Some("application/json; charset=utf-8"), &b"{\"a\":1}"[..]),
        ("text", 200, Some("text/html; charset=utf-8"), b"<b>"),
        ("object", 200, Some("application/json; charset=utf-8"), b"{\"b\":2}"),
        ("empty", 200, None, b""),
        ("bytes", 200, Some("application/octet-stream"), b"\x01\x02"),
        ("missing", 404, Some("text/html; charset=utf-8"), b"Not found"),
        ("file?name=push_back_day.wav", 200, Some("audio/wav"), b"RIFF\x00\xff"),
        ("file?name=a.png", 200, Some("image/png"), b"png"),
    ] {
        let answer = get(name);
        assert_eq!((answer.status(), answer.header("content-type")), (status, kind), "{name}");
        assert_eq!(answer.bytes(), body, "{name}");
    }
    assert_eq!(get("file?name=none.wav").status(), 404);
    for name in ["outside", "file?name=../../../elsewhere.txt"] {
        let answer = get(name);
        assert!([403, 404].contains(&answer.status()), "{name}");
        assert!(!answer.text().contains("secret"));
    }
}

#[test]
fn sc_15_a_post_without_a_body() {
    let rig = running(
        ID,
        "exports.routes = { post: { body: { handler: (req, res) => { const { a } = req.body; res.json([req.body, a === undefined]); } } } };",
    );
    let target = format!("/api/{ID}/body");
    for headers in [&[][..], &[("content-type", "application/json")], &[("content-length", "0")]] {
        let answer = rig.ask(&request("POST", &target, headers, b""));
        assert_eq!((answer.status(), answer.json()), (200, json!([{}, true])));
    }
}
