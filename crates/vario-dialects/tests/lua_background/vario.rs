use serde_json::json;
use vario_dialects::BackgroundDialect::Vario;
use vario_sandbox::NativeError;
use vario_value::Value;

use crate::rig::Life;

#[test]
fn routes_mounts_bus_and_requests() {
    let told = Life::of(
        Vario,
        r#"
        return {
            routes = { get = { state = { description = "how it is", handler = function(req, res) return { ok = true } end } } },
            start = function(ctx)
                ctx.server.route("POST", "more", function(req, res) res:json(req.body) end)
                ctx.server.mount("/mount", function(req, res, next) res:send(req.url) end)
                local sub = ctx.bus.subscribe("a:*", function(payload, event) print(event.type, payload, event.source) end)
                local other = ctx.bus:subscribe("b", print)
                other()
                ctx.bus.publish("mine", { n = 1 })
                ctx.bus.handle("twice", function(n, message) return n * 2 end)
                print(ctx.bus.request("other", "type", 5, 100))
            end,
            named = function(payload, event) require("vario").log.warn("named", event.type) end,
        }
        "#,
    )
    .gives("bus.request", &json!({ "a": 1 }).get("a").cloned().unwrap())
    .start()
    .http(2, "GET", "/api/com.example.test/state", None)
    .http(3, "POST", "/api/com.example.test/more", Some("[1]"))
    .http(4, "GET", "/mount/x/y?z", None)
    .say("event", 5, &json!({ "sub": 1, "event": { "type": "a:b", "payload": 7, "source": "core" } }))
    .say("event", 6, &json!({ "handler": "named", "event": { "type": "c" } }))
    .say("request", 7, &json!({ "from": "x", "type": "twice", "payload": 4, "message": {} }))
    .say("request", 8, &json!({ "from": "x", "type": "thrice" }))
    .run();
    assert_eq!(told.log, ["info 1", "info a:b\t7\tcore", "warn named c"]);
    assert_eq!(told.response(2).1, r#"{"ok":true}"#);
    assert_eq!(told.response(3).1, "[1]");
    assert_eq!(told.response(4).1, "/x/y?z");
    assert_eq!(told.reply(7), json!(8));
    assert_eq!(told.failure(8)["code"], "NO_HANDLER");
    assert_eq!(told.calls("bus.unsubscribe"), [json!([2])]);
    assert_eq!(
        told.loaded()["routes"],
        json!([{ "method": "GET", "name": "state", "description": "how it is" }])
    );
}

#[test]
fn config_settings_and_what_belongs_to_the_plugin() {
    let told = Life::of(
        Vario,
        r#"
        return {
            start = function(ctx)
                ctx.config.set("a", { 1 })
                ctx.config.set("b", nil)
                print(ctx.config.get("a")[1], ctx.config.get("none", "d"), ctx.settings.volume, ctx.settings.all().volume, ctx.settings.get("none", 2))
                print(ctx.plugin.id, ctx.plugin.path, ctx.plugin.dataPath, ctx.app.version, ctx.identity.va_user.pilotID, ctx.reason)
                print(ctx.plugins.has("x"), #ctx.plugins.list())
                print(ctx.json.encode({ list = ctx.json.array(), null = ctx.json.null }), pcall(ctx.json.decode, "{"))
                print(ctx.account.current(), ctx.account.token())
                local ran = ctx.execute{ program = "git", args = { "status" } }
                print(ran.code, ran.stdout)
            end,
            settings = function(values, ctx) print(values.volume, ctx.plugin.id) end,
            stop = function(ctx) print("stop", ctx.plugin.id) end,
        }
        "#,
    )
    .gives("settings.all", &json!({ "volume": 3 }))
    .gives("plugins.has", &json!(true))
    .gives("plugins.list", &json!([{ "id": "x" }]))
    .gives("account.current", &json!(null))
    .gives("account.token", &json!(null))
    .gives("process.run", &json!({ "code": 0, "signal": null, "stdout": "clean", "stderr": "" }))
    .start()
    .say("settings", 2, &json!({ "volume": 9 }))
    .say("stop", 3, &json!({ "reason": "stop" }))
    .run();
    assert_eq!(
        told.log,
        [
            "info 1\td\t3\t3\t2",
            "info com.example.test\t/plugins/test\t/data/test\t1.0.0\tABC1\tstart",
            "info true\t1",
            "info {\"list\":[],\"null\":null}\tfalse\tSyntaxError: the text is not JSON",
            "info nil\tnil",
            "info 0\tclean",
            "info 9\tcom.example.test",
            "info stop\tcom.example.test",
        ]
    );
    assert_eq!(told.calls("config.remove"), [json!(["b"])]);
}

#[test]
fn files_by_parts() {
    let told = Life::of(
        Vario,
        r#"
        return { start = function(ctx)
            print(ctx.fs.readBytes("/a", 2), ctx.fs.readBytes("/a", 1, 2), ctx.fs.readBytes("/a"))
            ctx.fs.writeText(ctx.path.join(ctx.plugin.dataPath, "x", "../y.txt"), "t")
            ctx.fs.makeDir("/b")
        end }
        "#,
    )
    .gives("fs.readBytes", &json!("01234"))
    .start()
    .run();
    let asked = [json!(["/a", 2]), json!(["/a", 1, 2]), json!(["/a"])];
    assert_eq!(told.calls("fs.readBytes"), asked);
    assert_eq!(told.calls("fs.writeText"), [json!(["/data/test/y.txt", "t"])]);
    assert_eq!(told.calls("fs.makeDir"), [json!(["/b", true])]);
}

fn database(body: &str) -> crate::rig::Told {
    let script = format!(
        "return {{ start = function(ctx)\nlocal db = ctx.database.open('a.db')\n{body}\nend }}"
    );
    let columns = json!([{ "name": "id", "table": "t", "type": "INTEGER" }, { "name": "name", "table": "t" }]);
    Life::of(Vario, &script)
        .gives("database.open", &json!(1))
        .gives("database.state", &json!({ "open": true, "inTransaction": true }))
        .answer("database.prepare", move |args| {
            let is_reader = args[1].as_str().unwrap().starts_with("SELECT");
            let columns = if is_reader { columns.clone() } else { json!([]) };
            let prepared = json!({ "statement": 7, "reader": is_reader, "columns": columns });
            Ok(Value::from_json(&prepared))
        })
        .answer("database.run", |args| match args[1].as_list() {
            Some([Value::Str(text), ..]) if text == "twice" => Err(NativeError::Error(
                "SQLITE_CONSTRAINT_UNIQUE: UNIQUE constraint failed: t.id".into(),
            )),
            _ => Ok(Value::from_json(&json!({ "changes": 1, "lastInsertRowid": 4 }))),
        })
        .gives("database.get", &json!([1, "a"]))
        .gives("database.all", &json!([[1, "a"], [2, null]]))
        .gives("database.iterate", &json!(3))
        .answer("database.next", {
            let left = std::sync::atomic::AtomicU8::new(2);
            move |_| {
                let left = left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
                Ok(Value::from_json(&if left > 0 { json!([[left, "x"]]) } else { json!([]) }))
            }
        })
        .start()
        .run()
}

#[test]
fn databases_are_as_better_sqlite3_has_them() {
    let told = database(
        r#"
        local insert = db:prepare("INSERT INTO t VALUES (?, ?)")
        local done = insert:run(1, nil)
        print(done.changes, done.lastInsertRowid)
        insert:run({ 1, 2 })
        insert:run({ id = 1, name = ctx.json.null })
        print(pcall(insert.run, insert, true))
        print(pcall(insert.get, insert))
        local ok, err = pcall(insert.run, insert, "twice")
        print(err.name, err.code, err.message)
        local select = db:prepare("SELECT * FROM t WHERE id = @id")
        print(select:get({ id = 1 }).name, #select:all(), select:all()[2].name)
        for row in select:iterate() do print(row.id, row.name) end
        print(select:pluck():get(), select:raw():get()[2], select:columns()[1].name)
        db:close()
        print(db.open, pcall(db.exec, db, "x"))
        print(pcall(ctx.database.open, "../x.db"))
        "#,
    );
    assert_eq!(
        told.log,
        [
            "info 1\t4",
            "info false\tTypeError: SQLite3 can only bind numbers, strings, buffers, and null",
            "info false\tTypeError: This statement does not return data. Use run() instead",
            "info SqliteError\tSQLITE_CONSTRAINT_UNIQUE\tUNIQUE constraint failed: t.id",
            "info a\t2\tnil",
            "info 2\tx",
            "info 1\tx",
            "info 1\ta\tid",
            "info false\tfalse\tTypeError: The database connection is not open",
            "info false\tTypeError: \"../x.db\" is no name of a database: it is a file name without folders",
        ]
    );
    let runs = told.calls("database.run");
    assert_eq!(runs[0], json!([7, [1, null]]));
    assert_eq!(runs[1], json!([7, [1, 2]]));
    assert_eq!(runs[2], json!([7, { "id": 1, "name": null }]));
    assert_eq!(told.calls("database.end"), [json!([3])]);
}

#[test]
fn no_rows_are_an_empty_list() {
    let told = Life::of(
        Vario,
        r#"
        return { start = function(ctx)
            local db = ctx.database.open("a.db")
            local select = db:prepare("SELECT id FROM t")
            for _, found in { select:all(), select:pluck():all(), db:pragma("user_version = 1") } do
                print(ctx.json.encode(found))
            end
        end }
        "#,
    )
    .gives("database.open", &json!(1))
    .answer("database.prepare", |args| {
        let is_reader = args[1].as_str().unwrap().starts_with("SELECT");
        let columns = if is_reader { json!([{ "name": "id" }]) } else { json!([]) };
        let prepared = json!({ "statement": 7, "reader": is_reader, "columns": columns });
        Ok(Value::from_json(&prepared))
    })
    .gives("database.run", &json!({ "changes": 0, "lastInsertRowid": 0 }))
    .gives("database.all", &json!([]))
    .start()
    .run();
    assert_eq!(told.log, ["info []"; 3]);
}

#[test]
fn a_transaction_rolls_back_and_cannot_wait() {
    let told = database(
        r#"
        local both = db:transaction(function(a) if a then error("no", 0) end return "done" end)
        print(pcall(both, true))
        print(both.immediate(false))
        print(pcall(db:transaction(function() ctx.timers.sleep(1) end)))
        print(pcall(db:transaction(function() ctx.http.get("x:") end)))
        "#,
    );
    assert_eq!(told.log[0], "info false\tno");
    assert_eq!(told.log[1], "info done");
    assert_eq!(told.log[2], "info false\tTypeError: a transaction cannot wait");
    assert_eq!(told.log[3], "info false\tTypeError: a transaction cannot wait");
}
