use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};
use vario_background::{AccountKind, IpcFeed, Keep};
use vario_store::{Paths, Store};
use vario_value::LogLevel::{Debug, Error, Info, Warn};

use super::{call, running, starting, write, write_with};
use crate::rig::{Options, Rig};

type Heard = Arc<Mutex<Vec<(String, Json)>>>;

/// What a plugin's own window hears.
fn hear(rig: &Rig, id: &str) -> (Heard, IpcFeed) {
    let heard = Heard::default();
    let seen = Arc::clone(&heard);
    let feed = rig.supervisor.hear_ipc(id, move |channel, payload| {
        seen.lock().expect("nothing panics").push((channel.to_owned(), payload.clone()));
        Keep::Yes
    });
    (heard, feed)
}

#[test]
fn st_09_the_logger_writes_level_category_and_more() {
    let rig = running(
        "ctx.logger.debug('Cat', 'debugged');
         ctx.logger.info('Cat', 'told', { a: [1, null] }, 5, 'text', undefined);
         const round = { name: 'round' }; round.self = round;
         ctx.logger.warn('Cat', 'warned', round);
         ctx.logger.error('Cat', 'failed', new TypeError('because'));
         ctx.logger.info('only a message');
         ctx.logger.info('Cat', 'line 1\\nline 2');",
    );
    rig.until_logged("demo", "line 2");
    let lines = rig.user.lines.lock().unwrap();
    let find = |text: &str| lines.iter().find(|line| line.message.contains(text)).unwrap();
    for (level, text) in [
        (Debug, "[Cat] debugged"),
        (Info, r#"[Cat] told {"a":[1,null]} 5 text undefined"#),
        (Warn, r#"[Cat] warned {"name":"round","self":"[Circular]"}"#),
        (Error, "[Cat] failed TypeError: because"),
        (Info, "only a message"),
    ] {
        let line = find(text);
        assert_eq!((line.level, line.plugin_id.as_str()), (level, "demo"), "{text}");
    }
    assert!(find("because").message.contains("background/index.js"), "with the stack");
    assert!(find("only a message").message.starts_with("only"), "no category");
}

#[test]
fn st_10_config_is_kept_and_one_plugins_own() {
    let rig = Rig::new();
    let open =
        |home: &vario_test_support::TempHome| Store::open(&Paths::below(home.path())).unwrap();
    *rig.user.store.lock().unwrap() = Some(open(&rig.home));
    let code = starting(
        "const promise = ctx.config.get('none');
         const before = await ctx.config.getAll();
         ctx.ipc.handle('report', async () => ({
            isAsync: promise instanceof Promise && ctx.config.set('x', 1) instanceof Promise && ctx.config.delete('x') instanceof Promise,
            before, none: (await promise) === undefined, fallback: await ctx.config.get('none', [1]),
            nothing: await ctx.config.get('nothing', 'unset'), all: await ctx.config.getAll() }));
         await ctx.config.set('by', ctx.plugin.id);
         await ctx.config.set('nothing', null);
         await ctx.config.set('deep', { list: [1, 'true', '5', { a: 0.5 }] });
         await ctx.config.set('gone', 1);
         await ctx.config.delete('gone');",
    );
    write(&rig, "demo", &code);
    write(&rig, "other", &code);
    rig.rescan();
    let all = |id: &str| json!({ "by": id, "nothing": null, "deep": { "list": [1, "true", "5", { "a": 0.5 }] } });
    let report = |id: &str, before: Json| json!({ "isAsync": true, "before": before, "none": true, "fallback": [1], "nothing": null, "all": all(id) });
    for id in ["demo", "other"] {
        rig.until_active(id);
        assert_eq!(rig.ipc(id, "report", &[]).unwrap(), report(id, json!({})));
    }
    let (home, user) = rig.shut_down();
    *user.store.lock().unwrap() = None;
    *user.store.lock().unwrap() = Some(open(&home));
    let rig = Rig::of(home, user, Options::default());
    rig.rescan();
    rig.until_active("demo");
    assert_eq!(rig.ipc("demo", "report", &[]).unwrap(), report("demo", all("demo")));
}

#[test]
fn st_11_settings_are_read_through_config() {
    let rig = Rig::new();
    let settings = json!({ "availableSettings": [
        { "key": "volume", "name": "V", "type": "number", "scope": "user", "default": 3 },
        { "key": "name", "name": "N", "type": "text", "scope": "user" },
        { "key": "fleet", "name": "F", "type": "text", "scope": "airline", "default": "none" },
    ] });
    let code = starting(
        "ctx.ipc.handle('get', (key, fallback) => ctx.config.get(key, fallback ?? undefined));
         ctx.ipc.handle('all', () => ctx.config.getAll());
         ctx.ipc.handle('set', (key, value) => ctx.config.set(key, value).then(() => 'set', (error) => error.message));
         ctx.ipc.handle('delete', (key) => ctx.config.delete(key).then(() => 'deleted', (error) => error.message));",
    );
    write_with(&rig, "demo", &settings, &code);
    rig.rescan();
    rig.until_active("demo");
    let get = |key: &str, fallback: Json| call(&rig, "get", &[json!(key), fallback]);
    let user_sets = |key: &str, value: Json| {
        rig.user
            .settings
            .lock()
            .unwrap()
            .entry("demo".to_owned())
            .or_default()
            .insert(key.to_owned(), value);
    };
    assert_eq!(get("volume", json!(null)), json!(3), "the manifest's default");
    assert_eq!(get("volume", json!(9)), json!(9), "the caller's goes before it");
    assert_eq!(get("name", json!(null)), json!(null));
    user_sets("volume", json!(5));
    user_sets("fleet", json!("A320"));
    assert_eq!(get("volume", json!(9)), json!(5), "what is set goes before both");
    assert_eq!(get("fleet", json!("x")), json!("A320"));
    assert_eq!(call(&rig, "all", &[]), json!({ "volume": 5, "fleet": "A320" }));

    let set = |key: &str, value: Json| call(&rig, "set", &[json!(key), value]);
    assert_eq!(set("fleet", json!("B737")), json!("`fleet` is set by the airline"));
    assert_eq!(call(&rig, "delete", &[json!("fleet")]), json!("`fleet` is set by the airline"));
    assert_eq!(get("fleet", json!(null)), json!("A320"));
    assert_eq!(set("volume", json!(7)), json!("set"));
    assert_eq!(rig.user.settings.lock().unwrap()["demo"]["volume"], json!(7), "the user sees it");
    user_sets("volume", json!(8));
    assert_eq!(get("volume", json!(null)), json!(8), "and changes it again");
    assert_eq!(set("volume", json!("8")), json!("set"), "another type stays as it was written");
    assert_eq!(get("volume", json!(null)), json!("8"));
    assert_eq!(call(&rig, "delete", &[json!("volume")]), json!("deleted"));
    assert_eq!(get("volume", json!(null)), json!(3));
}

#[test]
fn st_12_channels_reach_their_own_plugin_only() {
    let rig = Rig::new();
    for id in ["one", "two"] {
        write(
            &rig,
            id,
            &starting(&format!(
                "ctx.ipc.handle('who', () => '{id}');
             ctx.ipc.handle('plugin:two:only', () => 'doubled');
             ctx.ipc.handle('send', (channel) => ctx.ipc.send(channel, '{id}'));"
            )),
        );
    }
    let (one, _one) = hear(&rig, "one");
    let (two, _two) = hear(&rig, "two");
    rig.rescan();
    rig.until_active("one");
    rig.until_active("two");
    for id in ["one", "two"] {
        assert_eq!(rig.ipc(id, "who", &[]).unwrap(), json!(id));
        assert!(rig.ipc("two", "only", &[]).is_err(), "a doubled prefix reaches nobody");
    }
    for channel in ["state", "plugin:one:state", "plugin:two:state"] {
        rig.ipc("one", "send", &[json!(channel)]).unwrap();
    }
    let heard = one.lock().unwrap();
    assert_eq!(heard[0], ("state".to_owned(), json!("one")));
    assert!(heard[1..].iter().all(|(channel, _)| channel != "state"));
    assert!(two.lock().unwrap().is_empty());
}

#[test]
fn st_13_payloads_are_cloned_or_refused() {
    let rig = running(
        "const values = {
            plain: { a: [1, 'x', null, true], n: 0.5 }, date: new Date(0), map: new Map([['k', [1]]]), set: new Set([1, 2]),
            bytes: new Uint8Array([1, 2]), error: undefined,
            function: { f() {} }, instance: new (class A { constructor() { this.f = () => 1; } })(), symbol: Symbol('s'), promise: Promise.resolve(1),
         };
         ctx.ipc.handle('send', (name) => { try { ctx.ipc.send('out', values[name]); return 'sent'; } catch (error) { return error.name; } });
         ctx.ipc.handle('echo', (...args) => args);
         ctx.ipc.handle('bad', () => () => 1);",
    );
    let (heard, _feed) = hear(&rig, "demo");
    for name in ["plain", "date", "map", "set", "bytes"] {
        assert_eq!(call(&rig, "send", &[json!(name)]), json!("sent"), "{name}");
    }
    for name in ["function", "instance", "symbol", "promise"] {
        assert_eq!(call(&rig, "send", &[json!(name)]), json!("DataCloneError"), "{name}");
    }
    let heard: Vec<Json> =
        heard.lock().unwrap().iter().map(|(_, payload)| payload.clone()).collect();
    assert_eq!(
        heard[..4],
        [
            json!({ "a": [1, "x", null, true], "n": 0.5 }),
            json!("1970-01-01T00:00:00.000Z"),
            json!({ "k": [1] }),
            json!([1, 2]),
        ]
    );
    assert_eq!(heard.len(), 5);
    let args = [json!({ "deep": [{ "a": null }] }), json!("é\u{1F600}"), json!(1e300)];
    assert_eq!(call(&rig, "echo", &args), json!(args));
    assert!(rig.ipc("demo", "bad", &[]).is_err());
}

#[test]
fn st_14_handlers_come_and_go() {
    let rig = running(
        "const off = [];
         const attempt = (run) => { try { run(); return 'fine'; } catch (error) { return error.message; } };
         ctx.ipc.handle('sum', (...all) => all.reduce((a, b) => a + b, 0));
         ctx.ipc.handle('later', async () => { await new Promise((done) => setTimeout(done, 1)); return 'later'; });
         ctx.ipc.handle('throws', () => { throw new RangeError('not that'); });
         ctx.ipc.handle('nothing', () => {});
         ctx.ipc.handle('twice', () => attempt(() => ctx.ipc.handle('sum', () => 0)));
         ctx.ipc.handle('remove', () => ctx.ipc.removeHandler('sum'));
         ctx.ipc.handle('again', () => attempt(() => ctx.ipc.handle('sum', () => 'new')));
         ctx.ipc.handle('wrong', () => attempt(() => ctx.ipc.handle('x', 5)));",
    );
    assert_eq!(call(&rig, "sum", &[json!(2), json!(3)]), json!(5));
    assert_eq!(call(&rig, "later", &[]), json!("later"));
    assert_eq!(call(&rig, "nothing", &[]), json!(null));
    assert!(rig.ipc("demo", "throws", &[]).unwrap_err().contains("not that"));
    assert!(rig.ipc("demo", "unknown", &[]).unwrap_err().contains("no handler"));
    assert!(call(&rig, "twice", &[]).as_str().unwrap().contains("already"));
    assert_eq!(call(&rig, "sum", &[]), json!(0), "the first stays");
    call(&rig, "remove", &[]);
    assert!(rig.ipc("demo", "sum", &[]).is_err());
    assert_eq!(call(&rig, "again", &[]), json!("fine"));
    assert_eq!(call(&rig, "sum", &[]), json!("new"));
    assert_ne!(call(&rig, "wrong", &[]), json!("fine"));
}

#[test]
fn st_28_the_newer_members_are_safe_without_a_screen() {
    let rig = Rig::new();
    rig.plugin("demo", &[("assets/audio/x.mp3", "sound")]);
    write(
        &rig,
        "demo",
        &format!(
            "export default {{ async onStart(ctx) {{ {NEWER} }}, async onStop(ctx) {{ {AT_STOP} }} }};"
        ),
    );
    rig.rescan();
    rig.until_active("demo");
    assert_eq!(
        call(&rig, "flight", &[]),
        json!({
            "state": [null, false, false, "number"], "phase": ["unknown", null, false],
            "snapshot": null, "offs": ["function", "function", "function", "function", "function"],
            "log": [true, true, true],
        })
    );
    assert_eq!(
        call(&rig, "asks", &[]),
        json!({ "alert": true, "confirm": false, "text": null, "number": null, "select": null })
    );
    assert_eq!(
        call(&rig, "tells", &[]),
        json!([
            "undefined",
            "undefined",
            "undefined",
            "undefined",
            "undefined",
            "rejected",
            "rejected"
        ])
    );
    for (event, payload) in
        [("flight:update", 1), ("flight:phase", 2), ("simulator:data", 3), ("flight:landing", 4)]
    {
        rig.supervisor.publish(event, json!(payload));
    }
    rig.until("all callbacks are called", || {
        call(&rig, "heard", &[]).as_array().unwrap().len() == 4
    });
    assert_eq!(
        call(&rig, "heard", &[]),
        json!([["update", 1], ["phase", 2], ["data", 3], ["landing", 4]])
    );
    rig.sign_out(AccountKind::Stratos);
    let (_home, user) = rig.shut_down();
    assert_eq!(user.stored.lock().unwrap()["demo"]["at stop"], json!([false, null]));
}

const NEWER: &str = r#"
    const heard = [];
    ctx.flight.onUpdate((value) => heard.push(["update", value]));
    ctx.flight.onPhaseChange((value) => heard.push(["phase", value]));
    ctx.flight.onSimData((value) => heard.push(["data", value]));
    ctx.flight.onLanding((value) => heard.push(["landing", value]));
    ctx.ipc.handle("heard", () => heard);
    ctx.ipc.handle("flight", async () => {
        const { flight, simDisconnected, reconnecting, timestamp } = await ctx.flight.getState();
        const { currentPhase, previousPhase, isTracking } = await ctx.flight.getPhase();
        await ctx.flight.getLandingReport();
        const offs = [
            ...["onUpdate", "onPhaseChange", "onSimData", "onLanding"].map((name) => ctx.flight[name](() => heard.push("removed"))),
            ctx.flight.registerStartGuard(() => ({ allow: false, reason: "no" })),
        ];
        for (const off of offs) off();
        const entry = await ctx.flight.log.add({ category: "c", condition: "d", message: "m" });
        const more = [await ctx.flight.log.update("id", { message: "m" }), await ctx.flight.log.remove("id")];
        return {
            state: [flight, simDisconnected, reconnecting, typeof timestamp], phase: [currentPhase, previousPhase, isTracking],
            snapshot: await ctx.flight.getSnapshot(), offs: offs.map((off) => typeof off), log: [entry, ...more].map((one) => one == null),
        };
    });
    ctx.ipc.handle("asks", async () => ({
        alert: (await ctx.dialog.alert({ title: "t", message: "m", timeoutMs: 1 })) === undefined,
        confirm: await ctx.dialog.confirm({ title: "t", message: "m" }),
        text: await ctx.prompt.text({ title: "t", label: "l" }),
        number: await ctx.prompt.number({ title: "t", label: "l" }),
        select: await ctx.prompt.select({ title: "t", label: "l", options: [] }),
    }));
    ctx.ipc.handle("tells", () => Promise.all([
        ctx.notify.toast({ title: "t" }), ctx.notify.playSound("chime"), ctx.notify.playCustomSound("assets/audio/x.mp3"),
        ctx.plugin.setIndicator({ type: "warning", tooltip: "t" }), ctx.plugin.clearIndicator(),
        ctx.notify.playCustomSound("assets/audio/none.mp3"), ctx.notify.playCustomSound("../../other/x.mp3"),
    ].map((promise) => promise.then((value) => typeof value, () => "rejected"))));
"#;

const AT_STOP: &str = r#"
    await ctx.config.set("at stop", [await ctx.dialog.confirm({ title: "t" }), await ctx.prompt.text({ title: "t" })]);
"#;
