//! The table of how plugins are watched over, row by row, and what holds for every family.

use std::sync::mpsc::{Receiver, channel};

use serde_json::{Value as Json, json};
use vario_host::LogOrigin;
use vario_model::BackgroundState as State;
use vario_value::LogLevel;

use crate::rig::{LONG, Options, Rig, impatient, quick_restarts};
use crate::shapes::{ALL, Code, Family, depend, write};

/// Goes on when the test says so, by a value of its own.
const UNTIL_RELEASED: &str =
    "while (!(await ctx.config.get('go'))) await new Promise((resolve) => setTimeout(resolve, 5));";

fn release(rig: &Rig, id: &str) {
    let mut stored = rig.user.stored.lock().unwrap();
    stored.entry(id.to_owned()).or_default().insert("go".to_owned(), json!(true));
}

fn by(supervision: fn(vario_manifest::Dialect) -> vario_dialects::Supervision) -> Rig {
    let rig = Rig::with(Options { supervision });
    rig.sign_in(1);
    rig
}

fn host(rig: &Rig, code: Code) {
    for family in ALL {
        write(rig, family.name(), family, code);
    }
    rig.rescan();
}

/// A question to a plugin whose answer is looked at later.
fn ask_later(rig: &Rig, id: &str, kind: &str) -> Receiver<Result<Json, String>> {
    let (sender, receiver) = channel();
    let done = Box::new(move |answer: vario_background::Answer| {
        let answer = answer.map(|value| value.to_json()).map_err(|error| error.to_string());
        let _gone = sender.send(answer);
    });
    rig.supervisor.request(id, kind, &Json::Null, done);
    receiver
}

#[test]
fn a_start_that_takes_too_long_degrades_or_fails() {
    let rig = by(impatient);
    let start = "while (!globalThis.go) await new Promise((resolve) => setTimeout(resolve, 5));";
    host(
        &rig,
        Code { top: "globalThis.served = () => { globalThis.go = true; };", start, stop: "" },
    );
    for family in [Family::Stratos, Family::Mudstack, Family::Vario] {
        rig.until_state(family.name(), State::Failed);
        assert_eq!(rig.reason(family.name()), "its start took more than 3 s");
        assert_eq!(rig.info(family.name()).unwrap().restarts, 0);
    }
    rig.until_state("smartcars", State::Degraded);
    assert_eq!(rig.get("/api/smartcars/state").json(), json!("served"));
    let _void = rig.get("/api/smartcars/own");
    rig.until_active("smartcars");
    assert_eq!(rig.reason("smartcars"), "");
    let expected = ["loading", "loaded", "activating", "degraded", "active"];
    assert_eq!(rig.path("smartcars"), expected);
}

#[test]
fn a_module_that_throws_fails_at_once() {
    let rig = by(quick_restarts);
    host(&rig, Code { top: "throw new RangeError('at the top');", ..Code::default() });
    for family in ALL {
        rig.until_state(family.name(), State::Failed);
        assert!(rig.reason(family.name()).contains("at the top"), "{}", rig.reason(family.name()));
    }
}

#[test]
fn a_start_that_rejects_fails_without_a_restart() {
    let rig = by(quick_restarts);
    let code = Code { start: "throw new Error('no luck');", stop: "log('stopped');", top: "" };
    host(&rig, code);
    for family in ALL {
        let id = family.name();
        rig.until_state(id, State::Failed);
        assert!(rig.reason(id).contains("no luck"), "{}", rig.reason(id));
        assert_eq!(rig.info(id).unwrap().restarts, 0);
        rig.until("its process is gone", || rig.info(id).unwrap().pid.is_none());
        assert!(!rig.has_logged(id, "stopped"));
    }
}

#[test]
fn an_end_that_hangs_is_cut_short() {
    let rig = by(impatient);
    host(&rig, Code { stop: "log('stopping'); await new Promise(() => {});", ..Code::default() });
    for family in ALL {
        rig.until_active(family.name());
    }
    rig.supervisor.shutdown(LONG).unwrap();
    for family in ALL {
        let id = family.name();
        assert!(rig.has_logged(id, "stopping"));
        assert!(rig.has_logged(id, "its end failed"));
        let ends = ["deactivating", "inactive", "unloading", "unloaded"];
        assert_eq!(rig.path(id)[4..], ends);
    }
}

#[cfg(unix)]
#[test]
fn crashes_are_counted_as_the_table_says() {
    let rig = by(quick_restarts);
    host(&rig, Code::default());
    for (family, restarts) in
        [(Family::Smartcars, 2), (Family::Stratos, 0), (Family::Mudstack, 3), (Family::Vario, 3)]
    {
        let id = family.name();
        for count in 1..=restarts {
            rig.until_active(id);
            rig.kill(id);
            rig.until("it is back", || {
                let info = rig.info(id).unwrap();
                info.restarts == count && info.state == State::Active
            });
        }
        rig.until_active(id);
        rig.kill(id);
        rig.until("it is given up", || {
            let info = rig.info(id).unwrap();
            info.state == State::Failed && !rig.reason(id).contains("starts again")
        });
        // What the user wants goes on.
        rig.supervisor.start(id, LONG).unwrap();
        assert_eq!(rig.info(id).unwrap().state, State::Active);
    }
}

#[cfg(unix)]
#[test]
fn a_crash_during_the_start_is_tried_again_where_the_table_says_so() {
    let rig = by(quick_restarts);
    host(&rig, Code { start: "await new Promise(() => {});", ..Code::default() });
    for family in ALL {
        let id = family.name();
        rig.until_state(id, State::Activating);
        let pid = rig.info(id).unwrap().pid;
        rig.kill(id);
        if matches!(family, Family::Smartcars | Family::Vario) {
            rig.until("it is tried again", || {
                let info = rig.info(id).unwrap();
                info.state == State::Activating && info.pid != pid
            });
        } else {
            rig.until_state(id, State::Failed);
            assert_eq!(rig.info(id).unwrap().restarts, 0);
        }
    }
}

#[cfg(unix)]
#[test]
fn the_first_restart_comes_after_a_second() {
    let rig = by(vario_dialects::supervision);
    write(&rig, "mudstack", Family::Mudstack, Code::default());
    rig.rescan();
    rig.until_active("mudstack");
    rig.kill("mudstack");
    rig.until("it will start again", || rig.reason("mudstack").ends_with("it starts again in 1 s"));
    rig.until_active("mudstack");
    assert_eq!(rig.info("mudstack").unwrap().restarts, 1);
}

#[cfg(unix)]
#[test]
fn a_stop_while_a_restart_is_due_is_a_stop() {
    let rig = by(vario_dialects::supervision);
    write(&rig, "mudstack", Family::Mudstack, Code::default());
    rig.rescan();
    rig.until_active("mudstack");
    rig.kill("mudstack");
    rig.until_state("mudstack", State::Failed);
    rig.supervisor.stop("mudstack", LONG).unwrap();
    rig.until("it does not come back", || rig.reason("mudstack") == "stopped by the user");
    assert_eq!(rig.info("mudstack").unwrap().pid, None);
    rig.supervisor.start("mudstack", LONG).unwrap();
}

#[test]
fn routes_are_served_as_early_as_the_table_says() {
    let rig = by(vario_dialects::supervision);
    let wait = "while (!globalThis.go) await new Promise((resolve) => setTimeout(resolve, 5));";
    for family in [Family::Smartcars, Family::Stratos] {
        let top = "globalThis.served = () => { globalThis.go = true; return 'now'; };";
        write(&rig, family.name(), family, Code { top, start: wait, stop: "" });
    }
    let start = format!(
        "ctx.server.mount('/mounted', (req, res) => res.json('mounted')); log('waits'); {UNTIL_RELEASED}"
    );
    write(&rig, "vario", Family::Vario, Code { start: &start, ..Code::default() });
    rig.rescan();
    for family in [Family::Smartcars, Family::Stratos] {
        let id = family.name();
        rig.until_state(id, State::Activating);
        rig.until("it serves", || rig.get(&format!("/api/{id}/state")).status() == 200);
        assert_eq!(rig.info(id).unwrap().state, State::Activating);
        assert_eq!(rig.get(&format!("/api/{id}/own")).json(), json!("now"));
        rig.until_active(id);
    }
    rig.until_logged("vario", "waits");
    assert_eq!(rig.get("/api/vario/state").status(), 404);
    assert_eq!(rig.get("/mounted/x").status(), 404);
    release(&rig, "vario");
    rig.until_active("vario");
    assert_eq!(rig.get("/api/vario/state").json(), json!("served"));
    assert_eq!(rig.get("/mounted/x").json(), json!("mounted"));
    rig.supervisor.stop("vario", LONG).unwrap();
    assert_eq!(rig.get("/api/vario/state").status(), 404);
    assert_eq!(rig.get("/mounted/x").status(), 404);
}

#[test]
fn events_are_delivered_as_early_as_the_table_says() {
    let rig = by(vario_dialects::supervision);
    let start = "
        const flown = new Promise((resolve) => ctx.flight.onPhaseChange(resolve));
        log('listens');
        await flown;";
    write(&rig, "stratos", Family::Stratos, Code { start, ..Code::default() });
    for (family, listen) in [
        (Family::Mudstack, "ctx.events.on('flight:phase', () => log('heard'));"),
        (Family::Vario, "ctx.bus.subscribe('flight:phase', () => log('heard'));"),
    ] {
        let start = format!("{listen} log('listens'); {UNTIL_RELEASED} log('started');");
        write(&rig, family.name(), family, Code { start: &start, ..Code::default() });
    }
    rig.rescan();
    rig.until_state("stratos", State::Activating);
    for id in ["stratos", "mudstack", "vario"] {
        rig.until_logged(id, "listens");
    }
    rig.supervisor.publish("flight:phase", json!({ "phase": "climb" }));
    rig.until_active("stratos");
    for id in ["mudstack", "vario"] {
        assert!(!rig.has_logged(id, "heard"));
        release(&rig, id);
        rig.until_active(id);
        rig.until_logged(id, "heard");
        let lines = rig.user.lines.lock().unwrap();
        let own = lines.iter().filter(|line| line.plugin_id == id);
        let texts: Vec<&str> = own.map(|line| line.message.as_str()).collect();
        assert_eq!(texts[..3], ["listens", "started", "heard"]);
    }
}

#[test]
fn only_smartcars_needs_somebody_to_be_signed_in() {
    let rig = Rig::new();
    host(&rig, Code { stop: "log('bye');", ..Code::default() });
    for id in ["stratos", "mudstack", "vario"] {
        rig.until_active(id);
    }
    assert!(rig.reason("smartcars").contains("nobody is signed in"), "{}", rig.reason("smartcars"));
    let error = rig.supervisor.start("smartcars", LONG).unwrap_err();
    assert!(error.contains("nobody is signed in"), "{error}");
    rig.sign_in(1);
    rig.until_active("smartcars");
    // Somebody else means another start.
    let pid = rig.info("smartcars").unwrap().pid;
    rig.sign_in(2);
    rig.until("it starts for the other", || {
        let info = rig.info("smartcars").unwrap();
        info.state == State::Active && info.pid != pid
    });
    assert!(rig.has_logged("smartcars", "bye"));
    rig.sign_out(vario_background::AccountKind::Smartcars);
    rig.until_state("smartcars", State::Unloaded);
    assert_eq!(rig.info("mudstack").unwrap().state, State::Active);
}

#[test]
fn what_others_need_ends_after_them_and_optional_users_stay() {
    let rig = Rig::new();
    let has = "ctx.onRequest('has', () => ctx.hasDependency('base'));";
    for id in ["base", "needs", "likes"] {
        write(&rig, id, Family::Mudstack, Code { start: has, ..Code::default() });
    }
    depend(&rig, "needs", json!(["base"]));
    depend(&rig, "likes", json!([{ "id": "base", "optional": true }]));
    rig.rescan();
    for id in ["base", "needs", "likes"] {
        rig.until_active(id);
    }
    assert_eq!(rig.request("likes", "has", &json!(null)), Ok(json!(true)));
    rig.user.disabled.lock().unwrap().push("base".to_owned());
    rig.supervisor.reconsider();
    rig.until("the one that needs it has failed", || rig.reason("needs") == "dependency:base");
    rig.until_state("base", State::Unloaded);
    assert_eq!(rig.request("likes", "has", &json!(null)), Ok(json!(false)));
    let unloaded: Vec<Json> = rig
        .events
        .lock()
        .unwrap()
        .iter()
        .filter(|event| event.kind == "plugin:state" && event.payload["to"] == json!("unloaded"))
        .map(|event| event.payload["id"].clone())
        .collect();
    assert_eq!(unloaded, [json!("needs"), json!("base")]);
    rig.user.disabled.lock().unwrap().clear();
    rig.supervisor.reconsider();
    rig.until_active("needs");
    assert_eq!(rig.request("likes", "has", &json!(null)), Ok(json!(true)));
}

#[test]
fn an_optional_dependency_that_starts_is_waited_for() {
    let rig = Rig::new();
    let slow = format!("log('waits'); {UNTIL_RELEASED}");
    write(&rig, "slow", Family::Mudstack, Code { start: &slow, ..Code::default() });
    write(
        &rig,
        "likes",
        Family::Mudstack,
        Code { start: "log(ctx.hasDependency('slow'));", ..Code::default() },
    );
    depend(&rig, "likes", json!([{ "id": "slow", "optional": true }]));
    rig.rescan();
    rig.until_logged("slow", "waits");
    assert_eq!(rig.info("likes").unwrap().state, State::Registered);
    release(&rig, "slow");
    rig.until_logged("likes", "true");
}

#[test]
fn a_reload_is_a_stop_and_a_fresh_start() {
    let rig = by(vario_dialects::supervision);
    let top = "let count = 0; globalThis.served = () => ++count;";
    host(&rig, Code { top, start: "", stop: "log(`ends at ${count}`);" });
    for family in [Family::Smartcars, Family::Stratos, Family::Vario] {
        let id = family.name();
        rig.until_active(id);
        let own = format!("/api/{id}/own");
        assert_eq!(rig.get(&own).json(), json!(1));
        assert_eq!(rig.get(&own).json(), json!(2));
        rig.supervisor.restart(id, LONG).unwrap();
        assert!(rig.has_logged(id, "ends at 2"));
        assert_eq!(rig.get(&own).json(), json!(1));
        assert_eq!(rig.info(id).unwrap().restarts, 0, "only crashes count");
    }
    rig.until_active("mudstack");
    assert_eq!(rig.request("mudstack", "own", &json!(null)), Ok(json!(1)));
    rig.supervisor.restart("mudstack", LONG).unwrap();
    assert_eq!(rig.request("mudstack", "own", &json!(null)), Ok(json!(1)));
}

#[test]
fn a_changed_folder_restarts_and_a_change_mends_what_failed() {
    let rig = by(vario_dialects::supervision);
    let version = |start| Code { start, stop: "log('ends');", top: "" };
    write(&rig, "mudstack", Family::Mudstack, version("log('first');"));
    write(&rig, "vario", Family::Vario, version("throw new Error('broken');"));
    write(&rig, "stratos", Family::Stratos, version("log('untouched');"));
    rig.rescan();
    rig.until_active("mudstack");
    rig.until_state("vario", State::Failed);
    rig.until_active("stratos");
    write(&rig, "mudstack", Family::Mudstack, version("log('second');"));
    write(&rig, "vario", Family::Vario, version("log('mended');"));
    rig.rescan();
    rig.until_logged("mudstack", "second");
    rig.until_logged("vario", "mended");
    assert!(rig.has_logged("mudstack", "ends"));
    assert!(!rig.has_logged("stratos", "ends"));
}

#[test]
fn log_lines_say_who_wrote_them() {
    let rig = Rig::new();
    let start = "console.debug('by itself'); throw new Error('why');";
    write(&rig, "mudstack", Family::Mudstack, Code { start, ..Code::default() });
    rig.rescan();
    rig.until_logged("mudstack", "its start failed: why");
    let lines = rig.user.lines.lock().unwrap();
    let found: Vec<_> =
        lines.iter().map(|line| (line.level, line.origin, line.message.as_str())).collect();
    assert_eq!(
        found,
        [
            (LogLevel::Debug, LogOrigin::Plugin, "by itself"),
            (LogLevel::Error, LogOrigin::Host, "its start failed: why"),
        ]
    );
}

#[test]
fn a_thousand_events_wait_and_the_oldest_go() {
    let rig = Rig::new();
    let start = format!(
        "const seen = []; ctx.events.on('e', ({{ payload }}) => seen.push(payload));
        ctx.onRequest('seen', () => [seen.length, seen[0], seen.at(-1), seen.every((n, place) => n === seen[0] + place)]);
        log('listens'); {UNTIL_RELEASED}"
    );
    write(&rig, "mudstack", Family::Mudstack, Code { start: &start, ..Code::default() });
    rig.rescan();
    rig.until_logged("mudstack", "listens");
    for number in 0..2500 {
        rig.supervisor.publish("e", json!(number));
    }
    release(&rig, "mudstack");
    rig.until_active("mudstack");
    rig.until("all have come", || {
        rig.request("mudstack", "seen", &json!(null)) == Ok(json!([1000, 1500, 2499, true]))
    });
    let lines = rig.user.lines.lock().unwrap();
    let warnings = lines.iter().filter(|line| line.message.contains("oldest are dropped"));
    assert_eq!(warnings.count(), 1);
}

#[test]
fn whoever_waits_for_a_plugin_hears_of_its_end() {
    let rig = Rig::new();
    let start = "ctx.onRequest('silent', () => { log('asked'); return new Promise(() => {}); });";
    write(&rig, "silent", Family::Mudstack, Code { start, ..Code::default() });
    let start = "
        ctx.onRequest('go', () => {
            ctx.requestFromPlugin('silent', 'silent').catch((error) => log(`${error.name}: ${error.message}`));
            log('waits');
        });";
    for id in ["asks", "ends"] {
        write(&rig, id, Family::Mudstack, Code { start, ..Code::default() });
    }
    rig.rescan();
    for id in ["silent", "asks", "ends"] {
        rig.until_active(id);
    }
    let answer = ask_later(&rig, "silent", "silent");
    rig.until_logged("silent", "asked");
    for id in ["asks", "ends"] {
        rig.request(id, "go", &json!(null)).unwrap();
        rig.until_logged(id, "waits");
    }
    // What a plugin asked for is over with itself, and with the one it asked.
    rig.supervisor.stop("ends", LONG).unwrap();
    rig.until_logged("ends", "PluginUnloaded");
    rig.supervisor.stop("silent", LONG).unwrap();
    rig.until_logged("asks", "PluginUnloaded");
    let error = answer.recv_timeout(LONG).unwrap().unwrap_err();
    assert!(error.contains("PluginUnloaded"), "{error}");
    let answer = ask_later(&rig, "silent", "silent").recv_timeout(LONG).unwrap();
    assert!(answer.unwrap_err().contains("not running"));
}

#[test]
fn a_request_that_takes_too_long_is_given_up_and_the_plugin_goes_on() {
    let rig = by(impatient);
    let top = "globalThis.served = () => new Promise(() => {});";
    for family in [Family::Smartcars, Family::Vario] {
        let never = "globalThis.served = ({ now }) => now ?? new Promise(() => {});";
        write(&rig, family.name(), family, Code { top: never, ..Code::default() });
    }
    write(&rig, "mudstack", Family::Mudstack, Code { top, ..Code::default() });
    rig.rescan();
    rig.until_active("mudstack");
    let error = rig.request("mudstack", "own", &json!(null)).unwrap_err();
    assert!(error.contains("did not answer in time"), "{error}");
    for family in [Family::Smartcars, Family::Vario] {
        rig.until_active(family.name());
        let own = format!("/api/{}/own", family.name());
        assert_eq!(rig.get(&own).status(), 504);
        assert_eq!(rig.get(&format!("{own}?now=1")).json(), json!("1"));
    }
    assert_eq!(rig.info("mudstack").unwrap().state, State::Active);
}

#[test]
fn an_endless_loop_with_nothing_outstanding_is_ended_from_within() {
    let rig = by(impatient);
    let start = "setTimeout(() => { log('loops'); for (;;) {} }, 1);";
    host(&rig, Code { start, ..Code::default() });
    for family in ALL {
        let id = family.name();
        rig.until(&format!("{id} is ended"), || rig.path(id).contains(&"failed".to_owned()));
        let events = rig.events.lock().unwrap();
        let failed = events.iter().find(|event| {
            event.payload["id"] == json!(id) && event.payload["to"] == json!("failed")
        });
        let reason = failed.unwrap().payload["reason"].to_string();
        assert!(reason.contains("runs without a pause"), "{reason}");
    }
}

#[test]
fn a_plugin_that_runs_out_of_memory_says_so() {
    let rig = by(quick_restarts);
    let top = "const all = []; globalThis.served = () => { for (;;) all.push(new Array(1000).fill(1)); };";
    write(&rig, "stratos", Family::Stratos, Code { top, ..Code::default() });
    rig.rescan();
    rig.until_active("stratos");
    // What is out of memory may be caught once or twice; what is kept cannot be.
    rig.until("it is ended", || {
        rig.get("/api/stratos/own").status() >= 400
            && rig.info("stratos").unwrap().state == State::Failed
    });
    assert!(rig.reason("stratos").contains("out of memory"), "{}", rig.reason("stratos"));
}
