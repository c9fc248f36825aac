use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use vario_host::{Witness, Witnessed};
use vario_model::{AuditEntry, Need};
use vario_runtime::AuditLog;

/// How many calls are written to the audit log at once: a plugin lives long and calls often.
const BATCH: usize = 64;

/// How many different needs are remembered.
const MAX_NEEDS: usize = 200;

/// What one process of a plugin did and lacked.
pub(crate) struct PluginWitness {
    plugin_id: String,
    run: i64,
    started: Instant,
    log: Arc<dyn AuditLog>,
    seen: Mutex<Seen>,
    notify: Box<dyn Fn(&str) + Send + Sync>,
}

#[derive(Default)]
struct Seen {
    entries: Vec<AuditEntry>,
    needs: Vec<Need>,
}

impl PluginWitness {
    pub(crate) fn new(
        plugin_id: &str,
        now_ms: i64,
        log: Arc<dyn AuditLog>,
        notify: impl Fn(&str) + Send + Sync + 'static,
    ) -> Self {
        Self {
            plugin_id: plugin_id.to_owned(),
            run: now_ms,
            started: Instant::now(),
            log,
            seen: Mutex::default(),
            notify: Box::new(notify),
        }
    }

    /// What it lacked, each once.
    pub(crate) fn needs(&self) -> Vec<Need> {
        self.seen.lock().needs.clone()
    }

    /// Writes what is not written yet.
    pub(crate) fn flush(&self) {
        let entries = std::mem::take(&mut self.seen.lock().entries);
        if !entries.is_empty() {
            self.log.append(&entries);
        }
    }
}

impl Witness for PluginWitness {
    fn called(&self, call: Witnessed) {
        let elapsed_ms = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        let mut seen = self.seen.lock();
        let mut is_new_need = false;
        for need in &call.needs {
            if seen.needs.len() < MAX_NEEDS && !seen.needs.contains(need) {
                seen.needs.push(need.clone());
                is_new_need = true;
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
        let is_full = seen.entries.len() >= BATCH;
        drop(seen);
        // A refusal is written at once: it is what somebody will look for.
        if is_full || is_new_need {
            self.flush();
        }
    }

    fn notice(&self, text: String) {
        (self.notify)(&text);
    }
}

impl Drop for PluginWitness {
    fn drop(&mut self) {
        self.flush();
    }
}
