use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use parking_lot::Mutex;
use vario_host::Cancel;
use vario_model::{RunEvent, RunTrigger, Snapshot};
use vario_store::{Paths, RunLock, Store};
use vario_value::Value;

use super::rig::{GOOD, Rig};
use crate::{Clock, RefreshOptions, Refresher};

/// A clock that a test moves.
struct Moved(Mutex<i64>);

impl Moved {
    fn to(&self, ms: i64) {
        *self.0.lock() = ms;
    }
}

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(*self.0.lock()).expect("in range")
    }
}

struct Fresh {
    rig: Rig,
    calls: Arc<AtomicUsize>,
    clock: Arc<Moved>,
    refresher: Refresher,
    paths: Paths,
}

fn fresh() -> Fresh {
    let calls = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&calls);
    let rig = Rig::with_host(move |_, _| {
        seen.fetch_add(1, Ordering::SeqCst);
        Ok(Value::Bool(true))
    });
    rig.js("a", &format!("ctx.host.fs.exists('x'); {GOOD}"));
    let paths = Paths::below(rig.dir.path());
    let clock = Arc::new(Moved(Mutex::new(1_000_000)));
    let store = Arc::new(Store::open(&paths).expect("a store"));
    let refresher = Refresher::new(store, paths.clone(), Arc::clone(&clock) as Arc<dyn Clock>);
    Fresh { rig, calls, clock, refresher, paths }
}

impl Fresh {
    fn run(&self, trigger: RunTrigger, max_age: Option<Duration>) -> Vec<Snapshot> {
        let options = RefreshOptions { trigger, max_age, workers: 2, cancel: Cancel::new() };
        let catalog = self.rig.catalog();
        let mut snapshots = Vec::new();
        let warnings =
            self.refresher.run(&self.rig.context, &catalog.plugins, &options, &mut |event| {
                if let RunEvent::Finished { snapshot } = event {
                    snapshots.push(*snapshot);
                }
            });
        assert_eq!(warnings, Vec::<String>::new());
        snapshots
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

#[test]
fn a_stored_result_answers_while_it_is_fresh_enough() {
    let fresh = fresh();
    let age = Some(Duration::from_mins(5));
    let first = fresh.run(RunTrigger::Manual, age);
    fresh.clock.to(1_000_000 + 300_000);
    assert_eq!(fresh.run(RunTrigger::Manual, age), first);
    assert_eq!(fresh.calls(), 1);
    fresh.clock.to(1_000_000 + 300_001);
    assert_ne!(fresh.run(RunTrigger::Manual, age), first);
    assert_eq!(fresh.calls(), 2);
    fresh.run(RunTrigger::Manual, None);
    assert_eq!(fresh.calls(), 3, "without an age it always runs");
}

#[test]
fn only_successful_manual_runs_start_the_cool_down() {
    let fresh = fresh();
    fresh.run(RunTrigger::Auto, None);
    assert_eq!(fresh.refresher.cooldown_left_ms("a"), 0);
    fresh.run(RunTrigger::Manual, None);
    assert_eq!(fresh.refresher.cooldown_left_ms("a"), 300_000);
    fresh.clock.to(1_000_000 + 100_000);
    assert_eq!(fresh.refresher.cooldown_left_ms("a"), 200_000);
    fresh.rig.js("a", "throw 'no'");
    fresh.run(RunTrigger::Manual, None);
    assert_eq!(fresh.refresher.cooldown_left_ms("a"), 200_000, "a failure changes nothing");
}

#[test]
fn plugins_are_due_after_the_interval_whoever_ran_them() {
    let fresh = fresh();
    let catalog = fresh.rig.catalog();
    let interval = Duration::from_mins(15);
    assert_eq!(fresh.refresher.next_due(&catalog.plugins, interval).plugins.len(), 1);
    // Another process runs it, through a store of its own.
    let other = Store::open(&fresh.paths).expect("a second store");
    let snapshot = &fresh.run(RunTrigger::Auto, None)[0];
    fresh.clock.to(2_000_000);
    other.save(snapshot, RunTrigger::Manual, 2_000_000).expect("saved");
    let due = fresh.refresher.next_due(&catalog.plugins, interval);
    assert_eq!((due.left_ms, due.plugins.len()), (900_000, 0));
    fresh.clock.to(2_900_000);
    let due = fresh.refresher.next_due(&catalog.plugins, interval);
    assert_eq!((due.left_ms, due.plugins.len()), (0, 1));
}

#[test]
fn a_plugin_that_runs_elsewhere_is_waited_for() {
    let mut fresh = fresh();
    fresh.rig.context.limits.wall = Duration::from_millis(100);
    let lock = RunLock::try_acquire(&fresh.paths, "a").expect("a lock").expect("free");
    let snapshots = fresh.run(RunTrigger::Manual, None);
    let text = "another vario is still running this plugin";
    assert_eq!(snapshots[0].error.as_deref(), Some(text));
    assert_eq!(fresh.calls(), 0);
    drop(lock);
    fresh.rig.context.limits.wall = Duration::from_secs(30);
    assert!(fresh.run(RunTrigger::Manual, None)[0].ok);
}
