use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How large the text of a result may be, unless a configuration says otherwise: 8 MiB.
pub const DEFAULT_MAX_RESULT_BYTES: usize = 8 * 1024 * 1024;

/// Stops statements from another thread. Clones share one state, and a cancelled handle stays so.
#[derive(Debug, Clone, Default)]
pub struct CancelHandle {
    cancelled: Arc<AtomicBool>,
}

impl CancelHandle {
    /// A handle that is not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the statement in flight, within some thousand steps of its program, and forbids more.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Whether [`CancelHandle::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }
}

/// Decides whether a statement may reach another file, by `ATTACH` or `VACUUM INTO`.
///
/// Any `Fn(&str) -> bool` is one. The path is as the plugin wrote it: relative, a `file:` URL.
pub trait AttachCheck: Send + Sync {
    /// Whether this file may be opened, and written if the statement can write.
    fn allows(&self, path: &str) -> bool;
}

impl<F: Fn(&str) -> bool + Send + Sync> AttachCheck for F {
    fn allows(&self, path: &str) -> bool {
        self(path)
    }
}

/// What belongs to the run that asks.
#[derive(Clone)]
pub struct Call {
    /// When the run must be over.
    pub deadline: Instant,
    /// Ends the statement early.
    pub cancel: CancelHandle,
    /// The largest result of a query, in bytes.
    pub max_result_bytes: usize,
    /// Which other files may be attached. `None`: none, as rights are given per file.
    pub attach_check: Option<Arc<dyn AttachCheck>>,
}

impl Call {
    /// A call that nobody cancels, with the default limit and without other files.
    pub fn until(deadline: Instant) -> Self {
        Self {
            deadline,
            cancel: CancelHandle::new(),
            max_result_bytes: DEFAULT_MAX_RESULT_BYTES,
            attach_check: None,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.cancel.is_cancelled() || Instant::now() >= self.deadline
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
