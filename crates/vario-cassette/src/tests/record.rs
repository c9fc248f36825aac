use std::sync::Arc;

use serde_json::json;
use vario_host::{Call, Host, HostError, Scope};
use vario_value::Value;

use super::{call, cassette, scope};
use crate::{Order, RecordHost, ReplayHost};

/// A world of its own: every kind of answer.
struct World;

impl Host for World {
    fn call(&self, call: &Call, _scope: &Scope) -> Result<Value, HostError> {
        match (call.name.as_ref(), call.args.first().and_then(Value::as_str)) {
            ("env.get", Some("ABSENT")) => Ok(Value::Absent),
            ("env.get", _) => Ok(Value::from("value")),
            ("ls.discover", _) => Ok(Value::Null),
            ("fs.readText", _) => Err(HostError::failed("Is a directory (os error 21)")),
            ("fs.exists", _) => Err(HostError::Type("Error converting".to_owned())),
            ("fs.listDir", _) => Ok(Value::List(vec![Value::from("a"), Value::Float(1.5)])),
            _ => Err(HostError::Halted("stopped".to_owned())),
        }
    }

    fn expects(&self, call: &Call) -> bool {
        call.name == "env.get"
    }
}

#[test]
fn a_replay_gives_what_was_recorded() {
    let recorder = RecordHost::new(Arc::new(World));
    let calls = [
        call("env.get", &json!(["ABSENT"])),
        call("env.get", &json!(["OTHER"])),
        call("ls.discover", &json!([{"processName": "x", "markers": []}])),
        call("fs.readText", &json!(["/"])),
        call("fs.listDir", &json!(["/"])),
    ];
    let live: Vec<_> = calls.iter().map(|call| recorder.call(call, &scope())).collect();
    let written = serde_json::to_string(&cassette(recorder.take())).expect("a cassette is JSON");
    let read = crate::read("x.json", &written).expect("what was recorded is sound");
    for order in [Order::Strict, Order::Keyed] {
        let host = ReplayHost::new(&read[0], order);
        let replayed: Vec<_> = calls.iter().map(|call| host.call(call, &scope())).collect();
        assert_eq!(replayed, live, "{order:?}");
        assert!(host.unused().is_empty(), "{order:?}");
    }
    assert!(recorder.take().is_empty(), "taken once");
}

#[test]
fn every_failure_is_recorded_by_its_words_but_a_stop_is_not() {
    let recorder = RecordHost::new(Arc::new(World));
    recorder.call(&call("fs.exists", &json!([1])), &scope()).expect_err("a type error");
    recorder.call(&call("system.info", &json!([])), &scope()).expect_err("a stop");
    let calls = recorder.take();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].err.as_deref(), Some("Error converting"));
}

#[test]
fn what_is_expected_is_asked_of_the_inner_host() {
    let recorder = RecordHost::new(Arc::new(World));
    assert!(recorder.expects(&call("env.get", &json!([5]))));
    assert!(!recorder.expects(&call("fs.exists", &json!([5]))));
}
