use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;
use parking_lot::Mutex;

/// Stops requests from another thread. Clones share one state, and a cancelled handle stays so.
///
/// One handle may serve all the requests of a run: the one in flight ends at once with
/// [`Error::Cancelled`](crate::Error::Cancelled), later ones do not start.
#[derive(Clone, Default)]
pub struct CancelHandle {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    cancelled: bool,
    next_id: u64,
    wakers: IndexMap<u64, Box<dyn Fn() + Send>>,
}

impl CancelHandle {
    /// A handle that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the requests in flight and forbids later ones. Calling it twice does no harm.
    pub fn cancel(&self) {
        let wakers = {
            let mut state = self.state.lock();
            state.cancelled = true;
            std::mem::take(&mut state.wakers)
        };
        for wake in wakers.into_values() {
            wake();
        }
    }

    /// Whether [`CancelHandle::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.state.lock().cancelled
    }

    /// Calls `wake` at cancellation, until the guard is dropped. `None` if it is cancelled already.
    pub(crate) fn on_cancel(&self, wake: impl Fn() + Send + 'static) -> Option<Registration> {
        let mut state = self.state.lock();
        if state.cancelled {
            return None;
        }
        let id = state.next_id;
        state.next_id += 1;
        state.wakers.insert(id, Box::new(wake));
        Some(Registration { handle: self.clone(), id })
    }
}

impl fmt::Debug for CancelHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelHandle").field("cancelled", &self.is_cancelled()).finish()
    }
}

/// Unregisters its waker when dropped.
pub(crate) struct Registration {
    handle: CancelHandle,
    id: u64,
}

impl Drop for Registration {
    fn drop(&mut self) {
        let waker = self.handle.state.lock().wakers.swap_remove(&self.id);
        drop(waker);
    }
}
