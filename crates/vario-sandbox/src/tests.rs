use std::time::{Duration, Instant};

use crate::{Limits, ModulePathError, StopReason, StopSignal, duration_text, resolve_module};

#[test]
fn durations_read_as_in_the_contract() {
    let cases = [(30_000, "30s"), (999, "999ms"), (0, "0ms"), (1_500, "1.500s"), (60_000, "60s")];
    for (ms, text) in cases {
        assert_eq!(duration_text(Duration::from_millis(ms)), text);
    }
}

#[test]
fn every_limit_has_its_text() {
    let limits = Limits::default();
    let cases = [
        (StopReason::Deadline, "probe timed out after 30s"),
        (StopReason::Memory, "plugin ran out of memory (limit 64 MiB)"),
        (StopReason::Stack, "plugin ran out of stack (limit 1 MiB)"),
        (StopReason::HostCalls, "plugin made too many host calls (limit 1000)"),
        (StopReason::Log, "plugin logged too much (limit 1 MiB)"),
        (StopReason::Cancelled, "probe was cancelled"),
        (StopReason::Halted("why".into()), "why"),
    ];
    for (reason, text) in cases {
        assert_eq!(reason.text(&limits), text);
    }
}

#[test]
fn the_first_reason_stays() {
    let signal = StopSignal::new(Instant::now() + Duration::from_hours(1));
    assert_eq!(signal.poll(), None);
    signal.stop(StopReason::Log);
    signal.stop(StopReason::Cancelled);
    assert_eq!(signal.poll(), Some(&StopReason::Log));
    let past = StopSignal::new(Instant::now());
    assert_eq!(past.poll(), Some(&StopReason::Deadline));
}

#[test]
fn modules_stay_inside_the_folder() {
    let good = [
        ("plugin.lua", "./a", "a"),
        ("src/main.mjs", "./b.js", "src/b.js"),
        ("src/main.mjs", "../c.js", "c.js"),
        ("src/deep/x.js", "./../y//z.js", "src/y/z.js"),
    ];
    for (from, name, expected) in good {
        assert_eq!(resolve_module(from, name).as_deref(), Ok(expected));
    }
    for name in ["fs", "/etc/passwd", "C:\\x", ".\\x", "file:///x", "", "./a\0"] {
        assert_eq!(
            resolve_module("main.js", name),
            Err(ModulePathError::NotRelative(name.to_owned()))
        );
    }
    for name in ["../x", "./../x", "./", "./a/../../x"] {
        assert_eq!(resolve_module("main.js", name), Err(ModulePathError::Outside(name.to_owned())));
    }
}

#[test]
fn a_turn_is_bounded_and_what_happens_outside_of_it_does_not_count() {
    let signal = StopSignal::new(Instant::now() + Duration::from_hours(1));
    signal.begin_turn(Duration::ZERO);
    signal.end_turn();
    assert_eq!(signal.poll(), None);
    signal.begin_turn(Duration::from_hours(1));
    signal.outside_turn(|| assert_eq!(signal.poll(), None));
    assert_eq!(signal.poll(), None);
    signal.begin_turn(Duration::ZERO);
    signal.outside_turn(|| assert_eq!(signal.poll(), None));
    let Some(StopReason::Halted(words)) = signal.poll() else { panic!("the turn is over") };
    assert_eq!(words, "its code runs without a pause");
    signal.end_turn();
    assert!(signal.poll().is_some(), "and so is the run");
}
