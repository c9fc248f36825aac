//! Instances that come and go, whatever they were doing.

use std::sync::Arc;
use std::thread;

use vario_sandbox::{ErrorKind, Settled, StopReason};
use vario_value::Value;

use crate::bench::{Bench, Setup};
use crate::case::{Case, steps};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        steps("many, one after another", many),
        steps("many at once", many_at_once),
        steps("dropped unused", |bench| {
            for _ in 0..50 {
                drop(bench.open(&Setup::default()));
            }
            bench.assert_works();
        }),
        steps("dropped while a promise or a coroutine waits", |bench| {
            dropped_after(bench, &Setup::default(), (
                "local co = coroutine.create(function() coroutine.yield() end) coroutine.resume(co) kept = co
                 return function() coroutine.yield() end",
                "globalThis.kept = new Promise(() => {}).then(() => 1); (async () => { await kept })",
            ));
        }),
        steps("dropped with jobs that never ran", |bench| {
            dropped_after(
                bench,
                &Setup::default(),
                (
                    "kept = {} for i = 1, 100 do kept[i] = coroutine.create(print) end return kept[1]",
                    "for (let i = 0; i < 100; i++) Promise.resolve(i).then((n) => n); 1",
                ),
            );
        }),
        steps("dropped in circles", |bench| {
            dropped_after(
                bench,
                &Setup::default(),
                (
                    "local t = {} t.t = t t.f = function() return t, host end kept = t return 1",
                    "const t = {}; t.t = t; t.f = () => [t, host]; globalThis.kept = t; 1",
                ),
            );
        }),
        steps("dropped after the deadline", |bench| {
            dropped_after(bench, &Setup::endless(), ("while true do end", "for (;;);"));
        }),
        steps("dropped after the deadline inside of a job", interrupted_job),
        steps("dropped after the deadline inside of a getter", |bench| {
            dropped_after(
                bench,
                &Setup::endless(),
                (
                    "return setmetatable({}, {__index = function() while true do end end}).x",
                    "({ get x() { for (;;); } }).x",
                ),
            );
        }),
        steps("dropped after memory ran out", |bench| {
            let mut setup = Setup::default();
            setup.limits.heap_bytes = 8 * 1024 * 1024;
            dropped_after(
                bench,
                &setup,
                (
                    "kept = {} while true do kept[#kept + 1] = {} end",
                    "globalThis.kept = []; for (;;) kept.push({})",
                ),
            );
        }),
        steps("dropped after the stack ran out", |bench| {
            dropped_after(
                bench,
                &Setup::default(),
                ("local function f() return 1 + f() end f()", "const f = () => 1 + f(); f()"),
            );
        }),
        steps("dropped after a panic in the host", |bench| {
            dropped_after(bench, &Setup::default(), ("host.echo.panic()", "host.echo.panic()"));
        }),
        steps("what an instance held is let go of", let_go),
    ]
}

fn many(bench: &Bench) {
    for number in 0..300 {
        let mut world = bench.open(&Setup::default());
        let source = bench.script("return {n = host.echo.value(7)}", "({ n: host.echo.value(7) })");
        let value = world.eval(&source);
        let read = world.read(value);
        assert_eq!(read.get("n"), Some(&Value::Int(7)), "instance {number}");
    }
}

fn many_at_once(bench: &Bench) {
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    bench.assert_works();
                    bench.run(&Setup::default(), bench.pick("error('x')", "throw 'x'"));
                }
            });
        }
    });
}

fn dropped_after(bench: &Bench, setup: &Setup, (lua, js): (&str, &str)) {
    for _ in 0..3 {
        let mut world = bench.open(setup);
        // How it ends is asserted elsewhere: here it is dropped in that state.
        let _either = world.run(&bench.script(lua, js), &[], &vario_value::Shape::Any);
        drop(world);
        bench.assert_works();
    }
}

fn interrupted_job(bench: &Bench) {
    for _ in 0..3 {
        let mut world = bench.open(&Setup::endless());
        let value = world.eval(&bench.script(
            "return coroutine.create(function() pcall(function() while true do end end) while true do end end)",
            "(async () => { await null; try { for (;;); } finally { await 1 } })()",
        ));
        match world.instance.settle(value) {
            Ok(Settled::Pending) => {}
            Err(error) => assert_eq!(error.kind, ErrorKind::Stopped(StopReason::Deadline)),
            other => panic!("expected an interruption, got {other:?}"),
        }
        drop(world);
        bench.assert_works();
    }
}

fn let_go(bench: &Bench) {
    for (lua, js) in [
        ("return 1", "1"),
        (
            "kept = host.echo.value return host.echo.value({1})",
            "globalThis.kept = host.echo.value; kept([1])",
        ),
        (
            "local t = {host} t.t = t kept = t pcall(host.echo.fail, 'x')",
            "const t = [host]; t.t = t; globalThis.kept = t",
        ),
        ("return host.echo.fail('x')", "(async () => { await 1; host.echo.fail('x') })()"),
    ] {
        let mut world = bench.open(&Setup::default());
        let _either = world.run(&bench.script(lua, js), &[], &vario_value::Shape::Any);
        let (natives, stop) = (Arc::clone(&world.natives), Arc::clone(&world.stop));
        drop(world);
        assert_eq!(Arc::strong_count(&natives), 1, "the natives after {js}");
        drop(natives);
        assert_eq!(Arc::strong_count(&stop), 1, "the signal after {js}");
    }
}
