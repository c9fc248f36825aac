use super::*;

const SPOILED: &str = "
  for (const name of ['get', 'set', 'value', 'then', 'toJSON', 'length', 'a', 'plan', 'lines']) {
    Object.prototype[name] ??= undefined;
  }
  JSON.stringify = JSON.parse = () => { throw 'JSON' };
  Array.isArray = () => true;
  Object.keys = Object.defineProperty = null;
  Promise.prototype.then = null;
  String.prototype.toString = () => { throw 1 };
  Function.prototype.call = Function.prototype.apply = null;
  Error.prototype.toString = () => { throw 1 };
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    try { delete globalThis[name] } catch {}
  }
  [].__proto__.push = [].__proto__.values = null;
  1";

#[test]
fn a_spoiled_world_can_still_be_read() {
    let mut world = world();
    let natives = world.js.global("host").unwrap();
    let echo = world.js.get(natives, "a").and_then(|group| world.js.get(group, "echo")).unwrap();
    let read = world.eval("({ plan: 'x', lines: [1, { b: [2] }] })").unwrap();
    let promise = world.eval("(async () => { await 1; return [3] })()").unwrap();
    let prelude = Source::new(SourceKind::Prelude, "p", "(x) => ({ wrapped: [x] })");
    assert_eq!(world.value(SPOILED), Value::Int(1));

    assert_eq!(
        world.js.read(read, &Shape::Any),
        Ok(json(r#"{"plan": "x", "lines": [1, {"b": [2]}]}"#))
    );
    let made = world.js.make(&json(r#"{"k": [1]}"#)).unwrap();
    let echoed = world.js.call(echo, &[made]).unwrap();
    assert_eq!(world.js.read(echoed, &Shape::Any), Ok(json(r#"{"k": [1]}"#)));
    match world.js.settle(promise) {
        Ok(Settled::Fulfilled(value)) => {
            assert_eq!(world.js.read(value, &Shape::Any), Ok(json("[3]")));
        }
        other => panic!("{other:?}"),
    }
    let wrap = world.js.eval(&prelude).unwrap();
    let wrapped = world.js.call(wrap, &[made]).unwrap();
    assert_eq!(world.js.read(wrapped, &Shape::Any), Ok(json(r#"{"wrapped": [{"k": [1]}]}"#)));
    assert_eq!(world.error("null.x").kind, ErrorKind::Thrown);
}

#[test]
fn a_getter_that_throws_leaves_its_entry_out() {
    let cases = [
        ("({ get a() { throw 1 }, b: 1 })", json(r#"{"b": 1}"#)),
        (
            "({ a: { toJSON() { throw 1 } }, b: 1 })",
            Value::from([("a", Value::Absent), ("b", Value::Int(1))]),
        ),
        (
            "({ a: { get toJSON() { throw 1 } }, b: 1 })",
            Value::from([("a", Value::Absent), ("b", Value::Int(1))]),
        ),
        ("new Proxy({}, { ownKeys() { throw 1 } })", json("{}")),
        (
            "new Proxy({ a: 1, b: 2 }, { get(t, k) { if (k === 'a') throw 1; return t[k] } })",
            json(r#"{"b": 2}"#),
        ),
        (
            "const r = Proxy.revocable([], {}); r.revoke(); [r.proxy]",
            Value::List(vec![Value::Absent]),
        ),
        ("const b = new Uint8Array(4); b.buffer.transfer(); [b]", Value::List(vec![Value::Absent])),
    ];
    for (text, expected) in cases {
        assert_eq!(world().value(text), expected, "{text}");
    }
}

#[test]
fn what_is_too_large_is_refused_and_costs_nothing() {
    static LIST: Shape = Shape::List { item: &Shape::Scalar, max: usize::MAX };
    static SHORT: Shape = Shape::List { item: &Shape::Scalar, max: 3 };
    let cases = [
        "const a = []; a.length = 4e9; a",
        "new Proxy([], { get: (t, k) => k === 'length' ? Infinity : 1 })",
        "Array(1000).fill('x'.repeat(1 << 20))",
    ];
    for text in cases {
        let mut world = world();
        let handle = world.eval(text).unwrap();
        for shape in [Shape::Any, LIST] {
            let error = world.js.read(handle, &shape).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Value, "{text}");
        }
        let read = world.js.read(handle, &SHORT).unwrap();
        assert_eq!(read.as_list().map(<[Value]>::len), Some(3), "{text}");
    }
}

#[test]
fn a_world_can_be_dropped_in_any_state() {
    let cases = [
        "globalThis.p = (async () => { await 1; for (;;) {} })(); p",
        "globalThis.g = (async function* () { yield await 1; for (;;) {} })(); g.next().then(() => g.next())",
        "new Promise((r) => { globalThis.r = r }).finally(() => {})",
        "new FinalizationRegistry(() => { for (;;) {} }).register({}, 1); Promise.resolve(1)",
        "globalThis.self = globalThis; host.self = host; Promise.resolve(host.a.echo)",
        "function* g() { try { yield 1 } finally { for (;;) {} } } globalThis.i = g(); i.next(); Promise.resolve(1)",
    ];
    for text in cases {
        let mut world =
            Setup { time: Duration::from_millis(60), ..Setup::default() }.open(&JsEngine::new());
        let promise = world.eval(text).unwrap();
        let _any_outcome = world.js.settle(promise);
        drop(world);
    }
}
