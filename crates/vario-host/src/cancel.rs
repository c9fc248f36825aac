use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

type Callback = Box<dyn FnOnce() + Send>;

/// Cancels whatever one run is waiting for, from any thread. Cheap to clone.
#[derive(Clone, Default)]
pub struct Cancel {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    cancelled: AtomicBool,
    next: AtomicU64,
    callbacks: Mutex<Vec<(u64, Callback)>>,
}

impl Cancel {
    /// A token that has not fired.
    pub fn new() -> Self {
        Self::default()
    }

    /// Fires, once. Runs the callbacks on this thread.
    pub fn cancel(&self) {
        let callbacks = {
            let mut callbacks = lock(&self.inner.callbacks);
            self.inner.cancelled.store(true, Ordering::SeqCst);
            std::mem::take(&mut *callbacks)
        };
        for (_, callback) in callbacks {
            callback();
        }
    }

    /// Whether it has fired.
    pub fn is_cancelled(&self) -> bool {
        self.inner.cancelled.load(Ordering::SeqCst)
    }

    /// Runs `callback` when it fires, at once if it has; until the guard is dropped.
    #[must_use = "dropping the guard takes the callback back"]
    pub fn on_cancel(&self, callback: impl FnOnce() + Send + 'static) -> CancelGuard {
        let id = self.inner.next.fetch_add(1, Ordering::Relaxed);
        let mut callbacks = lock(&self.inner.callbacks);
        if self.is_cancelled() {
            drop(callbacks);
            callback();
        } else {
            callbacks.push((id, Box::new(callback)));
        }
        CancelGuard { inner: Arc::clone(&self.inner), id }
    }
}

impl std::fmt::Debug for Cancel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Cancel").field("cancelled", &self.is_cancelled()).finish()
    }
}

/// Keeps a callback registered.
pub struct CancelGuard {
    inner: Arc<Inner>,
    id: u64,
}

impl Drop for CancelGuard {
    fn drop(&mut self) {
        lock(&self.inner.callbacks).retain(|(id, _)| *id != self.id);
    }
}

// A panicking callback must not make later runs fail; the list itself is always whole.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
