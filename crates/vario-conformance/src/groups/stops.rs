//! The host ends a run, and the script does not want it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_sandbox::{ErrorKind, ScriptError, StopReason, StopSignal};
use vario_value::Shape;

use crate::bench::{Bench, Setup};
use crate::case::{Case, both, steps};
use crate::expect::Outcome;

static PLAN: Shape = Shape::Object(&[("plan", Shape::Scalar)]);

pub(crate) fn cases() -> Vec<Case> {
    [stops(), stops_inside(), by_hand()].into_iter().flatten().collect()
}

/// A program that is ended by the host, and calls it no more.
fn stopped(name: &'static str, lua: &'static str, js: &'static str) -> Case {
    both(name, lua, js).endless().check(halted)
}

fn halted(outcome: &Outcome) {
    outcome.assert_stopped(&StopReason::Halted("halted".into()));
}

fn stops() -> Vec<Case> {
    vec![
        stopped(
            "the host ends the run",
            "host.echo.stop() host.echo.value(1)",
            "host.echo.stop(); host.echo.value(1)",
        ),
        stopped(
            "a catch does not see it",
            "pcall(host.echo.stop) host.echo.value('after')",
            "try { host.echo.stop() } catch { host.echo.value('caught') } host.echo.value('after')",
        ),
        stopped(
            "nor what comes after everything",
            "pcall(pcall, host.echo.stop) host.echo.value('after') return 5",
            "try { host.echo.stop() } finally { host.echo.value('after') } 5",
        ),
        stopped(
            "nor a handler",
            "xpcall(host.echo.stop, function() host.echo.value('after') end) host.echo.value('after')",
            "(() => { try { host.echo.stop() } finally { return host.echo.value('after') } })()",
        ),
        stopped(
            "nor a loop that goes on",
            "while true do pcall(host.echo.stop) pcall(host.echo.value, 'after') end",
            "for (;;) { try { host.echo.stop() } catch {} try { host.echo.value('after') } catch {} }",
        ),
        stopped(
            "in the called function",
            "return function() pcall(host.echo.stop) return 1 end",
            "() => { try { host.echo.stop() } catch {} return 1 }",
        ),
        stopped(
            "another error does not replace it",
            "pcall(host.echo.stop) error('late', 0)",
            "try { host.echo.stop() } finally { throw 'late' }",
        ),
    ]
}

fn stops_inside() -> Vec<Case> {
    vec![
        stopped(
            "in a coroutine or a promise's job",
            "return coroutine.create(function() pcall(host.echo.stop) host.echo.value('after') end)",
            "(async () => { await 1; try { host.echo.stop() } catch {} host.echo.value('after') })()",
        ),
        stopped(
            "in a wrapped coroutine or an executor",
            "pcall(coroutine.wrap(function() host.echo.stop() end)) host.echo.value('after')",
            "new Promise(() => host.echo.stop()).catch(() => host.echo.value('after')); host.echo.value('after')",
        ),
        stopped(
            "in a resumed coroutine or a handler",
            "coroutine.resume(coroutine.create(host.echo.stop)) host.echo.value('after')",
            "Promise.reject(1).catch(() => host.echo.stop()).finally(() => host.echo.value('after'))",
        ),
        stopped(
            "in a sort",
            "pcall(table.sort, {3, 2, 1}, function() host.echo.stop() end) host.echo.value('after')",
            "try { [3, 2, 1].sort(() => host.echo.stop()) } catch {} host.echo.value('after')",
        ),
        stopped(
            "in a replacement",
            "pcall(string.gsub, 'abc', '.', function() host.echo.stop() end) host.echo.value('after')",
            "try { 'abc'.replace(/./g, () => host.echo.stop()) } catch {} host.echo.value('after')",
        ),
        stopped(
            "in a metamethod or getter",
            "local t = setmetatable({}, {__index = function() host.echo.stop() end})
             pcall(function() return t.x end) host.echo.value('after')",
            "try { ({ get x() { return host.echo.stop() } }).x } catch {} host.echo.value('after')",
        ),
        both(
            "in a getter while the result is read",
            "return setmetatable({}, {__index = function() pcall(host.echo.stop) end})",
            "({ get plan() { try { host.echo.stop() } catch {} return 1 } })",
        )
        .endless()
        .shape(&PLAN)
        .check(halted),
        stopped(
            "in the text of what was thrown",
            "error(tostring(setmetatable({}, {__tostring = function() host.echo.stop() return 'x' end})))",
            "throw String({ toString() { host.echo.stop() } })",
        ),
        stopped(
            "in a generator that is closed",
            "local co = coroutine.wrap(function() pcall(host.echo.stop) coroutine.yield(1) end)
             pcall(co) host.echo.value('after')",
            "for (const x of (function* () { try { yield 1 } finally { host.echo.stop() } })()) break;
             host.echo.value('after')",
        ),
    ]
}

fn by_hand() -> Vec<Case> {
    vec![
        steps("ended before it begins", ended_before),
        steps("ended between two steps", ended_between),
    ]
}

fn assert_ended<T: std::fmt::Debug>(result: Result<T, ScriptError>, reason: StopReason) {
    let error = result.expect_err("the run is over");
    assert_eq!(error.kind, ErrorKind::Stopped(reason), "{error:?}");
}

fn ended_before(bench: &Bench) {
    let stop = Arc::new(StopSignal::new(Instant::now() + Duration::from_hours(1)));
    let mut world = bench.open_with(&Setup::default(), Arc::clone(&stop));
    stop.stop(StopReason::Cancelled);
    let source = bench.script("return 1", "1");
    assert_ended(world.run(&source, &[], &Shape::Any), StopReason::Cancelled);
}

fn ended_between(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let function = world.eval(&bench.script("return function() return {1} end", "() => [1]"));
    world.stop.stop(StopReason::Cancelled);
    assert_ended(world.instance.call(function, &[]), StopReason::Cancelled);
    assert_ended(world.instance.call(function, &[]), StopReason::Cancelled);
    let source = bench.script("return 1", "1");
    assert_ended(world.instance.eval(&source), StopReason::Cancelled);
}
