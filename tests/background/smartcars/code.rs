//! How code is loaded, and what it finds (sections 3 and 9).

use serde_json::json;
use vario_model::BackgroundState;
use vario_test_support::{Reply, Server};

use super::{fixture, running};

const ID: &str = "com.example.one";

#[test]
fn sc_05_every_shape_that_bundlers_write() {
    for (name, route, body) in [
        ("smartcars-object", "state", r#"{"ticks":0,"settings":null,"pilot":"VA7"}"#),
        ("smartcars-typescript", "something", r#"{"data":"something"}"#),
        ("smartcars-webpack", "config", r#"{"config":{"name":"index.js"},"self":"object"}"#),
    ] {
        let rig = fixture(name);
        let answer = rig.get(&format!("/api/demo.{name}/{route}"));
        assert_eq!(answer.status(), 200);
        // A second may have passed.
        assert_eq!(answer.text().replace(r#""ticks":1"#, r#""ticks":0"#), body);
    }
}

#[test]
fn sc_16_the_axios_of_the_host_over_a_real_connection() {
    let rig = running(
        ID,
        r#"
        const axios = require("axios");
        exports.routes = {
            get: {
                config: { handler: async (req, res) => {
                    const { data, status, headers } = await axios({
                        url: req.query.url, method: "GET", params: { a: "1 2", b: ["x", "y"] }, headers: { "X-Key": "k" },
                    });
                    res.json({ data, status, type: headers["content-type"] });
                } },
                get: { handler: async (req, res) => res.json((await axios.get(req.query.url)).data) },
                fails: { handler: async (req, res) => {
                    try {
                        await axios.get(req.query.url);
                        res.send("?");
                    } catch (error) {
                        res.json({ is: axios.isAxiosError(error), message: error.message, status: error.response && error.response.status, data: error.response && error.response.data });
                    }
                } },
            },
            post: { post: { handler: async (req, res) => {
                const answer = await axios.post(req.body.url, { x: [1, null] }, { headers: { Authorization: "Bearer s" } });
                res.status(answer.status).json(answer.data);
            } } },
        };
        "#,
    );
    let typed = [("Content-Type", "application/json")];
    let server = Server::start([
        Reply::with(200, &typed, r#"{"n":1}"#),
        Reply::with(200, &typed, "[2]"),
        Reply::with(201, &typed, r#"{"made":true}"#),
        Reply::with(409, &typed, r#"{"why":"so"}"#),
    ]);
    let ask =
        |name: &str, target: &str| rig.get(&format!("/api/{ID}/{name}?url={}", server.url(target)));
    let answer = ask("config", "/config");
    let expected = json!({ "data": { "n": 1 }, "status": 200, "type": "application/json" });
    assert_eq!(answer.json(), expected);
    assert_eq!(ask("get", "/get").json(), json!([2]));
    let answer = rig.post(&format!("/api/{ID}/post"), &json!({ "url": server.url("/post") }));
    assert_eq!((answer.status(), answer.json()), (201, json!({ "made": true })));
    let expected = json!({ "is": true, "message": "Request failed with status code 409", "status": 409, "data": { "why": "so" } });
    assert_eq!(ask("fails", "/fails").json(), expected);
    let received = server.received();
    let targets: Vec<&str> = received.iter().map(|one| one.target.as_str()).collect();
    assert_eq!(targets, ["/config?a=1+2&b%5B%5D=x&b%5B%5D=y", "/get", "/post", "/fails"]);
    assert_eq!(received[0].header("x-key"), Some("k"));
    assert_eq!(received[2].method, "POST");
    assert_eq!(received[2].header("authorization"), Some("Bearer s"));
    assert_eq!(received[2].header("content-type"), Some("application/json"));
    assert_eq!(received[2].body, br#"{"x":[1,null]}"#);
    // Nobody listens any more.
    let url = server.url("/gone");
    drop(server);
    let answer = rig.get(&format!("/api/{ID}/fails?url={url}")).json();
    assert_eq!((&answer["is"], &answer["status"]), (&json!(true), &json!(null)), "{answer}");
}

#[test]
fn sc_17_the_old_sdk_logs() {
    let rig = fixture("smartcars-object");
    rig.until_logged("demo.smartcars-object", "started for VA7");
    // The session goes to the plugin and never to a log.
    assert!(!rig.log_text().contains("s3cret"), "{}", rig.log_text());
}

#[test]
fn sc_17_a_copy_of_the_old_sdk_logs_by_its_route() {
    let rig = crate::rig::Rig::new();
    super::plugin(
        &rig,
        ID,
        "const { log } = require('@tfdidesign/smartcars3-background-sdk'); exports.onStart = async () => { await log('by the route', 'warn'); };",
    );
    // What the real one does, in our words.
    let sdk = "const axios = require('axios'); exports.log = (message, level) => axios.post('http://localhost:7172/api/log', { message, level });";
    let folder = "plugins/one/background/node_modules/@tfdidesign/smartcars3-background-sdk";
    rig.home.write(&format!("{folder}/index.js"), sdk);
    rig.home.write(&format!("{folder}/package.json"), r#"{ "main": "index.js" }"#);
    super::go(&rig, &[ID]);
    rig.until_logged(ID, "by the route");
}

#[test]
fn sc_18_files_beside_the_code() {
    let rig = running(
        ID,
        "const fs = require('fs'), path = require('path');
         exports.routes = { get: { all: { handler: (req, res) => res.json({
             there: fs.existsSync(path.join(__dirname, './sounds/bell.wav')),
             missing: fs.existsSync(path.join(__dirname, './sounds/none.wav')),
             folder: __dirname, file: __filename,
             text: fs.readFileSync(path.join(__dirname, 'index.js'), 'utf8').slice(0, 8),
         }) } } };",
    );
    rig.home.write("plugins/one/background/sounds/bell.wav", "RIFF");
    let folder = rig.plugins().canonicalize().unwrap().join("one/background");
    let expected = json!({ "there": true, "missing": false, "folder": folder, "file": folder.join("index.js"), "text": "const fs" });
    assert_eq!(rig.get(&format!("/api/{ID}/all")).json(), expected);
}

#[test]
fn sc_19_modules_of_the_plugin() {
    let rig = fixture("smartcars-packages");
    let get = |name: &str| rig.get(&format!("/api/demo.smartcars-packages/{name}"));
    let expected =
        json!({ "hello": "hello you", "miles": "1 by require", "feet": 3, "plain": "plain" });
    assert_eq!(get("all").json(), expected);
    assert_eq!(get("later").json(), json!({ "value": "hello you 2 by import later.mjs" }));
    for (name, words) in [("hidden", "is not defined by"), ("outside", "Cannot find module")] {
        let answer = get(name);
        assert!(answer.status() == 500 && answer.text().contains(words), "{}", answer.text());
    }
}

/// What a bundled axios does to choose its adapter and to send a request, in our words.
const BUNDLED: &str = r#"
    const util = require("util"), stream = require("stream"), url = require("url"), zlib = require("zlib");
    for (const name of ["assert", "crypto", "events", "fs", "http", "https", "path"]) require(name);
    function Limited(options) { stream.Transform.call(this, options); }
    util.inherits(Limited, stream.Transform);
    new Limited({ readableHighWaterMark: 1024 });
    const isNode = typeof process !== "undefined" && Object.prototype.toString.call(process) === "[object process]";
    const adapter = isNode ? "http" : typeof XMLHttpRequest !== "undefined" ? "xhr" : typeof fetch === "function" ? "fetch" : "none";
    const brotli = typeof zlib.createBrotliDecompress === "function" && typeof zlib.constants === "object";
    exports.routes = { get: { ask: { handler: async (req, res) => {
        const request = new Request(new url.URL(req.query.url), { method: "POST", body: new TextEncoder().encode("é"), headers: { "X-A": "b" }, duplex: "half" });
        const response = await fetch(request);
        res.json({ adapter, brotli, status: response.status, text: await response.text(), header: response.headers.get("x-c") });
    } } } };
"#;

#[test]
fn sc_20_a_bundled_client_takes_fetch() {
    let rig = running(ID, BUNDLED);
    let server = Server::start([Reply::with(203, &[("X-C", "d")], "körper")]);
    let answer = rig.get(&format!("/api/{ID}/ask?url={}", server.url("/p?q=1")));
    let expected = json!({ "adapter": "fetch", "brotli": true, "status": 203, "text": "körper", "header": "d" });
    assert_eq!(answer.json(), expected);
    let received = server.received();
    assert_eq!((received[0].method.as_str(), received[0].target.as_str()), ("POST", "/p?q=1"));
    assert_eq!(
        (received[0].header("x-a"), received[0].body.as_slice()),
        (Some("b"), "é".as_bytes())
    );
}

#[test]
fn sc_33_sloppy_unless_it_says_otherwise() {
    let rig = running(
        ID,
        "undeclared = 7;
         function strict() { 'use strict'; try { alsoUndeclared = 1; return 'sloppy'; } catch (error) { return error.name; } }
         exports.onStart = function () { try { config = nowhere(); } catch (error) { lost = error.name; } };
         exports.routes = { get: { all: { handler: (req, res) => { with ({ a: 1 }) { res.json([a, undeclared, strict(), lost]); } } } } };",
    );
    let answer = rig.get(&format!("/api/{ID}/all"));
    assert_eq!(answer.json(), json!([1, 7, "ReferenceError", "ReferenceError"]));
    // The same as strict code cannot even be read.
    super::plugin(&rig, "com.example.two", "'use strict'; with ({}) {}");
    rig.rescan();
    rig.until_state("com.example.two", BackgroundState::Failed);
}
