use std::sync::Arc;

use vario_host::ScriptWords;
use vario_output::{OUTPUT_SHAPE, Output, OutputLimits, validate};
use vario_sandbox::{
    Engine, ErrorKind, Handle, Instance, InstanceSpec, Kind, Language, Limits, Natives,
    ScriptError, Settled, Source, SourceKind, StopReason, StopSignal,
};
use vario_value::{Shape, Value};

use crate::bounds;
use crate::bridge::{HostNatives, ScriptNatives};
use crate::failure::{DIED_TEXT, Failure};
use crate::prelude;

/// Which rules a probe follows where the two dialects differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeDialect {
    /// `OpenUsage` and Pacebar: an id that differs from the manifest's is only a warning.
    Openusage,
    /// Ours: it is an error.
    Vario,
}

/// What `ctx.app` says (contract section 4.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppInfo {
    /// The host's version.
    pub version: String,
    /// `linux`, `macos` or `windows`.
    pub platform: String,
    /// The host's data directory.
    pub app_data_dir: String,
    /// The plugin's own directory.
    pub plugin_data_dir: String,
}

/// Everything one probe run needs besides an engine and a session.
#[derive(Debug, Clone)]
pub struct ProbeJob {
    /// The manifest's id.
    pub plugin_id: String,
    /// Its dialect.
    pub dialect: ProbeDialect,
    /// The entry's text.
    pub source: Source,
    /// `ctx.app`.
    pub app: AppInfo,
    /// `ctx.nowIso`.
    pub now_iso: String,
    /// `ctx.nowMs`: the same moment in milliseconds since the epoch.
    pub now_unix_ms: i64,
    /// Whether every clock the script sees stands still at `now_unix_ms`.
    pub frozen_clock: bool,
    /// What the run may use.
    pub limits: Limits,
    /// Host functions beyond the contract's, as `group.name`: a cassette that was recorded where
    /// the host offered more brings its own. Empty in every other run.
    pub unlisted_functions: Vec<String>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct ProbeReport {
    /// What to show; always valid.
    pub output: Output,
    /// Why there was no result, when there was none.
    pub failure: Option<Failure>,
    /// What was ignored in the result or looks wrong in the plugin; for its log.
    pub warnings: Vec<String>,
}

/// How messages to scripts of this language name its types.
pub fn script_words(language: Language) -> ScriptWords {
    ScriptWords {
        language: language.short_name(),
        type_label: match language {
            Language::Lua => |name| Language::Lua.type_label(name),
            Language::JavaScript => |name| Language::JavaScript.type_label(name),
        },
    }
}

/// Runs one probe in this process (contract section 2.1) and validates its result (section 3).
///
/// Blocks until it is over. Call it on a thread with at least 8 MiB of stack.
pub fn run_probe(
    engine: &dyn Engine,
    job: &ProbeJob,
    host: HostNatives,
    stop: &Arc<StopSignal>,
) -> ProbeReport {
    let ended = run_script(engine, job, Arc::new(host), stop);
    report(ended, &job.limits, stop)
}

/// How the script's part of a run ended; what a child process sends back. Nothing in it has been
/// checked.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptEnd {
    /// What the probe returned, read by [`OUTPUT_SHAPE`], or why there is nothing.
    pub result: Result<Value, Failure>,
    /// What looks wrong in the plugin.
    pub warnings: Vec<String>,
}

impl ScriptEnd {
    /// A run that was ended from outside before its script could say anything.
    pub fn stopped(reason: &StopReason, limits: &Limits) -> Self {
        let failure = Failure::thrown(ScriptError::stopped(reason.clone()), limits);
        Self { result: Err(failure), warnings: Vec::new() }
    }

    /// A run that could not even begin; `text` is the card's.
    pub fn failed(text: impl Into<String>) -> Self {
        Self { result: Err(Failure::plain(text)), warnings: Vec::new() }
    }

    /// A run whose process ended without an answer; `words` say how.
    pub fn died(words: impl Into<String>) -> Self {
        let cause = ScriptError::new(ErrorKind::Internal, words);
        let failure = Failure { text: DIED_TEXT.to_owned(), cause: Some(Box::new(cause)) };
        Self { result: Err(failure), warnings: Vec::new() }
    }
}

/// Runs one probe's script with an engine of this process, up to the value it returned. `host`
/// answers what the script asks of the host.
///
/// Blocks until it is over. Call it on a thread with at least 8 MiB of stack.
pub fn run_script(
    engine: &dyn Engine,
    job: &ProbeJob,
    host: Arc<dyn Natives>,
    stop: &Arc<StopSignal>,
) -> ScriptEnd {
    run_one(engine, job, host, stop, drop)
}

/// As [`run_script`], for a process that ends with this run: the script's world is left as it is,
/// for freeing it only takes time.
pub fn run_last_script(
    engine: &dyn Engine,
    job: &ProbeJob,
    host: Arc<dyn Natives>,
    stop: &Arc<StopSignal>,
) -> ScriptEnd {
    run_one(engine, job, host, stop, std::mem::forget)
}

fn run_one(
    engine: &dyn Engine,
    job: &ProbeJob,
    host: Arc<dyn Natives>,
    stop: &Arc<StopSignal>,
    leave: fn(Box<dyn Instance>),
) -> ScriptEnd {
    let natives = ScriptNatives::new(host, &job.unlisted_functions);
    let mut run = Run { job, stop, warnings: Vec::new() };
    let result = run.open(engine, natives).and_then(|mut instance| {
        let result = run.read_result(engine.language(), instance.as_mut());
        leave(instance);
        result
    });
    let mut end = ScriptEnd { result, warnings: run.warnings };
    bounds::bound(&mut end, &job.limits);
    end
}

/// What to show for a script that has ended: its result validated (contract section 3), or the
/// failure's text. `stop` is the signal of the host's side.
pub fn report(ended: ScriptEnd, limits: &Limits, stop: &StopSignal) -> ProbeReport {
    let mut warnings = ended.warnings;
    match after_deadline(ended.result, limits, stop) {
        Ok(read) => {
            let limits = OutputLimits { lines: limits.lines, bytes: limits.output_bytes };
            let validated = validate(&read, &limits);
            warnings.extend(validated.warnings);
            ProbeReport { output: validated.output, failure: None, warnings }
        }
        Err(failure) => ProbeReport { output: failure.output(), failure: Some(failure), warnings },
    }
}

/// A deadline that has passed by the end replaces whatever came before it (contract section
/// 2.3), but for a promise whose job was interrupted.
fn after_deadline(
    ended: Result<Value, Failure>,
    limits: &Limits,
    stop: &StopSignal,
) -> Result<Value, Failure> {
    let Some(reason) = stop.poll() else { return ended };
    match ended {
        Err(failure)
            if failure
                .cause
                .as_ref()
                .is_some_and(|cause| matches!(cause.kind, ErrorKind::Stopped(_))) =>
        {
            Err(failure)
        }
        Err(failure) if *reason == StopReason::Deadline => Err(Failure {
            text: reason.text(limits),
            // What went wrong before tells more than that time ran out.
            cause: failure.cause.or_else(|| Some(Box::new(ScriptError::stopped(reason.clone())))),
        }),
        _ => Err(Failure::thrown(ScriptError::stopped(reason.clone()), limits)),
    }
}

struct Run<'a> {
    job: &'a ProbeJob,
    stop: &'a Arc<StopSignal>,
    warnings: Vec<String>,
}

/// A plugin as its script registered it.
struct Registered {
    plugin: Handle,
    context_global: &'static str,
}

impl Run<'_> {
    fn limits(&self) -> &Limits {
        &self.job.limits
    }

    fn step(&self, text: &str, cause: ScriptError) -> Failure {
        Failure::at_step(text, cause, self.limits())
    }

    fn open(
        &self,
        engine: &dyn Engine,
        natives: ScriptNatives,
    ) -> Result<Box<dyn Instance>, Failure> {
        let spec = InstanceSpec {
            limits: self.job.limits.clone(),
            stop: Arc::clone(self.stop),
            natives: Arc::new(natives),
            frozen_unix_ms: self.job.frozen_clock.then_some(self.job.now_unix_ms),
        };
        engine.open(spec).map_err(|error| self.step("runtime error", error))
    }

    fn read_result(
        &mut self,
        language: Language,
        instance: &mut dyn Instance,
    ) -> Result<Value, Failure> {
        self.inject(language, instance)?;
        let returned = instance
            .eval(&self.job.source)
            .map_err(|error| self.step("script eval failed", error))?;
        self.check_stop()?;
        let registered = self.registered(language, instance, returned)?;
        self.check_id(instance, registered.plugin)?;
        let probe = instance
            .get(registered.plugin, "probe")
            .map_err(|error| self.step("missing probe()", error))?;
        if instance.kind(probe) != Kind::Function {
            return Err(Failure::plain("missing probe()"));
        }
        let context = instance
            .global(registered.context_global)
            .map_err(|error| Failure::thrown(error, self.limits()))?;
        let result = instance
            .call(probe, &[context])
            .map_err(|error| Failure::thrown(error, self.limits()))?;
        self.check_stop()?;
        let result = self.settle(instance, result)?;
        instance.read(result, &OUTPUT_SHAPE).map_err(|error| Failure::thrown(error, self.limits()))
    }

    fn inject(&self, language: Language, instance: &mut dyn Instance) -> Result<(), Failure> {
        const HOST: &str = "host api injection failed";
        let natives = instance.natives().map_err(|error| self.step(HOST, error))?;
        let data = instance.make(&self.data()).map_err(|error| self.step(HOST, error))?;
        instance
            .eval(prelude::probe(language))
            .and_then(|prelude| instance.call(prelude, &[natives, data]))
            .map_err(|error| self.step("utils injection failed", error))?;
        self.check_stop()
    }

    fn data(&self) -> Value {
        let app = &self.job.app;
        Value::from([
            ("nowIso", Value::from(self.job.now_iso.as_str())),
            ("nowMs", Value::Int(self.job.now_unix_ms)),
            (
                "app",
                Value::from([
                    ("version", Value::from(app.version.as_str())),
                    ("platform", Value::from(app.platform.as_str())),
                    ("appDataDir", Value::from(app.app_data_dir.as_str())),
                    ("pluginDataDir", Value::from(app.plugin_data_dir.as_str())),
                ]),
            ),
            ("null", Value::Null),
            ("emptyList", Value::List(Vec::new())),
        ])
    }

    /// What the script registered: a global, or what its chunk or module gave.
    fn registered(
        &self,
        language: Language,
        instance: &mut dyn Instance,
        returned: Handle,
    ) -> Result<Registered, Failure> {
        let is_object = |instance: &dyn Instance, value| {
            matches!(instance.kind(value), Kind::Object | Kind::Function)
        };
        for (global, context_global) in
            [("__openusage_plugin", "__openusage_ctx"), ("__pacebar_plugin", "__pacebar_ctx")]
        {
            // A getter that throws is as good as none.
            if let Ok(plugin) = instance.global(global)
                && is_object(instance, plugin)
            {
                return Ok(Registered { plugin, context_global });
            }
        }
        let context_global = "__openusage_ctx";
        let is_module = self.job.source.kind == SourceKind::Module;
        if is_module && language == Language::JavaScript {
            let default = instance.get(returned, "default");
            if let Ok(plugin) = default
                && is_object(instance, plugin)
            {
                return Ok(Registered { plugin, context_global });
            }
            let probe = instance.get(returned, "probe");
            if let Ok(probe) = probe
                && instance.kind(probe) == Kind::Function
            {
                return Ok(Registered { plugin: returned, context_global });
            }
        } else if language == Language::Lua && is_object(instance, returned) {
            return Ok(Registered { plugin: returned, context_global });
        }
        let text = &self.job.source.text;
        let pacebar_only =
            text.contains("__pacebar_plugin") && !text.contains("__openusage_plugin");
        let missing = if pacebar_only { "__pacebar_plugin" } else { "__openusage_plugin" };
        Err(Failure::plain(format!("missing {missing}")))
    }

    /// The script's own id, where it gives one, is the manifest's.
    fn check_id(&mut self, instance: &mut dyn Instance, plugin: Handle) -> Result<(), Failure> {
        let id = instance.get(plugin, "id").and_then(|id| instance.read(id, &Shape::Scalar));
        let Ok(Value::Str(id)) = id else { return Ok(()) };
        if id == self.job.plugin_id {
            return Ok(());
        }
        let text =
            format!("the script's id `{id}` differs from the manifest's `{}`", self.job.plugin_id);
        match self.job.dialect {
            ProbeDialect::Vario => Err(Failure::plain(text)),
            ProbeDialect::Openusage => {
                self.warnings.push(text);
                Ok(())
            }
        }
    }

    fn settle(&self, instance: &mut dyn Instance, result: Handle) -> Result<Handle, Failure> {
        let settled =
            instance.settle(result).map_err(|error| Failure::thrown(error, self.limits()))?;
        let is_object = |value| matches!(instance.kind(value), Kind::Object | Kind::Function);
        match settled {
            Settled::Plain(value) | Settled::Fulfilled(value) if is_object(value) => Ok(value),
            Settled::Plain(_) => Err(Failure::not_an_object()),
            Settled::Fulfilled(_) => Err(Failure::plain(crate::GENERIC_FAILURE)),
            Settled::Pending => Err(Failure {
                text: "probe() returned unresolved promise".to_owned(),
                cause: self.stop.poll().cloned().map(ScriptError::stopped).map(Box::new),
            }),
            Settled::Unusable => Err(Failure::plain("probe() returned invalid promise")),
        }
    }

    fn check_stop(&self) -> Result<(), Failure> {
        match self.stop.poll() {
            None => Ok(()),
            Some(reason) => {
                Err(Failure::thrown(ScriptError::stopped(reason.clone()), self.limits()))
            }
        }
    }
}
