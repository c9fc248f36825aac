//! The host's side of every test: how workers are started, and what answers them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;
use parking_lot::Mutex;
use vario_isolation::{Ended, RunLimits, Worker, WorkerCommand};
use vario_sandbox::{LogLevel, NativeError, NativeGroup, Natives, StopReason, StopSignal};
use vario_value::Value;

pub(crate) const ECHO: u32 = 1;
pub(crate) const ERROR: u32 = 2;
pub(crate) const TYPE_ERROR: u32 = 3;
pub(crate) const STOP: u32 = 4;
pub(crate) const PANIC: u32 = 5;
pub(crate) const CANCEL: u32 = 6;
pub(crate) const LENGTH: u32 = 7;
pub(crate) const LARGE: u32 = 8;
pub(crate) const TOO_LARGE: u32 = 9;
pub(crate) const SIGNAL: u32 = 10;
pub(crate) const POSTED: u32 = 11;

pub(crate) const MEMORY: u64 = 256 << 20;

/// A trial from a function that panics when it fails.
pub(crate) fn trial(name: &str, body: fn()) -> Trial {
    Trial::test(name, move || {
        body();
        Ok(())
    })
}

pub(crate) fn command(args: &[&str]) -> WorkerCommand {
    WorkerCommand {
        program: std::env::current_exe().unwrap(),
        args: args.iter().map(Into::into).collect(),
        timezone: None,
        memory_bytes: MEMORY,
    }
}

pub(crate) fn worker() -> Worker {
    command(&["worker"]).start().unwrap()
}

pub(crate) fn in_ms(ms: u64) -> Arc<StopSignal> {
    Arc::new(StopSignal::new(Instant::now() + Duration::from_millis(ms)))
}

/// Longer than anything here takes.
pub(crate) fn long() -> Arc<StopSignal> {
    in_ms(60_000)
}

/// What a test does when a worker asks for [`SIGNAL`].
type Deed = Box<dyn Fn() + Send + Sync>;

/// Answers calls by number, and remembers the log.
pub(crate) struct Host {
    pub(crate) stop: Arc<StopSignal>,
    pub(crate) log: Mutex<Vec<(LogLevel, String)>>,
    /// How many lines are too many.
    pub(crate) log_limit: usize,
    pub(crate) deed: Deed,
}

impl Host {
    pub(crate) fn new(stop: &Arc<StopSignal>) -> Self {
        Self {
            stop: Arc::clone(stop),
            log: Mutex::default(),
            log_limit: usize::MAX,
            deed: Box::new(|| {}),
        }
    }

    pub(crate) fn run(&self, worker: Worker, job: impl Into<Value>) -> Result<Value, Ended> {
        worker.run(&job.into(), RunLimits { result_bytes: 1 << 20 }, &self.stop, self)
    }
}

impl Natives for Host {
    fn groups(&self) -> &[NativeGroup] {
        &[]
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        match function {
            ECHO => Ok(Value::List(args)),
            ERROR => Err(NativeError::Error("no".to_owned())),
            TYPE_ERROR => Err(NativeError::TypeError("wrong".to_owned())),
            STOP => {
                self.stop.stop(StopReason::Halted("enough".to_owned()));
                Err(NativeError::Stop)
            }
            PANIC => panic!("a bug in a host function"),
            CANCEL => {
                self.stop.stop(StopReason::Cancelled);
                Ok(Value::Null)
            }
            LENGTH => {
                Ok(Value::Int(args[0].as_str().unwrap_or_default().len().try_into().unwrap()))
            }
            LARGE => Ok(Value::from("x".repeat(8 << 20))),
            TOO_LARGE => Ok(Value::from("x".repeat(49 << 20))),
            SIGNAL => {
                (self.deed)();
                Ok(Value::Null)
            }
            _ => Err(NativeError::Error(format!("there is no function {function}"))),
        }
    }

    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError> {
        let mut log = self.log.lock();
        if log.len() >= self.log_limit {
            self.stop.stop(StopReason::Log);
            return Err(NativeError::Stop);
        }
        log.push((level, message.to_owned()));
        Ok(())
    }

    fn module(&self, path: &str) -> Result<String, String> {
        if path == "there.js" { Ok("text".to_owned()) } else { Err(format!("no {path}")) }
    }
}

/// Runs one job in a worker of its own, with time enough.
pub(crate) fn run(job: &str) -> Result<Value, Ended> {
    let stop = long();
    Host::new(&stop).run(worker(), job)
}

pub(crate) fn died(ended: Result<Value, Ended>) -> String {
    match ended {
        Err(Ended::Died(words)) => words,
        other => panic!("it should have died: {other:?}"),
    }
}
