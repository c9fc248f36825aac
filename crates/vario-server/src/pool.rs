//! The connections there are, and which one gives way when there are too many.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

/// Every connection of the server.
pub(crate) struct Pool {
    state: Mutex<State>,
    limit: usize,
}

#[derive(Default)]
struct State {
    next: u64,
    entries: BTreeMap<u64, Entry>,
}

struct Entry {
    evict: Arc<Notify>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No whole request yet; the number says since when.
    Waiting(u64),
    /// A request is answered.
    Busy,
    /// It has become a stream and stays one.
    Held,
}

/// A connection's place, given back when it is dropped.
pub(crate) struct Slot {
    pool: Arc<Pool>,
    number: u64,
    evict: Arc<Notify>,
}

impl Pool {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), limit })
    }

    /// A place for one more connection, that of the one that has waited longest if need be.
    /// Nothing if all are at work.
    pub(crate) fn admit(self: &Arc<Self>) -> Option<Slot> {
        let mut state = self.state.lock();
        if state.entries.len() >= self.limit {
            state.evict()?;
        }
        let number = state.count();
        let evict = Arc::new(Notify::new());
        let entry = Entry { evict: Arc::clone(&evict), phase: Phase::Waiting(number) };
        state.entries.insert(number, entry);
        Some(Slot { pool: Arc::clone(self), number, evict })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.state.lock().entries.len()
    }
}

impl State {
    fn count(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn evict(&mut self) -> Option<()> {
        let waiting = self.entries.iter().filter_map(|(number, entry)| match entry.phase {
            Phase::Waiting(since) => Some((since, *number)),
            Phase::Busy | Phase::Held => None,
        });
        let (_, number) = waiting.min()?;
        let entry = self.entries.remove(&number)?;
        entry.evict.notify_one();
        Some(())
    }
}

impl Slot {
    /// Returns when this connection has to give way.
    pub(crate) async fn evicted(&self) {
        self.evict.notified().await;
    }

    /// A whole request is here.
    pub(crate) fn busy(&self) {
        self.set(|_| Phase::Busy);
    }

    /// It was answered; the next may come.
    pub(crate) fn waiting(&self) {
        self.set(Phase::Waiting);
    }

    /// From now on this is a stream.
    pub(crate) fn hold(&self) {
        self.set(|_| Phase::Held);
    }

    fn set(&self, phase: impl FnOnce(u64) -> Phase) {
        let mut state = self.pool.state.lock();
        let now = state.count();
        if let Some(entry) = state.entries.get_mut(&self.number)
            && entry.phase != Phase::Held
        {
            entry.phase = phase(now);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.pool.state.lock().entries.remove(&self.number);
    }
}
