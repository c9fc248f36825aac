use serde_json::json;
use vario_dialects::{BackgroundDialect::Vario, BackgroundEnd};
use vario_sandbox::{NativeError, StopReason};

use crate::rig::Life;

const FETCH: &str = r#"{"status":200,"headers":[["Content-Type","application/json"]],"body":"{\"a\":1}","url":"https://x.test/"}"#;

fn fetched() -> serde_json::Value {
    serde_json::from_str(FETCH).unwrap()
}

#[test]
fn an_asynchronous_call_gives_its_value_back() {
    let told = Life::of(
        Vario,
        r#"
        return { start = function(ctx)
            local res = ctx.http.fetch{ url = "https://x.test/", method = "post", json = { b = 2 }, headers = { ["X-A"] = "1" } }
            print(res.status, res.json().a, res:text(), res.headers["content-type"], res.ok)
        end }
        "#,
    )
    .gives("http.fetch", &fetched())
    .start()
    .run();
    assert_eq!(told.log, ["info 200\t1\t{\"a\":1}\tapplication/json\ttrue"]);
    let call = &told.calls("http.fetch")[0][0];
    assert_eq!(call["method"], "POST");
    assert_eq!(call["body"], "{\"b\":2}");
    assert_eq!(call["headers"], json!([["X-A", "1"], ["Content-Type", "application/json"]]));
    assert_eq!(told.reply(1), json!(null));
    assert_eq!(told.end, BackgroundEnd::Closed);
}

#[test]
fn handlers_wait_beside_each_other() {
    let told = Life::of(
        Vario,
        r"
        local ctx
        return {
            start = function(given) ctx = given end,
            routes = { get = {
                slow = function(req, res) ctx.timers.sleep(100); res:json{ slow = true } end,
                quick = function(req, res) res:json{ quick = true } end,
            } },
        }
        ",
    )
    .start()
    .http(2, "GET", "/api/com.example.test/slow", None)
    .http(3, "GET", "/api/com.example.test/quick", None)
    .say("ping", 4, &json!(null))
    .wait(100)
    .run();
    let order: Vec<_> = told.calls("host.reply").iter().map(|args| args[0].clone()).collect();
    assert_eq!(order, [json!(1), json!(3), json!(4), json!(2)]);
}

#[test]
fn a_failed_call_throws_an_error_object_that_pcall_catches() {
    let told = Life::of(
        Vario,
        r#"
        return { start = function(ctx)
            local ok, err = pcall(ctx.http.get, "https://x.test/")
            print(ok, err.message, err.code, tostring(err))
            local ok2, err2 = pcall(ctx.config.set, "a", 1)
            print(ok2, err2.message)
            ctx.http.get("https://y.test/")
        end }
        "#,
    )
    .answer("http.fetch", |_| Err(NativeError::Error("no such host".into())))
    .answer("config.set", |_| Err(NativeError::Error("not allowed: config".into())))
    .start()
    .run();
    assert_eq!(
        told.log,
        ["info false\tno such host\tE\tError: no such host", "info false\tnot allowed: config"]
    );
    let failure = told.failure(1);
    assert_eq!(failure["message"], "no such host");
    assert_eq!(failure["code"], "E");
    assert_eq!(failure["stack"], "background/index.lua:7 in start");
}

#[test]
fn a_coroutine_of_the_plugins_own_can_wait_too() {
    let told = Life::of(
        Vario,
        r#"
        return { start = function(ctx)
            local co = coroutine.create(function(a)
                local res = ctx.http.get("https://x.test/")
                local b = coroutine.yield(a .. res.status)
                ctx.timers.sleep(10)
                return b .. "!"
            end)
            print(coroutine.resume(co, "a"))
            print(coroutine.resume(co, "b"))
            print(coroutine.resume(co))
            local each = coroutine.wrap(function()
                for i = 1, 2 do ctx.timers.sleep(5); coroutine.yield(i) end
            end)
            print(each(), each())
        end }
        "#,
    )
    .gives("http.fetch", &fetched())
    .start()
    .wait(10)
    .wait(5)
    .wait(5)
    .run();
    assert_eq!(
        told.log,
        [
            "info true\ta200",
            "info true\tb!",
            "info false\tcannot resume dead coroutine",
            "info 1\t2"
        ]
    );
}

#[test]
fn timers_run_in_order_and_can_be_ended() {
    let told = Life::of(
        Vario,
        r#"
        return { start = function(ctx)
            local timers = ctx.timers
            timers.after(20, print, "twenty")
            timers.after(10, function() print("ten") end)
            local gone = timers.after(15, print, "never")
            timers:cancel(gone)
            timers.cancel(nil)
            local count = 0
            local every
            every = timers.every(30, function()
                count += 1
                print("every", count)
                if count == 3 then timers.cancel(every) end
            end)
            timers.after(1, function() error("oh") end)
        end }
        "#,
    )
    .start()
    .wait(20)
    .wait(10)
    .wait(30)
    .wait(300)
    .run();
    assert_eq!(
        told.log,
        [
            "error a timer failed: oh\nbackground/index.lua:16",
            "info ten",
            "info twenty",
            "info every\t1",
            "info every\t2",
            "info every\t3"
        ]
    );
}

#[test]
fn timers_do_not_starve_the_inbox() {
    let told = Life::of(
        Vario,
        r"
        return { start = function(ctx)
            local runs = 0
            local function again() runs += 1; if runs < 50 then ctx.timers.after(0, again) end end
            ctx.timers.every(1, function() end)
            again()
        end }
        ",
    )
    .start()
    .wait(1000)
    .say("ping", 5, &json!(null))
    .run();
    assert!(told.has_reply(5));
}

#[test]
fn a_yield_that_nobody_resumes_is_an_error() {
    let told =
        Life::of(Vario, "return { start = function() coroutine.yield(1) end }").start().run();
    assert_eq!(told.failure(1)["message"], "attempt to yield outside a coroutine");
}

#[test]
fn spawned_tasks_run_beside_and_their_errors_are_logged() {
    let told = Life::of(
        Vario,
        r#"
        return { start = function(ctx)
            ctx.spawn(function(a) ctx.timers.sleep(5); print("later", a); error({ message = "lost", name = "Odd" }) end, 7)
            print("first")
        end }
        "#,
    )
    .start()
    .wait(5)
    .run();
    assert_eq!(told.log[..2], ["info first", "info later\t7"]);
    assert!(told.log[2].starts_with("error a task failed: Odd: lost\nbackground/index.lua:3"));
}

#[test]
fn an_endless_loop_ends_by_the_stop_signal_only() {
    let life = Life::of(
        Vario,
        "return { start = function(ctx) ctx.config.set('a', 1); while true do pcall(error) end end }",
    );
    let stop = life.stop_signal();
    let told = life
        .answer("config.set", move |_| {
            stop.stop(StopReason::Cancelled);
            Ok(vario_value::Value::Absent)
        })
        .start()
        .run();
    assert_eq!(told.end, BackgroundEnd::Stopped(StopReason::Cancelled));
}

#[test]
fn running_out_of_memory_is_an_error_where_it_can_be_let_go_of() {
    let told = Life::of(
        Vario,
        "return { start = function() local all = {} while true do all[#all + 1] = string.rep('x', 100000) .. #all end end }",
    )
    .heap(16 << 20)
    .start()
    .start()
    .say("ping", 2, &json!(null))
    .run();
    assert_eq!(told.failure(1)["message"], "out of memory");
    assert_eq!(told.calls("host.fail").len(), 2);
    assert!(told.has_reply(2));
}

#[test]
fn running_out_of_stack_does_not() {
    let told = Life::of(
        Vario,
        "local function deep() return 1 + deep() end return { start = function() deep() end }",
    )
    .start()
    .say("ping", 2, &json!(null))
    .run();
    assert!(told.failure(1)["message"].as_str().unwrap().starts_with("stack overflow"));
    assert!(told.has_reply(2));
}

#[test]
fn many_messages_leave_nothing_behind() {
    let mut life = Life::of(
        Vario,
        r#"
        local ctx
        return {
            start = function(given)
                ctx = given
                ctx.ipc.handle("add", function(a) ctx.timers.sleep(1); return ctx.http.get("x:").status + a end)
                ctx.ipc.handle("count", function() return collectgarbage("count") end)
            end,
        }
        "#,
    )
    .heap(8 << 20)
    .gives("http.fetch", &fetched())
    .start();
    life = life.say("ipc", 2, &json!({ "channel": "count", "args": [] }));
    for id in 10..5_010 {
        life = life.say("ipc", id, &json!({ "channel": "add", "args": [id] })).wait(1);
    }
    let told = life.say("ipc", 3, &json!({ "channel": "count", "args": [] })).run();
    assert_eq!(told.reply(5_009), json!(5_209));
    let (before, after) = (told.reply(2).as_f64().unwrap(), told.reply(3).as_f64().unwrap());
    assert!(after < before + 2_000.0, "{before} KB grew to {after} KB");
}
