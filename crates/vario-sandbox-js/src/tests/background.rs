use vario_sandbox::{Engine, InstanceSpec};

use super::*;

/// A world of the background kind whose prelude has said where modules are.
fn background() -> Box<dyn Instance> {
    let stop = Arc::new(StopSignal::new(Instant::now() + Duration::from_mins(1)));
    let host = Arc::new(Host {
        groups: Vec::new(),
        stop: Arc::clone(&stop),
        calls: Mutex::default(),
        log: Mutex::default(),
        files: HashMap::new(),
    });
    let spec =
        InstanceSpec { limits: Limits::default(), stop, natives: host, frozen_unix_ms: None };
    let mut js = JsEngine::new().open_background(spec).expect("a world opens");
    let natives = js.natives().expect("natives are made");
    let prelude = Source::new(SourceKind::Prelude, "prelude.js", include_str!("background.js"));
    let prelude = js.eval(&prelude).expect("the prelude runs");
    js.call(prelude, &[natives]).expect("the prelude sets itself up");
    js.drain().expect("jobs run");
    js
}

fn value(js: &mut dyn Instance, text: &str) -> Value {
    let source = Source::new(SourceKind::Script, "plugin.js", text);
    let handle = js.eval(&source).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    js.drain().expect("jobs run");
    js.read(handle, &Shape::Any).expect("the value can be read")
}

#[test]
fn probes_have_none_of_it() {
    let mut world = world();
    assert_eq!(world.value("typeof host._engine"), "undefined".into());
    assert_eq!(world.value("'prepareStackTrace' in Error"), false.into());
    assert_eq!(world.value("(function () { return this === undefined })()"), true.into());
}

#[test]
fn scripts_are_sloppy_and_have_their_name() {
    let js = &mut *background();
    assert_eq!(value(js, "run('this === globalThis && (undeclared = 1)')"), Value::Int(1));
    let place = value(js, "run('\\n(() => new Error().stack)()')");
    assert!(place.as_str().is_some_and(|stack| stack.contains("given.js:2:")), "{place:?}");
    assert_eq!(value(js, "run('\"use strict\"; (() => this === undefined)()')"), false.into());
}

#[test]
fn modules_come_from_the_prelude() {
    let js = &mut *background();
    value(
        js,
        "seen = []; load('main').then((m) => seen.push(m.answer), (e) => seen.push(String(e)))",
    );
    assert_eq!(value(js, "seen"), json(r#"["main:7:dep:default"]"#));
    value(js, "seen = []; load('missing').then(() => {}, (e) => seen.push(e.message))");
    assert_eq!(value(js, "seen"), json(r#"["no module missing"]"#));
    value(js, "seen = []; load('broken').then(() => {}, (e) => seen.push(e.name))");
    assert_eq!(value(js, "seen"), json(r#"["SyntaxError"]"#));
}

#[test]
fn unwatched_promises_are_told_of() {
    let js = &mut *background();
    value(js, "Promise.reject(5); const late = Promise.reject(6); late.catch(() => {}); 0");
    assert_eq!(value(js, "rejected"), json("[[5,false],[6,false],[6,true]]"));
    value(
        js,
        "watch(true); globalThis.mine = Promise.resolve(1); watch(false); globalThis.other = Promise.resolve(2); 0",
    );
    assert_eq!(
        value(js, "[created.includes(mine), created.includes(other)]"),
        json("[true,false]")
    );
}

#[test]
fn stack_hooks_work() {
    let js = &mut *background();
    let sites = value(
        js,
        "Error.prepareStackTrace = (_, sites) => sites; const o = {}; Error.captureStackTrace(o); const n = o.stack[0].getLineNumber(); delete Error.prepareStackTrace; n",
    );
    assert_eq!(sites, Value::Int(1));
}

#[test]
fn natives_outlive_a_release() {
    let js = &mut *background();
    let mark = js.mark();
    for _ in 0..100 {
        value(js, "({})");
    }
    assert!(js.mark() > mark);
    js.release(mark);
    assert_eq!(js.mark(), mark);
    let natives = js.natives().unwrap();
    assert_eq!(js.kind(natives), Kind::Object);
    js.release(0);
    assert_eq!(js.mark(), 1, "the natives stay");
    let natives = js.natives().unwrap();
    assert_eq!(js.kind(natives), Kind::Object);
}

#[test]
fn a_world_with_open_promises_is_dropped_whole() {
    for _ in 0..20 {
        let js = &mut *background();
        value(
            js,
            "load('main'); const keep = new Promise(() => {}); const wait = async () => { await keep }; wait(); Promise.reject(1); 0",
        );
    }
}
