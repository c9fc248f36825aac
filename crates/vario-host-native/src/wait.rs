//! Waiting that ends: at the deadline, at the cancellation, or when the work is done.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, bounded, unbounded};
use vario_host::{CancelGuard, HostError, Scope};

/// How many calls may be at work beyond their deadlines. They cannot be stopped, only forgotten;
/// a keychain that never answers must not collect threads without end.
const MAX_HELPERS: usize = 64;

static HELPERS: AtomicUsize = AtomicUsize::new(0);

/// What a call says when the run's deadline has passed.
pub(crate) fn timed_out() -> HostError {
    HostError::failed("probe timed out")
}

/// What a call says when the run was cancelled. Nobody is left to catch it.
pub(crate) fn cancelled() -> HostError {
    HostError::Halted("probe cancelled".to_owned())
}

/// Fails if the run is over.
pub(crate) fn check(scope: &Scope) -> Result<(), HostError> {
    if scope.cancel.is_cancelled() {
        Err(cancelled())
    } else if Instant::now() >= scope.deadline {
        Err(timed_out())
    } else {
        Ok(())
    }
}

/// Waits, and fails if the run ends meanwhile.
pub(crate) fn pause(duration: Duration, scope: &Scope) -> Result<(), HostError> {
    check(scope)?;
    let (sender, receiver) = bounded(1);
    let _guard = on_cancel(scope, sender, ());
    match receiver.recv_deadline(scope.deadline.min(Instant::now() + duration)) {
        Ok(()) => Err(cancelled()),
        Err(_) => check(scope),
    }
}

/// Does work that looks at no clock on a thread of its own, and gives it up at the deadline.
pub(crate) fn on_helper<T: Send + 'static>(
    scope: &Scope,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, HostError> {
    check(scope)?;
    let (sender, receiver) = unbounded();
    let _guard = on_cancel(scope, sender.clone(), None);
    start(move || {
        // A library that panics must not make us wait until the deadline.
        let done = catch_unwind(AssertUnwindSafe(work)).map_err(drop);
        sender.send(Some(done)).is_ok()
    })?;
    match receiver.recv_deadline(scope.deadline) {
        Ok(Some(Ok(done))) => Ok(done),
        Ok(Some(Err(()))) => Err(HostError::failed("the host call failed")),
        Ok(None) => Err(cancelled()),
        Err(_) => Err(timed_out()),
    }
}

/// Does work on a thread of its own and gives it up at a deadline; `None` then, or if it panics.
pub(crate) fn until<T: Send + 'static>(
    deadline: Instant,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (sender, receiver) = bounded(1);
    start(move || sender.send(work()).is_ok()).ok()?;
    receiver.recv_deadline(deadline).ok()
}

/// Runs something on a thread of its own.
pub(crate) fn start(work: impl FnOnce() -> bool + Send + 'static) -> Result<(), HostError> {
    let place = Place::take().ok_or_else(|| HostError::failed("the host is busy, try again"))?;
    std::thread::Builder::new()
        .name("vario-host-call".to_owned())
        .spawn(move || {
            let _place = place;
            let _somebody_listens = work();
        })
        .map(drop)
        .map_err(|error| HostError::Failed(format!("no thread for the host call: {error}")))
}

fn on_cancel<T: Send + 'static>(scope: &Scope, sender: Sender<T>, message: T) -> CancelGuard {
    scope.cancel.on_cancel(move || {
        // Nobody listens any more when the work was done at this very moment.
        let _ = sender.try_send(message);
    })
}

/// One of the limited number of helpers; given back when dropped, also by a panic.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        let before = HELPERS.fetch_add(1, Ordering::AcqRel);
        let place = Self;
        (before < MAX_HELPERS).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        HELPERS.fetch_sub(1, Ordering::AcqRel);
    }
}
