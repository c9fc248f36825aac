use proptest::prelude::*;
use vario_value::Map;

use super::*;
use crate::raw::text::decode;

#[test]
fn scripts_values_become_neutral() {
    let bytes = |bytes: &[u8]| Value::Bytes(bytes.to_vec());
    let cases = [
        ("undefined", Value::Absent),
        ("null", Value::Null),
        ("true", Value::Bool(true)),
        ("-0", Value::Float(-0.0)),
        ("2 ** 53", Value::Int(1 << 53)),
        ("2 ** 53 + 2", Value::Float(9_007_199_254_740_994.0)),
        ("1.5", Value::Float(1.5)),
        ("1 / 0", Value::Float(f64::INFINITY)),
        ("'a\\u{1F600}\\0é'", Value::from("a\u{1F600}\0é")),
        ("'a\\ud83d-\\ude00b'", Value::from("a\u{FFFD}-\u{FFFD}b")),
        ("({ ['\\ud83d']: 1 })", Value::from([("\u{FFFD}", Value::Int(1))])),
        ("'a'.repeat(3) + 'é'.repeat(2)", Value::from("aaaéé")),
        ("Symbol('s')", Value::Absent),
        ("(() => 1)", Value::Absent),
        (
            "[1, undefined, () => 1, Symbol(), null]",
            Value::List(vec![
                Value::Int(1),
                Value::Absent,
                Value::Absent,
                Value::Absent,
                Value::Null,
            ]),
        ),
        ("[1, , 3]", Value::List(vec![Value::Int(1), Value::Absent, Value::Int(3)])),
        ("new Uint8Array([1, 2, 3]).buffer", bytes(&[1, 2, 3])),
        ("new Uint8Array([1, 2, 3]).subarray(1)", bytes(&[2, 3])),
        ("new Uint16Array([257])", bytes(&[1, 1])),
        ("new Uint8Array(0)", bytes(&[])),
        ("new ArrayBuffer(0)", bytes(&[])),
        ("new Date(0)", Value::from("1970-01-01T00:00:00.000Z")),
        ("new Date(NaN)", Value::Null),
        ("({ toJSON(key) { return [key, this.x] }, x: 1 })", json(r#"["", 1]"#)),
        ("({ k: { toJSON: (key) => key } })", json(r#"{"k": "k"}"#)),
        ("[{ toJSON: (key) => key }]", json(r#"["0"]"#)),
        ("({ toJSON: () => ({ toJSON: () => 1, y: 2 }) }).y", Value::Absent),
        ("new Proxy([1, 2], {})", json("[1, 2]")),
        ("new Proxy(new Proxy({ a: 1 }, {}), {})", json(r#"{"a": 1}"#)),
        ("({ b: 1, a: 2, 1: 3, [Symbol()]: 4 })", json(r#"{"1": 3, "b": 1, "a": 2}"#)),
        ("Object.create({ inherited: 1 }, { hidden: { value: 1 } })", json("{}")),
        ("JSON.parse('{\"__proto__\": 1}')", json(r#"{"__proto__": 1}"#)),
        ("new Map([[1, 2]])", json("{}")),
    ];
    let mut world = world();
    for (text, expected) in cases {
        let value = world.value(text);
        assert_eq!(value, expected, "{text}");
        // Minus zero equals zero, but must not become an integer.
        assert_eq!(value.type_name(), expected.type_name(), "{text}");
    }
}

#[test]
fn neutral_values_become_the_scripts() {
    let cases = [
        (Value::Absent, "v === undefined"),
        (Value::Null, "v === null"),
        (Value::Int(i64::MAX), "v === 9223372036854775807"),
        (Value::Int(1 << 40), "v === 2 ** 40"),
        (Value::Float(-0.0), "Object.is(v, -0)"),
        (Value::from("a\0b"), "v === 'a\\0b'"),
        (Value::Bytes(vec![1, 255]), "v instanceof ArrayBuffer && new Uint8Array(v)[1] === 255"),
        (
            json(r#"{"__proto__": {"x": 1}}"#),
            "v.x === undefined && Object.keys(v)[0] === '__proto__'",
        ),
        (json(r#"{"b": 1, "a": [2]}"#), "JSON.stringify(v) === '{\"b\":1,\"a\":[2]}'"),
        (json("[1, [2]]"), "Array.isArray(v) && v.length === 2 && v[1][0] === 2"),
    ];
    let mut world = world();
    for (value, test) in cases {
        let handle = world.js.make(&value).unwrap();
        world.js.set_global("v", handle).unwrap();
        assert_eq!(world.value(test), Value::Bool(true), "{test}");
    }
}

#[test]
fn a_polluted_prototype_does_not_see_made_values() {
    let mut world = world();
    world.value(
        "globalThis.seen = [];
         Object.defineProperty(Object.prototype, 'k', { set(v) { seen.push(v) } });
         Object.defineProperty(Array.prototype, '0', { set(v) { seen.push(v) } });
         1",
    );
    let handle = world.js.make(&json(r#"[{"k": 1}]"#)).unwrap();
    assert_eq!(world.js.read(handle, &Shape::Any), Ok(json(r#"[{"k": 1}]"#)));
    assert_eq!(world.value("seen.length"), Value::Int(0));
}

#[test]
fn depth_is_limited_in_both_directions() {
    let nested = |depth: usize| (0..depth).fold(Value::Null, |inner, _| Value::List(vec![inner]));
    let mut world = world();
    let handle = world.js.make(&nested(128)).unwrap();
    assert_eq!(world.js.read(handle, &Shape::Any), Ok(nested(128)));
    assert_eq!(world.js.make(&nested(129)).unwrap_err().kind, ErrorKind::Value);
    let deep = world.eval("let v = null; for (let i = 0; i < 129; i++) v = [v]; v").unwrap();
    let error = world.js.read(deep, &Shape::Any).unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::Value, "value is nested too deeply")
    );
    let cycle = world.eval("const c = {}; c.list = [c, c]; c").unwrap();
    let error = world.js.read(cycle, &Shape::Any).unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Value, "value contains itself"));
}

#[test]
fn shapes_read_what_they_name() {
    static ITEM: Shape = Shape::Object(&[("a", Shape::Scalar), ("throws", Shape::Scalar)]);
    static RESULT: Shape = Shape::Object(&[
        ("plan", Shape::Scalar),
        ("lines", Shape::List { item: &ITEM, max: 3 }),
        ("missing", Shape::Scalar),
        ("throws", Shape::Any),
    ]);
    let mut world = world();
    let result = world
        .eval(
            "globalThis.touched = false;
             class Base { get plan() { return 'Pro' } }
             class Result extends Base {
               get throws() { throw 1 }
               get other() { touched = true }
               lines = [{ a: [1] , throws: {} }, null, new Proxy({}, { get(_, k) {
                 if (k === 'throws') throw k; return k } }), 4, 5]
             }
             new Result()",
        )
        .unwrap();
    let lines = vec![
        Value::from([("a", Value::List(Vec::new())), ("throws", Value::Map(Map::new()))]),
        Value::Null,
        Value::from([("a", Value::from("a"))]),
    ];
    let expected = Value::from([
        ("plan", Value::from("Pro")),
        ("lines", Value::List(lines)),
        ("missing", Value::Absent),
    ]);
    assert_eq!(world.js.read(result, &RESULT), Ok(expected));
    assert_eq!(world.value("touched"), Value::Bool(false));
}

#[test]
fn scalars_and_lists_of_what_is_none() {
    static LIST: Shape = Shape::List { item: &Shape::Scalar, max: usize::MAX };
    let empty_list = Value::List(Vec::new());
    let empty_map = Value::Map(Map::new());
    let cases = [
        ("1n", Value::Absent, Value::Absent),
        ("Symbol()", Value::Absent, Value::Absent),
        ("() => 1", empty_map.clone(), empty_map.clone()),
        ("({ length: 1, 0: 1 })", empty_map.clone(), empty_map.clone()),
        ("[1, {}]", empty_list.clone(), Value::List(vec![Value::Int(1), empty_map.clone()])),
        ("new Proxy([1], {})", empty_list.clone(), json("[1]")),
        (
            "Object.defineProperty([1, 2], 0, { get() { throw 1 } })",
            empty_list,
            Value::List(vec![Value::Absent, Value::Int(2)]),
        ),
        ("new Date(0)", empty_map.clone(), empty_map),
        ("'text'", Value::from("text"), Value::from("text")),
    ];
    let mut world = world();
    for (text, scalar, list) in cases {
        let handle = world.eval(text).unwrap();
        assert_eq!(world.js.read(handle, &Shape::Scalar), Ok(scalar), "{text}");
        assert_eq!(world.js.read(handle, &LIST), Ok(list), "{text}");
    }
}

#[test]
fn broken_text_is_replaced_piece_by_piece() {
    let cases: [(&[u8], &str); 5] = [
        (b"plain", "plain"),
        (b"a\xED\xA0\xBDb", "a\u{FFFD}b"),
        (b"\xED\xA0\xBD\xED\xB8\x80", "\u{FFFD}\u{FFFD}"),
        (b"a\xFFb", "a\u{FFFD}b"),
        (b"\xED\xA0", "\u{FFFD}\u{FFFD}"),
    ];
    for (bytes, expected) in cases {
        assert_eq!(decode(bytes), expected);
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-(1_i64 << 53)..=1 << 53).prop_map(Value::Int),
        any::<f64>()
            .prop_filter("NaN is not equal to itself", |f| !f.is_nan())
            .prop_map(Value::number),
        any::<String>().prop_map(Value::Str),
        prop::collection::vec(any::<u8>(), 0..16).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        // The engine, as the language wants it, puts keys that are array indices first.
        let key = "[a-z_$é ]{0,8}|__proto__|constructor|toString";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_survive_the_way_in_and_out(values in prop::collection::vec(any_value(), 1..8)) {
        let mut world = world();
        let echo = world.eval("host.a.echo").unwrap();
        for value in values {
            let made = world.js.make(&value).unwrap();
            prop_assert_eq!(&world.js.read(made, &Shape::Any).unwrap(), &value);
            let echoed = world.js.call(echo, &[made]).unwrap();
            prop_assert_eq!(&world.js.read(echoed, &Shape::Any).unwrap(), &value);
        }
    }
}
