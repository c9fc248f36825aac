use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::CancelHandle;

/// Whether the statement of one attempt has to end: cheap enough to ask every few steps.
#[derive(Clone)]
pub(crate) struct Stop {
    deadline_passed: Arc<AtomicBool>,
    cancel: CancelHandle,
}

impl Stop {
    pub(crate) fn new(cancel: CancelHandle) -> Self {
        Self { deadline_passed: Arc::default(), cancel }
    }

    pub(crate) fn set(&self) {
        self.deadline_passed.store(true, Ordering::Release);
    }

    /// Before the next statement of a connection that outlives one.
    pub(crate) fn clear(&self) {
        self.deadline_passed.store(false, Ordering::Release);
    }

    pub(crate) fn is_set(&self) -> bool {
        self.deadline_passed.load(Ordering::Acquire) || self.cancel.is_cancelled()
    }
}
