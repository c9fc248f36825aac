use serde_json::{Value as Json, json};
use vario_background::Keep;
use vario_model::BackgroundState::{Failed, Unloaded};
use vario_store::{Paths, Store};

use super::{call, running, starting, write, write_with};
use crate::rig::{LONG, Options, Rig, impatient};

#[test]
fn st_04_only_a_default_export_is_loaded() {
    let rig = Rig::new();
    write(&rig, "good", &starting("ctx.logger.info('on');"));
    for (id, code, words) in [
        (
            "named",
            "export const onStart = () => {}; export const onStop = () => {};",
            "default export",
        ),
        ("half", "export default { onStart() {} };", "onStop"),
        ("wrong", "export default { onStart: 1, onStop() {} };", "onStart"),
        ("broken", "export default {", "property name"),
        ("missing", "import './nowhere.js'; export default {};", "nowhere.js"),
    ] {
        write(&rig, id, code);
        rig.rescan();
        rig.until_state(id, Failed);
        assert!(rig.reason(id).contains(words), "{id}: {}", rig.reason(id));
    }
    rig.until_active("good");
    rig.until_logged("good", "on");
}

#[test]
fn st_05_create_plugin_checks_the_shape() {
    let rig = Rig::new();
    let import = "import { createPlugin } from '@skyvexsoftware/stratos-sdk/helpers';";
    let code = format!(
        "{import} const own = {{ onStart(ctx) {{ ctx.logger.info(`same ${{own === made}}`); }}, onStop() {{}} }};
         const made = createPlugin(own); export default made;"
    );
    write(&rig, "good", &code);
    for (id, given) in [
        ("no-stop", "{ onStart() {} }"),
        ("no-start", "{ onStop() {} }"),
        ("nothing", "undefined"),
        ("no-function", "{ onStart: {}, onStop() {} }"),
    ] {
        write(&rig, id, &format!("{import} export default createPlugin({given});"));
    }
    rig.rescan();
    rig.until_logged("good", "same true");
    for id in ["no-stop", "no-start", "nothing", "no-function"] {
        rig.until_state(id, Failed);
        assert!(rig.reason(id).contains("createPlugin"), "{id}: {}", rig.reason(id));
    }
}

#[test]
fn st_06_a_failing_start_is_that_plugins_alone() {
    let rig = Rig::with(Options { supervision: impatient });
    write(
        &rig,
        "a-throws",
        &starting(
            "ctx.server.registerRouter('/a', () => {}); ctx.ipc.handle('x', () => 1); throw new RangeError('no start');",
        ),
    );
    write(&rig, "b-rejects", &starting("await Promise.reject(new Error('not today'));"));
    write(&rig, "c-hangs", &starting("await new Promise(() => {});"));
    write(&rig, "d-works", &starting("ctx.server.registerRouter('/d', (q, s) => s.json(1));"));
    rig.rescan();
    for (id, words) in [("a-throws", "no start"), ("b-rejects", "not today"), ("c-hangs", "")] {
        rig.until_state(id, Failed);
        assert!(rig.reason(id).contains(words), "{id}: {}", rig.reason(id));
    }
    rig.until_active("d-works");
    assert_eq!(rig.get("/a/x").status(), 404, "what it registered before is gone");
    assert!(rig.ipc("a-throws", "x", &[]).is_err());
    assert_eq!(rig.get("/d/").status(), 200);
}

#[test]
fn st_07_stop_is_called_with_ctx_for_what_runs() {
    let rig = Rig::new();
    let code = |fails: bool| {
        format!(
            "export default {{
                async onStart(ctx) {{ if ({fails}) throw new Error('no'); }},
                async onStop(ctx) {{
                    await new Promise((done) => setTimeout(done, 5));
                    await ctx.config.set('stopped', [ctx.logger !== undefined, await ctx.config.get('stopped', 0)]);
                }} }};"
        )
    };
    write(&rig, "runs", &code(false));
    write(&rig, "fails", &code(true));
    write(
        &rig,
        "throws",
        "export default { onStart() {}, onStop(ctx) { ctx.logger.info('last'); throw new Error('at the end'); } };",
    );
    rig.rescan();
    rig.until_active("runs");
    rig.until_active("throws");
    rig.until_state("fails", Failed);
    let (_home, user) = rig.shut_down();
    let stored = user.stored.lock().unwrap();
    assert_eq!(stored["runs"]["stopped"], json!([true, 0]));
    assert!(!stored.contains_key("fails"));
    let lines = user.lines.lock().unwrap();
    let said = |text: &str| {
        lines.iter().any(|line| line.plugin_id == "throws" && line.message.contains(text))
    };
    assert!(said("last") && said("at the end"));
}

#[test]
fn st_08_an_update_stops_and_starts_afresh() {
    let rig = Rig::new();
    let code = |version: u32| {
        format!(
            "let runs = 0;
             const note = async (ctx, what) => ctx.config.set('path', [...(await ctx.config.get('path', [])), what]);
             export default {{
                async onStart(ctx) {{ runs += 1; await note(ctx, `start {version} run ${{runs}}`); ctx.ipc.handle('path', () => ctx.config.get('path')); }},
                async onStop(ctx) {{ await note(ctx, `stop {version} run ${{runs}}`); }} }};"
        )
    };
    write(&rig, "demo", &code(1));
    rig.rescan();
    rig.until_active("demo");
    let first = rig.info("demo").unwrap().pid;
    write_with(&rig, "demo", &json!({ "version": "2.0.0" }), &code(2));
    rig.rescan();
    rig.until("version 2 is active", || {
        rig.info("demo").is_some_and(|info| info.version == "2.0.0" && info.active_since.is_some())
    });
    assert_eq!(call(&rig, "path", &[]), json!(["start 1 run 1", "stop 1 run 1", "start 2 run 1"]));
    assert_ne!(rig.info("demo").unwrap().pid, first);
    rig.supervisor.restart("demo", LONG).unwrap();
    let path = call(&rig, "path", &[]);
    assert_eq!(path[4], json!("start 2 run 1"), "module state is anew: {path}");
}

#[test]
fn st_25_nothing_is_left_after_a_stop() {
    let rig = running(
        "ctx.server.registerRouter('/demo', (q, s) => s.json(1));
         ctx.ipc.handle('x', () => 1);
         const db = ctx.database.open('a.db');
         db.exec('CREATE TABLE IF NOT EXISTS t (a)');
         let ticks = 0;
         setInterval(() => { ticks += 1; ctx.config.set('ticks', ticks); ctx.ipc.send('tick', ticks); }, 1);
         ctx.flight.onPhaseChange((phase) => ctx.logger.info(`heard ${phase.n}`));
         ctx.socket.on('flight:event', () => ctx.logger.info('heard an event'));
         ctx.flight.registerStartGuard(() => ({ allow: false }));",
    );
    rig.until("it ticks", || rig.user.stored.lock().unwrap().contains_key("demo"));
    rig.supervisor.publish("flight:phase", json!({ "n": 1 }));
    rig.until_logged("demo", "heard 1");
    let info = rig.info("demo").unwrap();
    assert_eq!((info.routes.len(), info.channels.len()), (1, 1));
    let pid = info.pid.unwrap();

    rig.supervisor.stop("demo", LONG).unwrap();
    rig.until_state("demo", Unloaded);
    let info = rig.info("demo").unwrap();
    assert_eq!((info.routes.len(), info.channels.len(), info.pid), (0, 0, None));
    assert_eq!(rig.get("/demo/").status(), 404);
    assert!(rig.ipc("demo", "x", &[]).is_err());
    let lines = rig.user.lines.lock().unwrap().len();
    let ticks = rig.user.stored.lock().unwrap()["demo"]["ticks"].clone();
    rig.supervisor.publish("flight:phase", json!({ "n": 2 }));
    rig.supervisor.publish("flight:event", json!({}));
    if cfg!(target_os = "linux") {
        rig.until("its process is gone", || {
            !std::path::Path::new(&format!("/proc/{pid}")).exists()
        });
    }
    assert_eq!(rig.user.lines.lock().unwrap().len(), lines, "{}", rig.log_text());
    assert_eq!(rig.user.stored.lock().unwrap()["demo"]["ticks"], ticks);
    let left: Vec<_> = std::fs::read_dir(Paths::below(rig.home.path()).plugin_data_dir("demo"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, ["a.db"], "the database is closed");
    rig.supervisor.start("demo", LONG).unwrap();
    assert_eq!(rig.get("/demo/").status(), 200);
}

#[test]
fn st_30_an_update_keeps_data_and_config() {
    let rig = Rig::new();
    *rig.user.store.lock().unwrap() = Some(Store::open(&Paths::below(rig.home.path())).unwrap());
    let code = |version: u32| {
        starting(&format!(
            "const db = ctx.database.open('flights.db');
             db.exec('CREATE TABLE IF NOT EXISTS starts (version)');
             db.prepare('INSERT INTO starts VALUES (?)').run({version});
             await ctx.config.set('starts', [...(await ctx.config.get('starts', [])), {version}]);
             ctx.ipc.handle('kept', async () => [db.prepare('SELECT version FROM starts').pluck().all(), await ctx.config.get('starts')]);"
        ))
    };
    let folder = rig.plugins().join("demo");
    for version in 1..=3_u32 {
        // As an install does: the old folder goes as a whole.
        if folder.exists() {
            std::fs::rename(&folder, rig.home.path().join(format!("old-{version}"))).unwrap();
        }
        let name = format!("{version}.0.0");
        write_with(&rig, "demo", &json!({ "version": name }), &code(version));
        rig.rescan();
        rig.until("the new version is active", || {
            rig.info("demo").is_some_and(|info| info.version == name && info.active_since.is_some())
        });
        let all: Vec<u32> = (1..=version).collect();
        assert_eq!(call(&rig, "kept", &[]), json!([all, all]));
        assert!(!folder.join("flights.db").exists(), "data is not in the install folder");
    }
}

#[test]
fn st_32_a_loop_or_a_crash_is_one_plugins_own() {
    let rig = Rig::with(Options { supervision: impatient });
    write(&rig, "good", &starting("ctx.server.registerRouter('/good', (q, s) => s.json('here'));"));
    write(&rig, "loops", &starting("ctx.server.registerRouter('/loops', () => { for (;;); });"));
    write(
        &rig,
        "eats",
        &starting(
            "ctx.server.registerRouter('/eats', () => { const all = []; for (;;) all.push(new Array(100000).fill(all.length)); });",
        ),
    );
    write(&rig, "killed", &starting("ctx.server.registerRouter('/killed', (q, s) => s.json(1));"));
    rig.rescan();
    for id in ["good", "loops", "eats", "killed"] {
        rig.until_active(id);
    }
    let (sender, receiver) = std::sync::mpsc::channel();
    for path in ["/loops/", "/eats/"] {
        let sender = sender.clone();
        let request = crate::rig::request("GET", path, &[], b"");
        rig.supervisor.http(
            &request,
            Box::new(move |answer| sender.send(answer.status).expect("it is waited for")),
        );
    }
    for _ in 0..20 {
        assert_eq!(rig.get("/good/").json(), json!("here"), "while the others misbehave");
    }
    for _ in 0..2 {
        assert!(receiver.recv_timeout(LONG).unwrap() >= 500);
    }
    rig.until_state("loops", Failed);
    #[cfg(unix)]
    {
        let pid = rig.info("killed").unwrap().pid.unwrap().to_string();
        assert!(std::process::Command::new("kill").args(["-9", &pid]).status().unwrap().success());
        rig.until_state("killed", Failed);
        assert_eq!(rig.info("killed").unwrap().restarts, 0, "it is not restarted by itself");
    }
    assert_eq!(rig.get("/good/").json(), json!("here"));
    assert_eq!(rig.path("good").last().map(String::as_str), Some("active"));
}

#[test]
fn st_29_a_whole_day() {
    let rig = Rig::new();
    write(&rig, "demo", DAY);
    let sent: std::sync::Arc<std::sync::Mutex<Vec<Json>>> = std::sync::Arc::default();
    let heard = std::sync::Arc::clone(&sent);
    let _feed = rig.supervisor.hear_ipc("demo", move |channel, payload| {
        assert_eq!(channel, "state");
        heard.lock().unwrap().push(payload.clone());
        Keep::Yes
    });
    rig.plugin("demo", &[("assets/audio/boarding.mp3", "sound")]);
    rig.rescan();
    rig.until_active("demo");
    let state = || rig.get("/api/demo/state").json();
    assert_eq!(state(), json!({ "flight": null, "phase": "unknown", "played": [] }));
    assert_eq!(
        rig.post("/api/demo/play", &json!({ "clip": "boarding" })).json(),
        json!({ "ok": true })
    );
    assert_eq!(rig.post("/api/demo/play", &json!({ "clip": "none" })).status(), 404);
    assert_eq!(rig.post("/api/demo/play", &json!({})).status(), 400);
    assert_eq!(rig.get("/api/demo/nothing").status(), 404);
    rig.supervisor.publish("flight:event", json!({ "type": "started", "flight": "VA1" }));
    let publish = |phase| rig.supervisor.publish("flight:phase", json!({ "currentPhase": phase }));
    publish("boarding");
    rig.until("boarding is announced", || state()["played"].as_array().unwrap().len() == 2);
    publish("taxi");
    publish("climb");
    rig.until("it climbs", || state()["phase"] == "climb");
    assert_eq!(state()["flight"], "VA1");
    assert_eq!(state()["played"], json!(["boarding", "boarding"]), "by hand, and by the phase");
    rig.supervisor.publish("flight:event", json!({ "type": "stopped" }));
    rig.until("the flight is over", || state()["flight"].is_null());
    let sent = sent.lock().unwrap();
    let phases: Vec<&Json> = sent.iter().map(|state| &state["phase"]).collect();
    assert_eq!(phases, ["unknown", "unknown", "boarding", "boarding", "taxi", "climb", "unknown"]);
}

const DAY: &str = r#"
    import { createPlugin } from "@skyvexsoftware/stratos-sdk/helpers";
    import { Router, json } from "express";
    const state = { flight: null, phase: "unknown", played: [] };
    export default createPlugin({
        async onStart(ctx) {
            const tell = () => ctx.ipc.send("state", state);
            const play = async (clip) => {
                await ctx.notify.playCustomSound(`assets/audio/${clip}.mp3`);
                state.played.push(clip);
                tell();
            };
            const router = Router();
            router.use(json({ limit: "16kb" }));
            router.get("/state", (req, res) => res.json(state));
            router.post("/play", async (req, res) => {
                if (!req.body.clip) return res.status(400).json({ error: "no clip" });
                try { await play(req.body.clip); res.json({ ok: true }); } catch { res.status(404).json({ error: "no such clip" }); }
            });
            ctx.server.registerRouter("/api/demo", router);
            ctx.flight.onPhaseChange((change) => {
                state.phase = change.currentPhase;
                tell();
                if (state.phase === "boarding") play("boarding");
            });
            ctx.socket.on("flight:event", (event) => {
                state.flight = event.type === "started" ? event.flight : null;
                if (!state.flight) state.phase = "unknown";
                tell();
            });
        },
        async onStop() {},
    });
"#;
