use serde_json::json;
use vario_dialects::BackgroundDialect::Stratos;

use crate::rig::Life;

fn started(body: &str) -> String {
    format!(
        "return {{ onStart = function(ctx)\n{body}\nend, onStop = function(ctx) ctx.logger.info('stopped') end }}"
    )
}

#[test]
fn st_04_07_09_lifecycle_and_logger() {
    let told = Life::of(
        Stratos,
        &started(
            r#"
            local log = ctx.logger
            log.info("only")
            log:warn("Cat", "message")
            log.error("Cat", "Failed", { a = 1 }, 2)
            log.debug("Cat", { b = 1 })
            "#,
        ),
    )
    .start()
    .say("stop", 2, &json!({ "reason": "stop" }))
    .run();
    assert_eq!(
        told.log,
        [
            "info only",
            "warn [Cat] message",
            "error [Cat] Failed {\"a\":1} 2",
            "debug [Cat] {\"b\":1}",
            "info stopped"
        ]
    );
    assert_eq!((told.reply(1), told.reply(2)), (json!(null), json!(null)));
}

#[test]
fn st_10_11_config() {
    let told = Life::of(
        Stratos,
        &started(
            r#"
            local config = ctx.config
            print(config.get("volume"), config.get("volume", 9), config.get("none"), config.get("none", 4))
            config.set("volume", false)
            print(config.get("volume", true))
            config.delete("volume")
            config.set("list", { 1, 2 })
            local all = config.getAll()
            print(all.volume, all.list[2])
            print(pcall(config.set, "fixed", 1))
            "#,
        ),
    )
    .manifest(&json!({ "availableSettings": [
        { "key": "volume", "scope": "user" }, { "key": "fixed", "scope": "airline" }
    ] }))
    .gives("settings.all", &json!({ "volume": 5, "fixed": 1 }))
    .start()
    .run();
    assert_eq!(
        told.log,
        [
            "info 5\t9\tnil\t4",
            "info false",
            "info 5\t2",
            "info false\tError: fixed is set by the airline"
        ]
    );
}

#[test]
fn st_12_13_14_ipc() {
    let told = Life::of(
        Stratos,
        &started(
            r#"
            ctx.ipc.handle("sum", function(a, b) return a + b end)
            print(pcall(ctx.ipc.handle, "sum", print))
            print(pcall(ctx.ipc.send, "state", { run = print }))
            ctx.ipc.send("state", { on = true })
            ctx.ipc.handle("gone", print)
            ctx.ipc.removeHandler("gone")
            "#,
        ),
    )
    .start()
    .say("ipc", 2, &json!({ "channel": "sum", "args": [2, 3] }))
    .say("ipc", 3, &json!({ "channel": "gone", "args": [] }))
    .run();
    assert_eq!(
        told.log,
        [
            "info false\tError: channel \"sum\" has a handler already",
            "info false\tDataCloneError: a function cannot be sent"
        ]
    );
    assert_eq!(told.reply(2), json!(5));
    assert_eq!(told.failure(3)["message"], "no handler for channel \"gone\"");
    assert_eq!(told.calls("ipc.send"), [json!(["state", { "on": true }])]);
    assert_eq!(told.calls("ipc.unhandle"), [json!(["gone"])]);
}

#[test]
fn st_15_16_17_auth_and_airline() {
    let told = Life::of(
        Stratos,
        &started(
            r#"
            print(ctx.auth.getToken(), ctx.auth.isAuthenticated(), ctx.auth.token)
            print(ctx.airline.getCurrent().name)
            local client = ctx.airline.createClient()
            print(client.patch("flights/1", { a = 1 }).data.ok)
            local ok, err = pcall(client.get, "fail")
            print(ok, err.response.status)
            "#,
        ),
    )
    .gives("account.token", &json!("tok"))
    .gives("account.current", &json!({ "airline": { "name": "Air" } }))
    .answer("account.fetch", |args| {
        let is_failing = args[0].get("url").unwrap().as_str() == Some("fail");
        Ok(vario_value::Value::from_json(&if is_failing {
            json!({ "status": 401, "headers": [] })
        } else {
            json!({ "status": 200, "headers": [], "body": "{\"ok\":1}" })
        }))
    })
    .start()
    .run();
    assert_eq!(told.log, ["info tok\ttrue\ttok", "info Air", "info 1", "info false\t401"]);
    let call = &told.calls("account.fetch")[0][0];
    assert_eq!((&call["url"], &call["method"]), (&json!("flights/1"), &json!("PATCH")));
}

const ROUTER: &str = r#"
local Router = require("express").Router
local function build(ctx)
    local router = Router()
    router:use(require("express").json())
    router:use(function(req, res, next) req.seen = true; next() end)
    router:get("/ofp", function(req, res) res:json{ id = req.query.id, seen = req.seen, base = req.baseUrl, url = req.url, original = req.originalUrl } end)
    router:get("/items/:id", function(req, res) res:json(req.params) end)
    router:post("/items", function(req, res, next) if req.body.a then res:status(201):json(req.body) else next() end end)
    router:get("/throws", function() error("broken") end)
    router:get("/later", function(req, res) require("vario").timers.sleep(1) error{ message = "late", status = 409 } end)
    router:get("/next", function(req, res, next) next({ message = "given", status = 403 }) end)
    local inner = Router()
    inner:get("/deep/:name?", function(req, res) res:send(req.baseUrl .. " " .. req.url .. " " .. tostring(req.params.name)) end)
    inner:all("*", function(req, res, next) next("router") end)
    router:use("/inner", inner)
    router:route("/both"):get(function(req, res) res:send("get") end):post(function(req, res) res:send("post") end)
    router:get("/caught", function() error("caught") end)
    router:use("/caught", function(err, req, res, next) res:status(422):send(tostring(err)) end)
    return router
end
"#;

fn routed(target: &str, method: &str, body: Option<&str>) -> (u64, String) {
    let script =
        format!("{ROUTER}\n{}", started("ctx.server.registerRouter('/mount', build(ctx))"));
    let told = Life::of(Stratos, &script).start().http(2, method, target, body).wait(1).run();
    assert_eq!(told.calls("routes.add"), [json!([{ "prefix": "/mount" }])]);
    told.response(2)
}

#[test]
fn st_21_to_24_routers() {
    let get = |target: &str| routed(target, "GET", None);
    let (status, body) = get("/mount/ofp?id=5");
    assert_eq!(status, 200);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&body).unwrap(),
        json!({ "id": "5", "seen": true, "base": "/mount", "url": "/ofp?id=5", "original": "/mount/ofp?id=5" })
    );
    assert_eq!(get("/mount/items/a%20b").1, r#"{"id":"a b"}"#);
    assert_eq!(get("/mount/items/%zz").0, 400);
    assert_eq!(get("/mount/ITEMS/1/").0, 200);
    assert_eq!(routed("/mount/items", "POST", Some("{\"a\":1}")), (201, "{\"a\":1}".to_owned()));
    assert_eq!(routed("/mount/items", "POST", None).0, 404);
    assert_eq!(get("/mount").0, 404);
    assert_eq!(get("/mount/throws"), (500, r#"{"error":"broken"}"#.to_owned()));
    assert_eq!(get("/mount/later"), (409, r#"{"error":"late"}"#.to_owned()));
    assert_eq!(get("/mount/next"), (403, r#"{"error":"given"}"#.to_owned()));
    assert_eq!(get("/mount/inner/deep").1, "/mount/inner /deep nil");
    assert_eq!(get("/mount/inner/deep/x?q").1, "/mount/inner /deep/x?q x");
    assert_eq!(get("/mount/inner/other").0, 404);
    assert_eq!(get("/mount/both").1, "get");
    assert_eq!(routed("/mount/both", "POST", None).1, "post");
    assert_eq!(get("/mount/caught").0, 422);
}

#[test]
fn st_24_a_plain_function_is_a_router() {
    let script = started(
        "ctx.server.registerRouter('/mount/', function(req, res, next) if req.url == '/' then res:send('root') else next() end end)",
    );
    let told = Life::of(Stratos, &script)
        .start()
        .http(2, "GET", "/mount", None)
        .http(3, "GET", "/mount/x", None)
        .say("stop", 4, &json!({ "reason": "stop" }))
        .http(5, "GET", "/mount", None)
        .run();
    assert_eq!(told.response(2).1, "root");
    assert_eq!(told.response(3).0, 404);
    assert_eq!(told.calls("routes.remove").len(), 1);
    assert_eq!(told.response(5).0, 404);
}

#[test]
fn st_28_newer_members_are_there_and_safe() {
    let told = Life::of(
        Stratos,
        &started(
            r#"
            print(ctx.flight.getState().flight, ctx.flight.getPhase().currentPhase, ctx.flight.getSnapshot())
            local off = ctx.flight.onPhaseChange(function(phase) print("phase", phase.to) end)
            ctx.socket.on("flight:event", function(payload) print("event", payload.to) end)
            print(ctx.dialog.confirm({ title = "?" }), ctx.prompt.text({ title = "?" }))
            ctx.notify.toast({ message = "hi" })
            print(pcall(ctx.notify.playCustomSound, "assets/none.mp3"))
            ctx.plugin.setIndicator({ type = "warning" })
            ctx.plugin.clearIndicator()
            print(ctx.flight.log.add({}), type(off))
            "#,
        ),
    )
    .start()
    .say("event", 2, &json!({ "sub": 1, "event": { "type": "flight:phase", "payload": { "to": "climb" } } }))
    .say("event", 3, &json!({ "sub": 2, "event": { "type": "flight:event", "payload": { "to": "x" } } }))
    .run();
    assert_eq!(
        told.log,
        [
            "info nil\tunknown",
            "info false\tnil",
            "info false\tError: the plugin has no file assets/none.mp3",
            "info nil\tfunction",
            "info phase\tclimb",
            "info event\tx",
        ]
    );
}

#[test]
fn st_06_25_a_failing_start_takes_everything_away() {
    let told = Life::of(
        Stratos,
        &started(
            "ctx.server.registerRouter('/mount', print) ctx.ipc.handle('a', print) ctx.socket.on('e', print) ctx.database.open('a.db') error('no start')",
        ),
    )
    .gives("database.open", &json!(3))
    .start()
    .http(2, "GET", "/mount", None)
    .run();
    assert_eq!(told.failure(1)["message"], "no start");
    assert_eq!(told.calls("routes.remove"), [json!([{ "prefix": "/mount" }])]);
    assert_eq!(told.calls("ipc.unhandle"), [json!(["a"])]);
    assert_eq!(told.calls("bus.unsubscribe"), [json!([1])]);
    assert_eq!(told.calls("database.close"), [json!([3])]);
    assert_eq!(told.response(2).0, 404);
}
