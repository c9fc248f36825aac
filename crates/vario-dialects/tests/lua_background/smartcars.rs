use serde_json::json;
use vario_dialects::BackgroundDialect::Smartcars;

use crate::rig::Life;

const ROUTES: &str = r#"
local sdk = require("@tfdidesign/smartcars3-background-sdk")
local routes = { GET = {}, post = {} }
routes.GET["current.wav"] = { description = "a sound", handler = function(req, res) return res:sendFile("/data/test/a.wav") end }
routes.GET.gone = function(req, res) res:sendFile("/data/test/none.wav") end
routes.GET.outside = function(req, res) res:sendFile("/data/test/../../etc/passwd") end
routes.GET.echo = { handler = function(req, res)
    res:status(201):json{ method = req.method, query = req.query, params = req.params, path = req.path, test = req:get("X-Test"), url = req.url }
end }
routes.GET.missing = function(req, res) res:status(404):send("Not found") end
routes.GET.throws = function() error("broken") end
routes.GET.refuses = function() error{ message = "no tea", status = 418 } end
routes.GET.later = function(req, res) require("vario").timers.sleep(10); error("late") end
routes.GET.twice = function(req, res) res:json(1); res:json(2) end
routes.GET.empty = function(req, res) res:send() end
routes.GET.silent = function() end
routes.GET.bytes = function(req, res) res:send("\255\254") end
routes.GET.table = function(req, res) res:send{ a = 1 } end
routes.GET.headers = function(req, res) res:set("X-A", 1):append("Set-Cookie", "a=1"):append("Set-Cookie", "b=2"):type("json"):finish("{}") end
routes.GET.away = function(req, res) res:redirect("/there") end
routes.post["create-flight"] = { handler = function(req, res) res:json(req.body) end }
return {
    onStart = function(identity)
        print(identity.va_user.pilotID, identity.storagePath, pcall(function() identity.x = 1 end))
        sdk.log("hello", "warn")
        sdk.log({ a = 1 }, "error", "why")
    end,
    onEnd = function() print("bye") end,
    onSettingsUpdate = function(settings) print(settings.volume) end,
    routes = routes,
}
"#;

fn life() -> Life {
    Life::of(Smartcars, ROUTES).answer("fs.stat", |args| {
        let is_there = args[0].as_str() == Some("/data/test/a.wav");
        Ok(if is_there {
            vario_value::Value::from([("kind", "file".into())])
        } else {
            vario_value::Value::Absent
        })
    })
}

#[test]
fn sc_06_07_08_hooks_and_log() {
    let told = life()
        .start()
        .say("settings", 2, &json!({ "volume": 3 }))
        .say("stop", 3, &json!({ "reason": "logout" }))
        .run();
    assert_eq!(
        told.log,
        [
            "info ABC1\t/data/test\tfalse\tbackground/index.lua:24: attempt to modify a readonly table",
            "warn hello",
            "error {\"a\":1}\nwhy",
            "info 3",
            "info bye"
        ]
    );
    assert_eq!(
        (told.reply(1), told.reply(2), told.reply(3)),
        (json!(null), json!(null), json!(null))
    );
    assert_eq!(told.loaded()["has"], json!({ "start": true, "stop": true, "settings": true }));
    let added = told.calls("routes.add");
    assert!(
        added.contains(
            &json!([{ "method": "GET", "name": "current.wav", "description": "a sound" }])
        )
    );
    assert!(added.contains(&json!([{ "method": "POST", "name": "create-flight" }])));
}

#[test]
fn sc_10_11_requests_reach_their_handlers() {
    let told = life()
        .start()
        .http(2, "GET", "/api/com.example.test/echo?a=1&b=x%20y&b=z+&1712345", None)
        .http(3, "POST", "/api/com.example.test/create-flight", Some(r#"{"a":[1,null]}"#))
        .http(4, "HEAD", "/api/com.example.test/empty", None)
        .run();
    let (status, body) = told.response(2);
    assert_eq!(status, 201);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        body,
        json!({
            "method": "GET", "test": "yes", "path": "/api/com.example.test/echo",
            "url": "/api/com.example.test/echo?a=1&b=x%20y&b=z+&1712345",
            "query": { "a": "1", "b": ["x y", "z "], "1712345": "" },
            "params": { "pluginId": "com.example.test", "handlerName": "echo" },
        })
    );
    assert_eq!(told.response(3), (200, r#"{"a":[1,null]}"#.to_owned()));
    assert_eq!(told.response(4), (200, String::new()));
}

#[test]
fn sc_12_13_what_goes_wrong_has_a_status() {
    let told = life()
        .start()
        .http(2, "GET", "/api/com.example.test/nothing", None)
        .http(3, "POST", "/api/com.example.test/echo", None)
        .http(4, "GET", "/api/com.example.test/throws", None)
        .http(5, "GET", "/api/com.example.test/refuses", None)
        .http(6, "GET", "/api/com.example.test/later", None)
        .http(7, "GET", "/api/com.example.test/twice", None)
        .http(8, "GET", "/api/com.example.test/silent", None)
        .http(9, "POST", "/api/com.example.test/create-flight", Some("{"))
        .http(10, "GET", "/api/com.example.test/missing", None)
        .wait(10)
        .run();
    assert_eq!(told.response(2), (404, r#"{"error":"no handler for GET nothing"}"#.to_owned()));
    assert_eq!(told.response(3).0, 404);
    assert_eq!(told.response(4), (500, r#"{"error":"broken"}"#.to_owned()));
    assert_eq!(told.response(5), (418, r#"{"error":"no tea"}"#.to_owned()));
    assert_eq!(told.response(6), (500, r#"{"error":"late"}"#.to_owned()));
    assert_eq!(told.response(7), (200, "1".to_owned()));
    assert!(!told.has_reply(8));
    assert_eq!(told.response(9).0, 400);
    assert_eq!(told.response(10), (404, "Not found".to_owned()));
    assert_eq!(told.header(10, "content-type").unwrap(), "text/html; charset=utf-8");
    assert!(told.logged("warn a second answer to one request was ignored"));
    assert!(
        told.logged(
            "error GET /api/com.example.test/throws failed: broken\nbackground/index.lua:11"
        )
    );
}

#[test]
fn sc_14_15_answers_are_as_express_makes_them() {
    let told = life()
        .start()
        .http(2, "GET", "/api/com.example.test/current.wav", None)
        .http(3, "GET", "/api/com.example.test/gone", None)
        .http(4, "GET", "/api/com.example.test/outside", None)
        .http(5, "POST", "/api/com.example.test/create-flight", None)
        .http(6, "GET", "/api/com.example.test/bytes", None)
        .http(7, "GET", "/api/com.example.test/table", None)
        .http(8, "GET", "/api/com.example.test/headers", None)
        .http(9, "GET", "/api/com.example.test/away", None)
        .run();
    assert_eq!(told.reply(2)["file"], "/data/test/a.wav");
    assert_eq!(told.header(2, "content-type").unwrap(), "audio/wav");
    assert_eq!((told.response(3).0, told.response(4).0), (404, 404));
    assert_eq!(told.response(5).1, "{}");
    assert_eq!(told.header(6, "content-type").unwrap(), "application/octet-stream");
    assert_eq!(told.response(7).1, r#"{"a":1}"#);
    assert_eq!(
        told.reply(8)["headers"],
        json!([
            ["X-A", "1"],
            ["Set-Cookie", "a=1"],
            ["Set-Cookie", "b=2"],
            ["Content-Type", "application/json; charset=utf-8"]
        ])
    );
    assert_eq!((told.response(9).0, told.header(9, "location")), (302, Some("/there".into())));
}

#[test]
fn sc_16_axios() {
    let told = Life::of(
        Smartcars,
        r#"
        local axios = require("axios")
        return { onStart = function()
            local res = axios.get("https://x.test/a", { params = { q = "a b", n = 1 } })
            print(res.status, res.data.ok, res.headers["x-a"])
            local ok, err = pcall(axios.post, "https://x.test/fail", { a = 1 }, { headers = { Authorization = "Bearer t" } })
            print(ok, err.message, err.response.status, err.response.data, axios.isAxiosError(err), err.code)
            local client = axios.create{ baseURL = "https://x.test/api/", headers = { A = "b" } }
            print(client{ url = "/x", method = "DELETE" }.status)
        end }
        "#,
    )
    .answer("http.fetch", |args| {
        let url = args[0].get("url").unwrap().as_str().unwrap().to_owned();
        let answer = if url.ends_with("fail") {
            json!({ "status": 503, "headers": [], "body": "busy" })
        } else {
            json!({ "status": 200, "headers": [["X-A", "1"], ["x-a", "2"]], "body": "{\"ok\":true}" })
        };
        Ok(vario_value::Value::from_json(&answer))
    })
    .start()
    .run();
    assert_eq!(
        told.log,
        [
            "info 200\ttrue\t1, 2",
            "info false\tRequest failed with status code 503\t503\tbusy\ttrue\tERR_BAD_RESPONSE",
            "info 200"
        ]
    );
    let calls = told.calls("http.fetch");
    assert_eq!(calls[0][0]["url"], "https://x.test/a?n=1&q=a+b");
    assert_eq!(calls[1][0]["body"], r#"{"a":1}"#);
    assert_eq!(calls[2][0]["url"], "https://x.test/api/x");
    assert_eq!(calls[2][0]["method"], "DELETE");
}

#[test]
fn sc_21_a_socket_to_the_bus() {
    let told = Life::of(
        Smartcars,
        r#"
        local vario = require("vario")
        return { onStart = function()
            local client
            client = vario.socket.connect("ws://localhost:7173", {
                open = function() client:send({ type = "a" }) print(client.state) end,
                message = function(text) print("got", vario.json.decode(text).type) client:close(1000, "done") end,
                close = function(code, reason) print("closed", code, reason, pcall(client.send, client, "x")) end,
                error = function(words) print("error", words) end,
            })
        end }
        "#,
    )
    .gives("socket.open", &json!(9))
    .start()
    .say("socket", 0, &json!({ "socket": 9, "event": "open" }))
    .say("socket", 0, &json!({ "socket": 9, "event": "message", "data": "{\"type\":\"b\"}" }))
    .say("socket", 0, &json!({ "socket": 9, "event": "error", "reason": "odd" }))
    .say("socket", 0, &json!({ "socket": 9, "event": "close", "code": 1000, "reason": "done" }))
    .run();
    assert_eq!(
        told.log,
        [
            "info open",
            "info got\tb",
            "info error\todd",
            "info closed\t1000\tdone\tfalse\tInvalidStateError: the socket is closed"
        ]
    );
    assert_eq!(told.calls("socket.send"), [json!([9, "{\"type\":\"a\"}"])]);
    assert_eq!(told.calls("socket.close"), [json!([9, 1000, "done"])]);
}
