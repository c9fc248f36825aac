use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How large the text of a result may be, unless a configuration says otherwise: 8 MiB.
pub const DEFAULT_MAX_RESULT_BYTES: usize = 8 * 1024 * 1024;

/// By how much one [`exec`](crate::exec) may enlarge a file, unless told otherwise: 256 MiB.
pub const DEFAULT_MAX_GROWTH_BYTES: u64 = 256 * 1024 * 1024;

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

    /// Ends the statement in flight, within some steps of its program, and forbids more.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Release);
    }

    /// Whether [`CancelHandle::cancel`] was called.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Acquire)
    }
}

/// What belongs to the run that asks.
#[derive(Debug, Clone)]
pub struct Call {
    /// When the run must be over.
    pub deadline: Instant,
    /// Ends the statement early.
    pub cancel: CancelHandle,
    /// The largest result of a query, in bytes.
    pub max_result_bytes: usize,
    /// By how many bytes the file may grow in one [`exec`](crate::exec). What it already has does
    /// not count, however much that is. The log or journal beside the file does not count either.
    pub max_growth_bytes: u64,
    /// Fail if any part of the path is a symbolic link.
    ///
    /// For callers that have resolved the path and judged what it leads to: a link that takes the
    /// place of a folder or of the file afterwards is not followed.
    pub no_follow: bool,
    /// The folder that the file is in, for callers that hold it open: the file is opened there and
    /// nowhere else, wherever its path leads by now.
    #[cfg(target_os = "linux")]
    pub folder: Option<Arc<std::os::fd::OwnedFd>>,
}

impl Call {
    /// A call that nobody cancels, with the default limits, that follows links.
    pub fn until(deadline: Instant) -> Self {
        Self {
            deadline,
            cancel: CancelHandle::new(),
            max_result_bytes: DEFAULT_MAX_RESULT_BYTES,
            max_growth_bytes: DEFAULT_MAX_GROWTH_BYTES,
            no_follow: false,
            #[cfg(target_os = "linux")]
            folder: None,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.cancel.is_cancelled() || Instant::now() >= self.deadline
    }
}
