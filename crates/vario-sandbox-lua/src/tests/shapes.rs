use vario_value::{Map, Shape, Value};

use super::support::open;

static LINE: Shape = Shape::Object(&[("type", Shape::Scalar), ("value", Shape::Scalar)]);
static RESULT: Shape =
    Shape::Object(&[("plan", Shape::Scalar), ("lines", Shape::List { item: &LINE, max: 2 })]);

#[track_caller]
fn read(text: &str, shape: &Shape) -> Value {
    let mut world = open();
    let handle = world.eval(text).expect(text);
    world.instance.read(handle, shape).expect(text)
}

fn line(kind: &str) -> Value {
    Value::from([("type", kind.into()), ("value", Value::Absent)])
}

#[test]
fn results_are_read_by_their_shape() {
    let empty = || Value::Map(Map::new());
    let result = |plan: Value, lines: Value| Value::from([("plan", plan), ("lines", lines)]);
    let cases = [
        ("return {}", result(Value::Absent, Value::Absent)),
        ("return print", result(Value::Absent, Value::Absent)),
        ("return 5", Value::Int(5)),
        ("return {plan = 'p', lines = {}}", result("p".into(), Value::List(vec![]))),
        (
            "return {lines = {{type = 'a'}, {type = 'b'}, {type = 'c'}}}",
            result(Value::Absent, Value::List(vec![line("a"), line("b")])),
        ),
        (
            "return {lines = {{type = 'a'}, nil, {}}}",
            result(Value::Absent, Value::List(vec![line("a"), Value::Absent])),
        ),
        (
            "return {lines = {1, 'x'}}",
            result(Value::Absent, Value::List(vec![1.into(), "x".into()])),
        ),
        ("return {lines = {x = 1}}", result(Value::Absent, empty())),
        ("return {lines = {1, n = 1}}", result(Value::Absent, empty())),
        ("return {lines = 'text'}", result(Value::Absent, "text".into())),
        ("return {lines = print}", result(Value::Absent, empty())),
        ("return {plan = {}}", result(empty(), Value::Absent)),
        ("return {plan = {1}}", result(Value::List(vec![]), Value::Absent)),
        ("return {plan = null}", result(Value::Null, Value::Absent)),
        (
            "local Class = {plan = 'inherited'} Class.__index = Class
             return setmetatable({lines = {}}, Class)",
            result("inherited".into(), Value::List(vec![])),
        ),
        (
            "return setmetatable({lines = {}}, {__index = function(_, key) return key end})",
            result("plan".into(), Value::List(vec![])),
        ),
        (
            "return setmetatable({lines = {}}, {__index = function() error('no') end})",
            Value::from([("lines", Value::List(vec![]))]),
        ),
        (
            "local t = {} t.lines = {t} return t",
            result(
                Value::Absent,
                Value::List(vec![Value::from([("type", Value::Absent), ("value", Value::Absent)])]),
            ),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text, &RESULT), expected, "{text}");
    }
}

#[test]
fn a_scalar_shape_enters_nothing() {
    let cases = [
        ("return {a = {}}", Value::Map(Map::new())),
        ("return {1, 2}", Value::List(vec![])),
        ("return print", Value::Map(Map::new())),
        ("return 'x'", "x".into()),
        ("return nil", Value::Absent),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text, &Shape::Scalar), expected, "{text}");
    }
}
