//! The plugins below `fixtures/background` whose twins in JavaScript are proved to do the same.

use serde_json::{Value as Json, json};
use vario_dialects::BackgroundDialect::{Mudstack, Smartcars, Stratos, Vario};
use vario_sandbox::NativeError;
use vario_value::Value;

use crate::rig::{Life, Told};

fn body(told: &Told, id: i64) -> Json {
    serde_json::from_str(&told.response(id).1).unwrap()
}

#[test]
fn smartcars_object() {
    let api = "/api/com.example.test";
    let told = Life::fixture(Smartcars, "smartcars-object-lua")
        .answer("http.fetch", |args| {
            let url = args[0].get("url").unwrap().as_str().unwrap();
            if url.contains("fail") {
                return Err(NativeError::Error("no such host".into()));
            }
            Ok(Value::from_json(
                &json!({ "status": 200, "headers": [], "body": json!({ "url": url }).to_string() }),
            ))
        })
        .say(
            "start",
            1,
            &json!({
                "account": {
                    "airline": { "settings": { "scriptURL": "https://va.example/api/" } },
                    "va_user": { "pilotID": "VA1", "session": "s3" },
                },
                "storagePath": "/data/test",
            }),
        )
        .wait(1000)
        .wait(1000)
        .say("settings", 2, &json!({ "loud": false }))
        .http(3, "GET", &format!("{api}/state"), None)
        .http(4, "GET", &format!("{api}/echo-it_now?a=1&a=2&b=x%20y&1712345"), None)
        .http(5, "GET", &format!("{api}/current.wav?1712345"), None)
        .http(6, "GET", &format!("{api}/current.wav?time=night"), None)
        .http(7, "GET", &format!("{api}/airports?q=x"), None)
        .http(8, "GET", &format!("{api}/airports?q=fail"), None)
        .http(9, "GET", &format!("{api}/throws"), None)
        .http(10, "GET", &format!("{api}/rejects"), None)
        .http(11, "GET", &format!("{api}/twice"), None)
        .http(12, "GET", &format!("{api}/never"), None)
        .http(13, "POST", &format!("{api}/sum"), Some(r#"{"a":1,"b":"2"}"#))
        .http(14, "POST", &format!("{api}/sum"), None)
        .http(15, "POST", &format!("{api}/sum"), Some("{"))
        .wait(1)
        .say("stop", 16, &json!({}))
        .wait(5000)
        .run();
    assert!(told.logged("info started for VA1"));
    assert_eq!(
        body(&told, 3),
        json!({ "ticks": 2, "settings": { "loud": false }, "pilot": "VA1" })
    );
    assert_eq!(told.response(4).0, 202);
    assert_eq!(body(&told, 4)["query"], json!({ "a": ["1", "2"], "b": "x y", "1712345": "" }));
    assert_eq!(told.reply(5)["file"], "/plugins/test/background/sounds/bell_day.wav");
    assert_eq!(told.header(5, "content-type").unwrap(), "audio/wav");
    assert_eq!(told.response(6), (404, "Not found".to_owned()));
    assert_eq!(body(&told, 7), json!({ "url": "https://va.example/api/data/airports?q=x" }));
    assert_eq!(told.response(8), (500, r#"{"message":"no such host"}"#.to_owned()));
    assert!(told.logged("error airports cannot be had\nAxiosError: no such host"));
    assert_eq!(told.calls("http.fetch")[0][0]["headers"][0], json!(["Authorization", "Bearer s3"]));
    assert_eq!(told.response(9), (500, r#"{"error":"thrown on purpose"}"#.to_owned()));
    assert_eq!(told.response(10), (500, r#"{"error":"rejected on purpose"}"#.to_owned()));
    assert_eq!(told.response(11), (200, "first".to_owned()));
    assert!(!told.has_reply(12));
    assert_eq!(
        (told.response(13).1, told.response(14).1),
        (r#"{"sum":3}"#.into(), r#"{"sum":0}"#.into())
    );
    assert_eq!(told.response(15).0, 400);
    assert!(told.logged("warn ended"));
}

#[test]
fn stratos_default() {
    let told = Life::fixture(Stratos, "stratos-default-lua")
        .gives("settings.all", &json!({ "volume": 3 }))
        .gives("account.token", &json!("t0"))
        .gives("account.current", &json!({ "airline": { "id": 7, "name": "Demo" } }))
        .answer("account.fetch", |args| {
            let is_missing = args[0].get("url").unwrap().as_str() == Some("missing");
            Ok(Value::from_json(&if is_missing {
                json!({ "status": 404, "headers": [], "body": "" })
            } else {
                json!({ "status": 201, "headers": [], "body": "{\"ok\":true}" })
            }))
        })
        .gives("database.open", &json!(1))
        .answer("database.prepare", |args| match args[1].as_str().unwrap() {
            "bad" => Err(NativeError::Error("SQLITE_ERROR: near \"bad\": syntax error".into())),
            sql => Ok(Value::from_json(&json!({
                "statement": 1, "reader": sql.starts_with("SELECT"),
                "columns": [{ "name": "a" }, { "name": "b" }],
            }))),
        })
        .gives("database.run", &json!({ "changes": 1, "lastInsertRowid": 1 }))
        .answer("database.get", |args| {
            let is_there = matches!(args[1], Value::Map(_));
            Ok(if is_there { Value::from_json(&json!([1, "x"])) } else { Value::Absent })
        })
        .gives("database.all", &json!([[1, "x"]]))
        .start()
        .say("ipc", 2, &json!({ "channel": "report", "args": [] }))
        .say("ipc", 3, &json!({ "channel": "add", "args": [2, 3] }))
        .say("ipc", 4, &json!({ "channel": "slow", "args": [] }))
        .wait(10)
        .say("ipc", 5, &json!({ "channel": "fails", "args": [] }))
        .say("ipc", 6, &json!({ "channel": "removed", "args": [] }))
        .say("ipc", 7, &json!({ "channel": "quiet", "args": [] }))
        .say("ipc", 8, &json!({ "channel": "send", "args": ["plain"] }))
        .say("ipc", 9, &json!({ "channel": "send", "args": ["bad"] }))
        .say("ipc", 10, &json!({ "channel": "database", "args": [] }))
        .say("ipc", 11, &json!({ "channel": "post", "args": [] }))
        .say("stop", 12, &json!({ "reason": "shutdown" }))
        .run();
    assert_eq!(
        told.log,
        [
            "debug [Start] levels",
            "info [Start] run {\"base\":\"string\",\"runs\":1}",
            "warn [SYSTEM] warned 1 two",
            "error [Start] failed Error: an error",
            "info only a message",
            "info [Stop] stopped"
        ]
    );
    assert_eq!(
        told.reply(2),
        json!({
            "list": [1, { "a": null }], "missing": "fallback", "nothing": true, "fromSettings": 3,
            "overridden": 9, "all": { "volume": 3, "list": [1, { "a": null }] },
            "token": ["t0", true, "t0"], "airline": { "id": 7, "name": "Demo" },
        })
    );
    assert_eq!((told.reply(3), told.reply(4)), (json!(5), json!({ "at": 0 })));
    assert_eq!(
        (&told.failure(5)["name"], &told.failure(5)["message"]),
        (&json!("RangeError"), &json!("no"))
    );
    assert_eq!(told.failure(6)["message"], "no handler for channel \"removed\"");
    assert_eq!(
        told.reply(7),
        json!({
            "state": true, "phase": false, "snapshot": true, "alert": true, "confirm": false,
            "text": true, "sound": "the plugin has no file assets/none.mp3",
        })
    );
    assert_eq!((told.reply(8), told.reply(9)), (json!("sent"), json!("DataCloneError")));
    assert_eq!(told.calls("ipc.send"), [json!(["push", { "a": [1, "x", null] }])]);
    assert_eq!(
        told.reply(10),
        json!({
            "info": { "changes": 1, "lastInsertRowid": 1 }, "row": { "a": 1, "b": "x" }, "none": true,
            "all": [1], "code": ["SqliteError", "SQLITE_ERROR", "near \"bad\": syntax error"],
            "type": "TypeError", "escape": "TypeError",
        })
    );
    assert_eq!(
        told.reply(11),
        json!({ "data": { "ok": true }, "status": 201, "failure": [true, 404, "ERR_BAD_REQUEST"] })
    );
    let posted = &told.calls("account.fetch")[0][0];
    assert_eq!(
        (&posted["url"], &posted["body"]),
        (&json!("pireps?dry=true"), &json!("{\"flight\":\"VA1\"}"))
    );
}

#[test]
fn stratos_router() {
    let told = Life::fixture(Stratos, "stratos-router-lua")
        .start()
        .http(2, "GET", "/demo-router/state?id=5", None)
        .http(3, "POST", "/demo-router/play/chime", Some(r#"{"times":3}"#))
        .http(4, "GET", "/demo-router/thrown", None)
        .http(5, "GET", "/demo-router/rejected", None)
        .wait(1)
        .http(6, "GET", "/demo-router/nothing", None)
        .run();
    assert_eq!(
        body(&told, 2),
        json!({ "isReady": true, "played": 0, "base": "/demo-router", "full": "/demo-router/state?id=5", "id": "5" })
    );
    assert_eq!(told.response(3).0, 201);
    assert_eq!(body(&told, 3), json!({ "clip": "chime", "played": 3 }));
    assert_eq!(told.calls("ipc.send"), [json!(["state", { "played": 3 }])]);
    assert_eq!(told.response(4), (500, r#"{"error":"thrown"}"#.to_owned()));
    assert_eq!(told.response(5), (503, r#"{"error":"rejected"}"#.to_owned()));
    assert_eq!(told.response(6).0, 404);
}

#[test]
fn mudstack_template_and_hello() {
    let told =
        Life::fixture(Mudstack, "mudstack-template-lua").start().say("stop", 2, &json!({})).run();
    assert_eq!((told.reply(1), told.reply(2), told.log.len()), (json!(null), json!(null), 0));
    let told =
        Life::fixture(Mudstack, "mudstack-hello-lua").start().say("stop", 2, &json!({})).run();
    assert_eq!(told.log, ["info [Hello] here I am", "info [Hello] there I go"]);
}

#[test]
fn mudstack_menu() {
    let event = json!({
        "id": "r1", "type": "demo.menu.greet", "source": "app",
        "payload": { "commandId": "c", "selection": [{ "versionId": "v1" }] },
    });
    let told = Life::fixture(Mudstack, "mudstack-menu-lua")
        .gives("assets.call", &json!("/tmp/a.fbx"))
        .gives("process.run", &json!({ "code": 0, "stdout": "/tmp/a.png\n", "stderr": "" }))
        .start()
        .say("event", 2, &json!({ "sub": null, "handler": "greet", "event": event }))
        .run();
    assert_eq!(told.log.len(), 2);
    assert!(told.log[0].starts_with("info [Menu] greetings (r1) {"));
    assert_eq!(told.log[1], "debug [Menu] done with 0");
    assert_eq!(told.calls("process.run")[0][0]["args"], json!(["--file", "/tmp/a.fbx"]));
    assert_eq!(told.calls("assets.call")[1][2], json!(["v1", "/tmp/a.png"]));
}

#[test]
fn vario_default() {
    let api = "/api/com.example.test";
    let told = Life::fixture(Vario, "vario-default-lua")
        .answer("http.fetch", |args| {
            let url = args[0].get("url").unwrap().to_json().to_string();
            Ok(Value::from_json(&json!({ "status": 200, "headers": [], "body": url })))
        })
        .gives("process.run", &json!({ "code": 0, "signal": null, "stdout": "now", "stderr": "" }))
        .start()
        .wait(100)
        .wait(150)
        .say("settings", 2, &json!({ "a": 1 }))
        .http(3, "GET", &format!("{api}/ticks"), None)
        .http(4, "GET", &format!("{api}/hash?text=abc"), None)
        .http(5, "GET", &format!("{api}/news"), None)
        .http(6, "GET", &format!("{api}/run"), None)
        .http(7, "GET", "/items-api/items/4", None)
        .http(8, "GET", "/items-api/fails", None)
        .say(
            "event",
            9,
            &json!({ "sub": 1, "event": { "id": "1", "type": "weather:x", "payload": "wet" } }),
        )
        .say("request", 10, &json!({ "from": "o", "type": "double", "payload": 21, "message": {} }))
        .say("stop", 11, &json!({}))
        .run();
    assert_eq!(told.loaded()["routes"].as_array().unwrap().len(), 4);
    assert!(told.logged("info started com.example.test"));
    assert_eq!(body(&told, 3), json!({ "ticks": 2, "changed": { "a": 1 } }));
    assert_eq!(told.response(4).1, "sha256 of abc");
    assert_eq!(told.response(5).1, "https://news.example/?q=a+b");
    assert_eq!(body(&told, 6), json!({ "code": 0, "stdout": "now", "stderr": "" }));
    assert_eq!(body(&told, 7), json!({ "id": "4", "base": "/items-api" }));
    assert_eq!(told.response(8).0, 500);
    assert!(told.logged("debug weather:x wet"));
    assert_eq!(told.reply(10), json!(42));
    assert!(told.logged("info stopped"));
}

fn follower() -> Life {
    let values = json!({ "file": "/var/log/x.log", "pattern": "ERROR", "limit": 5, "seconds": 2 });
    Life::fixture(Vario, "log-follower").gives("settings.all", &values)
}

/// What was published last: lines read, matches, and whether the file is there.
fn last(told: &Told) -> (i64, i64, bool) {
    let published = told.calls("bus.publish");
    let stats = &published.last().unwrap()[1];
    assert_eq!(published.last().unwrap()[0], "log-follower:stats");
    let counted: i64 = stats["minutes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|minute| minute["count"].as_i64().unwrap())
        .sum();
    assert_eq!(stats["total"].as_i64(), Some(counted));
    (stats["lines"].as_i64().unwrap(), counted, stats["isThere"].as_bool().unwrap())
}

const LOG: &str = "/var/log/x.log";

#[test]
fn log_follower_counts_what_is_new() {
    let told = follower()
        .write(LOG, "ERROR old\n")
        .start()
        .write(LOG, "ERROR old\nERROR new\nfine\nERR")
        .wait(2000)
        .write(LOG, "ERROR old\nERROR new\nfine\nERROR late\r\n")
        .wait(2000)
        .http(5, "GET", "/api/log-follower/stats", None)
        .wait(2000)
        .run();
    assert_eq!(last(&told), (3, 2, true));
    assert_eq!(body(&told, 5)["total"], 2);
    let written = told.calls("fs.writeText");
    assert_eq!(written.last().unwrap()[0], "/data/test/stats.json");
    assert_eq!(told.log, ["info follows /var/log/x.log"]);
    assert_eq!(told.calls("bus.publish").len(), 3, "nothing is told when nothing is new");
}

#[test]
fn log_follower_notices_rotation_and_truncation() {
    let told = follower()
        .write(LOG, "one\ntwo\n")
        .start()
        .write(LOG, "one\ntwo\nERROR a\n")
        .wait(2000)
        // Truncated, then written anew.
        .write(LOG, "ERROR b\n")
        .wait(2000)
        // Rotated: another file, and longer.
        .write(LOG, "2026-01-01 ERROR c\nplain and long enough\n")
        .wait(2000)
        .remove(LOG)
        .wait(2000)
        .write(LOG, "ERROR d\n")
        .wait(2000)
        .run();
    assert_eq!(last(&told), (5, 4, true));
}

#[test]
fn log_follower_goes_on_where_it_was() {
    let head = "one\n";
    let told = follower()
        .gives("config.all", &json!({}))
        .answer("config.get", move |args| {
            Ok(Value::from_json(&match args[0].as_str().unwrap() {
                "position" => json!({ "path": LOG, "offset": 4, "head": head }),
                "counts" => json!({ "total": 0, "lines": 1, "minutes": [] }),
                _ => Json::Null,
            }))
        })
        .write(LOG, "one\nERROR while it was away\n")
        .start()
        .run();
    assert_eq!(last(&told), (2, 1, true));
}

#[test]
fn log_follower_takes_new_settings_and_resets() {
    let told = follower()
        .write(LOG, "")
        .start()
        .write(LOG, "WARN (\nERROR\n")
        .wait(2000)
        .say("settings", 2, &json!({ "file": LOG, "pattern": "WARN (", "limit": 5, "seconds": 1 }))
        .write(LOG, "WARN (\nERROR\nWARN (\n")
        .wait(1000)
        .http(3, "POST", "/api/log-follower/reset", None)
        .say("stop", 4, &json!({}))
        .run();
    let totals: Vec<_> =
        told.calls("bus.publish").iter().map(|args| args[1]["total"].clone()).collect();
    assert_eq!(totals, [json!(0), json!(1), json!(0), json!(1), json!(0), json!(0)]);
    assert_eq!(told.response(3).0, 204);
}

#[test]
fn log_follower_says_when_the_file_is_not_there_and_survives_a_refusal() {
    let told = follower()
        .answer("bus.publish", |_| Err(NativeError::Error("not allowed: bus".into())))
        .start()
        .write(LOG, "ERROR first\n")
        .wait(2000)
        .run();
    assert_eq!(last(&told), (1, 1, true));
    assert_eq!(told.reply(1), json!(null));
}
