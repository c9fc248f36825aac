//! Our side: a probe run as the runtime runs it, with a host that has nothing.

use std::sync::Arc;
use std::time::Instant;

use vario_dialects::{
    AppInfo, HostNatives, ProbeDialect, ProbeJob, ProbeReport, run_probe, script_words,
};
use vario_host::{
    Call, Cancel, Host, HostError, LogEntry, LogSink, NoWitness, RunId, Scope, Session,
    SessionLimits,
};
use vario_permissions::{Bases, Rights};
use vario_sandbox::{Engine, Language, Limits, LogLevel, Source, SourceKind, StopSignal};
use vario_sandbox_js::JsEngine;
use vario_sandbox_lua::LuaEngine;
use vario_value::Value;

/// A moment that has not changed since the probes were written: 2026-02-02T12:34:56Z.
pub const FROZEN_MS: i64 = 1_770_035_696_000;

/// Answers every call with nothing and keeps no log.
pub struct NullHost;

impl Host for NullHost {
    fn call(&self, _call: &Call, _scope: &Scope) -> Result<Value, HostError> {
        Ok(Value::Absent)
    }
}

impl LogSink for NullHost {
    fn wants(&self, _level: LogLevel) -> bool {
        false
    }

    fn write(&self, _entry: LogEntry) {}
}

/// An engine with what stays the same from run to run.
pub struct Ours {
    engine: Box<dyn Engine>,
    job: ProbeJob,
    host: Arc<NullHost>,
}

impl Ours {
    /// Our side for one program.
    pub fn new(language: Language, text: &str) -> Self {
        let engine: Box<dyn Engine> = match language {
            Language::Lua => Box::new(LuaEngine::new()),
            Language::JavaScript => Box::new(JsEngine::new()),
        };
        Self::with_engine(engine, text)
    }

    /// The same on an engine of the caller's.
    pub fn with_engine(engine: Box<dyn Engine>, text: &str) -> Self {
        let name = crate::probes::entry(engine.language());
        let job = ProbeJob {
            plugin_id: "depot".to_owned(),
            dialect: ProbeDialect::Vario,
            source: Source::new(SourceKind::Script, name, text),
            app: AppInfo {
                version: "1.2.3".to_owned(),
                platform: "linux".to_owned(),
                app_data_dir: "/data/someone/.local/share/vario".to_owned(),
                plugin_data_dir: "/data/someone/.local/share/vario/data/depot".to_owned(),
            },
            now_iso: "2026-02-02T12:34:56.000Z".to_owned(),
            now_unix_ms: FROZEN_MS,
            frozen_clock: false,
            unlisted_functions: Vec::new(),
            limits: Limits::default(),
        };
        Self { engine, job, host: Arc::new(NullHost) }
    }

    /// Lets the script's clocks stand still at [`FROZEN_MS`].
    #[must_use]
    pub fn frozen(mut self) -> Self {
        self.job.frozen_clock = true;
        self
    }

    /// Runs the probe once and validates its result.
    ///
    /// Everything that is new for each run is made here: the job, its session, its signal.
    pub fn run(&self) -> ProbeReport {
        let job = self.job.clone();
        let deadline = Instant::now() + job.limits.wall;
        let scope = Scope {
            plugin_id: job.plugin_id.clone(),
            plugin_data_dir: job.app.plugin_data_dir.clone().into(),
            run_id: RunId::next(),
            rights: Arc::new(Rights::all(Bases::default())),
            witness: Arc::new(NoWitness),
            deadline,
            cancel: Cancel::new(),
            http_body_bytes: job.limits.http_body_bytes,
            log: Arc::clone(&self.host) as Arc<dyn LogSink>,
        };
        let limits =
            SessionLimits { host_calls: job.limits.host_calls, log_bytes: job.limits.log_bytes };
        let host = Arc::clone(&self.host) as Arc<dyn Host>;
        let session = Session::new(host, scope, script_words(self.engine.language()), limits);
        let stop = Arc::new(StopSignal::new(deadline));
        let host = HostNatives::new(session, Arc::clone(&stop), None, &[]);
        run_probe(self.engine.as_ref(), &job, host, &stop)
    }
}

/// How many host calls the program of [`calling`] makes; the limit of a run allows as many.
pub const CALLS: u32 = 1_000;

/// A program that calls `env.get` [`CALLS`] times, or only turns the same loop.
pub fn calling(language: Language, really: bool) -> String {
    match language {
        Language::JavaScript => {
            let body = if really { "if (ctx.host.env.get(\"HOME\")) n += 1;" } else { "n += 1;" };
            format!(
                "globalThis.__openusage_plugin = {{ id: \"depot\", probe(ctx) {{ let n = 0; \
                 for (let i = 0; i < {CALLS}; i += 1) {{ {body} }} \
                 return {{ lines: [{{ type: \"text\", label: \"n\", value: String(n) }}] }}; }} }};"
            )
        }
        Language::Lua => {
            let body = if really {
                "if ctx.host.env.get(\"HOME\") then n = n + 1 end"
            } else {
                "n = n + 1"
            };
            format!(
                "return {{ id = \"depot\", probe = function(ctx) local n = 0 \
                 for i = 1, {CALLS} do {body} end \
                 return {{ lines = {{ {{ type = \"text\", label = \"n\", value = tostring(n) }} }} }} end }}"
            )
        }
    }
}
