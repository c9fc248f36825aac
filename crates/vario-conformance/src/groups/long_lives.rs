//! Worlds that live long: jobs that are run without a promise to wait for, and handles that are
//! let go of.

use vario_sandbox::{ErrorKind, Kind, StopReason};
use vario_value::{Shape, Value};

use crate::bench::{Bench, Setup};
use crate::case::{Case, steps};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        steps("draining runs what waits", drained),
        steps("draining nothing", |bench| {
            let mut world = bench.open(&Setup::default());
            assert_eq!(world.instance.drain(), Ok(()));
        }),
        steps("what a job throws does not matter", thrown),
        steps("a job that never ends is stopped", endless),
        steps("released handles are absent", released),
        steps("handles from before the mark stay", stays),
        steps("the natives stay", natives),
        steps("a thousand turns leave nothing behind", turns),
        steps("background worlds do what others do", background),
    ]
}

fn drained(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    world.eval(&bench.script(
        "seen = 3",
        "globalThis.seen = 0; for (let i = 0; i < 3; i++) Promise.resolve().then(() => { seen += 1 }); 0",
    ));
    world.instance.drain().expect("jobs run");
    let seen = world.instance.global("seen").expect("a global can be read");
    assert_eq!(world.read(seen), Value::Int(3));
}

fn thrown(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    world
        .eval(&bench.script("return 1", "Promise.reject(1); queueMicrotask(() => { throw 2 }); 0"));
    assert_eq!(world.instance.drain(), Ok(()));
}

fn endless(bench: &Bench) {
    let mut world = bench.open(&Setup::endless());
    let ran = world.instance.eval(&bench.script(
        "while true do end",
        "const again = () => Promise.resolve().then(again); again(); 0",
    ));
    let ended = ran.and_then(|_| world.instance.drain());
    assert_eq!(ended.map_err(|error| error.kind), Err(ErrorKind::Stopped(StopReason::Deadline)));
}

fn released(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let mark = world.instance.mark();
    let value = world.instance.make(&Value::Int(1)).expect("a value is made");
    assert!(world.instance.mark() > mark);
    world.instance.release(mark);
    assert_eq!(world.instance.mark(), mark);
    assert_eq!(world.instance.kind(value), Kind::Absent);
}

fn stays(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let before = world.instance.make(&Value::from("before")).expect("a value is made");
    let mark = world.instance.mark();
    world.eval(&bench.script("return {}", "({})"));
    world.instance.release(mark);
    assert_eq!(world.read(before), Value::from("before"));
}

fn natives(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    world.instance.release(0);
    let natives = world.instance.natives().expect("natives are made once");
    let group = world.instance.get(natives, "echo").expect("a group can be read");
    assert_eq!(world.instance.kind(group), Kind::Object);
}

fn turns(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let step = world.eval(&bench.script(
        "return function(n) return { n = n } end",
        "(async (n) => { await null; return { n } })",
    ));
    let mark = world.instance.mark();
    for number in 0..1_000 {
        let number = world.instance.make(&Value::Int(number)).expect("a value is made");
        world.instance.call(step, &[number]).expect("a step runs");
        world.instance.drain().expect("jobs run");
        world.instance.release(mark);
    }
    assert_eq!(world.instance.mark(), mark);
}

fn background(bench: &Bench) {
    let mut world = bench.open_background(&Setup::default());
    let source = bench.script("return host.echo.value({ n = 7 })", "host.echo.value({ n: 7 })");
    let got = world.run(&source, &[], &Shape::Any).expect("it runs");
    drop(got);
    let mut endless = bench.open_background(&Setup::endless());
    let ended = endless.instance.eval(&bench.script("while true do end", "for (;;);"));
    assert_eq!(ended.map_err(|error| error.kind), Err(ErrorKind::Stopped(StopReason::Deadline)));
}
