use vario_dialects::BackgroundDialect;
use vario_sandbox::LogLevel::{Debug, Error, Info, Warn};
use vario_value::Value;

use crate::rig::{Rig, Setup, json, routed};

fn fixture(name: &str) -> Setup {
    Setup::fixture(BackgroundDialect::Stratos, "background/index.js", name)
}

fn started(setup: Setup) -> Rig {
    let mut rig = setup.load();
    assert_eq!(rig.fatal(), None);
    rig.start();
    rig
}

fn ipc(channel: &str, args: &str) -> Value {
    Value::from([("channel", channel.into()), ("args", json(args))])
}

#[test]
fn st_04_the_default_export_is_needed() {
    let rig = started(Setup::stratos(
        "import util from 'util'; export default { onStart() {}, onStop() {} }; void util;",
    ));
    assert!(rig.loaded().is_some());
    for (text, words) in [
        ("export const onStart = () => {}; export const onStop = () => {};", "no default export"),
        ("export default { onStart() {} };", "no function onStop"),
        ("export default 5;", "no function onStart"),
        ("import './missing.js'; export default {};", "Cannot find module"),
        ("await new Promise((_, no) => no(new Error('at the top')));", "at the top"),
        ("export default {", "invalid property name"),
    ] {
        let fatal = Setup::stratos(text).load().fatal_words();
        assert!(fatal.contains(words), "{text}: {fatal}");
    }
    let old = "export const onStart = () => {}; export const onStop = () => {};";
    let manifest = r#"{"background":{"entryModule":"background/index.ts"}}"#;
    let rig = started(Setup::stratos(old).manifest(manifest));
    assert!(rig.has_logged(Warn, "deprecated"));
}

#[test]
fn st_04_a_bundle_of_the_other_kind_is_taken_too() {
    started(Setup::stratos(
        "Object.defineProperty(exports, '__esModule', { value: true });
         exports.default = { onStart() {}, onStop() {} };",
    ));
}

#[test]
fn st_05_create_plugin_looks_at_its_definition() {
    let words = Setup::stratos(
        "import { createPlugin } from '@skyvexsoftware/stratos-sdk/helpers';
         export default createPlugin({ onStart() {} });",
    )
    .load()
    .fatal_words();
    assert_eq!(words, "createPlugin: onStop must be a function");
}

#[test]
fn st_06_a_failing_start_takes_its_routes_away() {
    let mut rig = Setup::stratos(
        "export default {
            async onStart(ctx) { ctx.server.registerRouter('/x', (q, s) => s.send('x')); throw new Error('no start'); },
            onStop() {} };",
    )
    .load();
    let error = rig.fails("start", json("{}"));
    assert_eq!(error.get("message"), Some(&"no start".into()));
    assert_eq!(rig.calls("routes.remove"), [[json(r#"{"prefix":"/x"}"#)]]);
    assert_eq!(rig.http(routed("/x", "GET", "/", None)).0, 404);
}

#[test]
fn st_07_st_09_hooks_get_ctx_and_the_logger_its_levels() {
    let mut rig = started(fixture("stratos-default"));
    rig.ok("stop", json(r#"{"reason":"shutdown"}"#));
    for (level, line) in [
        (Debug, "[Start] levels"),
        (Info, r#"[Start] run {"runs":1,"base":"string"}"#),
        (Warn, "[SYSTEM] warned 1 two"),
        (Error, "[Start] failed Error: an error\n    at onStart (background/index.js:"),
        (Info, "only a message"),
        (Info, "[Stop] stopped"),
    ] {
        assert!(rig.has_logged(level, line), "{line}: {:#?}", rig.log());
    }
    assert!(!rig.has_logged(Info, "] only a message"));
}

#[test]
fn st_10_st_11_st_15_st_16_config_auth_and_airline() {
    let account = r#"{"airline":{"id":7,"name":"Demo","baseUrl":"https://va.example"}}"#;
    let mut rig = started(
        fixture("stratos-default")
            .setting("volume", 3)
            .answer("account.token", |_| Ok("t0".into()))
            .answer("account.current", move |_| Ok(json(account))),
    );
    let report = rig.ok("ipc", ipc("report", "[]"));
    let expected = json(
        r#"{"list":[1,{"a":null}],"missing":"fallback","nothing":true,"fromSettings":3,"overridden":9,
            "all":{"volume":3,"list":[1,{"a":null}]},"token":["t0",true,"t0"],
            "airline":{"id":7,"name":"Demo","baseUrl":"https://va.example"},
            "electron":"electron.app.getPath is not available: plugins do not run in Electron here"}"#,
    );
    assert_eq!(report, expected);
}

#[test]
fn st_13_payloads_are_cloned_or_refused() {
    let mut rig = started(fixture("stratos-default"));
    assert_eq!(rig.ok("ipc", ipc("send", r#"["plain"]"#)), "sent".into());
    assert_eq!(rig.ok("ipc", ipc("send", r#"["rich"]"#)), "sent".into());
    assert_eq!(rig.ok("ipc", ipc("send", r#"["bad"]"#)), "DataCloneError".into());
    let sent = rig.calls("ipc.send");
    assert_eq!(sent[0], [Value::from("push"), json(r#"{"a":[1,"x",null]}"#)]);
    assert_eq!(sent[1][1].get("d"), Some(&"1970-01-01T00:00:00.000Z".into()));
    assert_eq!(sent[1][1].get("m"), Some(&json(r#"{"k":1}"#)));
    assert_eq!(sent[1][1].get("b"), Some(&Value::Bytes(vec![1, 2])));
    assert_eq!(sent.len(), 2);
}

#[test]
fn st_14_handlers_answer_and_can_be_removed() {
    let mut rig = started(fixture("stratos-default"));
    assert_eq!(rig.ok("ipc", ipc("add", "[2,3]")), Value::Int(5));
    let slow = rig.begin("ipc", ipc("slow", "[]"));
    assert_eq!(rig.answer_to(slow), None);
    rig.advance(10);
    assert_eq!(rig.answer_to(slow), Some(Ok(json(r#"{"at":"1970-01-01T00:00:00.000Z"}"#))));
    let failed = rig.fails("ipc", ipc("fails", "[]"));
    assert_eq!(
        (failed.get("name"), failed.get("message")),
        (Some(&"RangeError".into()), Some(&"no".into()))
    );
    assert!(rig.fails("ipc", ipc("removed", "[]")).to_json().to_string().contains("no handler"));
    assert!(rig.calls("ipc.unhandle").contains(&vec!["removed".into()]));
}

#[test]
fn st_17_the_client_asks_through_the_account() {
    let mut rig = started(fixture("stratos-default").answer("account.fetch", |args| {
        let missing = args[0].get("url") == Some(&"missing".into());
        Ok(Value::from([
            ("status", Value::Int(if missing { 401 } else { 201 })),
            ("headers", Value::List(vec![])),
            ("body", Value::Bytes(args[0].to_json().to_string().into_bytes())),
        ]))
    }));
    let answer = rig.ok("ipc", ipc("post", "[]"));
    assert_eq!(answer.get("status"), Some(&Value::Int(201)));
    let asked = answer.get("data").unwrap();
    assert_eq!(asked.get("url"), Some(&"pireps?dry=true".into()), "the host joins it to the base");
    assert_eq!(asked.get("method"), Some(&"POST".into()));
    assert_eq!(asked.get("body"), Some(&r#"{"flight":"VA1"}"#.into()));
    assert_eq!(answer.get("failure"), Some(&json(r#"[true,401,"ERR_BAD_REQUEST"]"#)));
}

#[test]
fn st_20_databases_have_the_known_shape() {
    let column = |name: &str| {
        Value::from([
            ("name", name.into()),
            ("column", name.into()),
            ("table", "t".into()),
            ("type", Value::Null),
        ])
    };
    let mut rig = started(
        fixture("stratos-default")
            .answer("database.open", |_| Ok(Value::Int(1)))
            .answer("database.prepare", move |args| {
                let sql = args[1].as_str().unwrap_or_default();
                if sql == "bad" {
                    return Err("SQLITE_ERROR: near \"bad\": syntax error".to_owned());
                }
                let reader = sql.starts_with("SELECT");
                let columns = if reader { vec![column("a"), column("b")] } else { vec![] };
                Ok(Value::from([
                    ("statement", Value::Int(2)),
                    ("reader", Value::Bool(reader)),
                    ("columns", Value::List(columns)),
                ]))
            })
            .answer("database.run", |_| Ok(json(r#"{"changes":1,"lastInsertRowid":5}"#)))
            .answer("database.get", |args| {
                Ok(if args[1].as_list().is_some() { Value::Absent } else { json(r#"[1,"x"]"#) })
            })
            .answer("database.all", |_| Ok(json(r#"[[1,"x"],[2,"y"]]"#))),
    );
    assert_eq!(
        rig.ok("ipc", ipc("database", "[]")),
        json(
            r#"{"info":{"changes":1,"lastInsertRowid":5},"row":{"a":1,"b":"x"},"none":true,"all":[1,2],
                "code":["SqliteError","SQLITE_ERROR","near \"bad\": syntax error"],"type":"TypeError","escape":"TypeError"}"#
        )
    );
    assert_eq!(rig.calls("database.get")[0][1], json(r#"{"a":1}"#));
    rig.ok("stop", json("{}"));
    assert_eq!(rig.calls("database.close").len(), 1);
}

#[test]
fn st_21_st_22_st_23_a_bundled_router_finds_what_it_needs() {
    let mut rig = started(fixture("stratos-router"));
    assert_eq!(rig.calls("routes.add"), [[json(r#"{"prefix":"/demo-router"}"#)]]);
    let mut ask = |method: &str, rest: &str, body: Option<&str>| {
        rig.http(routed("/demo-router", method, rest, body))
    };
    assert_eq!(
        ask("GET", "/state?id=5", None),
        (200, r#"{"isReady":true,"played":0,"base":"/demo-router","full":"/demo-router/state?id=5","id":"5"}"#.to_owned())
    );
    assert_eq!(
        ask("POST", "/play/c1", Some(r#"{"times":2}"#)),
        (201, r#"{"clip":"c1","played":2}"#.to_owned())
    );
    assert_eq!(ask("POST", "/play/c2", None).1, r#"{"clip":"c2","played":3}"#);
    assert_eq!(ask("GET", "/state", None).0, 200);
    assert_eq!(rig.calls("ipc.send")[0], [Value::from("state"), json(r#"{"played":2}"#)]);
}

#[test]
fn st_24_next_is_404_and_failures_500() {
    let mut rig = started(fixture("stratos-router"));
    let ask = |rig: &mut Rig, rest: &str| {
        let id = rig.begin("http", routed("/demo-router", "GET", rest, None));
        rig.advance(1);
        let answer = rig.answer_to(id).unwrap().unwrap();
        answer.get("status").cloned().unwrap()
    };
    assert_eq!(ask(&mut rig, "/nothing"), Value::Int(404));
    assert_eq!(ask(&mut rig, "/thrown"), Value::Int(500));
    assert_eq!(ask(&mut rig, "/rejected"), Value::Int(503), "although nobody looks at its promise");
    assert_eq!(ask(&mut rig, "/state"), Value::Int(200));
    assert_eq!(rig.http(routed("/other", "GET", "/", None)).0, 404);
}

#[test]
fn st_23_the_router_of_the_host_serves_plugins_without_one() {
    let mut rig = started(Setup::stratos(
        r#"
        import express, { Router, json as parse } from "express";
        export default {
            onStart(ctx) {
                const inner = express.Router({ mergeParams: true });
                inner.get("/leaf", (req, res) => res.json({ params: req.params, base: req.baseUrl, url: req.url }));
                const router = Router();
                router.use(parse(), express.urlencoded({ extended: true }));
                router.use((req, res, next) => { res.set("X-Seen", "1"); next(); });
                router.param("id", (req, res, next, id) => { req.seen = id; next(); });
                router.route("/items/:id").get((req, res) => res.json({ id: req.params.id, seen: req.seen })).delete((req, res) => res.sendStatus(204));
                router.post("/items", (req, res, next) => (req.body.skip ? next("route") : next()), (req, res) => res.status(201).json(req.body));
                router.use("/deep/:name", inner);
                router.get("/opt/:a/:b?", (req, res) => res.json(req.params));
                router.get("/files/*path", (req, res) => res.json(req.params));
                router.get("/async", async () => { await null; throw Object.assign(new Error("teapot"), { status: 418 }); });
                router.get("/handled", () => { throw new Error("handled"); });
                router.all("/any", (req, res) => res.send(req.method));
                router.use((error, req, res, next) => (error.message === "handled" ? res.status(422).send("ours") : next(error)));
                ctx.server.registerRouter("/r/", router);
            },
            onStop() {},
        };
        "#,
    ));
    let mut ask =
        |method: &str, rest: &str, body: Option<&str>| rig.http(routed("/r", method, rest, body));
    for (method, rest, status, body) in [
        ("GET", "/items/a%20b", 200, r#"{"id":"a b","seen":"a b"}"#),
        ("DELETE", "/items/5/", 204, "No Content"),
        (
            "GET",
            "/deep/down/leaf?x=1",
            200,
            r#"{"params":{"name":"down"},"base":"/r/deep/down","url":"/leaf?x=1"}"#,
        ),
        ("GET", "/opt/1", 200, r#"{"a":"1"}"#),
        ("GET", "/opt/1/2", 200, r#"{"a":"1","b":"2"}"#),
        ("GET", "/files/a/b.txt", 200, r#"{"path":"a/b.txt"}"#),
        ("GET", "/async", 418, r#"{"error":"teapot"}"#),
        ("GET", "/handled", 422, "ours"),
        ("PUT", "/any", 200, "PUT"),
        ("GET", "/none", 404, r#"{"error":"Not found"}"#),
        ("GET", "/items/%E0%A4%A", 400, r#"{"error":"Failed to decode param '%E0%A4%A'"}"#),
    ] {
        assert_eq!(ask(method, rest, None), (status, body.to_owned()), "{method} {rest}");
    }
    assert_eq!(ask("POST", "/items", Some(r#"{"a":1}"#)), (201, r#"{"a":1}"#.to_owned()));
    assert_eq!(ask("POST", "/items", Some(r#"{"skip":true}"#)).0, 404);
}

#[test]
fn st_25_stopping_takes_everything_back() {
    let mut rig = started(fixture("stratos-router"));
    rig.ok("stop", json("{}"));
    assert_eq!(rig.calls("routes.remove"), [[json(r#"{"prefix":"/demo-router"}"#)]]);
    let mut rig = started(fixture("stratos-default"));
    rig.ok("stop", json("{}"));
    assert_eq!(rig.calls("ipc.handle").len(), rig.calls("ipc.unhandle").len());
    assert_eq!(rig.calls("bus.subscribe").len(), rig.calls("bus.unsubscribe").len());
}

#[test]
fn st_26_imports_resolve_in_every_form() {
    let rig = started(
        Setup::stratos(
            r#"
            import util, { inspect as show } from "util";
            import * as events from "node:events";
            import { EventEmitter } from "events";
            import buffer from "buffer";
            import { readFileSync, promises } from "node:fs";
            import assert from "node:assert/strict";
            import own, { value, later } from "./own.js";
            import data from "./data.json" with { type: "json" };
            import common, { named } from "./common.cjs";
            assert.strictEqual(util.inspect, show);
            assert.strictEqual(events.default, EventEmitter);
            assert.strictEqual(events.EventEmitter, EventEmitter);
            assert.ok(buffer.Buffer === Buffer && typeof readFileSync === "function" && typeof promises.readFile === "function");
            assert.deepEqual([own, value, data.a, common.named, named], ["own", 1, 1, "common", "common"]);
            assert.strictEqual((await later()).default, "dynamic");
            assert.strictEqual((await import("node:path")).join("a", "b"), "a/b");
            await assert.rejects(import("./nowhere.js"), { code: "MODULE_NOT_FOUND" });
            await assert.rejects(import("../../outside.js"));
            assert.strictEqual(import.meta.url, "file:///plugins/demo/background/index.js");
            assert.strictEqual(import.meta.dirname, "/plugins/demo/background");
            assert.strictEqual(typeof require, "undefined");
            export default { onStart() {}, onStop() {} };
            "#,
        )
        .file("background/own.js", "export const value = 1; export default 'own'; export const later = () => import('./dynamic.js');")
        .file("background/dynamic.js", "export default 'dynamic';")
        .file("background/data.json", r#"{"a":1}"#)
        .file("background/common.cjs", "exports.named = 'common'; exports.dirname = __dirname;"),
    );
    assert_eq!(rig.log(), []);
}

#[test]
fn st_27_st_28_what_a_headless_host_lacks_does_no_harm() {
    let mut rig = started(fixture("stratos-default"));
    assert_eq!(
        rig.ok("ipc", ipc("quiet", "[]")),
        json(
            r#"{"state":null,"phase":false,"snapshot":null,"alert":true,"confirm":false,"text":null,
                "sound":"the plugin has no file assets/none.mp3"}"#
        )
    );
    let subs = rig.calls("bus.subscribe");
    assert_eq!(subs.len(), 2);
    rig.ok("event", json(r#"{"sub":2,"event":{"id":"1","type":"flight:phase","payload":{"phase":"TAXIOUT"},"source":"core","timestamp":1}}"#));
    assert!(rig.has_logged(Info, "[Phase] TAXIOUT"), "{:?}", rig.log());
}

#[test]
fn st_29_state_play_and_broadcasts() {
    let mut rig = started(fixture("stratos-router"));
    for times in 1..=3 {
        rig.http(routed("/demo-router", "POST", "/play/x", Some(r#"{"times":1}"#)));
        assert_eq!(rig.calls("ipc.send").len(), times);
    }
    assert!(rig.http(routed("/demo-router", "GET", "/state", None)).1.contains(r#""played":3"#));
}
