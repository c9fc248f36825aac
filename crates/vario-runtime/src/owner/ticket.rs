//! One who asked, and how much is still to come.

use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::Mutex;
use vario_value::LogLevel;

use super::protocol::{NotRun, Told};

/// Tells one asker what becomes of its plugins, and when that was all.
pub(super) struct Ticket {
    /// The least level of the log lines it wants.
    pub(super) log: Option<LogLevel>,
    sink: Box<dyn Fn(Told) + Send + Sync>,
    left: AtomicUsize,
    warnings: Mutex<Vec<String>>,
}

impl Ticket {
    /// For so many plugins, and one more [`Ticket::release`] by whoever hands them in.
    pub(super) fn new(
        plugins: usize,
        log: Option<LogLevel>,
        sink: Box<dyn Fn(Told) + Send + Sync>,
    ) -> Self {
        Self { log, sink, left: AtomicUsize::new(plugins + 1), warnings: Mutex::default() }
    }

    pub(super) fn tell(&self, told: Told) {
        (self.sink)(told);
    }

    pub(super) fn not_run(&self, id: String, why: NotRun) {
        self.tell(Told::NotRun { id, why });
        self.release();
    }

    pub(super) fn warn(&self, warnings: &[String]) {
        let mut known = self.warnings.lock();
        for warning in warnings {
            if !known.contains(warning) {
                known.push(warning.clone());
            }
        }
    }

    /// One is done.
    pub(super) fn release(&self) {
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            let warnings = std::mem::take(&mut *self.warnings.lock());
            self.tell(Told::Done { warnings });
        }
    }
}
