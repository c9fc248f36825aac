use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::command::WorkerCommand;
use crate::error::Error;
use crate::process::Process;
use crate::worker::Worker;

/// Workers that are started ahead of need, for programs that live long.
///
/// A thread of its own starts them and reaps them, and lives until the last worker it started has
/// ended: on Linux a worker dies with the thread that started it. Dropping the pool kills those nobody took.
pub struct Pool {
    shared: Arc<Shared>,
}

struct Shared {
    command: WorkerCommand,
    count: usize,
    state: Mutex<State>,
    /// Something in the state has changed.
    changed: Condvar,
}

#[derive(Default)]
struct State {
    ready: VecDeque<Worker>,
    /// Workers that were taken and have not come back.
    taken: usize,
    /// Workers that have done their job and are to be reaped.
    done: Vec<Process>,
    /// A worker is being started or reaped right now.
    is_busy: bool,
    /// Starting failed; whoever takes one next hears why.
    has_failed: bool,
    is_closed: bool,
}

impl Pool {
    /// Begins to start `count` workers. What goes wrong shows when one is taken.
    pub fn new(command: WorkerCommand, count: usize) -> Self {
        let state = Mutex::new(State::default());
        let shared = Arc::new(Shared { command, count, state, changed: Condvar::new() });
        if count > 0 {
            let starter = Arc::clone(&shared);
            let name = "worker-pool".to_owned();
            let thread = std::thread::Builder::new().name(name);
            // Without a thread nothing is ready, and whoever takes a worker starts it.
            let _fewer_ready = thread.spawn(move || starter.keep_ready());
        }
        Self { shared }
    }

    /// A worker that is ready or about to be, or a new one, started on this thread as by
    /// [`WorkerCommand::start`]. Another is started in its place.
    ///
    /// # Errors
    /// As [`WorkerCommand::start`].
    pub fn take(&self) -> Result<Worker, Error> {
        let mut state = self.shared.state.lock();
        state.has_failed = false;
        let worker = loop {
            match state.ready.pop_front() {
                // One that somebody killed meanwhile is of no use.
                Some(worker) if !worker.is_alive() => {}
                other => break other,
            }
        };
        if worker.is_some() {
            state.taken += 1;
        }
        drop(state);
        self.shared.changed.notify_all();
        match worker {
            Some(mut worker) => {
                worker.keep(Taken(Arc::clone(&self.shared)));
                Ok(worker)
            }
            None => self.shared.command.start(),
        }
    }

    /// Waits until as many workers as are to be kept ready have said hello.
    ///
    /// # Errors
    /// When one of them is no worker, or they are not ready by the deadline.
    pub fn wait_until_ready(&self, deadline: Instant) -> Result<(), Error> {
        let mut state = self.shared.state.lock();
        while state.ready.len() < self.shared.count {
            let late = self.shared.changed.wait_until(&mut state, deadline).timed_out();
            if late || state.has_failed {
                return Err(Error::Late(self.shared.command.program.clone()));
            }
        }
        state.ready.iter_mut().try_for_each(|worker| worker.lockdown(deadline).map(drop))
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut state = self.shared.state.lock();
        state.is_closed = true;
        self.shared.changed.notify_all();
        while state.is_busy {
            self.shared.changed.wait(&mut state);
        }
        let (ready, done) = (std::mem::take(&mut state.ready), std::mem::take(&mut state.done));
        drop(state);
        // Each is killed and reaped here.
        drop((ready, done));
    }
}

/// The way back of a worker that was taken: tells the thread that started it.
pub(crate) struct Taken(Arc<Shared>);

impl Taken {
    /// Has the process reaped, which nobody needs to wait for.
    pub(crate) fn reap(self, process: Process) {
        let mut state = self.0.state.lock();
        if state.is_closed {
            // Nobody waits for the thread any more.
            drop(state);
            drop(process);
        } else {
            state.done.push(process);
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.state.lock().taken -= 1;
        self.0.changed.notify_all();
    }
}

impl State {
    /// While a worker does its job and another is ready, starting a third would only slow the
    /// first one down.
    fn wants_more(&self, count: usize) -> bool {
        self.ready.len() < count && (self.taken == 0 || self.ready.is_empty())
    }
}

impl Shared {
    fn keep_ready(&self) {
        let mut state = self.state.lock();
        loop {
            if !state.done.is_empty() {
                let done = std::mem::take(&mut state.done);
                state = self.unlocked(state, || drop(done)).1;
            } else if state.is_closed {
                if state.taken == 0 {
                    return;
                }
                self.changed.wait(&mut state);
            } else if state.has_failed || !state.wants_more(self.count) {
                self.changed.wait(&mut state);
            } else {
                let started;
                (started, state) = self.unlocked(state, || self.command.start());
                match started {
                    Ok(worker) => state.ready.push_back(worker),
                    Err(_) => state.has_failed = true,
                }
            }
        }
    }

    /// Does something that takes a while.
    fn unlocked<'a, T>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        work: impl FnOnce() -> T,
    ) -> (T, MutexGuard<'a, State>) {
        state.is_busy = true;
        drop(state);
        let result = work();
        state = self.state.lock();
        state.is_busy = false;
        self.changed.notify_all();
        (result, state)
    }
}
