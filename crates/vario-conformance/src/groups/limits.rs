//! Every limit has one fixed text, the same in every engine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_sandbox::{ErrorKind, Limits, StopReason, StopSignal};
use vario_value::Shape;

use crate::bench::{Bench, Setup};
use crate::case::{Case, steps};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        steps("the deadline", |bench| {
            let limits = Limits { wall: Duration::from_millis(150), ..Limits::default() };
            runs_out(
                bench,
                limits,
                ("while true do end", "for (;;);"),
                "probe timed out after 150ms",
            );
        }),
        steps("the deadline in seconds", |bench| {
            signalled(bench, &StopReason::Deadline, "probe timed out after 30s");
        }),
        steps("memory", |bench| {
            let limits = Limits { heap_bytes: 8 * 1024 * 1024, ..Limits::default() };
            runs_out(
                bench,
                limits,
                (
                    "local t = {} while true do t[#t + 1] = {} end",
                    "const t = []; for (;;) t.push({})",
                ),
                "plugin ran out of memory (limit 8 MiB)",
            );
        }),
        steps("the stack", |bench| {
            let limits = Limits { stack_bytes: 256 * 1024, ..Limits::default() };
            runs_out(
                bench,
                limits,
                ("local function f() return 1 + f() end f()", "const f = () => 1 + f(); f()"),
                "plugin ran out of stack (limit 256 KiB)",
            );
        }),
        steps("the log", the_log),
        steps("host calls", |bench| {
            signalled(
                bench,
                &StopReason::HostCalls,
                "plugin made too many host calls (limit 1000)",
            );
        }),
        steps("cancelled", |bench| {
            signalled(bench, &StopReason::Cancelled, "probe was cancelled");
        }),
        steps("the host cannot go on", |bench| {
            signalled(
                bench,
                &StopReason::Halted("no answer recorded".into()),
                "no answer recorded",
            );
        }),
        steps("the first reason stays", first_stays),
        steps("cancelled from another thread", from_outside),
    ]
}

#[track_caller]
fn assert_text(bench: &Bench, setup: &Setup, program: (&str, &str), text: &str) {
    let outcome = bench.run(setup, bench.pick(program.0, program.1));
    match &outcome.error().kind {
        ErrorKind::Stopped(reason) => assert_eq!(reason.text(&setup.limits), text),
        other => panic!("expected a stop, got {other:?}"),
    }
}

#[track_caller]
fn runs_out(bench: &Bench, limits: Limits, program: (&str, &str), text: &str) {
    let setup = Setup { limits, ..Setup::default() };
    assert_text(bench, &setup, program, text);
}

/// A run that somebody else ended, for this reason.
#[track_caller]
fn signalled(bench: &Bench, reason: &StopReason, text: &str) {
    let setup = Setup::default();
    let stop = Arc::new(StopSignal::new(Instant::now() + setup.limits.wall));
    let mut world = bench.open_with(&setup, Arc::clone(&stop));
    stop.stop(reason.clone());
    let error = world
        .run(&bench.script("while true do end", "for (;;);"), &[], &Shape::Any)
        .expect_err("the run is over");
    assert_eq!(error.kind, ErrorKind::Stopped(reason.clone()), "{error:?}");
    assert_eq!(reason.text(&setup.limits), text);
}

fn the_log(bench: &Bench) {
    let setup = Setup { log_room: 3, ..Setup::default() };
    let program = ("while true do print('x') end", "for (;;) console.log('x')");
    assert_text(bench, &setup, program, "plugin logged too much (limit 1 MiB)");
}

fn first_stays(bench: &Bench) {
    let stop = Arc::new(StopSignal::new(Instant::now()));
    stop.stop(StopReason::Cancelled);
    stop.stop(StopReason::Memory);
    let source = bench.script("while true do end", "for (;;);");
    let error = bench
        .try_open(&Setup::default(), stop)
        .and_then(|mut world| world.run(&source, &[], &Shape::Any))
        .expect_err("the run is over");
    assert_eq!(error.kind, ErrorKind::Stopped(StopReason::Cancelled));
}

fn from_outside(bench: &Bench) {
    let stop = Arc::new(StopSignal::new(Instant::now() + Duration::from_hours(1)));
    let mut world = bench.open_with(&Setup::default(), Arc::clone(&stop));
    let (begun, wait) = std::sync::mpsc::channel::<()>();
    let other = std::thread::spawn(move || {
        // An error means the case is over already, which ends this thread as well.
        let _begun = wait.recv();
        stop.stop(StopReason::Cancelled);
    });
    begun.send(()).expect("the thread waits for it");
    let error = world
        .run(&bench.script("while true do end", "for (;;);"), &[], &Shape::Any)
        .expect_err("the run is over");
    other.join().expect("it does not panic");
    assert_eq!(error.kind, ErrorKind::Stopped(StopReason::Cancelled));
}
