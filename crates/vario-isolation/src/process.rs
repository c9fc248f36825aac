use std::process::{Child, ExitStatus};
use std::sync::Arc;

use parking_lot::Mutex;

/// A child process, alive or reaped. The lock makes sure that a number is never used to kill once
/// the process is reaped: it may belong to somebody else by then.
#[derive(Debug)]
pub(crate) struct Process {
    pid: u32,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
enum State {
    Running(Child),
    Reaped(ExitStatus),
    /// The system would not say how it ended.
    Lost,
}

impl Process {
    pub(crate) fn new(child: Child) -> Self {
        Self { pid: child.id(), state: Arc::new(Mutex::new(State::Running(child))) }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    pub(crate) fn killer(&self) -> Killer {
        Killer(Arc::clone(&self.state))
    }

    /// Whether it ended by itself.
    pub(crate) fn has_ended(&self) -> bool {
        match &mut *self.state.lock() {
            State::Running(child) => !matches!(child.try_wait(), Ok(None)),
            State::Reaped(_) | State::Lost => true,
        }
    }

    /// Kills it with its whole group if it still runs, and reaps it. Tells how it ended: one that
    /// was ending by itself keeps its own status.
    pub(crate) fn end(&self) -> Option<ExitStatus> {
        let mut state = self.state.lock();
        if let State::Running(child) = &mut *state {
            kill(child);
            *state = child.wait().map_or(State::Lost, State::Reaped);
        }
        if let State::Reaped(status) = *state { Some(status) } else { None }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Ends a worker from any thread, at once. Its run then returns [`crate::Ended::Stopped`] if the
/// stop signal has a reason, so set that first.
#[derive(Debug, Clone)]
pub struct Killer(Arc<Mutex<State>>);

impl Killer {
    /// Kills the worker's process group. Does nothing once the worker has ended.
    pub fn kill(&self) {
        if let State::Running(child) = &mut *self.0.lock() {
            kill(child);
        }
    }
}

/// A failure means that it is gone already.
fn kill(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = rustix::process::Pid::from_raw(child.id().cast_signed()) {
        let _gone = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _gone = child.kill();
}
