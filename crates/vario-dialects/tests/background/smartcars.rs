use vario_dialects::{BackgroundDialect, BackgroundEnd};
use vario_sandbox::{LogLevel, StopReason};
use vario_value::Value;

use crate::rig::{PLUGIN_DIR, Rig, Setup, get, json, post};

const IDENTITY: &str = r#"{
    "account": {
        "airline": {"id": 1, "settings": {"scriptURL": "https://va.example/api/"}},
        "va_user": {"pilotID": "VA1", "session": "s3"}
    },
    "storagePath": "/data/demo",
    "reason": "login"
}"#;

fn fixture(name: &str) -> Setup {
    Setup::fixture(BackgroundDialect::Smartcars, "background/index.js", name)
}

fn started(setup: Setup) -> Rig {
    let mut rig = setup.load();
    assert_eq!(rig.fatal(), None);
    rig.start_with(json(IDENTITY));
    rig
}

/// A host that answers every request with what it was asked.
fn with_web(setup: Setup) -> Setup {
    setup.answer("http.fetch", |args| {
        let request = &args[0];
        let url = request.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
        if url.contains("refused") {
            return Err("ECONNREFUSED|connect ECONNREFUSED".to_owned());
        }
        if url.contains("slow") {
            return Err("ETIMEDOUT|the request timed out".to_owned());
        }
        let status = if url.contains("missing") { 404 } else { 200 };
        let body = request.to_json().to_string();
        let header = |name: &str, value: &str| Value::List(vec![name.into(), value.into()]);
        Ok(Value::from([
            ("url", url.into()),
            ("status", Value::Int(status)),
            ("statusText", "".into()),
            (
                "headers",
                Value::List(vec![
                    header("Content-Type", "application/json"),
                    header("Set-Cookie", "a=1"),
                ]),
            ),
            ("body", Value::Bytes(body.into_bytes())),
            ("redirected", Value::Bool(false)),
        ]))
    })
}

#[test]
fn sc_05_an_object_is_loaded() {
    let rig = fixture("smartcars-object").load();
    let loaded = rig.loaded().unwrap();
    assert_eq!(loaded.get("has"), Some(&json(r#"{"start":true,"stop":true,"settings":true}"#)));
    let added = rig.calls("routes.add");
    assert_eq!(added.len(), 9);
    assert_eq!(
        added[0][0],
        json(r#"{"method":"GET","name":"state","description":"What it knows"}"#)
    );
    assert_eq!(added[8][0], json(r#"{"method":"POST","name":"sum"}"#));
}

#[test]
fn sc_05_export_equals_and_webpack_are_loaded() {
    let mut rig = started(fixture("smartcars-typescript"));
    assert_eq!(rig.http(get("something", "")), (200, r#"{"data":"something"}"#.to_owned()));
    assert_eq!(rig.http(post("something", None, "")), (200, r#"{"data":{}}"#.to_owned()));
    let mut rig = started(fixture("smartcars-webpack"));
    let (status, body) = rig.http(get("config", ""));
    assert_eq!((status, body.as_str()), (200, r#"{"config":{"name":"index.js"},"self":"object"}"#));
    let mut rig = Setup::smartcars(
        "Object.defineProperty(exports, '__esModule', { value: true });
         exports.default = { routes: { get: { a: { handler: (req, res) => res.send('b') } } } };",
    )
    .load();
    assert_eq!(rig.http(get("a", "")).1, "b");
}

#[test]
fn sc_06_on_start_is_called_once_and_its_rejection_contained() {
    let mut rig = Setup::smartcars(
        "exports.onStart = async (identity) => { throw new TypeError('no ' + typeof identity); };
         exports.routes = { get: { a: { handler: (req, res) => res.send('b') } } };",
    )
    .load();
    let error = rig.fails("start", json(IDENTITY));
    assert_eq!(error.get("message"), Some(&"no object".into()));
    assert_eq!(error.get("name"), Some(&"TypeError".into()));
    let stack = error.get("stack").and_then(Value::as_str).unwrap_or_default();
    assert!(stack.contains("background/index.js:1:"), "{stack}");
    assert_eq!(rig.http(get("a", "")).0, 200);
}

#[test]
fn sc_05_routes_answer_while_on_start_waits() {
    let mut rig = Setup::smartcars(
        "exports.onStart = () => new Promise((done) => setTimeout(done, 5000));
         exports.routes = { get: { a: { handler: (req, res) => res.send('b') } } };",
    )
    .load();
    let start = rig.begin("start", json(IDENTITY));
    assert_eq!(rig.http(get("a", "")).1, "b");
    assert_eq!(rig.answer_to(start), None);
    rig.advance(5000);
    assert_eq!(rig.answer_to(start), Some(Ok(Value::Absent)));
}

#[test]
fn sc_07_on_end_is_awaited() {
    let mut rig = Setup::smartcars(
        "exports.onEnd = async () => { await new Promise((done) => setTimeout(done, 50)); console.log('ended'); };",
    )
    .load();
    rig.start();
    let stop = rig.begin("stop", json("{}"));
    assert_eq!(rig.answer_to(stop), None);
    rig.advance(50);
    assert_eq!(rig.answer_to(stop), Some(Ok(Value::Absent)));
    assert!(rig.has_logged(LogLevel::Info, "ended"));
    assert_eq!(rig.close(), BackgroundEnd::Closed);
}

#[test]
fn sc_08_settings_arrive_flat() {
    let mut rig = started(fixture("smartcars-object"));
    rig.ok("settings", json(r#"{"loud":false}"#));
    rig.advance(3500);
    assert_eq!(
        rig.http(get("state", "")).1,
        r#"{"ticks":3,"settings":{"loud":false},"pilot":"VA1"}"#
    );
}

#[test]
fn sc_10_sc_11_requests_have_all_parts_and_names_any_signs() {
    let mut rig = started(fixture("smartcars-object"));
    let (status, body) = rig.http(get("echo-it_now", "a=1&a=2&b=x%20y&1712345"));
    assert_eq!(status, 202);
    let body = json(&body);
    assert_eq!(body.get("query"), Some(&json(r#"{"a":["1","2"],"b":"x y","1712345":""}"#)));
    assert_eq!(
        body.get("params"),
        Some(&json(r#"{"pluginId":"demo","handlerName":"echo-it_now"}"#))
    );
    assert_eq!(
        (body.get("header"), body.get("method")),
        (Some(&"yes".into()), Some(&"GET".into()))
    );
    let json_type = "application/json";
    assert_eq!(rig.http(post("sum", Some(r#"{"a":2,"b":3}"#), json_type)).1, r#"{"sum":5}"#);
    let form = "application/x-www-form-urlencoded";
    assert_eq!(rig.http(post("sum", Some("a=4&b=5"), form)).1, r#"{"sum":9}"#);
}

#[test]
fn sc_12_unknown_handlers_are_404() {
    let mut rig = started(fixture("smartcars-object"));
    assert_eq!(rig.http(get("nothing", "")).0, 404);
    assert_eq!(rig.http(post("state", None, "")).0, 404);
}

#[test]
fn sc_13_failing_handlers_give_500_and_the_plugin_lives() {
    let mut rig = started(fixture("smartcars-object"));
    assert_eq!(rig.http(get("throws", "")), (500, r#"{"error":"thrown on purpose"}"#.to_owned()));
    assert_eq!(
        rig.http(get("rejects", "")),
        (500, r#"{"error":"rejected on purpose"}"#.to_owned())
    );
    assert!(
        rig.has_logged(LogLevel::Error, "GET /api/demo/throws failed: Error: thrown on purpose")
    );
    assert_eq!(rig.http(post("sum", Some("{bad"), "application/json")).0, 400);
    assert_eq!(rig.http(get("twice", "")), (200, "first".to_owned()));
    assert!(rig.has_logged(LogLevel::Warn, "second answer"));
    assert_eq!(rig.send("http", get("never", "")), None);
    assert_eq!(rig.http(get("state", "")).0, 200);
}

#[test]
fn sc_14_answers_have_their_content_types() {
    let mut rig = started(Setup::smartcars(
        "exports.routes = { get: {
            json: { handler: (req, res) => res.status(201).json({ a: 1 }) },
            text: { handler: (req, res) => res.send('<b>') },
            object: { handler: (req, res) => res.send([1]) },
            empty: { handler: (req, res) => res.send() },
            bytes: { handler: (req, res) => res.send(Buffer.from([1, 2])) },
            status: { handler: (req, res) => res.sendStatus(204) },
            headers: { handler: (req, res) => res.set('X-A', '1').type('txt').append('X-B', 'b').append('X-B', 'c').send('t') },
            end: { handler: (req, res) => { res.statusCode = 418; res.write('a'); res.end('b'); } },
            redirect: { handler: (req, res) => res.redirect('/elsewhere') },
         } };",
    ));
    let mut answer = |name: &str| {
        let answer = rig.ok("http", get(name, ""));
        let header = |wanted: &str| {
            let headers =
                answer.get("headers").and_then(Value::as_list).unwrap_or_default().to_vec();
            let found = headers
                .iter()
                .filter_map(|pair| pair.as_list())
                .find(|pair| pair[0] == wanted.into());
            found.and_then(|pair| pair[1].as_str().map(str::to_owned))
        };
        (answer.clone(), header("Content-Type"), header("X-B"))
    };
    assert_eq!(answer("json").1.as_deref(), Some("application/json; charset=utf-8"));
    assert_eq!(answer("json").0.get("status"), Some(&Value::Int(201)));
    assert_eq!(answer("text").1.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!(answer("object").1.as_deref(), Some("application/json; charset=utf-8"));
    assert_eq!(answer("empty").0.get("body"), None);
    assert_eq!(answer("bytes").1.as_deref(), Some("application/octet-stream"));
    assert_eq!(answer("bytes").0.get("body"), Some(&Value::Bytes(vec![1, 2])));
    assert_eq!(answer("status").0.get("status"), Some(&Value::Int(204)));
    assert_eq!(answer("headers").2.as_deref(), Some("b"));
    assert_eq!(answer("end").0.get("status"), Some(&Value::Int(418)));
    assert_eq!(answer("redirect").0.get("status"), Some(&Value::Int(302)));
}

#[test]
fn sc_14_sc_18_files_beside_the_module_are_sent() {
    let mut rig = started(fixture("smartcars-object"));
    let answer = rig.ok("http", get("current.wav", "1712345"));
    let file = format!("{PLUGIN_DIR}/background/sounds/bell_day.wav");
    assert_eq!(answer.get("file"), Some(&file.into()));
    assert!(answer.get("headers").unwrap().to_json().to_string().contains("audio/wav"));
    assert_eq!(rig.http(get("current.wav", "time=night")), (404, "Not found".to_owned()));
    let mut rig = started(Setup::smartcars(
        "exports.routes = { get: { a: { handler: (req, res) => res.sendFile('/etc/passwd') }, b: { handler: (req, res) => res.sendFile('x') } } };",
    ));
    assert_eq!(rig.http(get("a", "")).0, 404);
    assert_eq!(rig.http(get("b", "")).0, 500);
}

#[test]
fn sc_15_post_without_body_gives_an_empty_object() {
    let mut rig = started(fixture("smartcars-object"));
    assert_eq!(rig.http(post("sum", None, "")), (200, r#"{"sum":0}"#.to_owned()));
    assert_eq!(rig.http(post("sum", Some(""), "application/json")).1, r#"{"sum":0}"#);
}

#[test]
fn sc_16_axios_of_the_host() {
    let mut rig = started(with_web(fixture("smartcars-object")));
    let (status, body) = rig.http(get("airports", "icao=EDDF&x=a%20b"));
    assert_eq!(status, 200);
    let asked = json(&body);
    assert_eq!(
        asked.get("url"),
        Some(&"https://va.example/api/data/airports?icao=EDDF&x=a+b".into())
    );
    assert!(asked.to_json().to_string().contains(r#"["Authorization","Bearer s3"]"#));
    let mut rig = with_web(Setup::smartcars(
        r#"
        const axios = require("axios");
        const assert = require("assert");
        exports.onStart = async () => {
            const posted = await axios.post("https://a.example/p", { x: 1 });
            assert.strictEqual(posted.data.method, "POST");
            assert.strictEqual(posted.data.body, '{"x":1}');
            assert.ok(posted.data.headers.some(([name, value]) => name === "Content-Type" && value === "application/json"));
            assert.strictEqual(posted.status, 200);
            assert.strictEqual(posted.statusText, "OK");
            assert.strictEqual(posted.headers["content-type"], "application/json");
            assert.deepStrictEqual(posted.headers["set-cookie"], ["a=1"]);
            const missing = await axios.get("https://a.example/missing").catch((error) => error);
            assert.ok(axios.isAxiosError(missing) && missing instanceof Error);
            assert.strictEqual(missing.response.status, 404);
            assert.strictEqual(missing.code, "ERR_BAD_REQUEST");
            assert.strictEqual(missing.message, "Request failed with status code 404");
            const refused = await axios.get("https://a.example/refused").catch((error) => error);
            assert.strictEqual(refused.code, "ECONNREFUSED");
            assert.strictEqual(refused.response, undefined);
            const slow = await axios.get("https://a.example/slow", { timeout: 500 }).catch((error) => error);
            assert.deepStrictEqual([slow.code, slow.message], ["ECONNABORTED", "timeout of 500ms exceeded"]);
            const fine = await axios.get("https://a.example/missing", { validateStatus: () => true });
            assert.strictEqual(fine.status, 404);
            const client = axios.create({ baseURL: "https://b.example/v1/", headers: { "X-K": "k" }, timeout: 5 });
            client.interceptors.request.use((config) => { config.headers["X-I"] = "i"; return config; });
            client.interceptors.response.use((response) => response.data, (error) => ({ failed: error.response.status }));
            const got = await client.get("/things", { params: { list: [1, 2], o: { a: 1 }, n: null } });
            assert.strictEqual(got.url, "https://b.example/v1/things?list[]=1&list[]=2&o[a]=1".replace(/\[/g, "%5B").replace(/\]/g, "%5D"));
            assert.strictEqual(got.timeoutMs, 5);
            assert.ok(got.headers.some(([name]) => name === "X-I") && got.headers.some(([name]) => name === "X-K"));
            assert.deepStrictEqual(await client.delete("missing"), { failed: 404 });
            const form = await axios.put("https://a.example/f", new URLSearchParams({ a: "1" }));
            assert.strictEqual(form.data.body, "a=1");
            const raw = await axios.get("https://a.example/r", { responseType: "arraybuffer" });
            assert.ok(Buffer.isBuffer(raw.data));
            const text = await axios.get("https://a.example/t", { responseType: "text" });
            assert.strictEqual(typeof text.data, "string");
            const controller = new AbortController();
            controller.abort();
            assert.ok(axios.isCancel(await axios.get("https://a.example/", { signal: controller.signal }).catch((error) => error)));
            assert.strictEqual(axios.default, axios);
            const answer = await fetch("https://a.example/fetch", { method: "POST", body: "x", headers: { A: "b" } });
            assert.ok(answer.ok && answer.url === "https://a.example/fetch");
            assert.deepStrictEqual((await answer.json()).headers, [["a", "b"], ["content-type", "text/plain;charset=UTF-8"]]);
            await assert.rejects(fetch("https://a.example/refused"), (error) => error instanceof TypeError && error.cause.code === "ECONNREFUSED");
            const node = await new Promise((resolve, reject) => require("https").get("https://a.example/node", (res) => {
                let body = "";
                res.on("data", (chunk) => { body += chunk; });
                res.on("end", () => resolve([res.statusCode, res.headers["content-type"], JSON.parse(body).url]));
            }).on("error", reject));
            assert.deepStrictEqual(node, [200, "application/json", "https://a.example/node"]);
            assert.throws(() => require("effect").Effect, /effect/);
        };
        "#,
    ))
    .load();
    assert_eq!(rig.fatal(), None);
    rig.start();
}

#[test]
fn sc_17_the_sdk_of_the_first_generation_logs() {
    let rig = started(fixture("smartcars-object"));
    assert!(rig.has_logged(LogLevel::Info, "started for VA1"));
    let mut rig = started(
        with_web(fixture("smartcars-object"))
            .answer("http.fetch", |_| Err("ENOTFOUND|no such host".to_owned())),
    );
    assert_eq!(rig.http(get("airports", "")), (500, r#"{"message":"no such host"}"#.to_owned()));
    assert!(rig.has_logged(LogLevel::Error, "airports cannot be had\nAxiosError: no such host"));
}

#[test]
fn sc_19_packages_beside_the_module_are_found() {
    let mut rig = started(fixture("smartcars-packages"));
    assert_eq!(
        rig.http(get("all", "")).1,
        r#"{"hello":"hello you","miles":"1 by require","feet":3,"plain":"plain"}"#
    );
    assert_eq!(rig.http(get("later", "")).1, r#"{"value":"hello you 2 by import later.mjs"}"#);
    let (status, body) = rig.http(get("hidden", ""));
    assert!(status == 500 && body.contains("is not defined by"), "{body}");
    let (status, body) = rig.http(get("outside", ""));
    assert!(status == 500 && body.contains("Cannot find module"), "{body}");
}

#[test]
fn sc_21_the_bus_is_a_web_socket() {
    let mut rig = Setup::smartcars(
        r#"
        let socket;
        const seen = [];
        const connect = () => {
            socket = new WebSocket("ws://localhost:7173");
            socket.onopen = () => { seen.push("open"); socket.send(JSON.stringify({ type: "hi" })); };
            socket.addEventListener("message", (event) => seen.push(JSON.parse(event.data).type));
            socket.onclose = (event) => { seen.push(event.code); setTimeout(connect, 1000); };
            socket.onerror = () => seen.push("error");
        };
        exports.onStart = connect;
        exports.routes = { get: { seen: { handler: (req, res) => res.json([socket.readyState, ...seen]) } } };
        "#,
    )
    .answer("socket.open", |_| Ok(Value::Int(4)))
    .load();
    rig.start();
    assert_eq!(rig.calls("socket.open"), [[Value::from("ws://localhost:7173/")]]);
    rig.say("socket", json(r#"{"socket":4,"event":"open"}"#));
    assert_eq!(rig.calls("socket.send").len(), 1);
    rig.say("socket", json(r#"{"socket":4,"event":"message","data":"{\"type\":\"core\"}"}"#));
    rig.say("socket", json(r#"{"socket":9,"event":"message","data":"x"}"#));
    rig.say("socket", json(r#"{"socket":4,"event":"close","code":1006,"reason":""}"#));
    assert_eq!(rig.http(get("seen", "")).1, r#"[3,"open","core",1006]"#);
    rig.advance(1000);
    assert_eq!(rig.calls("socket.open").len(), 2, "it connects again");
}

#[test]
fn sc_22_the_identity_is_frozen_and_knows_its_folder() {
    let mut rig = Setup::smartcars(
        "exports.onStart = (identity) => {
            'use strict';
            if (!Object.isFrozen(identity.va_user)) throw new Error('soft');
            console.log(identity.storagePath, identity.va_user.session);
         };",
    )
    .load();
    rig.start_with(json(IDENTITY));
    assert!(rig.has_logged(LogLevel::Info, "/data/demo s3"));
}

#[test]
fn sc_28_a_plugin_that_cannot_be_loaded_says_why() {
    for (text, words, place) in [
        ("throw new RangeError('at the top')", "at the top", "background/index.js:1"),
        ("\nlet a = ;", "unexpected token", "background/index.js:2"),
        ("require('left-pad')", "Cannot find module 'left-pad'", "background/index.js"),
        ("module.exports = 5", "exports no object", ""),
        ("exports.routes = { get: { x: {} } }", "route get x has no handler", ""),
        ("require('./index.js').x.y", "", ""),
    ] {
        let rig = Setup::smartcars(text).load();
        let fatal = rig.fatal().unwrap_or_else(|| panic!("{text}"));
        let message = fatal.get("message").and_then(Value::as_str).unwrap_or_default();
        assert!(message.contains(words), "{message}");
        let stack = fatal.get("stack").and_then(Value::as_str).unwrap_or_default();
        assert!(stack.contains(place), "{text}: {stack}");
        assert_eq!(rig.loaded(), None);
        assert_eq!(rig.close(), BackgroundEnd::NotLoaded);
    }
    let rig = Setup::new(BackgroundDialect::Smartcars, "background/index.js").load();
    assert!(rig.fatal_words().contains("no file background/index.js"));
}

#[test]
fn sc_33_code_is_sloppy_unless_it_says_so() {
    let mut rig = started(Setup::smartcars(
        "undeclared = 7;
         const strict = (function () { 'use strict'; return this === undefined; })();
         const sloppy = (function () { return this === globalThis; })();
         exports.routes = { get: { x: { handler: (req, res) => { with ({ a: 1 }) { res.json([a, undeclared, strict, sloppy, this === module.exports]); } } } } };",
    ));
    assert_eq!(rig.http(get("x", "")).1, "[1,7,true,true,true]");
}

#[test]
fn timers_never_keep_messages_waiting() {
    let mut rig = Setup::smartcars(
        "let n = 0;
         exports.onStart = () => { const again = () => { if (++n < 5000) setImmediate(again); }; again(); };
         exports.routes = { get: { x: { handler: (req, res) => res.json(n) } } };",
    )
    .load();
    rig.start();
    assert_eq!(rig.http(get("x", "")).1, "5000");
}

#[test]
fn sc_28_running_out_of_memory_is_an_error_where_it_can_be_let_go_of() {
    let mut rig = Setup::smartcars(
        "exports.onStart = () => { const all = []; for (;;) all.push(new Array(1000).fill({})); };
         exports.routes = { get: { y: { handler: (req, res) => res.send('y') } } };",
    )
    .heap_mib(16)
    .load();
    assert_eq!(rig.fails("start", json("{}")).get("message"), Some(&"out of memory".into()));
    assert_eq!(rig.http(get("y", "")).1, "y");
}

#[test]
fn sc_28_an_endless_loop_is_ended_from_outside() {
    let text = "exports.onStart = () => { for (;;) { try { for (;;); } catch { } finally { continue; } } };";
    let mut rig = Setup::smartcars(text).load();
    rig.end_while("start", json("{}"), StopReason::Cancelled);
    assert_eq!(rig.close(), BackgroundEnd::Stopped(StopReason::Cancelled));
}

#[test]
fn sc_28_a_stack_that_is_used_up_is_an_error_like_others() {
    let mut rig = Setup::smartcars(
        "const deep = () => 1 + deep();
         exports.onStart = () => deep();
         exports.routes = { get: { x: { handler: () => deep() }, y: { handler: (req, res) => res.send('y') } } };",
    )
    .load();
    assert!(rig.fails("start", json("{}")).to_json().to_string().contains("call stack"));
    assert_eq!(rig.http(get("x", "")).0, 500);
    assert_eq!(rig.http(get("y", "")).1, "y");
}

#[test]
fn what_cannot_leave_the_plugin_is_an_error() {
    let mut rig = Setup::smartcars("").load();
    rig.start();
    assert!(rig.fails("nonsense", Value::Absent).to_json().to_string().contains("nonsense"));
    assert_eq!(rig.ok("ping", Value::Absent), Value::Absent);
}
