use proptest::prelude::*;
use vario_sandbox::ErrorKind;
use vario_value::{MAX_DEPTH, Map, Shape, Value};

use super::support::{error, open, value};

#[test]
fn script_values_cross_the_border() {
    let list = |items: Vec<Value>| Value::List(items);
    let int = Value::Int;
    let cases: [(&str, Value); 30] = [
        ("return nil", Value::Absent),
        ("return", Value::Absent),
        ("return null", Value::Null),
        ("return true", Value::Bool(true)),
        ("return 4", int(4)),
        ("return 4.5", Value::Float(4.5)),
        ("return -0.0 == 0 and 1 / -0.0", Value::Float(f64::NEG_INFINITY)),
        ("return 2^53", int(1 << 53)),
        ("return 2^53 + 2", Value::Float(9_007_199_254_740_994.0)),
        ("return 1/0", Value::Float(f64::INFINITY)),
        ("return 'é'", Value::from("é")),
        ("return '\\255'", Value::Bytes(vec![255])),
        ("return ''", Value::from("")),
        ("return {}", Value::Map(Map::new())),
        ("return host.test.echo({})", Value::Map(Map::new())),
        ("return {1, 2}", list(vec![int(1), int(2)])),
        ("return {1, nil, 3}", list(vec![int(1), Value::Absent, int(3)])),
        ("return {{}}", list(vec![Value::Map(Map::new())])),
        ("return {null}", list(vec![Value::Null])),
        ("return {print, 1}", list(vec![Value::Absent, int(1)])),
        ("return {a = print, b = 1}", Value::from([("b", int(1))])),
        (
            "return {b = 1, a = 2, c = 3}",
            Value::from([("a", int(2)), ("b", int(1)), ("c", int(3))]),
        ),
        ("return {1, x = 2}", Value::from([("1", int(1)), ("x", int(2))])),
        ("return {[5] = 1, [1.5] = 2}", Value::from([("1.5", int(2)), ("5", int(1))])),
        ("return {[1] = 'n', ['1'] = 's', x = 0}", Value::from([("1", "s".into()), ("x", int(0))])),
        ("return {[true] = 1, [{}] = 2, x = 3}", Value::from([("x", int(3))])),
        ("return buffer.fromstring('ab')", Value::Bytes(b"ab".to_vec())),
        ("return setmetatable({}, {__index = {a = 1}})", Value::Map(Map::new())),
        (
            "return setmetatable({a = 1}, {__iter = error, __len = error})",
            Value::from([("a", int(1))]),
        ),
        ("return function() end", Value::Absent),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text), expected, "{text}");
    }
    assert!(matches!(value("return 0/0"), Value::Float(number) if number.is_nan()));
    assert!(matches!(value("return -0.0"), Value::Float(number) if number.is_sign_negative()));
}

#[test]
fn cycles_and_depth_are_refused() {
    let deep =
        |levels: usize| format!("local t = {{}} for i = 2, {levels} do t = {{t = t}} end return t");
    assert!(matches!(value(&deep(MAX_DEPTH)), Value::Map(_)));
    let cases = [
        "local t = {} t.t = t return t",
        "local t = {1} t[1] = {t} return t",
        &deep(MAX_DEPTH + 1),
        // Every level doubles what is read, while the script holds 60 tables.
        "local t = {1} for i = 1, 60 do t = {t, t} end return t",
    ];
    for text in cases {
        assert_eq!(error(text).kind, ErrorKind::Value, "{text}");
    }
}

#[test]
fn shared_parts_are_no_cycle() {
    assert_eq!(
        value("local t = {1} return {t, t}"),
        Value::parse_json("[[1],[1]]").expect("the text is JSON")
    );
}

#[test]
fn a_value_too_deep_is_not_made() {
    let nested =
        |levels: usize| (1..levels).fold(Value::List(vec![]), |inner, _| Value::List(vec![inner]));
    let mut world = open();
    assert!(world.instance.make(&nested(MAX_DEPTH)).is_ok());
    let error = world.instance.make(&nested(MAX_DEPTH + 1)).expect_err("it is too deep");
    assert_eq!(error.kind, ErrorKind::Value);
}

#[test]
fn the_empty_array_stays_an_array() {
    let mut world = open();
    let empty = world.instance.make(&Value::List(vec![])).expect("there is memory");
    world.instance.set_global("empty", empty).expect("globals can be set");
    let cases = [
        ("return empty", Value::List(vec![])),
        ("return {a = empty}", Value::from([("a", Value::List(vec![]))])),
        ("return setmetatable({}, getmetatable(empty))", Value::List(vec![])),
        ("empty[1] = 2 return empty", Value::List(vec![Value::Int(2)])),
        ("empty[1] = nil empty.x = 1 return empty", Value::from([("x", Value::Int(1))])),
    ];
    for (text, expected) in cases {
        assert_eq!(world.value(text).expect("it runs"), expected, "{text}");
    }
}

#[test]
fn big_integers_become_the_nearest_double() {
    let mut world = open();
    let big = world.instance.make(&Value::Int(i64::MAX)).expect("there is memory");
    let read = world.instance.read(big, &Shape::Any).expect("it is a number");
    assert_eq!(read, Value::Float(9_223_372_036_854_775_807.0));
}

fn json_like() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-(1_i64 << 53)..=1 << 53).prop_map(Value::Int),
        any::<f64>().prop_filter("NaN equals nothing", |n| !n.is_nan()).prop_map(Value::number),
        ".{0,8}".prop_map(Value::Str),
        Just(Value::Bytes(vec![0xff, 0xfe, 0])),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            proptest::collection::btree_map("[a-z]{1,4}", inner, 0..6)
                .prop_map(|map| Value::Map(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Lists, empty ones too, and maps with sorted keys come back as they went in.
    #[test]
    fn a_value_comes_back_as_it_was(expected in json_like()) {
        let mut world = open();
        let handle = world.instance.make(&expected).expect("there is memory");
        prop_assert_eq!(&world.instance.read(handle, &Shape::Any).expect("it is plain"), &expected);
        world.instance.set_global("given", handle).expect("globals can be set");
        let echoed = world.value("return host.test.echo(given)").expect("it runs");
        prop_assert_eq!(echoed, expected);
    }
}
