mod compare;
mod format;
mod record;
mod redact;
mod redact_people;
mod redact_places;
mod redact_property;
mod replay;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use vario_host::{Call, Cancel, LogEntry, LogSink, NoWitness, RunId, Scope};
use vario_permissions::{Bases, Rights};
use vario_value::{LogLevel, Value};

use crate::{Cassette, RecordedCall};

struct NoLog;

impl LogSink for NoLog {
    fn wants(&self, _level: LogLevel) -> bool {
        false
    }

    fn write(&self, _entry: LogEntry) {}
}

fn scope() -> Scope {
    Scope {
        plugin_id: "demo".to_owned(),
        plugin_data_dir: "data".into(),
        run_id: RunId::next(),
        rights: Arc::new(Rights::all(Bases::default())),
        witness: Arc::new(NoWitness),
        deadline: Instant::now() + Duration::from_hours(1),
        cancel: Cancel::new(),
        http_body_bytes: 1024,
        log: Arc::new(NoLog),
    }
}

fn call(name: &'static str, args: &Json) -> Call {
    let args = args.as_array().expect("a list of arguments").iter().map(Value::from_json).collect();
    Call { id: 1, name: Cow::Borrowed(name), args }
}

fn recorded(function: &str, args: Json, ok: Json) -> RecordedCall {
    let Json::Array(args) = args else { panic!("a list of arguments") };
    RecordedCall { function: function.to_owned(), args, ok: Some(ok), err: None }
}

fn cassette(calls: Vec<RecordedCall>) -> Cassette {
    let mut cassette: Cassette =
        serde_json::from_value(json!({"cassette": 1, "plugin": "demo", "unixMs": 0, "calls": []}))
            .expect("the smallest cassette");
    cassette.calls = calls;
    cassette
}
