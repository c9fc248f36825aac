use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use vario_host::{Cancel, LogEntry, LogOrigin};
use vario_isolation::HARD_GRACE;
use vario_model::{RunEvent, RunTrigger, Snapshot};
use vario_sandbox::StopReason;
use vario_value::LogLevel;

use crate::catalog::Found;
use crate::clock::Clock;
use crate::run::{Ended, Run, RunContext, Stopper, after, run_here};

/// Engines need this much stack for their own limit to be the one that is met.
pub(crate) const STACK_BYTES: usize = 8 * 1024 * 1024;

/// How long past its deadline a run is waited for. An engine has operations that no interrupt
/// reaches; such a run is given up, and its thread ends when the operation does.
///
/// Longer than a worker has before it is killed: a run that ends by that tells what it lacked.
const GRACE: Duration = HARD_GRACE.saturating_mul(2);

/// The card's text when another process does not end its run of the same plugin.
const BUSY_TEXT: &str = "another vario is still running this plugin";

/// The card's text when the host itself broke.
const PANIC_TEXT: &str = "internal error while running this plugin";

enum Message {
    /// The run has its turn; from now on its own time counts.
    Running(usize, Stopper),
    Ended(usize, Box<Ended>, Option<Held>),
    Answered(usize, Box<Snapshot>),
    Cancelled,
}

/// Who says whether a plugin may run now.
pub trait Gate: Send + Sync {
    /// Waits for the plugin's turn, until `deadline` at most.
    fn enter(&self, id: &str, deadline: Instant) -> Turn;
}

/// What gives the next one its turn when it is dropped.
pub(crate) type Held = Box<dyn std::any::Any + Send>;

/// What a [`Gate`] answers.
pub enum Turn {
    /// Run it, and keep this until its end has been told.
    Run(Option<Held>),
    /// Someone else has just run it.
    Answered(Box<Snapshot>),
    /// It is still being run elsewhere.
    Busy,
}

/// Lets everything run at once; for tests and for fronts with no state of their own.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenGate;

impl Gate for OpenGate {
    fn enter(&self, _id: &str, _deadline: Instant) -> Turn {
        Turn::Run(None)
    }
}

/// What a batch runs with.
#[derive(Clone)]
pub struct BatchOptions {
    /// Why the plugins run.
    pub trigger: RunTrigger,
    /// How many run at once.
    pub workers: usize,
    /// Who says when.
    pub gate: Arc<dyn Gate>,
    /// Ends the batch.
    pub cancel: Cancel,
}

struct Running {
    position: usize,
    started: Instant,
    give_up_at: Instant,
    cancel: Cancel,
    stopper: Option<Stopper>,
}

/// Runs probes side by side, at most `workers` at once, and tells what happens as it happens: for
/// each plugin one `started` and one `finished`, and one `completed` at the end (contract section
/// 5.1). Blocks until then.
///
/// No run can hold up the batch: one that does not end at its deadline is given up and gets the
/// time-out's text; one that panics gets an error line. When `cancel` fires, nothing new starts and
/// what runs is ended.
pub fn run_batch(
    context: &RunContext,
    plugins: &[Found],
    options: &BatchOptions,
    clock: &dyn Clock,
    on_event: &mut dyn FnMut(RunEvent),
) {
    let BatchOptions { trigger, workers, cancel, .. } = options;
    let (sender, receiver) = unbounded();
    let wake = sender.clone();
    let _guard = cancel.on_cancel(move || {
        let _gone_with_the_batch = wake.send(Message::Cancelled);
    });
    let mut batch = Batch {
        context,
        plugins,
        clock,
        gate: &options.gate,
        waiting: (0..plugins.len()).collect(),
        running: Vec::new(),
        sender,
    };
    loop {
        while batch.running.len() < (*workers).max(1) && !cancel.is_cancelled() {
            let Some(position) = batch.waiting.pop_front() else { break };
            let provider_id = plugins[position].plugin.id.clone();
            on_event(RunEvent::Started { provider_id, trigger: *trigger });
            if let Some(snapshot) = batch.start(position) {
                on_event(RunEvent::Finished { snapshot: Box::new(snapshot) });
            }
        }
        if batch.running.is_empty() {
            break;
        }
        for Outcome { snapshot, turn } in batch.next(&receiver) {
            on_event(RunEvent::Finished { snapshot: Box::new(snapshot) });
            // Whoever waits for it finds in the store what this run gave.
            drop(turn);
        }
    }
    on_event(RunEvent::Completed);
}

/// How a run ended, and its turn as long as nobody has heard of it.
struct Outcome {
    snapshot: Snapshot,
    turn: Option<Held>,
}

struct Batch<'a> {
    context: &'a RunContext,
    plugins: &'a [Found],
    clock: &'a dyn Clock,
    gate: &'a Arc<dyn Gate>,
    waiting: VecDeque<usize>,
    running: Vec<Running>,
    sender: Sender<Message>,
}

impl Batch<'_> {
    /// Starts one run on a thread of its own; gives its end when it could not be started.
    fn start(&mut self, position: usize) -> Option<Snapshot> {
        let run = Run::live(self.context, &self.plugins[position], self.clock.now());
        let (wall, started, cancel) = (run.limits.wall, Instant::now(), Cancel::new());
        let name = format!("probe {}", run.found.plugin.id);
        let thread = Thread {
            position,
            context: self.context.clone(),
            run,
            gate: Arc::clone(self.gate),
            cancel: cancel.clone(),
            sender: self.sender.clone(),
        };
        let builder = std::thread::Builder::new().name(name).stack_size(STACK_BYTES);
        if let Err(error) = builder.spawn(move || thread.run()) {
            let text = format!("cannot start a thread for this plugin: {error}");
            return Some(self.finished(position, Ended::failed(text, started.elapsed())));
        }
        // Waiting for the turn may take as long as the run of whoever has it.
        let give_up_at = after(wall.saturating_mul(2)) + GRACE;
        self.running.push(Running { position, started, give_up_at, cancel, stopper: None });
        None
    }

    /// Waits for the next thing to happen, and gives the runs that ended by it.
    fn next(&mut self, receiver: &Receiver<Message>) -> Vec<Outcome> {
        let wait_until = self.running.iter().map(|running| running.give_up_at).min();
        let wait_until = wait_until.unwrap_or_else(Instant::now);
        match receiver.recv_deadline(wait_until) {
            Ok(Message::Running(position, stopper)) => {
                if let Some(running) = self.running.iter_mut().find(|r| r.position == position) {
                    running.started = Instant::now();
                    running.give_up_at = stopper.signal.deadline() + GRACE;
                    running.stopper = Some(stopper);
                }
                Vec::new()
            }
            Ok(Message::Ended(position, ended, turn)) if self.remove(position) => {
                vec![Outcome { snapshot: self.finished(position, *ended), turn }]
            }
            Ok(Message::Answered(position, snapshot)) if self.remove(position) => {
                vec![Outcome { snapshot: *snapshot, turn: None }]
            }
            // One that was given up before has had its end.
            Ok(Message::Ended(..) | Message::Answered(..)) => Vec::new(),
            Ok(Message::Cancelled) => {
                self.waiting.clear();
                for running in &mut self.running {
                    running.stop(StopReason::Cancelled);
                    running.give_up_at = running.give_up_at.min(Instant::now() + GRACE);
                }
                Vec::new()
            }
            Err(_) => self.give_up(),
        }
    }

    fn remove(&mut self, position: usize) -> bool {
        let known = self.running.iter().position(|running| running.position == position);
        known.map(|known| self.running.swap_remove(known)).is_some()
    }

    fn give_up(&mut self) -> Vec<Outcome> {
        let now = Instant::now();
        let (late, running) = std::mem::take(&mut self.running)
            .into_iter()
            .partition::<Vec<_>, _>(|running| running.give_up_at <= now);
        self.running = running;
        late.into_iter()
            .map(|late| {
                late.stop(StopReason::Deadline);
                let found = &self.plugins[late.position];
                let limits = crate::job::lowered(&self.context.limits, &found.plugin.limits);
                let duration = late.started.elapsed();
                let ended = match &late.stopper {
                    None => Ended::failed(BUSY_TEXT, duration),
                    Some(stopper) => {
                        let reason = stopper.signal.poll().unwrap_or(&StopReason::Deadline);
                        Ended::stopped(reason, &limits, duration)
                    }
                };
                Outcome { snapshot: self.finished(late.position, ended), turn: None }
            })
            .collect()
    }

    fn finished(&self, position: usize, ended: Ended) -> Snapshot {
        let found = &self.plugins[position];
        for warning in &ended.report.warnings {
            if self.context.log.wants(LogLevel::Warn) {
                self.context.log.write(LogEntry {
                    plugin_id: found.plugin.id.clone(),
                    level: LogLevel::Warn,
                    origin: LogOrigin::Host,
                    message: vario_host::redact::log_text(warning).into_owned(),
                });
            }
        }
        ended.snapshot(found, self.clock.now())
    }
}

impl Running {
    fn stop(&self, reason: StopReason) {
        match &self.stopper {
            Some(stopper) => stopper.stop(reason),
            None => self.cancel.cancel(),
        }
    }
}

/// What the thread of one run takes along.
struct Thread {
    position: usize,
    context: RunContext,
    run: Run,
    gate: Arc<dyn Gate>,
    cancel: Cancel,
    sender: Sender<Message>,
}

impl Thread {
    fn run(self) {
        let started = Instant::now();
        let message = catch_unwind(AssertUnwindSafe(|| self.take_turn())).unwrap_or_else(|_| {
            let ended = Box::new(Ended::failed(PANIC_TEXT, started.elapsed()));
            Message::Ended(self.position, ended, None)
        });
        let _given_up = self.sender.send(message);
    }

    fn take_turn(&self) -> Message {
        let started = Instant::now();
        let wall = self.run.limits.wall;
        let mut held = None;
        let ended = match self.gate.enter(&self.run.found.plugin.id, after(wall)) {
            Turn::Answered(snapshot) => return Message::Answered(self.position, snapshot),
            Turn::Busy => Ended::failed(BUSY_TEXT, started.elapsed()),
            Turn::Run(_) if self.cancel.is_cancelled() => {
                let text = StopReason::Cancelled.text(&self.run.limits);
                Ended::failed(text, started.elapsed())
            }
            Turn::Run(turn) => {
                held = turn;
                let stopper = Stopper::after(wall, self.cancel.clone());
                // The batch may have been cancelled before it knew of the stopper.
                let signal = Arc::clone(&stopper.signal);
                let _guard = self.cancel.on_cancel(move || signal.stop(StopReason::Cancelled));
                let _given_up = self.sender.send(Message::Running(self.position, stopper.clone()));
                run_here(&self.context, &self.context.host, &self.run, &stopper)
            }
        };
        Message::Ended(self.position, Box::new(ended), held)
    }
}
