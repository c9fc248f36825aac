use std::path::PathBuf;
use std::process::{ChildStdin, ChildStdout};
use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_sandbox::{Natives, StopSignal};
use vario_value::Value;

use crate::conversation::{Broken, Conversation, HARD_GRACE};
use crate::ended::{Ended, status_words};
use crate::error::Error;
use crate::lockdown::Lockdown;
use crate::message::{self, FromWorker};
use crate::pipe::Pipe;
use crate::pool::Taken;
use crate::process::{Killer, Process};
use crate::stay::{self, Feed, Link};

/// What a worker may send besides what a script asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunLimits {
    /// The largest result, in bytes as it is sent.
    pub result_bytes: usize,
}

/// One child process for one run. It is killed with its whole group when it is dropped, and reaped.
pub struct Worker {
    program: PathBuf,
    process: Process,
    conversation: Conversation,
    lockdown: Option<Lockdown>,
    /// Where it came from, if it was started ahead of need. That must outlive it.
    home: Option<Taken>,
}

impl Worker {
    /// `setup` is written at once; the worker waits for it.
    pub(crate) fn new(
        program: PathBuf,
        process: Process,
        stdin: ChildStdin,
        stdout: ChildStdout,
        setup: Vec<u8>,
    ) -> std::io::Result<Self> {
        let mut conversation = Conversation::new(Pipe::new(stdin, stdout)?);
        conversation.greet(setup);
        Ok(Self { program, process, conversation, lockdown: None, home: None })
    }

    pub(crate) fn keep(&mut self, home: Taken) {
        self.home = Some(home);
    }

    /// The process's number.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Whether the process has not ended yet.
    pub fn is_alive(&self) -> bool {
        !self.process.has_ended()
    }

    /// What ends this worker from another thread.
    pub fn killer(&self) -> Killer {
        self.process.killer()
    }

    /// Waits until the worker is ready, and says what keeps it from doing harm.
    ///
    /// # Errors
    /// When it is no worker of this version, ended, or is not ready by the deadline.
    pub fn lockdown(&mut self, deadline: Instant) -> Result<&Lockdown, Error> {
        let lockdown = match self.lockdown.take() {
            Some(known) => known,
            None => self.hello(deadline)?,
        };
        Ok(self.lockdown.insert(lockdown))
    }

    fn hello(&mut self, deadline: Instant) -> Result<Lockdown, Error> {
        let program = self.program.clone();
        match self.conversation.hello(deadline) {
            Ok(FromWorker::Hello(lockdown)) => Ok(lockdown),
            Ok(_) => Err(Error::Unfit { program, words: "it does not say hello".to_owned() }),
            Err(Broken::Late) => Err(Error::Late(program)),
            Err(Broken::Nonsense(words)) => Err(Error::Unfit { program, words }),
            Err(Broken::Gone | Broken::Stopped) => {
                Err(Error::Ended { program, words: self.how_it_ended() })
            }
        }
    }

    /// Sends the job and answers what the worker asks, on this thread, until there is a result.
    /// The worker is dead when this returns, and reaped if it failed or was started on this thread.
    ///
    /// The worker is told how much time is left until `stop`'s deadline and stops by itself; it is
    /// killed [`HARD_GRACE`] after that. A reason that is set in `stop` from another thread is
    /// seen within a tenth of a second; a [`Killer`] is quicker. A run that was stopped and still
    /// ended in time with a result gives the result.
    ///
    /// # Errors
    /// See [`Ended`].
    pub fn run(
        mut self,
        job: &Value,
        limits: RunLimits,
        stop: &Arc<StopSignal>,
        natives: &dyn Natives,
    ) -> Result<Value, Ended> {
        let far = Duration::from_hours(24 * 365);
        let hard = stop.deadline().checked_add(HARD_GRACE).unwrap_or(Instant::now() + far);
        if let Err(error) = self.ready(hard, stop) {
            return Err(if stop.poll().is_some() {
                Ended::Stopped
            } else {
                Ended::Start(error.to_string())
            });
        }
        let left = stop.deadline().saturating_duration_since(Instant::now());
        limit_processor_time(self.process.pid(), left);
        let job = message::job(left, limits.result_bytes, job)
            .map_err(|unfit| Ended::Start(format!("the job cannot be sent: {unfit}")))?;
        let broken = match self.conversation.run(&job, limits.result_bytes, hard, stop, natives) {
            Ok(result) => {
                self.dismiss();
                return Ok(result);
            }
            Err(broken) => broken,
        };
        let words = self.how_it_ended();
        Err(match broken {
            Broken::Nonsense(words) => Ended::Protocol(words),
            Broken::Late | Broken::Stopped => Ended::Stopped,
            // Whoever stopped it knows why; that it is gone is only how.
            Broken::Gone if stop.poll().is_some() => Ended::Stopped,
            Broken::Gone => Ended::Died(words),
        })
    }

    /// Sends a job without an end, on this thread, and gives what speaks to the worker and what
    /// hears it.
    ///
    /// # Errors
    /// [`Ended::Start`] when it is not ready by the deadline or cannot be given the job.
    pub fn stay(mut self, job: &Value, deadline: Instant) -> Result<(Link, Feed), Ended> {
        let start = |words: String| Ended::Start(words);
        self.lockdown(deadline).map_err(|error| start(error.to_string()))?;
        lower_priority(self.process.pid());
        let job = message::stay(job)
            .map_err(|unfit| start(format!("the job cannot be sent: {unfit}")))?;
        let (pipe, frames) = self
            .conversation
            .leave(&job, deadline)
            .map_err(|_gone| start("the job cannot be sent: its process has ended".to_owned()))?;
        let (incoming, outgoing) = pipe.split();
        let link = stay::link(outgoing).map_err(|error| start(error.to_string()))?;
        Ok((link, Feed::new(self.process, incoming, frames)))
    }

    /// Waits for the hello, as long as nobody stops the run.
    fn ready(&mut self, hard: Instant, stop: &StopSignal) -> Result<(), Error> {
        loop {
            let slice = hard.min(Instant::now() + Conversation::SLICE);
            match self.lockdown(slice) {
                Err(Error::Late(_)) if Instant::now() < hard && stop.poll().is_none() => {}
                other => return other.map(drop),
            }
        }
    }

    /// It has done its job. Freeing its memory takes the system a while that nobody waits for.
    fn dismiss(self) {
        self.process.killer().kill();
        if let Some(home) = self.home {
            home.reap(self.process);
        }
    }

    fn how_it_ended(&self) -> String {
        self.process
            .end()
            .map_or_else(|| "nothing is known about how its process ended".to_owned(), status_words)
    }
}

/// What lives long must not take time from what people wait for.
#[cfg(unix)]
fn lower_priority(pid: u32) {
    const NICE: i32 = 5;
    let pid = rustix::process::Pid::from_raw(pid.cast_signed());
    // It may have died meanwhile, which shows by itself.
    let _best_effort = rustix::process::setpriority_process(pid, NICE);
}

#[cfg(not(unix))]
fn lower_priority(_pid: u32) {}

/// A backstop for the case that this process is halted and cannot kill: a run that has used more
/// processor time than its wall-clock time allows is ended by the system.
#[cfg(target_os = "linux")]
fn limit_processor_time(pid: u32, left: Duration) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};

    /// For what it used before, and for rounding to whole seconds.
    const MARGIN_SECONDS: u64 = 5;

    let seconds = Some(left.as_secs().saturating_add(MARGIN_SECONDS));
    let limit = Rlimit { current: seconds, maximum: seconds };
    // It may have died meanwhile, which shows by itself.
    let _backstop_only = prlimit(Pid::from_raw(pid.cast_signed()), Resource::Cpu, limit);
}

#[cfg(not(target_os = "linux"))]
fn limit_processor_time(_pid: u32, _left: Duration) {}
