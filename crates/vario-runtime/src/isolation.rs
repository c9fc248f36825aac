//! Where scripts run: in a process of their own, or in this one where that was asked for.

mod warm_up;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_dialects::{
    BackgroundJob, HostNatives, ProbeJob, ScriptEnd, end_bytes, run_background, run_last_script,
    run_script,
};
use vario_isolation::{Ended, Lockdown, Pool, RunLimits, Work, Worker, WorkerCommand, serve};
use vario_sandbox::{
    Inbox, Language, Limits, LogLevel, NativeError, NativeGroup, Natives, ScriptError, Source,
    SourceKind, StopSignal,
};
use vario_value::Value;

use crate::engines::Engines;
use crate::run::Stopper;

/// What a worker needs beside the script's heap: the program itself, stacks, the values that cross,
/// and the work space of the engines' own sorting and joining.
const NATIVE_BYTES: u64 = 192 * 1024 * 1024;

/// How long a worker may take to check a program's syntax, or to say how it is locked down.
const CHECK_TIME: Duration = Duration::from_secs(10);

/// Tells a worker that it will wait for its job.
const WARM: &str = "--warm";

/// Where plugins' code is parsed and run.
#[derive(Clone)]
pub enum Isolation {
    /// In this process, with its rights; for tests and embedding, never a way out of trouble.
    InProcess,
    /// Each run in a process of its own that has no rights.
    Process(Arc<Workers>),
}

/// How worker processes are started.
#[derive(Debug, Clone)]
pub struct WorkerOptions {
    /// The program. It must call [`serve_worker`] when it gets these arguments.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// The time zone that scripts see, as the variable `TZ` has it; the system's own if there is
    /// none.
    pub timezone: Option<String>,
    /// The largest heap a script may have, in bytes.
    pub heap_bytes: usize,
    /// How many workers are kept ready; for programs that live long.
    pub ready: usize,
}

/// Starts worker processes.
pub struct Workers {
    command: WorkerCommand,
    pool: Option<Pool>,
}

impl Workers {
    /// Starts none yet, unless some are to be kept ready.
    pub fn new(options: WorkerOptions) -> Self {
        let heap_bytes = u64::try_from(options.heap_bytes).unwrap_or(u64::MAX);
        let command = WorkerCommand {
            program: options.program,
            args: options.args,
            timezone: options.timezone,
            // An engine may hold a value and its copy that is on its way.
            memory_bytes: heap_bytes.saturating_mul(2).saturating_add(NATIVE_BYTES),
        };
        let pool = (options.ready > 0).then(|| {
            let mut ready = command.clone();
            ready.args.push(WARM.into());
            Pool::new(ready, options.ready)
        });
        Self { command, pool }
    }

    /// A worker of a zone; those kept ready are of the zone they were started in.
    fn take(&self, zone: Option<&str>) -> Result<Worker, vario_isolation::Error> {
        let is_other = zone.is_some_and(|zone| self.command.timezone.as_deref() != Some(zone));
        match &self.pool {
            _ if is_other => {
                let timezone = zone.map(str::to_owned);
                WorkerCommand { timezone, ..self.command.clone() }.start()
            }
            Some(pool) => pool.take(),
            None => self.command.start(),
        }
    }

    /// How a worker is locked down on this system; starts one to find out.
    ///
    /// # Errors
    /// Why no worker could be started.
    pub fn lockdown(&self) -> Result<Lockdown, String> {
        let mut worker = self.command.start().map_err(|error| error.to_string())?;
        let lockdown = worker.lockdown(Instant::now() + CHECK_TIME);
        lockdown.cloned().map_err(|error| error.to_string())
    }

    /// Waits until as many workers as are to be kept ready are.
    ///
    /// # Errors
    /// Why they are not.
    pub fn wait_until_ready(&self) -> Result<(), String> {
        let Some(pool) = &self.pool else { return Ok(()) };
        pool.wait_until_ready(Instant::now() + CHECK_TIME).map_err(|error| error.to_string())
    }

    fn run(
        &self,
        job: &Value,
        limits: &Limits,
        natives: &dyn Natives,
        stopper: &Stopper,
        zone: Option<&str>,
    ) -> Result<Value, Ended> {
        let worker = self.take(zone).map_err(|error| Ended::Start(error.to_string()))?;
        let killer = worker.killer();
        let _guard = stopper.cancel.on_cancel(move || killer.kill());
        let limits = RunLimits { result_bytes: end_bytes(limits) };
        worker.run(job, limits, &stopper.signal, natives)
    }
}

impl Isolation {
    /// Runs a script up to the value it returned.
    pub(crate) fn run_script(
        &self,
        engines: &Engines,
        language: Language,
        job: &ProbeJob,
        host: HostNatives,
        stopper: &Stopper,
        zone: Option<&str>,
    ) -> ScriptEnd {
        match self {
            Self::InProcess => match engines.get(language) {
                Some(engine) => run_script(engine.as_ref(), job, Arc::new(host), &stopper.signal),
                None => ScriptEnd::failed(no_engine(language)),
            },
            Self::Process(workers) => {
                let value = probe_job(job, language);
                let ended = workers.run(&value, &job.limits, &host, stopper, zone);
                script_end(ended, &job.limits, &stopper.signal)
            }
        }
    }

    /// Parses a program without running it; nothing where this build has no engine for it.
    pub(crate) fn check(
        &self,
        engines: &Engines,
        language: Language,
        source: &Source,
    ) -> Result<(), String> {
        match self {
            Self::InProcess => match engines.get(language) {
                Some(engine) => engine.check(source).map_err(|error| place_and_words(&error)),
                None => Ok(()),
            },
            Self::Process(workers) => {
                let stopper = Stopper::after(CHECK_TIME, vario_host::Cancel::new());
                let limits = Limits::default();
                let job = check_job(language, source);
                match workers.run(&job, &limits, &NoNatives, &stopper, None) {
                    Ok(Value::Str(words)) => Err(words),
                    Ok(_) => Ok(()),
                    Err(ended) => Err(format!("it cannot be checked: {}", words(&ended))),
                }
            }
        }
    }
}

fn no_engine(language: Language) -> String {
    format!("this build has no {language} engine")
}

fn script_end(ended: Result<Value, Ended>, limits: &Limits, stop: &StopSignal) -> ScriptEnd {
    match ended {
        Ok(value) => ScriptEnd::from_value(value)
            .unwrap_or_else(|| ScriptEnd::died("it broke the protocol: the end makes no sense")),
        Err(Ended::Stopped) => match stop.poll() {
            Some(reason) => ScriptEnd::stopped(reason, limits),
            None => ScriptEnd::died("it was stopped"),
        },
        Err(Ended::Start(words)) => {
            ScriptEnd::failed(format!("cannot start the plugin's process: {words}"))
        }
        Err(ended) => ScriptEnd::died(words(&ended)),
    }
}

fn words(ended: &Ended) -> String {
    match ended {
        Ended::Stopped => "it took too long".to_owned(),
        Ended::Protocol(words) => format!("it broke the protocol: {words}"),
        Ended::Died(words) | Ended::Start(words) => words.clone(),
    }
}

fn place_and_words(error: &ScriptError) -> String {
    let place = error.location.as_ref().map_or_else(String::new, |location| {
        let column = location.column.map_or_else(String::new, |column| format!(":{column}"));
        format!(" (line {}{column})", location.line)
    });
    format!("{}{place}", error.message)
}

fn probe_job(job: &ProbeJob, language: Language) -> Value {
    Value::from([("probe", job.to_value(language))])
}

fn check_job(language: Language, source: &Source) -> Value {
    let is_module = source.kind == SourceKind::Module;
    let parts = [
        ("language", language.short_name().into()),
        ("name", (&*source.name).into()),
        ("text", (&*source.text).into()),
        ("module", Value::Bool(is_module)),
    ];
    Value::from([("check", Value::from(parts))])
}

/// Checking a program calls nothing.
struct NoNatives;

impl Natives for NoNatives {
    fn groups(&self) -> &[NativeGroup] {
        &[]
    }

    fn call(&self, _function: u32, _args: Vec<Value>) -> Result<Value, NativeError> {
        Err(NativeError::Error("there is no host here".to_owned()))
    }

    fn log(&self, _level: LogLevel, _message: &str) -> Result<(), NativeError> {
        Ok(())
    }

    fn module(&self, path: &str) -> Result<String, String> {
        Err(format!("module `{path}` cannot be loaded here"))
    }
}

/// What the worker program does: does one job for the process that started it, and ends.
///
/// One that is kept ready does beforehand what it can.
pub fn serve_worker(engines: Engines) -> ExitCode {
    let warm = std::env::args().any(|arg| arg == WARM).then(|| engines.clone());
    let long_lived = engines.clone();
    let work = Work {
        run: move |job: Value, natives, stop: Arc<StopSignal>| {
            run_job(&engines, &job, natives, &stop)
        },
        stay: move |job: Value, natives: Arc<dyn Natives>, inbox: Arc<dyn Inbox>| {
            stay(&long_lived, &job, natives, inbox.as_ref());
        },
        is_posted: vario_dialects::is_posted,
    };
    serve(move || warm.iter().for_each(warm_up::all), work)
}

/// A background plugin, from its first word to its last.
fn stay(engines: &Engines, job: &Value, natives: Arc<dyn Natives>, inbox: &dyn Inbox) {
    let Some(job) = job.get("background").and_then(BackgroundJob::from_value) else { return };
    let Some(engine) = engines.get(job.language) else { return };
    // Its time has no end; what runs without a pause is ended from outside.
    let stop = Arc::new(StopSignal::new(Instant::now() + job.limits.wall));
    run_background(engine.as_ref(), &job, natives, inbox, &stop);
}

fn run_job(
    engines: &Engines,
    job: &Value,
    natives: Arc<dyn Natives>,
    stop: &Arc<StopSignal>,
) -> Value {
    if let Some(job) = job.get("probe") {
        let end = match ProbeJob::from_value(job) {
            Some((language, job)) => match engines.get(language) {
                Some(engine) => run_last_script(engine.as_ref(), &job, natives, stop),
                None => ScriptEnd::failed(no_engine(language)),
            },
            None => ScriptEnd::failed("this program and its worker do not fit together"),
        };
        return end.to_value();
    }
    job.get("check").map_or(Value::Absent, |job| check_here(engines, job))
}

fn check_here(engines: &Engines, job: &Value) -> Value {
    let text = |key| job.get(key).and_then(Value::as_str).unwrap_or_default();
    let language = if text("language") == "lua" { Language::Lua } else { Language::JavaScript };
    let is_module = job.get("module") == Some(&Value::Bool(true));
    let kind = if is_module { SourceKind::Module } else { SourceKind::Script };
    let Some(engine) = engines.get(language) else { return Value::Absent };
    match engine.check(&Source::new(kind, text("name"), text("text"))) {
        Ok(()) => Value::Absent,
        Err(error) => Value::Str(place_and_words(&error)),
    }
}
