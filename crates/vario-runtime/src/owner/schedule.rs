//! Runs what is due, for everyone who watches.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError};
use vario_host::Cancel;
use vario_model::RunTrigger;

use super::executor::Executor;
use super::hub::Hub;
use super::protocol::{Ask, Told, millis};
use crate::catalog::Found;

/// Two rounds are at least so far apart: what cannot be run stays due.
const LEAST_PAUSE: Duration = Duration::from_secs(1);

/// How long it waits at most before it looks at the clock again, which may have been set or have
/// gone on while the machine slept.
const MOST_PAUSE: Duration = Duration::from_mins(1);

/// Goes on until `cancel` fires. `woken` tells that something has changed.
pub(super) fn run(hub: &Arc<Hub>, executor: &Executor, woken: &Receiver<()>, cancel: &Cancel) {
    let mut not_before = Instant::now();
    loop {
        if cancel.is_cancelled() {
            return;
        }
        let pause = round(hub, executor, &mut not_before);
        let end = match pause {
            Some(pause) => woken.recv_timeout(pause),
            None => woken.recv().map_err(|_over| RecvTimeoutError::Disconnected),
        };
        if end == Err(RecvTimeoutError::Disconnected) {
            return;
        }
    }
}

/// Starts what is due and gives how long until something is; nothing if nobody watches.
fn round(hub: &Arc<Hub>, executor: &Executor, not_before: &mut Instant) -> Option<Duration> {
    let (all, ids) = hub.wanted();
    if !all && ids.is_empty() {
        return None;
    }
    let Ok(loaded) = executor.front.load() else { return Some(MOST_PAUSE) };
    let is_wanted = |id: &String| ids.contains(id) || (all && loaded.enabled.contains(id));
    let plugins = loaded.catalog.plugins.iter();
    // What runs is looked at when it has ended, which wakes this thread.
    let idle =
        plugins.filter(|found| is_wanted(&found.plugin.id) && !executor.is_busy(&found.plugin.id));
    let idle: Vec<Found> = idle.cloned().collect();
    let due = executor.refresher.next_due(&idle, loaded.interval);
    if due.plugins.is_empty() {
        let left = Duration::from_millis(u64::try_from(due.left_ms).unwrap_or(0));
        return Some(left.min(MOST_PAUSE));
    }
    let wait = not_before.saturating_duration_since(Instant::now());
    if !wait.is_zero() {
        return Some(wait);
    }
    *not_before = Instant::now() + LEAST_PAUSE;
    let ask = Ask {
        ids: Some(due.plugins.iter().map(|found| found.plugin.id.clone()).collect()),
        trigger: RunTrigger::Auto,
        // What another process has run meanwhile is not run again.
        max_age_ms: Some(millis(loaded.interval)),
        heed_cooldown: false,
        log: None,
    };
    let hub = Arc::clone(hub);
    executor.submit(&ask, move |told| {
        if let Told::Done { .. } = told {
            hub.wake();
        }
    });
    Some(LEAST_PAUSE)
}
