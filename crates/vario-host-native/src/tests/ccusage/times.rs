//! When a query ends before it has an answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_host::HostError;

use super::super::processes::{all_end, two};
use super::{GOOD, World, answer, texts};

/// Starts another program that goes on for ever, says who both are, and waits.
const FAMILY: &str = "/bin/sleep 1000 & echo $! > \"$HOME/new\"; echo $$ >> \"$HOME/new\"; \
    /bin/mv \"$HOME/new\" \"$HOME/pids\"; wait";

#[test]
fn a_runner_that_is_too_slow_ends_the_query_with_its_children() {
    let mut world = World::with_runners(&[("bunx", FAMILY), ("npx", GOOD)]);
    // The clock jumps as soon as they run, so that nobody waits for it.
    let (begun, marker) = (Instant::now(), world.path("pids"));
    for (passed, limit) in [(14, 14), (15, 15), (3600, 15)] {
        world.config.usage.attempt_limit = Duration::from_secs(limit);
        let marker = marker.clone();
        world.config.usage.now = Arc::new(move || {
            let passed = if marker.exists() { Duration::from_secs(passed) } else { Duration::ZERO };
            begun + passed
        });
        assert_eq!(world.usage(&[]), answer("runner_failed"));
        all_end(&two(&world.path("pids")));
        let calls = world.attempts();
        assert_eq!(calls.len(), 1, "neither the older package nor another runner: {calls:?}");
        std::fs::remove_file(world.path("pids")).unwrap();
    }
}

#[test]
fn the_limit_is_the_contracts() {
    let usage = crate::UsageConfig::default();
    assert_eq!(usage.attempt_limit, Duration::from_secs(15));
    let folders: Vec<_> = usage.folders.iter().map(|folder| folder.to_str().unwrap()).collect();
    assert_eq!(folders, ["/opt/homebrew/bin", "/usr/local/bin"]);
}

#[test]
fn a_runner_that_never_says_its_version_is_none() {
    let hang = "echo > \"$HOME/hangs\"; exec /bin/sleep 1000";
    let mut world = World::with_runners(&[("npx", GOOD)]);
    world.program("bin/bunx", hang);
    let (begun, marker) = (Instant::now(), world.path("hangs"));
    world.config.usage.now = Arc::new(move || {
        let hour = Duration::from_hours(1);
        // Only until it was seen once.
        if std::fs::remove_file(&marker).is_ok() { begun + hour } else { begun }
    });
    assert_eq!(world.usage(&[]), super::usage(r#"{"daily":[1]}"#));
}

#[test]
fn the_end_of_the_run_ends_the_query() {
    let mut world = World::with_runners(&[("bunx", FAMILY), ("npx", GOOD)]);
    world.scope.deadline = Instant::now() + Duration::from_millis(300);
    assert_eq!(world.usage(&[]), answer("runner_failed"));
    if world.path("pids").exists() {
        all_end(&two(&world.path("pids")));
    }
}

#[test]
fn a_cancelled_query_kills_its_runner() {
    let world = World::with_runners(&[("bunx", FAMILY), ("npx", GOOD)]);
    let (found, pids) = std::thread::scope(|threads| {
        let call = threads.spawn(|| world.call("ccusage.query", &[texts(&[])]));
        let pids = two(&world.path("pids"));
        world.scope.cancel.cancel();
        (call.join().unwrap(), pids)
    });
    assert_eq!(found, Err(HostError::Halted("probe cancelled".to_owned())));
    all_end(&pids);
}
