use std::collections::BTreeSet;

use vario_sandbox::{ErrorKind, ScriptError, StopReason};
use vario_value::Value;

use crate::case::{Body, Side};
use crate::expect::{Expect, Got, Outcome};
use crate::groups::{GROUPS, cases_of};
use crate::same::{list, map, same};

#[test]
fn every_case_is_complete() {
    let mut names = BTreeSet::new();
    let mut twice = Vec::new();
    for group in GROUPS {
        for case in cases_of(group) {
            let name = format!("{group}: {}", case.name);
            if !names.insert(name.clone()) {
                twice.push(name.clone());
            }
            let Body::Program { lua, js } = case.body else { continue };
            assert!(lua.source.is_some() || js.source.is_some(), "{name} has no program");
            for Side { source, expect, reason } in [*lua, *js] {
                assert!(expect.is_some(), "{name} expects nothing");
                assert!(source.is_some() || reason.is_some(), "{name} leaves a language out");
            }
        }
    }
    assert!(twice.is_empty(), "there twice: {twice:?}");
}

#[test]
fn values_compare_as_a_script_sees_them() {
    assert!(same(&Value::Float(f64::NAN), &list([Value::Float(f64::NAN)]).as_list().unwrap()[0]));
    assert!(!same(&Value::Float(-0.0), &Value::Float(0.0)));
    assert!(!same(&Value::Float(0.0), &Value::Int(0)));
    assert!(!same(&Value::List(Vec::new()), &map([])));
    assert!(!same(&map([("a", Value::Absent)]), &map([])));
    assert!(same(
        &map([("a", Value::Int(1)), ("b", Value::Null)]),
        &map([("b", Value::Null), ("a", Value::Int(1))])
    ));
}

fn failed(kind: ErrorKind, message: &str) -> Outcome {
    let result = Err(ScriptError::new(kind, message));
    Outcome { result, log: Vec::new(), calls: Vec::new() }
}

fn gave(got: Got) -> Outcome {
    Outcome { result: Ok(got), log: Vec::new(), calls: Vec::new() }
}

#[test]
fn an_expectation_accepts_what_it_names() {
    let text = failed(ErrorKind::ThrownText(" a ".into()), "a");
    Expect::Text("a").assert(&text);
    Expect::OneOf(vec![Expect::Pending, Expect::Text("a")]).assert(&text);
    Expect::Thrown("oo").assert(&failed(ErrorKind::Thrown, "boom"));
    Expect::DEADLINE.assert(&failed(ErrorKind::Stopped(StopReason::Deadline), ""));
    Expect::Value(Value::Int(1)).assert(&gave(Got::Fulfilled(Value::Int(1))));
}

#[test]
fn an_expectation_refuses_all_else() {
    let cases = [
        (Expect::Text("a"), failed(ErrorKind::Thrown, "a")),
        (Expect::Thrown(""), failed(ErrorKind::ThrownText("a".into()), "a")),
        (Expect::Thrown("x"), failed(ErrorKind::Thrown, "a")),
        (Expect::DEADLINE, failed(ErrorKind::Stopped(StopReason::Memory), "")),
        (Expect::Plain(Value::Null), gave(Got::Fulfilled(Value::Null))),
        (Expect::Value(Value::Null), gave(Got::Pending)),
        (Expect::Syntax, gave(Got::Plain(Value::Null))),
    ];
    for (expect, outcome) in cases {
        let words = format!("{expect:?} took {outcome:?}");
        let refused = std::panic::catch_unwind(|| expect.assert(&outcome)).is_err();
        assert!(refused, "{words}");
    }
}
