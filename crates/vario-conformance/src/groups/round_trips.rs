//! What goes in and comes out unchanged, through the script and through a host function.

use vario_value::Value;

use crate::case::{Case, both, case};
use crate::same::{list, map, text};

pub(crate) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> =
        values().into_iter().map(|(name, value)| there(name, value)).collect();
    cases.push(
        both(
            "absent",
            "return function(v) return v == nil and host.echo.value(v) == nil end",
            "(v) => v === undefined && host.echo.value(v) === undefined",
        )
        .arg(Value::Absent)
        .holds(),
    );
    cases
}

fn there(name: &'static str, value: Value) -> Case {
    case(name)
        .arg(value.clone())
        .lua("return function(v) return {plain = v, echoed = host.echo.value(v)} end")
        .js("(v) => ({ plain: v, echoed: host.echo.value(v) })")
        .gives(map([("plain", value.clone()), ("echoed", value)]))
}

fn values() -> Vec<(&'static str, Value)> {
    vec![
        ("null", Value::Null),
        ("true", true.into()),
        ("an integer", Value::Int(-42)),
        ("2^31", Value::Int(1 << 31)),
        ("2^53", Value::Int(1 << 53)),
        ("a fraction", Value::Float(1.5)),
        ("a large number", Value::Float(1e300)),
        ("negative zero", Value::Float(-0.0)),
        ("not a number", Value::Float(f64::NAN)),
        ("infinity", Value::Float(f64::INFINITY)),
        ("empty text", text("")),
        ("text", text("grüße 🚀\0\r\n\u{FEFF}\u{10FFFF}")),
        ("a long text", text(&"ü".repeat(200_000))),
        ("bytes", Value::Bytes((0..=255).collect())),
        ("an empty list", list([])),
        ("an empty map", map([])),
        ("empty ones inside", map([("list", list([])), ("map", map([]))])),
        ("a list of empty lists", list([list([]), list([])])),
        ("a list", list([Value::Int(1), text("b"), Value::Null, true.into()])),
        ("null first and last in a list", list([Value::Null, Value::Int(1), Value::Null])),
        (
            "a map",
            map([("b", Value::Int(1)), ("a", Value::Null), ("é", text("x")), ("", text("y"))]),
        ),
        ("keys that look like numbers", map([("1", Value::Int(1)), ("02", Value::Int(2))])),
        (
            "keys with names that mean something",
            map([("__proto__", map([])), ("constructor", Value::Int(1)), ("then", text("x"))]),
        ),
        (
            "a probe's result",
            map([
                ("plan", text("Pro")),
                ("lines", list([map([("type", text("progress")), ("used", Value::Float(0.5))])])),
            ]),
        ),
        ("a list of 5,000", Value::List((0..5_000).map(Value::Int).collect())),
    ]
}
