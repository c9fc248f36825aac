use serde_json::json;
use vario_dialects::BackgroundDialect::Mudstack;

use crate::rig::Life;

const CLASS: &str = r#"
local MudstackPlugin = require("@mudstack/plugins").MudstackPlugin
local Plugin = MudstackPlugin:extend()
function Plugin:activate()
    MudstackPlugin.activate(self)
    self.api.log("info", "active", { id = self.api.pluginId, path = self.api.pluginPath })
    self.stop = self.api.events.on("asset:*", function(message) self.api:log("debug", message.event, message.payload.n, message.id) end)
    self.api.events.once("one", function() self.api.log("what", "once") end)
    self.api.onRequest("add", function(payload, message) return payload.a + payload.b end)
    self.api.onRequest("early", function(payload, message) self.api.respond(message.id, "now"); return "late" end)
    self.api.onRequest("fails", function() error{ message = "no", code = "E_NO" } end)
end
function Plugin:deactivate()
    self.api.log("info", "over")
    Plugin.super.deactivate(self)
end
function Plugin:onCommand(message)
    local id, payload = message.id, message.payload
    self.api.log("warn", "command " .. id .. " " .. tostring(self.api.hasDependency("x")), payload)
end
function Plugin:greet(payload) return "hello " .. payload.name end
return Plugin
"#;

fn event(sub: Option<i64>, handler: Option<&str>, kind: &str) -> serde_json::Value {
    let event =
        json!({ "id": "e1", "type": kind, "source": "app", "payload": { "n": 1 }, "timestamp": 5 });
    let mut value = json!({ "event": event });
    if let Some(sub) = sub {
        value["sub"] = sub.into();
    }
    if let Some(handler) = handler {
        value["handler"] = handler.into();
    }
    value
}

#[test]
fn ms_06_07_12_14_class_hooks_and_events() {
    let told = Life::of(Mudstack, CLASS)
        .gives("plugins.has", &json!(false))
        .start()
        .say("event", 2, &event(None, Some("onCommand"), "cmd"))
        .say("event", 3, &event(None, Some("nobody"), "cmd"))
        .say("event", 4, &event(Some(1), None, "asset:created"))
        .say("event", 5, &event(Some(2), None, "one"))
        .say("event", 6, &event(Some(2), None, "one"))
        .say("stop", 7, &json!({ "reason": "disable" }))
        .run();
    assert_eq!(
        told.log,
        [
            "info active {\"id\":\"com.example.test\",\"path\":\"/plugins/test\"}",
            "warn command e1 false {\"n\":1}",
            "warn the plugin has no method nobody for the event cmd",
            "debug asset:created 1 e1",
            "info once",
            "info over",
        ]
    );
    for id in 1..=7 {
        assert_eq!(told.reply(id), json!(null));
    }
    assert_eq!(told.calls("bus.subscribe"), [json!(["asset:*"]), json!(["one"])]);
    let mut ended = told.calls("bus.unsubscribe");
    ended.sort_by_key(|args| args[0].as_i64());
    assert_eq!(ended, [json!([1]), json!([2])]);
}

#[test]
fn ms_21_requests_both_ways() {
    let told = Life::of(Mudstack, CLASS)
        .start()
        .say("request", 2, &json!({ "from": "b", "type": "add", "payload": { "a": 1, "b": 2 }, "message": { "id": "m" } }))
        .say("request", 3, &json!({ "from": "b", "type": "greet", "payload": { "name": "you" } }))
        .say("request", 4, &json!({ "from": "b", "type": "early", "message": { "id": "m2" } }))
        .say("request", 5, &json!({ "from": "b", "type": "fails" }))
        .say("request", 6, &json!({ "from": "b", "type": "nothing" }))
        .say("request", 7, &json!({ "from": "b", "type": "activate" }))
        .run();
    assert_eq!(told.reply(2), json!(3));
    assert_eq!(told.reply(3), json!("hello you"));
    assert_eq!(told.reply(4), json!("now"));
    assert_eq!(
        (&told.failure(5)["message"], &told.failure(5)["code"]),
        (&json!("no"), &json!("E_NO"))
    );
    assert_eq!(told.failure(6)["code"], "NO_HANDLER");
    assert_eq!(told.failure(7)["code"], "NO_HANDLER");
}

#[test]
fn ms_22_to_26_the_api() {
    let told = Life::of(
        Mudstack,
        r#"
        local Plugin = {}
        function Plugin:activate()
            local api = self.api
            print(api.db.assetAPI.getAsset("a1").name, api.db.assetAPI:getAsset("a1").name)
            print(api.getVersionLocalPath("v1").name)
            api.updateThumbnail("v1", "/tmp/x.png")
            api.config.set("size", 3)
            print(api.config.get("size"), api.config.get("none", "d"), api.config.get().size)
            local checked = api.config.validate()
            print(checked.valid, api.json, checked.errors[1], #checked.errors)
            local ran = api.executeCommand("ffmpeg", { "-i", "x" }, { timeout = 5 })
            print(ran.code, ran.stdout)
            api.execute{ type = "node", script = "tools/a.js", args = { "b" } }
            print(api.requestFromPlugin("other", "get", { a = 1 }))
            api.events.emit("done", { ok = true })
        end
        return Plugin
        "#,
    )
    .manifest(&json!({ "id": "x", "configSchema": { "required": ["name"], "type": "object", "properties": { "size": { "type": "string" } } } }))
    .gives("assets.call", &json!({ "name": "Tree" }))
    .gives("process.run", &json!({ "code": 0, "stdout": "ok", "stderr": "", "truncated": false }))
    .gives("bus.request", &json!("answer"))
    .start()
    .run();
    assert_eq!(
        told.log,
        [
            "info Tree\tTree",
            "info Tree",
            "info 3\td\t3",
            "info false\tnil\t/name is required\t2",
            "info 0\tok",
            "info answer"
        ]
    );
    let assets = told.calls("assets.call");
    assert_eq!(assets[0], json!(["assetAPI", "getAsset", ["a1"]]));
    assert_eq!(assets[1], assets[0]);
    assert_eq!(assets[2], json!(["versionAPI", "getVersionLocalPath", ["v1"]]));
    assert_eq!(assets[3], json!(["versionAPI", "updateThumbnail", ["v1", "/tmp/x.png"]]));
    let runs = told.calls("process.run");
    assert_eq!(
        runs[0][0],
        json!({ "program": "ffmpeg", "args": ["-i", "x"], "cwd": "/plugins/test", "timeoutMs": 5 })
    );
    assert_eq!(
        (&runs[1][0]["program"], &runs[1][0]["args"]),
        (&json!("node"), &json!(["tools/a.js", "b"]))
    );
    assert_eq!(told.calls("bus.request")[0], json!(["other", "get", { "a": 1 }, 30000]));
    assert_eq!(told.calls("bus.publish")[0], json!(["done", { "ok": true }]));
}

#[test]
fn calls_that_wait_at_the_end_hear_of_it() {
    let told = Life::of(
        Mudstack,
        r#"
        local Plugin = {}
        function Plugin:activate()
            local vario = require("vario")
            vario.spawn(function()
                local ok, err = pcall(function() return self.api.requestFromPlugin("never", "x") end)
                print(ok, err.name)
            end)
        end
        return Plugin
        "#,
    )
    .silent("bus.request")
    .start()
    .say("stop", 2, &json!({ "reason": "disable" }))
    .run();
    assert_eq!(told.log, ["info false\tPluginUnloaded"]);
    assert!(told.has_reply(2));
}
