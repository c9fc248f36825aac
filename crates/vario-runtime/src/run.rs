use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use vario_dialects::{Failure, ProbeReport, run_probe, script_words};
use vario_host::{Cancel, Host, LogSink, Scope, Session, SessionLimits};
use vario_model::{Cause, Snapshot};
use vario_output::{Output, OutputLimits};
use vario_sandbox::{Limits, ScriptError, StopReason, StopSignal};

use crate::catalog::Found;
use crate::engines::Engines;
use crate::job::{App, lowered, make_data_dir, modules, prepare};

/// The most that is kept of a cause's message, and of its stack.
const CAUSE_BYTES: usize = 16 * 1024;

/// What every run shares.
#[derive(Clone)]
pub struct RunContext {
    /// Script engines.
    pub engines: Engines,
    /// Who answers host calls.
    pub host: Arc<dyn Host>,
    /// How the program presents itself.
    pub app: App,
    /// What a run may use, before the manifest lowers it.
    pub limits: Limits,
    /// Where plugins' log lines go.
    pub log: Arc<dyn LogSink>,
}

/// One run to be made.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) found: Found,
    pub(crate) app: vario_dialects::AppInfo,
    pub(crate) now: Timestamp,
    pub(crate) now_iso: Option<String>,
    pub(crate) frozen_clock: bool,
    pub(crate) limits: Limits,
    pub(crate) make_data_dir: bool,
    pub(crate) unlisted_functions: Vec<String>,
}

impl Run {
    /// An ordinary run, now.
    pub(crate) fn live(context: &RunContext, found: &Found, now: Timestamp) -> Self {
        Self {
            app: context.app.info(&found.plugin.id),
            limits: lowered(&context.limits, &found.plugin.limits),
            found: found.clone(),
            now,
            now_iso: None,
            frozen_clock: false,
            make_data_dir: true,
            unlisted_functions: Vec::new(),
        }
    }
}

/// The two ways to end a run from outside, fired together.
#[derive(Clone)]
pub(crate) struct Stopper {
    pub(crate) signal: Arc<StopSignal>,
    pub(crate) cancel: Cancel,
}

impl Stopper {
    /// Fires by itself when the time is over.
    pub(crate) fn after(wall: Duration, cancel: Cancel) -> Self {
        Self { signal: Arc::new(StopSignal::new(after(wall))), cancel }
    }

    pub(crate) fn stop(&self, reason: StopReason) {
        self.signal.stop(reason);
        self.cancel.cancel();
    }
}

/// That long from now; a limit too large to add is as good as none.
pub(crate) fn after(wall: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(wall).unwrap_or(now + Duration::from_hours(24 * 365))
}

/// How a run ended.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub(crate) report: ProbeReport,
    pub(crate) duration: Duration,
}

impl Ended {
    pub(crate) fn failed(text: impl Into<String>, duration: Duration) -> Self {
        let failure = Failure { text: text.into(), cause: None };
        let output = Output::error(failure.text.clone());
        let report = ProbeReport { output, failure: Some(failure), warnings: Vec::new() };
        Self { report, duration }
    }

    pub(crate) fn snapshot(self, found: &Found, fetched_at: Timestamp) -> Snapshot {
        let duration = u64::try_from(self.duration.as_millis()).unwrap_or(u64::MAX);
        let cause = self.report.failure.and_then(|failure| failure.cause);
        Snapshot::new(
            found.plugin.id.as_str(),
            found.plugin.name.as_str(),
            self.report.output,
            fetched_at.as_millisecond(),
            duration,
        )
        .with_cause(cause.map(|cause| cause_of(&cause)))
    }
}

fn cause_of(error: &ScriptError) -> Cause {
    Cause {
        message: error.message.clone(),
        file: error.location.as_ref().map(|location| location.file.clone()),
        line: error.location.as_ref().map(|location| location.line),
        column: error.location.as_ref().and_then(|location| location.column),
        stack: error.stack.clone(),
    }
}

/// Runs one probe on this thread, which must have at least 8 MiB of stack.
pub(crate) fn run_here(
    context: &RunContext,
    host: &Arc<dyn Host>,
    run: &Run,
    stopper: &Stopper,
) -> Ended {
    let started = Instant::now();
    let prepared =
        prepare(&run.found, run.app.clone(), run.now, run.frozen_clock, run.limits.clone());
    let (language, mut job) = match prepared {
        Ok(prepared) => prepared,
        Err(text) => return Ended::failed(text, started.elapsed()),
    };
    if let Some(now_iso) = &run.now_iso {
        job.now_iso.clone_from(now_iso);
    }
    job.unlisted_functions.clone_from(&run.unlisted_functions);
    let Some(engine) = context.engines.get(language) else {
        let text = format!("this build has no {language} engine");
        return Ended::failed(text, started.elapsed());
    };
    let data_dir = context.app.plugin_data_dir(&run.found.plugin.id);
    let mut warnings = Vec::new();
    if run.make_data_dir {
        warnings.extend(make_data_dir(&data_dir).err());
    }
    let scope = Scope {
        plugin_id: run.found.plugin.id.clone(),
        plugin_data_dir: data_dir,
        deadline: stopper.signal.deadline(),
        cancel: stopper.cancel.clone(),
        http_body_bytes: run.limits.http_body_bytes,
        log: Arc::clone(&context.log),
    };
    let limits =
        SessionLimits { host_calls: run.limits.host_calls, log_bytes: run.limits.log_bytes };
    let session = Session::new(Arc::clone(host), scope, script_words(language), limits);
    let mut report =
        run_probe(engine.as_ref(), &job, session, &stopper.signal, modules(&run.found));
    warnings.append(&mut report.warnings);
    report.warnings = warnings;
    bound(&mut report, &run.limits);
    Ended { report, duration: started.elapsed() }
}

/// A thrown text is output as well as a returned one, and what is behind a failure is for a person
/// to read: neither gets as long as a plugin's memory allows.
fn bound(report: &mut ProbeReport, limits: &Limits) {
    let Some(failure) = &mut report.failure else { return };
    if failure.text.len() > limits.output_bytes {
        let limits = OutputLimits { lines: limits.lines, bytes: limits.output_bytes };
        failure.text = limits.too_large_text();
        report.output = Output::error(failure.text.clone());
    }
    if let Some(cause) = &mut failure.cause {
        cut(&mut cause.message);
        if let Some(stack) = &mut cause.stack {
            cut(stack);
        }
    }
}

fn cut(text: &mut String) {
    if text.len() > CAUSE_BYTES {
        text.truncate(text.floor_char_boundary(CAUSE_BYTES));
        text.push('…');
    }
}
