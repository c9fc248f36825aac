use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use vario_host::{Cancel, LogEntry, LogOrigin};
use vario_model::{RunEvent, RunTrigger, Snapshot};
use vario_sandbox::StopReason;
use vario_value::LogLevel;

use crate::catalog::Found;
use crate::clock::Clock;
use crate::run::{Ended, Run, RunContext, Stopper, run_here};

/// Engines need this much stack for their own limit to be the one that is met.
pub(crate) const STACK_BYTES: usize = 8 * 1024 * 1024;

/// How long past its deadline a run is waited for. An engine has operations that no interrupt
/// reaches; such a run is given up, and its thread ends when the operation does.
const GRACE: Duration = Duration::from_millis(250);

/// The card's text when the host itself broke.
const PANIC_TEXT: &str = "internal error while running this plugin";

enum Message {
    Ended(usize, Box<Ended>),
    Cancelled,
}

struct Running {
    position: usize,
    started: Instant,
    give_up_at: Instant,
    stopper: Stopper,
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
    trigger: RunTrigger,
    workers: usize,
    clock: &dyn Clock,
    cancel: &Cancel,
    on_event: &mut dyn FnMut(RunEvent),
) {
    let (sender, receiver) = unbounded();
    let wake = sender.clone();
    let _guard = cancel.on_cancel(move || {
        let _gone_with_the_batch = wake.send(Message::Cancelled);
    });
    let mut batch = Batch {
        context,
        plugins,
        clock,
        waiting: (0..plugins.len()).collect(),
        running: Vec::new(),
        sender,
    };
    loop {
        while batch.running.len() < workers.max(1) && !cancel.is_cancelled() {
            let Some(position) = batch.waiting.pop_front() else { break };
            let provider_id = plugins[position].plugin.id.clone();
            on_event(RunEvent::Started { provider_id, trigger });
            if let Some(snapshot) = batch.start(position) {
                on_event(RunEvent::Finished { snapshot: Box::new(snapshot) });
            }
        }
        if batch.running.is_empty() {
            break;
        }
        for snapshot in batch.next(&receiver) {
            on_event(RunEvent::Finished { snapshot: Box::new(snapshot) });
        }
    }
    on_event(RunEvent::Completed);
}

struct Batch<'a> {
    context: &'a RunContext,
    plugins: &'a [Found],
    clock: &'a dyn Clock,
    waiting: VecDeque<usize>,
    running: Vec<Running>,
    sender: Sender<Message>,
}

impl Batch<'_> {
    /// Starts one run on a thread of its own; gives its end when it could not be started.
    fn start(&mut self, position: usize) -> Option<Snapshot> {
        let run = Run::live(self.context, &self.plugins[position], self.clock.now());
        let stopper = Stopper::after(run.limits.wall);
        let started = Instant::now();
        let name = format!("probe {}", run.found.plugin.id);
        let spawned = {
            let (context, sender) = (self.context.clone(), self.sender.clone());
            let stopper = stopper.clone();
            std::thread::Builder::new().name(name).stack_size(STACK_BYTES).spawn(move || {
                let ended = catch_panic(&context, &run, &stopper);
                let _given_up = sender.send(Message::Ended(position, Box::new(ended)));
            })
        };
        if let Err(error) = spawned {
            let text = format!("cannot start a thread for this plugin: {error}");
            return Some(self.finished(position, Ended::failed(text, started.elapsed())));
        }
        let give_up_at = stopper.signal.deadline() + GRACE;
        self.running.push(Running { position, started, give_up_at, stopper });
        None
    }

    /// Waits for the next thing to happen, and gives the runs that ended by it.
    fn next(&mut self, receiver: &Receiver<Message>) -> Vec<Snapshot> {
        let wait_until = self.running.iter().map(|running| running.give_up_at).min();
        let wait_until = wait_until.unwrap_or_else(Instant::now);
        match receiver.recv_deadline(wait_until) {
            Ok(Message::Ended(position, ended)) => {
                let known = self.running.iter().position(|running| running.position == position);
                // One that was given up before has had its end.
                let Some(known) = known else { return Vec::new() };
                self.running.swap_remove(known);
                vec![self.finished(position, *ended)]
            }
            Ok(Message::Cancelled) => {
                self.waiting.clear();
                for running in &mut self.running {
                    running.stopper.stop(StopReason::Cancelled);
                    running.give_up_at = running.give_up_at.min(Instant::now() + GRACE);
                }
                Vec::new()
            }
            Err(_) => self.give_up(),
        }
    }

    fn give_up(&mut self) -> Vec<Snapshot> {
        let now = Instant::now();
        let (late, running) = std::mem::take(&mut self.running)
            .into_iter()
            .partition::<Vec<_>, _>(|running| running.give_up_at <= now);
        self.running = running;
        late.into_iter()
            .map(|late| {
                late.stopper.stop(StopReason::Deadline);
                let found = &self.plugins[late.position];
                let limits = crate::job::lowered(&self.context.limits, &found.plugin.limits);
                let reason = late.stopper.signal.poll().cloned().unwrap_or(StopReason::Deadline);
                let ended = Ended::failed(reason.text(&limits), late.started.elapsed());
                self.finished(late.position, ended)
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

fn catch_panic(context: &RunContext, run: &Run, stopper: &Stopper) -> Ended {
    let started = Instant::now();
    let host = Arc::clone(&context.host);
    catch_unwind(AssertUnwindSafe(|| run_here(context, &host, run, stopper)))
        .unwrap_or_else(|_| Ended::failed(PANIC_TEXT, started.elapsed()))
}
