use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::{Condvar, Mutex};

type Action = Box<dyn FnOnce() + Send>;

struct Alarm {
    at: Instant,
    number: u64,
    action: Action,
}

impl PartialEq for Alarm {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Alarm {}

impl PartialOrd for Alarm {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Alarm {
    /// The earliest is the greatest, and of two at once the first that was set.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

#[derive(Default)]
struct State {
    alarms: BinaryHeap<Alarm>,
    next: u64,
    is_over: bool,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// Does things later, on one thread that sleeps otherwise. What is done must not block.
pub(crate) struct Timers(Arc<Shared>);

impl Timers {
    pub(crate) fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("background-timers".to_owned())
            .spawn(move || own.keep_time())?;
        Ok(Self(shared))
    }

    pub(crate) fn at(&self, at: Instant, action: impl FnOnce() + Send + 'static) {
        let mut state = self.0.state.lock();
        let number = state.next;
        state.next += 1;
        state.alarms.push(Alarm { at, number, action: Box::new(action) });
        drop(state);
        self.0.changed.notify_one();
    }
}

impl Drop for Timers {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.is_over = true;
        let forgotten = std::mem::take(&mut state.alarms);
        drop(state);
        // What they hold may set alarms while it goes.
        drop(forgotten);
        self.0.changed.notify_one();
    }
}

impl Shared {
    fn keep_time(&self) {
        let mut state = self.state.lock();
        while !state.is_over {
            let Some(first) = state.alarms.peek().map(|alarm| alarm.at) else {
                self.changed.wait(&mut state);
                continue;
            };
            if first > Instant::now() {
                let _spurious_or_not = self.changed.wait_until(&mut state, first);
                continue;
            }
            if let Some(alarm) = state.alarms.pop() {
                drop(state);
                (alarm.action)();
                state = self.state.lock();
            }
        }
    }
}
