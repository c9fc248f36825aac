//! Runs scripts of both languages as probes, with a host that answers from a table.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use vario_host::{
    Call, Cancel, Host, HostError, LogEntry, LogSink, NoWitness, RunId, Scope, Session,
    SessionLimits,
};
use vario_permissions::{Bases, Rights};
use vario_sandbox::{Engine, Language, Limits, LogLevel, Source, SourceKind, StopSignal};
use vario_sandbox_js::JsEngine;
use vario_sandbox_lua::LuaEngine;
use vario_value::Value;

use crate::{AppInfo, HostNatives, ProbeDialect, ProbeJob, ProbeReport, run_probe, script_words};

/// Answers every call with its own name and arguments; `fs.readText` fails.
#[derive(Default)]
pub(super) struct Echo {
    pub(super) lines: Mutex<Vec<(LogLevel, String)>>,
}

impl Host for Echo {
    fn call(&self, call: &Call, _scope: &Scope) -> Result<Value, HostError> {
        match call.name.as_ref() {
            "fs.readText" => Err(HostError::failed("No such file or directory (os error 2)")),
            "env.get" => Ok(Value::Absent),
            "ls.discover" => Ok(Value::Null),
            "http.request" => Ok(Value::from([
                ("status", Value::Int(200)),
                ("headers", Value::from([("x-a", Value::from("1"))])),
                ("bodyText", Value::from(r#"{"n":[1,null]}"#)),
            ])),
            name => Ok(Value::from([
                ("fn", Value::from(name)),
                ("args", Value::List(call.args.clone())),
            ])),
        }
    }
}

impl LogSink for Echo {
    fn wants(&self, _level: LogLevel) -> bool {
        true
    }

    fn write(&self, entry: LogEntry) {
        self.lines.lock().expect("no panic").push((entry.level, entry.message));
    }
}

pub(super) fn engine(language: Language) -> Box<dyn Engine> {
    match language {
        Language::Lua => Box::new(LuaEngine::new()),
        Language::JavaScript => Box::new(JsEngine::new()),
    }
}

pub(super) fn job(language: Language, kind: SourceKind, text: &str) -> ProbeJob {
    let file = if language == Language::Lua { "plugin.lua" } else { "plugin.js" };
    ProbeJob {
        plugin_id: "demo".to_owned(),
        dialect: ProbeDialect::Openusage,
        source: Source::new(kind, file, text),
        app: AppInfo {
            version: "1.2.3".to_owned(),
            platform: "linux".to_owned(),
            app_data_dir: "/data".to_owned(),
            plugin_data_dir: "/data/plugins_data/demo".to_owned(),
        },
        now_iso: "2026-02-02T00:00:00Z".to_owned(),
        now_unix_ms: 1_769_990_400_000,
        frozen_clock: true,
        limits: Limits { wall: Duration::from_secs(20), ..Limits::default() },
        unlisted_functions: Vec::new(),
    }
}

pub(super) fn run(language: Language, text: &str) -> ProbeReport {
    run_job(language, job(language, SourceKind::Script, text), &Arc::new(Echo::default()))
}

pub(super) fn run_job(language: Language, job: ProbeJob, echo: &Arc<Echo>) -> ProbeReport {
    let echo = Arc::clone(echo);
    let thread = std::thread::Builder::new().stack_size(8 * 1024 * 1024);
    let thread = thread.spawn(move || run_here(engine(language).as_ref(), &job, echo));
    thread.expect("a thread can be had").join().expect("a run does not panic")
}

/// Runs on this thread, whose stack only suits scripts that do not recurse.
pub(super) fn run_with(engine: &dyn Engine, job: &ProbeJob) -> ProbeReport {
    run_here(engine, job, Arc::new(Echo::default()))
}

fn run_here(engine: &dyn Engine, job: &ProbeJob, echo: Arc<Echo>) -> ProbeReport {
    let deadline = Instant::now() + job.limits.wall;
    let scope = Scope {
        plugin_id: job.plugin_id.clone(),
        plugin_data_dir: "data".into(),
        run_id: RunId::next(),
        rights: Arc::new(Rights::all(Bases::default())),
        witness: Arc::new(NoWitness),
        deadline,
        cancel: Cancel::new(),
        http_body_bytes: 1024,
        log: Arc::clone(&echo) as Arc<dyn LogSink>,
    };
    let limits =
        SessionLimits { host_calls: job.limits.host_calls, log_bytes: job.limits.log_bytes };
    let session = Session::new(echo, scope, script_words(engine.language()), limits);
    let stop = Arc::new(StopSignal::new(deadline));
    let host = HostNatives::new(session, Arc::clone(&stop), None, &job.unlisted_functions);
    run_probe(engine, job, host, &stop)
}

/// The text of the single line that a probe in this language returns as a `text` line.
#[track_caller]
pub(super) fn value_of(language: Language, expression: &str) -> String {
    let text = match language {
        Language::JavaScript => format!(
            r#"globalThis.__openusage_plugin = {{ id: "demo", probe(ctx) {{
                const show = (v) => v === undefined ? "undefined" : Number.isNaN(v) ? "NaN" : JSON.stringify(v);
                return {{ lines: [{{ type: "text", label: "x", value: show({expression}) }}] }};
            }} }};"#
        ),
        Language::Lua => format!(
            r#"return {{ id = "demo", probe = function(ctx)
                local null = ctx.json.null
                local function show(v)
                    if v == nil then return "null" end
                    if v ~= v then return "NaN" end
                    return ctx.json.encode(v)
                end
                return {{ lines = {{ {{ type = "text", label = "x", value = show({expression}) }} }} }}
            end }}"#
        ),
    };
    let report = run(language, &text);
    match report.output.lines.first() {
        Some(vario_output::Line::Text(line)) => line.value.clone(),
        _ => panic!("{expression}: {report:#?}"),
    }
}
