use crate::{Shape, Value};

#[test]
fn numbers_are_canonical() {
    let cases = [
        (0.0, Value::Int(0)),
        (-0.0, Value::Float(-0.0)),
        (4.0, Value::Int(4)),
        (4.5, Value::Float(4.5)),
        (9_007_199_254_740_992.0, Value::Int(9_007_199_254_740_992)),
        (9_007_199_254_740_994.0, Value::Float(9_007_199_254_740_994.0)),
        (f64::INFINITY, Value::Float(f64::INFINITY)),
    ];
    for (number, expected) in cases {
        assert_eq!(Value::number(number), expected, "{number}");
    }
    assert!(matches!(Value::number(f64::NAN), Value::Float(number) if number.is_nan()));
}

#[test]
fn truth_is_javascripts() {
    let falsy = [
        Value::Absent,
        Value::Null,
        Value::Bool(false),
        Value::Int(0),
        Value::Float(0.0),
        Value::Float(f64::NAN),
        Value::from(""),
    ];
    for value in falsy {
        assert!(!value.is_truthy(), "{value:?}");
    }
    let truthy = [
        Value::Bool(true),
        Value::Int(-1),
        Value::from("0"),
        Value::List(Vec::new()),
        Value::Map(crate::Map::new()),
    ];
    for value in truthy {
        assert!(value.is_truthy(), "{value:?}");
    }
}

#[test]
fn json_drops_absent_properties_and_keeps_null() {
    let value = Value::from([
        ("gone", Value::Absent),
        ("null", Value::Null),
        ("list", Value::List(vec![Value::Absent, Value::Float(f64::NAN), Value::Int(1)])),
    ]);
    assert_eq!(value.to_json().to_string(), r#"{"null":null,"list":[null,null,1]}"#);
}

#[test]
fn json_keeps_order_and_big_integers() {
    let text = r#"{"z":9007199254740993,"a":18446744073709551615,"m":-1.5}"#;
    let value = Value::parse_json(text).expect("the text is JSON");
    assert_eq!(value.get("z"), Some(&Value::Int(9_007_199_254_740_993)));
    assert_eq!(value.get("a"), Some(&Value::Float(18_446_744_073_709_551_615.0)));
    let keys: Vec<_> = value.as_map().expect("a map").keys().collect();
    assert_eq!(keys, ["z", "a", "m"]);
}

#[test]
fn deep_json_is_refused() {
    let text = "[".repeat(5_000) + &"]".repeat(5_000);
    assert!(Value::parse_json(&text).is_err());
}

#[test]
fn a_shape_reads_only_what_it_names() {
    static LINE: Shape = Shape::Object(&[("type", Shape::Scalar), ("format", Shape::Scalar)]);
    static RESULT: Shape =
        Shape::Object(&[("plan", Shape::Scalar), ("lines", Shape::List { item: &LINE, max: 2 })]);
    let value = Value::parse_json(
        r#"{"extra":1,"lines":[{"type":"text","format":{"kind":"percent"}},null,3]}"#,
    )
    .expect("the text is JSON");
    let read = RESULT.read(&value);
    let lines = Value::List(vec![
        Value::from([("type", Value::from("text")), ("format", Value::Map(crate::Map::new()))]),
        Value::Null,
    ]);
    assert_eq!(read, Value::from([("plan", Value::Absent), ("lines", lines)]));
}
