use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use vario_dialects::{Failure, HostNatives, ProbeReport, report, script_words};
use vario_host::{Cancel, Host, LogSink, RunId, Scope, Session, SessionLimits, Witness, redact};
use vario_model::{Cause, Need, Snapshot};
use vario_output::Output;
use vario_sandbox::{ErrorKind, Limits, ScriptError, StopReason, StopSignal};

use crate::catalog::Found;
use crate::engines::Engines;
use crate::isolation::Isolation;
use crate::job::{App, lowered, make_data_dir, modules, prepare};
use crate::rights::{RightsSource, bases};
use crate::witness::{AuditLog, RunWitness};

/// What every run shares.
#[derive(Clone)]
pub struct RunContext {
    /// Script engines.
    pub engines: Engines,
    /// Where they run.
    pub isolation: Isolation,
    /// Who says what a plugin may do.
    pub rights: Arc<dyn RightsSource>,
    /// Who keeps record of what plugins did.
    pub audit: Arc<dyn AuditLog>,
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
    /// What the script's clock shows; the workers' own zone if there is none.
    pub(crate) timezone: Option<String>,
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
            timezone: None,
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
    pub(crate) needs: Vec<Need>,
    pub(crate) notices: Vec<String>,
}

impl Ended {
    pub(crate) fn failed(text: impl Into<String>, duration: Duration) -> Self {
        let failure = Failure { text: text.into(), cause: None };
        let output = Output::error(failure.text.clone());
        let report = ProbeReport { output, failure: Some(failure), warnings: Vec::new() };
        Self { report, duration, needs: Vec::new(), notices: Vec::new() }
    }

    /// A run that never came to an end of its own.
    pub(crate) fn stopped(reason: &StopReason, limits: &Limits, duration: Duration) -> Self {
        let cause = Some(Box::new(ScriptError::stopped(reason.clone())));
        let mut ended = Self::failed(reason.text(limits), duration);
        ended.report.failure = ended.report.failure.map(|failure| Failure { cause, ..failure });
        ended
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
        .with_needs(self.needs, self.notices)
    }
}

/// What a script said in its failure is shown, kept and pasted: secrets in it are hidden.
fn cause_of(error: &ScriptError) -> Cause {
    Cause {
        message: redact::message(&error.message).into_owned(),
        file: error.location.as_ref().map(|location| location.file.clone()),
        line: error.location.as_ref().map(|location| location.line),
        column: error.location.as_ref().and_then(|location| location.column),
        stack: error.stack.as_deref().map(|stack| redact::message(stack).into_owned()),
        stopped: match &error.kind {
            ErrorKind::Stopped(reason) => Some(reason.name().to_owned()),
            _ => None,
        },
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
    let data_dir = context.app.plugin_data_dir(&run.found.plugin.id);
    let mut warnings = Vec::new();
    if run.make_data_dir {
        warnings.extend(make_data_dir(&data_dir).err());
    }
    let id = run.found.plugin.id.as_str();
    let witness = Arc::new(RunWitness::new(id, run.now, Arc::clone(&context.audit)));
    let bases = bases(context.app.paths.home(), &data_dir);
    let scope = Scope {
        plugin_id: id.to_owned(),
        plugin_data_dir: data_dir,
        run_id: RunId::next(),
        rights: Arc::new(context.rights.rights(&run.found, bases)),
        witness: Arc::clone(&witness) as Arc<dyn Witness>,
        deadline: stopper.signal.deadline(),
        cancel: stopper.cancel.clone(),
        http_body_bytes: run.limits.http_body_bytes,
        log: Arc::clone(&context.log),
    };
    let limits =
        SessionLimits { host_calls: run.limits.host_calls, log_bytes: run.limits.log_bytes };
    let session = Session::new(Arc::clone(host), scope, script_words(language), limits);
    let stop = &stopper.signal;
    let unlisted = &job.unlisted_functions;
    let zone = run.timezone.as_deref();
    let natives = HostNatives::new(session, Arc::clone(stop), modules(&run.found), unlisted);
    let ended =
        context.isolation.run_script(&context.engines, language, &job, natives, stopper, zone);
    let mut report = report(ended, &job.limits, stop);
    warnings.append(&mut report.warnings);
    report.warnings = warnings;
    let (needs, notices) = witness.findings();
    Ended { report, duration: started.elapsed(), needs, notices }
}
