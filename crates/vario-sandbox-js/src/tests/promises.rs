use super::*;

fn settle(world: &mut World, text: &str) -> Result<Settled, ScriptError> {
    let handle = world.eval(text)?;
    world.js.settle(handle)
}

#[test]
fn promises_settle() {
    let cases = [
        "Promise.resolve([1])",
        "(async () => { await null; await undefined; return [1] })()",
        "new Promise((r) => queueMicrotask(() => r([1])))",
        "Promise.reject(1).catch(() => [1])",
        "(class P extends Promise {}).resolve([1])",
        "Promise.all([Promise.resolve(1)])",
        "Promise.resolve({ then(r) { r([1]) } })",
        "queueMicrotask(() => { throw 1 }); Promise.resolve().then(() => [1])",
    ];
    for text in cases {
        let mut world = world();
        match settle(&mut world, text) {
            Ok(Settled::Fulfilled(value)) => {
                assert_eq!(world.js.read(value, &Shape::Any), Ok(json("[1]")), "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_promise_that_waits_for_nothing_is_pending() {
    for text in ["new Promise(() => {})", "(async () => { await new Promise(() => {}) })()"] {
        assert_eq!(settle(&mut world(), text), Ok(Settled::Pending), "{text}");
    }
}

#[test]
fn what_is_no_promise_is_plain() {
    let cases = [
        "1",
        "({ then(r) { r(1) } })",
        "Object.create(Promise.prototype)",
        "new Proxy(Promise.resolve(1), {})",
    ];
    for text in cases {
        let mut world = world();
        let handle = world.eval(text).unwrap();
        assert_eq!(world.js.settle(handle), Ok(Settled::Plain(handle)), "{text}");
    }
}

#[test]
fn a_rejection_is_as_if_thrown() {
    let mut world = world();
    let error = settle(&mut world, "(async () => { throw ' text ' })()").unwrap_err();
    assert_eq!(error.kind, ErrorKind::ThrownText(" text ".into()));
    let error = settle(&mut world, "Promise.reject(new TypeError('x'))").unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Thrown, "TypeError: x"));
}

#[test]
fn an_interrupted_job_leaves_its_promise_pending() {
    let cases = [
        "(async () => { await 1; for (;;) {} })()",
        "Promise.resolve().then(() => { for (;;) {} }).catch(() => 1)",
    ];
    for text in cases {
        let mut world =
            Setup { time: Duration::from_millis(60), ..Setup::default() }.open(&JsEngine::new());
        assert_eq!(settle(&mut world, text), Ok(Settled::Pending), "{text}");
    }
}

#[test]
fn a_job_queue_that_never_ends_does() {
    let text = "(async () => { for (;;) await 1 })()";
    let mut world =
        Setup { time: Duration::from_millis(60), ..Setup::default() }.open(&JsEngine::new());
    let error = settle(&mut world, text).unwrap_err();
    assert_eq!(error.kind, stopped(StopReason::Deadline));
}
