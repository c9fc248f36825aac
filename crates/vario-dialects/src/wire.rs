//! Job and end of a run as plain values, for when the script runs in another process.
//!
//! The job comes from the host and is trusted. The end comes from a process that a plugin may have
//! taken over: reading one believes nothing and fails as a whole.

use std::sync::Arc;
use std::time::Duration;

use vario_sandbox::{
    ErrorKind, Language, Limits, Location, ScriptError, Source, SourceKind, StopReason,
};
use vario_value::{Map, Value};

use crate::failure::Failure;
use crate::probe::{AppInfo, ProbeDialect, ProbeJob, ScriptEnd};

/// The most warnings of a script that are taken; an honest one has one or two.
const MAX_WARNINGS: usize = 16;

impl ProbeJob {
    /// The job as a value, with the language its script is in.
    pub fn to_value(&self, language: Language) -> Value {
        let dialect = match self.dialect {
            ProbeDialect::Openusage => "openusage",
            ProbeDialect::Vario => "vario",
        };
        let kind = match self.source.kind {
            SourceKind::Script => "script",
            SourceKind::Module => "module",
            SourceKind::Prelude => "prelude",
        };
        Value::from([
            ("language", language.short_name().into()),
            ("pluginId", self.plugin_id.as_str().into()),
            ("dialect", dialect.into()),
            ("name", (&*self.source.name).into()),
            ("text", (&*self.source.text).into()),
            ("kind", kind.into()),
            ("version", self.app.version.as_str().into()),
            ("platform", self.app.platform.as_str().into()),
            ("appDataDir", self.app.app_data_dir.as_str().into()),
            ("pluginDataDir", self.app.plugin_data_dir.as_str().into()),
            ("nowIso", self.now_iso.as_str().into()),
            ("nowMs", Value::Int(self.now_unix_ms)),
            ("frozen", Value::Bool(self.frozen_clock)),
            ("limits", limits_to_value(&self.limits)),
            ("unlisted", texts(&self.unlisted_functions)),
        ])
    }

    /// The job of a value; nothing if it is none.
    pub fn from_value(value: &Value) -> Option<(Language, Self)> {
        let text = |key| value.get(key).and_then(Value::as_str);
        let language = match text("language")? {
            "lua" => Language::Lua,
            "js" => Language::JavaScript,
            _ => return None,
        };
        let kind = match text("kind")? {
            "script" => SourceKind::Script,
            "module" => SourceKind::Module,
            _ => return None,
        };
        let job = Self {
            plugin_id: text("pluginId")?.to_owned(),
            dialect: match text("dialect")? {
                "openusage" => ProbeDialect::Openusage,
                "vario" => ProbeDialect::Vario,
                _ => return None,
            },
            source: Source::new(kind, Arc::from(text("name")?), Arc::from(text("text")?)),
            app: AppInfo {
                version: text("version")?.to_owned(),
                platform: text("platform")?.to_owned(),
                app_data_dir: text("appDataDir")?.to_owned(),
                plugin_data_dir: text("pluginDataDir")?.to_owned(),
            },
            now_iso: text("nowIso")?.to_owned(),
            now_unix_ms: integer(value.get("nowMs")?)?,
            frozen_clock: value.get("frozen")? == &Value::Bool(true),
            limits: limits_from_value(value.get("limits")?)?,
            unlisted_functions: texts_from(value.get("unlisted")?)?,
        };
        Some((language, job))
    }
}

impl ScriptEnd {
    /// The end as a value.
    pub fn to_value(&self) -> Value {
        let (key, result) = match &self.result {
            Ok(read) => ("read", read.clone()),
            Err(failure) => ("failure", failure_to_value(failure)),
        };
        Value::from([(key, result), ("warnings", texts(&self.warnings))])
    }

    /// The end that a value stands for; nothing if it stands for none.
    pub fn from_value(mut value: Value) -> Option<Self> {
        let Value::Map(parts) = &mut value else { return None };
        let mut warnings = texts_from(parts.get("warnings")?)?;
        warnings.truncate(MAX_WARNINGS);
        let result = match (parts.swap_remove("read"), parts.get("failure")) {
            (Some(read), None) => Ok(read),
            (None, Some(failure)) => Err(failure_from_value(failure)?),
            _ => return None,
        };
        Some(Self { result, warnings })
    }
}

pub(crate) fn limits_to_value(limits: &Limits) -> Value {
    let sizes = [
        limits.heap_bytes,
        limits.stack_bytes,
        limits.lines,
        limits.output_bytes,
        limits.http_body_bytes,
        limits.log_bytes,
    ];
    let wall = i64::try_from(limits.wall.as_micros()).unwrap_or(i64::MAX);
    let numbers = [Value::Int(wall), Value::Int(i64::from(limits.host_calls))].into_iter();
    let sizes = sizes.map(|size| Value::Int(i64::try_from(size).unwrap_or(i64::MAX)));
    Value::List(numbers.chain(sizes).collect())
}

pub(crate) fn limits_from_value(value: &Value) -> Option<Limits> {
    let [wall, calls, heap, stack, lines, output, body, log] = value.as_list()? else {
        return None;
    };
    let size = |value| usize::try_from(integer(value)?).ok();
    Some(Limits {
        wall: Duration::from_micros(u64::try_from(integer(wall)?).ok()?),
        host_calls: u32::try_from(integer(calls)?).ok()?,
        heap_bytes: size(heap)?,
        stack_bytes: size(stack)?,
        lines: size(lines)?,
        output_bytes: size(output)?,
        http_body_bytes: size(body)?,
        log_bytes: size(log)?,
    })
}

fn failure_to_value(failure: &Failure) -> Value {
    let cause = failure.cause.as_deref().map_or(Value::Absent, error_to_value);
    Value::from([("text", failure.text.as_str().into()), ("cause", cause)])
}

fn failure_from_value(value: &Value) -> Option<Failure> {
    let cause = match value.get("cause") {
        None | Some(Value::Absent) => None,
        Some(cause) => Some(Box::new(error_from_value(cause)?)),
    };
    Some(Failure { text: value.get("text")?.as_str()?.to_owned(), cause })
}

fn error_to_value(error: &ScriptError) -> Value {
    let (kind, words) = match &error.kind {
        ErrorKind::Syntax => ("syntax", None),
        ErrorKind::ThrownText(text) => ("thrownText", Some(text)),
        ErrorKind::Thrown => ("thrown", None),
        ErrorKind::Value => ("value", None),
        ErrorKind::Stopped(reason) => match reason {
            StopReason::Halted(words) => (reason.name(), Some(words)),
            _ => (reason.name(), None),
        },
        _ => ("internal", None),
    };
    let mut parts: Map = [("kind".to_owned(), Value::from(kind))].into_iter().collect();
    let mut add = |key: &str, value: Value| parts.insert(key.to_owned(), value);
    add("message", error.message.as_str().into());
    if let Some(words) = words {
        add("words", words.as_str().into());
    }
    if let Some(stack) = &error.stack {
        add("stack", stack.as_str().into());
    }
    if let Some(place) = &error.location {
        add("file", place.file.as_str().into());
        add("line", Value::Int(place.line.into()));
        if let Some(column) = place.column {
            add("column", Value::Int(column.into()));
        }
    }
    Value::Map(parts)
}

fn error_from_value(value: &Value) -> Option<ScriptError> {
    let text = |key| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let number = |key| value.get(key).and_then(integer).and_then(|line| u32::try_from(line).ok());
    let kind = match value.get("kind")?.as_str()? {
        "syntax" => ErrorKind::Syntax,
        "thrownText" => ErrorKind::ThrownText(text("words")?),
        "thrown" => ErrorKind::Thrown,
        "value" => ErrorKind::Value,
        "internal" => ErrorKind::Internal,
        "deadline" => ErrorKind::Stopped(StopReason::Deadline),
        "memory" => ErrorKind::Stopped(StopReason::Memory),
        "stack" => ErrorKind::Stopped(StopReason::Stack),
        "hostCalls" => ErrorKind::Stopped(StopReason::HostCalls),
        "log" => ErrorKind::Stopped(StopReason::Log),
        "cancelled" => ErrorKind::Stopped(StopReason::Cancelled),
        "halted" => ErrorKind::Stopped(StopReason::Halted(text("words")?)),
        _ => return None,
    };
    let location = text("file").zip(number("line")).map(|(file, line)| Location {
        file,
        line,
        column: number("column"),
    });
    Some(ScriptError { kind, message: text("message")?, location, stack: text("stack") })
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

fn texts(texts: &[String]) -> Value {
    Value::List(texts.iter().map(|text| Value::from(text.as_str())).collect())
}

fn texts_from(value: &Value) -> Option<Vec<String>> {
    value.as_list()?.iter().map(|text| text.as_str().map(str::to_owned)).collect()
}
