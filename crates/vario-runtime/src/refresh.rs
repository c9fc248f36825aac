use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use vario_host::Cancel;
use vario_manifest::Plugin;
use vario_model::{RunEvent, RunTrigger, Snapshot, auto_due, cooldown_left_ms};
use vario_store::{Paths, RunLock, Store};

use crate::batch::{BatchOptions, Gate, Turn, run_batch};
use crate::catalog::Found;
use crate::clock::Clock;
use crate::run::RunContext;
use crate::witness::StoreAudit;

const MINUTE_MS: i64 = 60_000;

/// Runs probes and keeps what they return: the cool-down, automatic updates and the age of results
/// count through the store, whichever process ran a plugin last (contract section 5).
pub struct Refresher {
    store: Arc<Store>,
    paths: Paths,
    clock: Arc<dyn Clock>,
    /// When this process last ran a plugin, for when the store cannot be written.
    last_runs: Mutex<HashMap<String, i64>>,
}

/// How to refresh.
#[derive(Clone)]
pub struct RefreshOptions {
    /// Why.
    pub trigger: RunTrigger,
    /// Take a stored result that is not older than this.
    pub max_age: Option<Duration>,
    /// How many probes run at once.
    pub workers: usize,
    /// Ends it.
    pub cancel: Cancel,
}

/// Which plugins are due, or how long until one is.
#[derive(Clone)]
pub struct Due {
    /// Until the next one is due, in milliseconds; 0 when some are.
    pub left_ms: i64,
    /// What is due now.
    pub plugins: Vec<Found>,
}

impl Refresher {
    /// Works on this store.
    pub fn new(store: Arc<Store>, paths: Paths, clock: Arc<dyn Clock>) -> Self {
        Self { store, paths, clock, last_runs: Mutex::new(HashMap::new()) }
    }

    /// Runs what needs to be run and tells of each plugin's result, stored or new, as it comes; a
    /// plugin runs in one process at a time. Gives warnings about the store, each once.
    pub fn run(
        &self,
        context: &RunContext,
        plugins: &[Found],
        options: &RefreshOptions,
        on_event: &mut dyn FnMut(RunEvent),
    ) -> Vec<String> {
        let mut warnings = Vec::new();
        let mut to_run = Vec::new();
        for found in plugins {
            match self.fresh(&found.plugin.id, options.max_age) {
                Some(snapshot) => on_event(RunEvent::Finished { snapshot }),
                None => to_run.push(found.clone()),
            }
        }
        let gate = Arc::new(LockGate {
            store: Arc::clone(&self.store),
            paths: self.paths.clone(),
            clock: Arc::clone(&self.clock),
            max_age: options.max_age,
            state: Mutex::default(),
        });
        let batch = BatchOptions {
            trigger: options.trigger,
            workers: options.workers,
            gate: Arc::clone(&gate) as Arc<dyn Gate>,
            cancel: options.cancel.clone(),
        };
        let audit = Arc::new(StoreAudit(Arc::clone(&self.store)));
        let context = &RunContext { audit, ..context.clone() };
        run_batch(context, &to_run, &batch, self.clock.as_ref(), &mut |event| {
            if let RunEvent::Finished { snapshot } = &event {
                let is_new = !gate.state.lock().answered.remove(&snapshot.provider_id);
                if is_new && !options.cancel.is_cancelled() {
                    warnings.extend(self.save(snapshot, options.trigger));
                }
            }
            on_event(event);
        });
        warnings.append(&mut gate.state.lock().warnings);
        warnings.extend(self.store.take_warnings());
        let mut told = HashSet::new();
        warnings.retain(|warning| told.insert(warning.clone()));
        warnings
    }

    /// How much of a plugin's cool-down is left after a successful manual refresh, in
    /// milliseconds; a front refuses the next one until it is 0 (contract section 5.4).
    pub fn cooldown_left_ms(&self, id: &str) -> i64 {
        let last = self.store.last_manual_ok(id).ok().flatten();
        cooldown_left_ms(last, self.now_ms())
    }

    /// Which of these plugins an automatic update takes along now.
    pub fn next_due(&self, plugins: &[Found], interval: Duration) -> Due {
        let now_ms = self.now_ms();
        let mut due = Due { left_ms: i64::MAX, plugins: Vec::new() };
        for found in plugins {
            let interval_ms = interval_ms(&found.plugin, interval);
            let last = self.last_run(&found.plugin.id);
            if auto_due(last, interval_ms, now_ms) {
                due.plugins.push(found.clone());
            } else {
                let waited = now_ms - last.unwrap_or(now_ms);
                due.left_ms = due.left_ms.min(interval_ms - waited);
            }
        }
        if !due.plugins.is_empty() {
            due.left_ms = 0;
        }
        due
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    fn last_run(&self, id: &str) -> Option<i64> {
        let stored = self.store.last_run(id).ok().flatten();
        stored.max(self.last_runs.lock().get(id).copied())
    }

    fn fresh(&self, id: &str, max_age: Option<Duration>) -> Option<Box<Snapshot>> {
        fresh(&self.store, id, max_age?, self.now_ms())
    }

    fn save(&self, snapshot: &Snapshot, trigger: RunTrigger) -> Option<String> {
        let now_ms = self.now_ms();
        self.last_runs.lock().insert(snapshot.provider_id.clone(), now_ms);
        let saved = self.store.save(snapshot, trigger, now_ms);
        saved.err().map(|error| format!("the result was not stored: {error}"))
    }
}

fn fresh(store: &Store, id: &str, max_age: Duration, now_ms: i64) -> Option<Box<Snapshot>> {
    let max_age_ms = i64::try_from(max_age.as_millis()).unwrap_or(i64::MAX);
    store.fresh(id, max_age_ms, now_ms).ok().flatten().map(Box::new)
}

/// How often a plugin runs by itself, in milliseconds: the user's interval, unless the plugin wants
/// to run less often.
pub fn interval_ms(plugin: &Plugin, interval: Duration) -> i64 {
    let wanted = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
    let least = plugin.refresh.minimum_minutes.or(plugin.refresh.minutes).unwrap_or(0);
    wanted.max(i64::from(least) * MINUTE_MS)
}

/// One run per plugin at a time, over all processes.
struct LockGate {
    store: Arc<Store>,
    paths: Paths,
    clock: Arc<dyn Clock>,
    max_age: Option<Duration>,
    state: Mutex<GateState>,
}

#[derive(Default)]
struct GateState {
    answered: HashSet<String>,
    warnings: Vec<String>,
}

impl Gate for LockGate {
    fn enter(&self, id: &str, deadline: Instant) -> Turn {
        let lock = match RunLock::try_acquire(&self.paths, id) {
            Ok(None) => RunLock::acquire(&self.paths, id, deadline),
            at_once => at_once,
        };
        match lock {
            Ok(None) => Turn::Busy,
            Err(error) => self.without_lock(&error),
            Ok(Some(lock)) => {
                // Whoever had the lock until now has asked for the same.
                let now = self.clock.now();
                let now_ms = now.as_millisecond();
                let answer = self.max_age.and_then(|age| fresh(&self.store, id, age, now_ms));
                if let Some(snapshot) = answer {
                    self.state.lock().answered.insert(id.to_owned());
                    return Turn::Answered(snapshot);
                }
                lock.note_use(now.into());
                Turn::Run(Some(Box::new(lock)))
            }
        }
    }
}

impl LockGate {
    /// A plugin is worth more than the lock: without one it runs all the same.
    fn without_lock(&self, error: &vario_store::Error) -> Turn {
        self.state.lock().warnings.push(format!("runs are not kept apart: {error}"));
        Turn::Run(None)
    }
}
