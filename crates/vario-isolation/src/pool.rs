use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

use crate::command::WorkerCommand;
use crate::error::Error;
use crate::worker::Worker;

/// Workers that are started ahead of need, for programs that live long.
///
/// A thread of its own starts them, and lives until the last worker it started has ended: on Linux
/// a worker dies with the thread that started it. Dropping the pool kills those nobody took.
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
    /// Workers that were taken and have not ended.
    taken: usize,
    /// A worker is being started right now.
    is_starting: bool,
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
                worker.keep(Arc::new(Taken(Arc::clone(&self.shared))));
                Ok(worker)
            }
            None => self.shared.command.start(),
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut state = self.shared.state.lock();
        state.is_closed = true;
        self.shared.changed.notify_all();
        while state.is_starting {
            self.shared.changed.wait(&mut state);
        }
        let ready = std::mem::take(&mut state.ready);
        drop(state);
        // Each is killed and reaped here.
        drop(ready);
    }
}

/// Tells the starting thread that a taken worker has ended.
struct Taken(Arc<Shared>);

impl Drop for Taken {
    fn drop(&mut self) {
        self.0.state.lock().taken -= 1;
        self.0.changed.notify_all();
    }
}

impl Shared {
    fn keep_ready(&self) {
        let mut state = self.state.lock();
        loop {
            if state.is_closed {
                if state.taken == 0 {
                    return;
                }
                self.changed.wait(&mut state);
            } else if state.has_failed || state.ready.len() >= self.count {
                self.changed.wait(&mut state);
            } else {
                state.is_starting = true;
                drop(state);
                let started = self.command.start();
                state = self.state.lock();
                state.is_starting = false;
                match started {
                    Ok(worker) => state.ready.push_back(worker),
                    Err(_) => state.has_failed = true,
                }
                self.changed.notify_all();
            }
        }
    }
}
