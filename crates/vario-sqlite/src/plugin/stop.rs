use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::CancelHandle;

/// Whether the statement of one attempt has to end: cheap enough to ask every few steps.
#[derive(Clone)]
pub(super) struct Stop {
    deadline_passed: Arc<AtomicBool>,
    cancel: CancelHandle,
}

impl Stop {
    pub(super) fn new(cancel: CancelHandle) -> Self {
        Self { deadline_passed: Arc::default(), cancel }
    }

    pub(super) fn set(&self) {
        self.deadline_passed.store(true, Ordering::Release);
    }

    pub(super) fn is_set(&self) -> bool {
        self.deadline_passed.load(Ordering::Acquire) || self.cancel.is_cancelled()
    }
}
