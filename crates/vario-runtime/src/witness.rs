//! What a run did: for the audit log, for the list of what it lacked, and for the user.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use parking_lot::Mutex;
use vario_host::{Witness, Witnessed};
use vario_model::{AuditEntry, Need};
use vario_store::Store;

/// Keeps the audit log.
pub trait AuditLog: Send + Sync {
    /// Takes the calls of one run, in their order. What goes wrong is the log's business: a run is
    /// worth more than its record.
    fn append(&self, entries: &[AuditEntry]);
}

/// Keeps none; for replays, tests and embedding.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoAudit;

impl AuditLog for NoAudit {
    fn append(&self, _entries: &[AuditEntry]) {}
}

/// Keeps it in the store, as far as that can be written; the store says itself when it cannot.
pub(crate) struct StoreAudit(pub(crate) Arc<Store>);

impl AuditLog for StoreAudit {
    fn append(&self, entries: &[AuditEntry]) {
        let _noted_by_the_store = self.0.append_audit(entries);
    }
}

/// The witness of one run.
pub(crate) struct RunWitness {
    plugin_id: String,
    run: i64,
    started: Instant,
    log: Arc<dyn AuditLog>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    entries: Vec<AuditEntry>,
    needs: Vec<Need>,
    notices: Vec<String>,
}

impl RunWitness {
    /// For a run that begins `now`.
    pub(crate) fn new(plugin_id: &str, now: Timestamp, log: Arc<dyn AuditLog>) -> Self {
        Self {
            plugin_id: plugin_id.to_owned(),
            run: now.as_millisecond(),
            started: Instant::now(),
            log,
            seen: Mutex::default(),
        }
    }

    /// What the run lacked, each once in the order it came, and what the user must know.
    pub(crate) fn findings(&self) -> (Vec<Need>, Vec<String>) {
        let mut seen = self.seen.lock();
        (std::mem::take(&mut seen.needs), std::mem::take(&mut seen.notices))
    }
}

impl Witness for RunWitness {
    fn called(&self, call: Witnessed) {
        let elapsed_ms = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        let mut seen = self.seen.lock();
        for need in &call.needs {
            if !seen.needs.contains(need) {
                seen.needs.push(need.clone());
            }
        }
        seen.entries.push(AuditEntry {
            at_ms: self.run.saturating_add(elapsed_ms),
            plugin_id: self.plugin_id.clone(),
            run: self.run,
            function: call.function,
            target: call.target,
            allowed: call.needs.is_empty(),
            need: call.needs.into_iter().next(),
            ok: call.ok,
            bytes: call.bytes,
            duration_us: u64::try_from(call.duration.as_micros()).unwrap_or(u64::MAX),
        });
    }

    fn notice(&self, text: String) {
        self.seen.lock().notices.push(text);
    }
}

/// The log is written once per run, when nothing can be added any more.
impl Drop for RunWitness {
    fn drop(&mut self) {
        let entries = std::mem::take(&mut self.seen.get_mut().entries);
        if !entries.is_empty() {
            self.log.append(&entries);
        }
    }
}
