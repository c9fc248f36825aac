//! Runs what is asked for: each plugin once at a time, a few plugins at once, and whoever asks for
//! one that runs or waits already shares its result.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};
use vario_host::{Cancel, LogEntry, LogSink};
use vario_model::{RunEvent, RunTrigger, Snapshot};
use vario_value::LogLevel;

use super::protocol::{Ask, NotRun, Told};
use super::ticket::Ticket;
use super::{Front, Loaded};
use crate::catalog::Found;
use crate::refresh::{RefreshOptions, Refresher};
use crate::run::RunContext;

/// Hears of what runs, whoever asked.
pub(super) trait Listener: Send + Sync {
    /// A start or an end.
    fn event(&self, event: &RunEvent);
    /// Whether anybody wants log lines of this level.
    fn wants(&self, level: LogLevel) -> bool;
    /// A line of a plugin's log, and when it came.
    fn line(&self, at_ms: i64, entry: &LogEntry);
}

/// What the threads share.
pub(super) struct Executor {
    pub(super) front: Arc<dyn Front>,
    pub(super) refresher: Refresher,
    cancel: Cancel,
    state: Mutex<State>,
    has_work: Condvar,
    listener: Arc<dyn Listener>,
}

#[derive(Default)]
struct State {
    is_over: bool,
    waiting: VecDeque<String>,
    jobs: HashMap<String, Job>,
}

/// One plugin that is to run or runs.
struct Job {
    loaded: Arc<Loaded>,
    found: Found,
    trigger: RunTrigger,
    max_age: Option<Duration>,
    is_running: bool,
    has_started: bool,
    tickets: Vec<Arc<Ticket>>,
}

/// What a thread takes along.
struct Turn {
    id: String,
    loaded: Arc<Loaded>,
    found: Found,
    options: RefreshOptions,
}

impl Executor {
    /// Starts `workers` threads, which end when `cancel` fires.
    pub(super) fn start(
        front: Arc<dyn Front>,
        refresher: Refresher,
        workers: usize,
        cancel: &Cancel,
        listener: Arc<dyn Listener>,
    ) -> std::io::Result<(Arc<Self>, Vec<JoinHandle<()>>)> {
        let executor = Arc::new(Self {
            front,
            refresher,
            cancel: cancel.clone(),
            state: Mutex::default(),
            has_work: Condvar::new(),
            listener,
        });
        let threads = (0..workers.max(1)).map(|number| {
            let executor = Arc::clone(&executor);
            let builder = std::thread::Builder::new().name(format!("owner run {number}"));
            builder.spawn(move || executor.work())
        });
        let threads = threads.collect::<std::io::Result<Vec<_>>>();
        Ok((Arc::clone(&executor), threads.inspect_err(|_| executor.end())?))
    }

    /// Takes no more work, gives up what waits, and lets the threads end.
    pub(super) fn end(&self) {
        let mut state = self.state.lock();
        state.is_over = true;
        let waiting = std::mem::take(&mut state.waiting);
        let given_up: Vec<_> =
            waiting.into_iter().filter_map(|id| Some((state.jobs.remove(&id)?, id))).collect();
        drop(state);
        self.has_work.notify_all();
        for (job, id) in given_up {
            for ticket in job.tickets {
                ticket.not_run(id.clone(), ends());
            }
        }
    }

    /// Asks for runs; `sink` hears what becomes of them, at once or later and from any thread.
    pub(super) fn submit(&self, ask: &Ask, sink: impl Fn(Told) + Send + Sync + 'static) {
        let loaded = match self.front.load() {
            Ok(loaded) => Arc::new(loaded),
            Err(text) => {
                for id in ask.ids.iter().flatten() {
                    let why = NotRun::Failed { text: text.clone() };
                    sink(Told::NotRun { id: id.clone(), why });
                }
                return sink(Told::Done { warnings: vec![text] });
            }
        };
        let mut ids = ask.ids.clone().unwrap_or_else(|| loaded.enabled.clone());
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        let ticket = Arc::new(Ticket::new(ids.len(), ask.log, Box::new(sink)));
        for id in ids {
            self.submit_one(id, ask, &loaded, &ticket);
        }
        // Even for nothing there is an end.
        ticket.release();
    }

    fn submit_one(&self, id: String, ask: &Ask, loaded: &Arc<Loaded>, ticket: &Arc<Ticket>) {
        let Some(found) = loaded.catalog.get(&id) else {
            return ticket.not_run(id, NotRun::Unknown);
        };
        let left_ms = self.refresher.cooldown_left_ms(&id);
        if ask.heed_cooldown && ask.trigger == RunTrigger::Manual && left_ms > 0 {
            return ticket.not_run(id, NotRun::CoolingDown { left_ms });
        }
        let mut state = self.state.lock();
        if state.is_over {
            drop(state);
            return ticket.not_run(id, ends());
        }
        if let Some(job) = state.jobs.get_mut(&id) {
            return job.join(ask, loaded, found, ticket, &id);
        }
        let job = Job {
            loaded: Arc::clone(loaded),
            found: found.clone(),
            trigger: ask.trigger,
            max_age: ask.max_age(),
            is_running: false,
            has_started: false,
            tickets: vec![Arc::clone(ticket)],
        };
        state.jobs.insert(id.clone(), job);
        state.waiting.push_back(id);
        drop(state);
        self.has_work.notify_one();
    }

    /// What runs and what waits, by id, and how many asked for it.
    pub(super) fn now(&self) -> (Vec<String>, Vec<String>, usize) {
        let state = self.state.lock();
        let running = state.jobs.iter().filter(|(_, job)| job.is_running);
        let mut running: Vec<String> = running.map(|(id, _)| id.clone()).collect();
        running.sort_unstable();
        let asking = state.jobs.values().map(|job| job.tickets.len()).sum();
        (running, state.waiting.iter().cloned().collect(), asking)
    }

    /// Whether it runs or is to run.
    pub(super) fn is_busy(&self, id: &str) -> bool {
        self.state.lock().jobs.contains_key(id)
    }

    fn work(self: &Arc<Self>) {
        while let Some(turn) = self.next() {
            self.run(&turn);
        }
    }

    fn next(&self) -> Option<Turn> {
        let mut state = self.state.lock();
        loop {
            if state.is_over {
                return None;
            }
            let Some(id) = state.waiting.pop_front() else {
                self.has_work.wait(&mut state);
                continue;
            };
            let Some(job) = state.jobs.get_mut(&id) else { continue };
            job.is_running = true;
            let options = RefreshOptions {
                trigger: job.trigger,
                max_age: job.max_age,
                workers: 1,
                cancel: self.cancel.clone(),
            };
            let (loaded, found) = (Arc::clone(&job.loaded), job.found.clone());
            return Some(Turn { id, loaded, found, options });
        }
    }

    fn run(self: &Arc<Self>, turn: &Turn) {
        let mut snapshot = None;
        let plugins = std::slice::from_ref(&turn.found);
        let context = &turn.loaded.context;
        let log = Log { executor: Arc::clone(self), own: Arc::clone(&context.log) };
        let context = &RunContext { log: Arc::new(log), ..context.clone() };
        let mut has_started = false;
        let mut on_event = |event| match event {
            RunEvent::Started { .. } => {
                has_started = true;
                self.started(&turn.id, &event);
                self.listener.event(&event);
            }
            RunEvent::Finished { snapshot: finished } => snapshot = Some(finished),
            RunEvent::Completed => {}
        };
        // Whoever waits must hear of an end, even if it is this thread's fault that there is none.
        let warnings = catch_unwind(AssertUnwindSafe(|| {
            self.refresher.run(context, plugins, &turn.options, &mut on_event)
        }));
        let warnings = warnings.unwrap_or_default();
        // What ends with this owner is done anew by whoever asked.
        let snapshot = snapshot.filter(|_| !self.cancel.is_cancelled());
        let tickets = self.state.lock().jobs.remove(&turn.id).map(|job| job.tickets);
        // What was fresh enough was told when it was new.
        if has_started && let Some(snapshot) = &snapshot {
            self.listener.event(&RunEvent::Finished { snapshot: snapshot.clone() });
        }
        for ticket in tickets.into_iter().flatten() {
            finish(&ticket, &turn.id, snapshot.clone(), &warnings);
        }
    }

    fn started(&self, id: &str, event: &RunEvent) {
        let mut state = self.state.lock();
        let Some(job) = state.jobs.get_mut(id) else { return };
        job.has_started = true;
        for ticket in &job.tickets {
            ticket.tell(Told::Event(event.clone()));
        }
    }
}

/// The owner's own log, and that of those who asked for a run.
struct Log {
    executor: Arc<Executor>,
    own: Arc<dyn LogSink>,
}

impl LogSink for Log {
    /// Who asks while a plugin runs already may want what the others do not.
    fn wants(&self, level: LogLevel) -> bool {
        self.own.wants(level) || self.executor.listener.wants(level) || {
            let state = self.executor.state.lock();
            let mut tickets = state.jobs.values().flat_map(|job| &job.tickets);
            tickets.any(|ticket| ticket.log.is_some_and(|least| level >= least))
        }
    }

    fn write(&self, entry: LogEntry) {
        if let Some(job) = self.executor.state.lock().jobs.get(&entry.plugin_id) {
            for ticket in &job.tickets {
                if ticket.log.is_some_and(|least| entry.level >= least) {
                    ticket.tell(Told::Log(entry.clone()));
                }
            }
        }
        let executor = &self.executor;
        executor.listener.line(executor.refresher.now_ms(), &entry);
        if self.own.wants(entry.level) {
            self.own.write(entry);
        }
    }
}

fn ends() -> NotRun {
    NotRun::Failed { text: "the owner ends".to_owned() }
}

fn finish(ticket: &Ticket, id: &str, snapshot: Option<Box<Snapshot>>, warnings: &[String]) {
    ticket.warn(warnings);
    match snapshot {
        Some(snapshot) => {
            ticket.tell(Told::Event(RunEvent::Finished { snapshot }));
            ticket.release();
        }
        None => ticket.not_run(id.to_owned(), ends()),
    }
}

impl Job {
    /// One more who wants it. What waits yet is done for the strictest of them.
    fn join(
        &mut self,
        ask: &Ask,
        loaded: &Arc<Loaded>,
        found: &Found,
        ticket: &Arc<Ticket>,
        id: &str,
    ) {
        self.tickets.push(Arc::clone(ticket));
        if !self.is_running {
            (self.loaded, self.found) = (Arc::clone(loaded), found.clone());
            self.max_age = self.max_age.zip(ask.max_age()).map(|(one, other)| one.min(other));
            if ask.trigger == RunTrigger::Manual {
                self.trigger = RunTrigger::Manual;
            }
        } else if self.has_started {
            let provider_id = id.to_owned();
            let trigger = self.trigger;
            ticket.tell(Told::Event(RunEvent::Started { provider_id, trigger }));
        }
    }
}
