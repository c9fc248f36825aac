use serde_json::json;
use vario_dialects::{
    BackgroundDialect::{self, Mudstack, Smartcars, Stratos, Vario},
    BackgroundEnd,
};

use crate::rig::Life;

fn fatal(dialect: BackgroundDialect, script: &str) -> String {
    let told = Life::of(dialect, script).start().run();
    assert_eq!(told.end, BackgroundEnd::NotLoaded);
    told.fatal()["message"].as_str().unwrap().to_owned()
}

#[test]
fn what_cannot_be_loaded_is_told() {
    assert_eq!(fatal(Vario, "error('no')"), "no");
    assert_eq!(fatal(Vario, "local x = nil; return x.y"), "attempt to index nil with 'y'");
    assert_eq!(fatal(Vario, "return 1"), "the plugin returns no table");
    assert_eq!(fatal(Smartcars, "return nil"), "the plugin returns no table");
    assert_eq!(
        fatal(Smartcars, "return { routes = { get = { a = 1 } } }"),
        "the route get a has no handler"
    );
    assert_eq!(
        fatal(Stratos, "return { onStart = function() end }"),
        "the plugin's table has no function onStop"
    );
    assert_eq!(fatal(Mudstack, "return 'x'"), "the plugin returns no class");
    let syntax = fatal(Vario, "return {\n  start = function( end\n}");
    assert!(syntax.starts_with("background/index.lua:2: "), "{syntax}");
    assert_eq!(
        fatal(Vario, "require('lodash')"),
        "module `lodash` is not a relative path: only files of the plugin's own folder can be loaded"
    );
    assert_eq!(
        fatal(Vario, "require('../../x')"),
        "module `../../x` is outside the plugin's folder"
    );
}

#[test]
fn a_failure_at_load_says_where() {
    let told = Life::of(Vario, "local function deep()\n  error('no')\nend\ndeep()").run();
    assert_eq!(
        told.fatal(),
        json!({ "message": "no", "stack": "background/index.lua:2 in deep\nbackground/index.lua:4" })
    );
}

#[test]
fn modules_are_files_of_the_plugin() {
    let told = Life::of(
        Vario,
        "local lib = require('./lib/a') return { start = function() print(lib.name, require('./lib/a') == lib, require('./late')) end }",
    )
    .file("background/lib/a.lua", "return { name = require('../b').name .. '!' }")
    .file("background/b.luau", "return { name = 'b' }")
    .file("background/late.lua", "return 'late'")
    .start()
    .run();
    assert_eq!(told.log, ["info b!\ttrue\tlate"]);
}

#[test]
fn loading_may_wait_and_start_waits_for_it() {
    let told = Life::of(
        Vario,
        r#"
        local vario = require("vario")
        local status = vario.http.get("https://x.test/").status
        return { start = function() print("start", status) end }
        "#,
    )
    .gives("http.fetch", &json!({ "status": 204, "headers": [] }))
    .start()
    .run();
    assert_eq!(told.log, ["info start\t204"]);
    assert_eq!(told.loaded()["has"], json!({ "settings": false, "start": true, "stop": false }));
    assert!(told.has_reply(1));
}

#[test]
fn errors_of_hooks_are_answered() {
    let told = Life::of(
        Vario,
        r#"
        return {
            start = function() local t = nil; t.x = 1 end,
            stop = function() error({ name = "Odd", message = "strange", status = 418 }) end,
            settings = function() error("plain", 0) end,
        }
        "#,
    )
    .start()
    .say("stop", 2, &json!({ "reason": "stop" }))
    .say("settings", 3, &json!({}))
    .say("what", 4, &json!({}))
    .run();
    assert_eq!(
        told.failure(1),
        json!({ "message": "attempt to index nil with 'x'", "stack": "background/index.lua:3 in start" })
    );
    let odd = told.failure(2);
    assert_eq!(
        (&odd["name"], &odd["message"], &odd["status"]),
        (&json!("Odd"), &json!("strange"), &json!(418))
    );
    assert_eq!(told.failure(3)["message"], "plain");
    assert_eq!(
        told.failure(4)["message"],
        "the plugin's world does not know messages of kind what"
    );
}

#[test]
fn what_cannot_be_sent_fails_the_answer() {
    let told = Life::of(
        Vario,
        r#"
        return { start = function(ctx)
            ctx.ipc.handle("cycle", function() local t = {} t.t = t return t end)
            ctx.ipc.handle("fn", function() return print end)
        end }
        "#,
    )
    .start()
    .say("ipc", 2, &json!({ "channel": "cycle" }))
    .say("ipc", 3, &json!({ "channel": "fn" }))
    .say("ipc", 4, &json!({ "channel": "none" }))
    .run();
    assert!(told.failure(2)["message"].as_str().unwrap().contains("contains itself"));
    assert_eq!(told.failure(3)["name"], "DataCloneError");
    assert_eq!(told.failure(4)["message"], "no handler for channel \"none\"");
}
