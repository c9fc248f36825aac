use serde_json::json;
use vario_host::{Host, HostError};
use vario_value::Value;

use super::{call, cassette, recorded, scope};
use crate::{Cassette, Order, RecordedCall, ReplayHost};

fn three() -> Cassette {
    cassette(vec![
        recorded("fs.exists", json!(["~/a"]), json!(true)),
        recorded("fs.readText", json!(["~/a"]), json!("one")),
        recorded("fs.readText", json!(["~/a"]), json!("two")),
    ])
}

fn text(answer: Result<Value, HostError>) -> String {
    answer.expect("an answer").as_str().expect("a text").to_owned()
}

#[test]
fn answers_are_what_was_recorded() {
    let absent = RecordedCall {
        function: "env.get".to_owned(),
        args: vec![json!("A")],
        ok: None,
        err: None,
    };
    let failed = RecordedCall { err: Some("keychain item not found".to_owned()), ..absent.clone() };
    let host = ReplayHost::new(
        &cassette(vec![
            absent,
            recorded("env.get", json!(["A"]), json!(null)),
            failed,
            recorded("env.get", json!(["A"]), json!({"z": 1, "a": [1.5, {}, []]})),
        ]),
        Order::Strict,
    );
    let ask = || host.call(&call("env.get", &json!(["A"])), &scope());
    assert_eq!(ask(), Ok(Value::Absent));
    assert_eq!(ask(), Ok(Value::Null));
    assert_eq!(ask(), Err(HostError::failed("keychain item not found")));
    assert_eq!(ask().expect("a map").to_json().to_string(), r#"{"z":1,"a":[1.5,{},[]]}"#);
    assert!(host.unused().is_empty());
    assert_eq!(host.mismatch(), None);
}

#[test]
fn strict_wants_the_next_call() {
    let host = ReplayHost::new(&three(), Order::Strict);
    host.call(&call("fs.exists", &json!(["~/a"])), &scope()).expect("the first call");
    assert_eq!(text(host.call(&call("fs.readText", &json!(["~/a"])), &scope())), "one");
    assert_eq!(host.unused().len(), 1);
    let error = host.call(&call("fs.exists", &json!(["~/a"])), &scope()).expect_err("out of order");
    assert_eq!(
        error,
        HostError::Halted(
            "replay mismatch: host call 3 is fs.exists, but the cassette has fs.readText here"
                .to_owned()
        )
    );
    let mismatch = host.mismatch().expect("a mismatch");
    assert_eq!(mismatch.index, 2);
    assert_eq!(mismatch.expected.expect("the third call").args, [json!("~/a")]);
    assert!(mismatch.diff.is_empty());
}

#[test]
fn the_first_mismatch_is_kept() {
    let host = ReplayHost::new(&three(), Order::Strict);
    for path in ["~/b", "~/c"] {
        host.call(&call("fs.exists", &json!([path])), &scope()).expect_err("not recorded");
    }
    let report = serde_json::to_value(host.mismatch()).expect("a report is JSON");
    assert_eq!(
        report,
        json!({
            "index": 0,
            "call": {"fn": "fs.exists", "args": ["~/b"]},
            "expected": {"fn": "fs.exists", "args": ["~/a"]},
            "diff": [{"path": "args[0]", "expected": "~/a", "actual": "~/b"}],
        })
    );
    assert_eq!(host.unused().len(), 3);
}

#[test]
fn a_call_too_many_is_a_mismatch() {
    let host = ReplayHost::new(&cassette(Vec::new()), Order::Strict);
    let error =
        host.call(&call("system.info", &json!([])), &scope()).expect_err("nothing recorded");
    assert_eq!(
        error.to_string(),
        "replay mismatch: host call 1 is system.info, but the cassette has no call left"
    );
    assert_eq!(host.mismatch().expect("a mismatch").expected, None);
}

#[test]
fn keyed_answers_in_any_order_and_repeats_the_last() {
    let host = ReplayHost::new(&three(), Order::Keyed);
    let read = || text(host.call(&call("fs.readText", &json!(["~/a"])), &scope()));
    assert_eq!([read(), read(), read(), read()], ["one", "two", "two", "two"]);
    let unused = host.unused();
    assert_eq!(unused.len(), 1);
    assert_eq!(unused[0].function, "fs.exists");
    host.call(&call("fs.exists", &json!(["~/a"])), &scope()).expect("recorded first, asked last");
    assert!(host.unused().is_empty());
}

#[test]
fn keyed_reports_the_nearest_call() {
    let host = ReplayHost::new(&three(), Order::Keyed);
    host.call(&call("fs.readText", &json!(["~/b"])), &scope()).expect_err("not recorded");
    let mismatch = host.mismatch().expect("a mismatch");
    assert_eq!(mismatch.expected.as_ref().expect("a call").function, "fs.readText");
    assert_eq!(
        mismatch.to_string(),
        "host call 1 is fs.readText with other arguments than recorded; \
         args[0]: expected \"~/a\", got \"~/b\""
    );
}

#[test]
fn arguments_compare_by_value() {
    let same = [
        ("number", "env.get", json!([1]), json!([1.0])),
        ("beyond what is taken", "fs.exists", json!(["a"]), json!(["a", "extra"])),
        ("recorded beyond what is taken", "fs.exists", json!(["a", 7]), json!(["a"])),
        ("order of keys", "http.request", json!([{"a": 1, "b": 2}]), json!([{"b": 2, "a": 1}])),
        ("unknown function", "new.one", json!(["a", "b"]), json!(["a", "b"])),
    ];
    for (case, name, old, new) in same {
        let host = ReplayHost::new(&cassette(vec![recorded(name, old, json!(1))]), Order::Strict);
        assert_eq!(host.call(&call(name, &new), &scope()), Ok(Value::Int(1)), "{case}");
    }
    let different = [
        ("null", "http.request", json!([{"a": null}]), json!([{}])),
        ("fewer", "keychain.readGenericPassword", json!(["a", "b"]), json!(["a"])),
        ("unknown function", "new.one", json!(["a"]), json!(["a", "b"])),
    ];
    for (case, name, old, new) in different {
        let host = ReplayHost::new(&cassette(vec![recorded(name, old, json!(1))]), Order::Strict);
        assert!(host.call(&call(name, &new), &scope()).is_err(), "{case}");
    }
}

#[test]
fn absent_properties_and_bytes_are_as_in_json() {
    let host = ReplayHost::new(
        &cassette(vec![
            recorded("http.request", json!([{"url": "u"}]), json!(1)),
            recorded("fs.writeText", json!(["a", "\u{fffd}ok"]), json!(2)),
        ]),
        Order::Strict,
    );
    let mut request = call("http.request", &json!([]));
    request.args = vec![Value::from([("url", Value::from("u")), ("bodyText", Value::Absent)])];
    assert_eq!(host.call(&request, &scope()), Ok(Value::Int(1)));
    let mut write = call("fs.writeText", &json!([]));
    write.args = vec![Value::from("a"), Value::Bytes(b"\xffok".to_vec())];
    assert_eq!(host.call(&write, &scope()), Ok(Value::Int(2)));
}

#[test]
fn a_call_of_other_types_is_expected_only_when_recorded() {
    for order in [Order::Strict, Order::Keyed] {
        let host = ReplayHost::new(
            &cassette(vec![recorded("fs.exists", json!([5]), json!(false))]),
            order,
        );
        assert!(host.expects(&call("fs.exists", &json!([5]))), "{order:?}");
        assert!(!host.expects(&call("fs.exists", &json!([6]))), "{order:?}");
        host.call(&call("fs.exists", &json!([5])), &scope()).expect("the recorded call");
        assert_eq!(host.mismatch(), None);
    }
}
