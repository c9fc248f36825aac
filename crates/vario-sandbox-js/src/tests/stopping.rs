use super::*;

fn short(time: Duration) -> World {
    Setup { time, ..Setup::default() }.open(&JsEngine::new())
}

#[test]
fn a_deadline_ends_what_scripts_can_write() {
    let cases = [
        "for (;;) {}",
        "try { for (;;) {} } catch { } finally { for (;;) {} }",
        "for (;;) try { for (;;) {} } catch {}",
        "/(a+)+$/.test('a'.repeat(50) + 'b')",
        "[1].map(() => { for (;;) {} })",
        "new Proxy({}, { get() { for (;;) {} } }).x",
        "({ get x() { for (;;) {} } }).x",
        "function f() { try { f() } catch {} f() } f()",
        "(function* () { for (;;) yield 1 })().forEach(() => {})",
        "Error.prepareStackTrace = () => { for (;;) {} }; for (;;) new Error().stack",
        "class A extends Promise {}; for (;;) new A((r) => r())",
    ];
    for text in cases {
        let mut world = short(Duration::from_millis(30));
        assert_eq!(world.error(text).kind, stopped(StopReason::Deadline), "{text}");
    }
}

#[test]
fn a_late_result_does_not_count() {
    let engine = JsEngine::new();
    let mut world = Setup { time: Duration::ZERO, ..Setup::default() }.open(&engine);
    assert_eq!(world.error("1").kind, stopped(StopReason::Deadline));
    assert_eq!(world.error("throw 'text'").kind, stopped(StopReason::Deadline));
    assert_eq!(world.error("(").kind, stopped(StopReason::Deadline));
}

#[test]
fn hostile_getters_do_not_outlive_the_deadline() {
    let cases = [
        "({ get x() { for (;;) {} } })",
        "new Proxy({}, { ownKeys() { for (;;) {} } })",
        "({ toJSON() { for (;;) {} } })",
        "new Proxy([1], { get() { for (;;) {} } })",
    ];
    for text in cases {
        let mut world = short(Duration::from_millis(40));
        let handle = world.eval(text).unwrap();
        let error = world.js.read(handle, &Shape::Any).unwrap_err();
        assert_eq!(error.kind, stopped(StopReason::Deadline), "{text}");
    }
}

#[test]
fn a_native_stop_cannot_be_caught() {
    let cases = [
        "try { host.b.stop() } catch { host.b.count() } finally { host.b.count() }",
        "[1].forEach(() => { try { host.b.stop() } catch { host.b.count() } })",
        "(async () => { try { host.b.stop() } catch { host.b.count() } finally { host.b.count() } })()",
        "new Promise(() => host.b.stop()).catch(() => host.b.count()); host.b.count()",
        "try { console.log('stop') } catch { host.b.count() }",
        "host.a.echo({ get x() { try { host.b.stop() } catch { host.b.count() } } })",
    ];
    for text in cases {
        let mut world = world();
        let reason = if text.contains("console") { StopReason::Log } else { StopReason::HostCalls };
        assert_eq!(world.error(text).kind, stopped(reason), "{text}");
        assert!(!world.calls().iter().any(|(id, _)| *id == COUNT), "{text}");
    }
}

#[test]
fn a_native_stop_in_a_promise_ends_the_run() {
    let mut world = world();
    let promise = world
        .eval("Promise.resolve().then(() => host.b.stop()).catch(() => host.b.count())")
        .unwrap();
    let error = world.js.settle(promise).unwrap_err();
    assert_eq!(error.kind, stopped(StopReason::HostCalls));
    assert_eq!(world.calls(), [(STOP, Vec::new())]);
}

#[test]
fn memory_bombs_end_as_such() {
    let cases = [
        "const a = []; for (;;) a.push({})",
        "const a = []; for (;;) a.push(new Array(1000).fill(1))",
        "const a = []; for (;;) a.push('x'.repeat(100000) + a.length)",
        "new ArrayBuffer(1e9)",
        "new Uint8Array(1e9)",
        "'x'.repeat(2 ** 29)",
        "const a = []; for (;;) try { a.push(new ArrayBuffer(1 << 20)) } catch { a.push({}) }",
        "const m = new Map(); for (let i = 0; ; i++) m.set(i, i)",
        "function f(a) { return f([a, a]) } const a = []; for (;;) a.push(() => a)",
        "(async () => { const a = []; for (;;) a.push({}) })()",
        "const a = []; (async function f() { for (;;) { a.push(f); await a } })(); for (;;) a.push([])",
        "const a = []; for (;;) a.push(new Promise(() => {}).then(() => 1))",
    ];
    let limits = Limits { heap_bytes: 8 << 20, ..Limits::default() };
    for text in cases {
        let mut world = Setup { limits: limits.clone(), ..Setup::default() }.open(&JsEngine::new());
        let error = match world.eval(text) {
            Ok(promise) => world.js.settle(promise).expect_err(text),
            Err(error) => error,
        };
        assert_eq!(error.kind, stopped(StopReason::Memory), "{text}: {error:?}");
    }
}

#[test]
fn a_caught_memory_error_lets_the_script_go_on() {
    let limits = Limits { heap_bytes: 8 << 20, ..Limits::default() };
    let mut world = Setup { limits, ..Setup::default() }.open(&JsEngine::new());
    let text = "try { new ArrayBuffer(2 ** 30) } catch (e) { String(e) }";
    assert_eq!(world.value(text), Value::from("InternalError: out of memory"));
}

#[test]
fn a_thrown_null_is_no_memory_error_by_itself() {
    let mut world = world();
    let error = world.error("throw null");
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Thrown, "null"));
    let error = world.error("throw new InternalError('out of memory')");
    assert_eq!(error.kind, ErrorKind::Thrown);
}

#[test]
fn the_stack_is_limited_whichever_way_it_grows() {
    let cases = [
        "(function f() { f() })()",
        "const o = { get x() { return this.x } }; o.x",
        "const o = { toString() { return '' + this } }; '' + o",
        "const p = new Proxy({}, { get(t, k, r) { return r[k] } }); p.x",
        "class A { constructor() { new A() } } new A()",
        "const f = () => [1].map(f); f()",
        "const f = () => 'a'.replace(/a/, f); f()",
        "const f = (...a) => Reflect.apply(f, null, a); f()",
        "JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))",
        "eval('('.repeat(1e5))",
        "let a = []; for (let i = 0; i < 1e5; i++) a = [a]; JSON.stringify(a)",
    ];
    for text in cases {
        let mut world = world();
        let kind = world.error(text).kind;
        let syntax = text.starts_with("JSON.parse") || text.starts_with("eval");
        assert!(
            kind == stopped(StopReason::Stack) || (syntax && kind == ErrorKind::Thrown),
            "{text}: {kind:?}"
        );
    }
    let mut world = world();
    let caught =
        "(function f() { try { return f() } catch (e) { return e } })() instanceof RangeError";
    assert_eq!(world.value(caught), Value::Bool(true));
}

#[test]
fn running_out_at_any_point_is_survived() {
    let cases = [
        "const a = []; for (;;) a.push({})",
        "(async () => { const a = []; for (;;) { a.push(Promise.resolve([]).then(() => [])); if (a.length % 50 == 0) await 1 } })()",
        "const a = []; for (;;) try { a.push(new ArrayBuffer(9000)) } catch { a.push(new Error('x')) }",
        "const a = []; (async function f() { try { for (;;) { a.push('y'.repeat(9000) + a.length); await a } } catch { await f() } })()",
        "const a = []; for (;;) a.push(host.a.echo({ x: [1, 'y'.repeat(500)] }))",
    ];
    let engine = JsEngine::new();
    for step in 0..12 {
        let limits = Limits { heap_bytes: (1 << 20) + step * 4099, ..Limits::default() };
        for text in cases {
            let mut world = Setup { limits: limits.clone(), ..Setup::default() }.open(&engine);
            let error = match world.eval(text) {
                Ok(promise) => world.js.settle(promise).expect_err(text),
                Err(error) => error,
            };
            assert_eq!(error.kind, stopped(StopReason::Memory), "{text}: {error:?}");
        }
    }
}
