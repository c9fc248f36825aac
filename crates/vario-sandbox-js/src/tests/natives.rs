use super::*;

#[test]
fn groups_and_functions_are_plain_and_lazy() {
    let mut world = world();
    let cases = [
        ("Object.keys(host).join()", "a,b"),
        ("Object.keys(host.b).join()", "failType,stop,panic,nest,count"),
        (
            "JSON.stringify(Object.getOwnPropertyDescriptor(host, 'a'))",
            r#"{"value":{},"writable":true,"enumerable":true,"configurable":true}"#,
        ),
        ("typeof host.a.echo + host.a.echo.name", "functionecho"),
        ("String(host.a.echo === host.a.echo)", "true"),
        ("String(Object.getPrototypeOf(host) === Object.prototype)", "true"),
        ("String(Object.getPrototypeOf(host.a) === Object.prototype)", "true"),
        ("host.a.echo = () => 'mine'; host.a.echo('theirs')", "mine"),
        ("delete host.a.fail; 'fail' in host.a ? 'there' : 'gone'", "gone"),
        ("({ ...host.b }).count() + ''", "1"),
        ("host.b = { x: 1 }; JSON.stringify(host)", r#"{"a":{},"b":{"x":1}}"#),
    ];
    for (text, expected) in cases {
        assert_eq!(world.value(text), Value::from(expected), "{text}");
    }
    assert_eq!(world.calls(), [(COUNT, Vec::new())]);
}

#[test]
fn arguments_arrive_as_neutral_values() {
    let mut world = world();
    world.value("host.a.echo(undefined, null, 1, 'x', [1, () => 1], { a: undefined, b: Symbol() }, new Date(0))");
    let object = Value::from([("a", Value::Absent)]);
    let expected = vec![
        Value::Absent,
        Value::Null,
        Value::Int(1),
        Value::from("x"),
        Value::List(vec![Value::Int(1), Value::Absent]),
        object,
        Value::from("1970-01-01T00:00:00.000Z"),
    ];
    assert_eq!(world.calls(), [(ECHO, expected)]);
    assert_eq!(world.value("host.a.echo()"), Value::Absent);
}

#[test]
fn what_cannot_cross_is_a_type_error() {
    let cases = [
        ("() => 1", "TypeError: Error converting from js 'function' into type 'value'"),
        ("Symbol()", "TypeError: Error converting from js 'symbol' into type 'value'"),
        ("1n", "TypeError: cannot convert bigint"),
        ("[{ a: 1n }]", "TypeError: cannot convert bigint"),
        ("(() => { const a = []; a.push(a); return a })()", "TypeError: value contains itself"),
        ("{ get a() { throw new RangeError('mine') } }", "RangeError: mine"),
        ("{ toJSON() { throw 'text' } }", "text"),
        ("new Proxy({}, { ownKeys() { throw 'keys' } })", "keys"),
        (
            "Object.assign([], { length: 2 ** 32 - 1 })",
            "TypeError: value is too large to leave the script",
        ),
        (
            "Array(1000).fill('x'.repeat(1 << 20))",
            "TypeError: value is too large to leave the script",
        ),
        (
            "(() => { const b = new ArrayBuffer(8); b.transfer(); return new Proxy([], { get: (_, k) => k === 'length' ? NaN : 1 }) })()",
            "fine",
        ),
    ];
    for (arg, expected) in cases {
        let mut world = world();
        let text = format!("try {{ host.a.echo({arg}); 'fine' }} catch (e) {{ String(e) }}");
        assert_eq!(world.value(&text), Value::from(expected), "{arg}");
        assert_eq!(world.calls().len(), usize::from(expected == "fine"), "{arg}");
    }
}

#[test]
fn failures_are_ordinary_errors() {
    let mut world = world();
    let text = |call: &str| {
        format!(
            "try {{ {call} }} catch (e) {{
               [e instanceof Error, Object.getPrototypeOf(e) === TypeError.prototype,
                e.message, Object.keys(e).length, Object.hasOwn(e, 'message'), typeof e.stack] }}"
        )
    };
    let expected = |type_error: bool, message: &str| {
        Value::List(vec![
            true.into(),
            type_error.into(),
            message.into(),
            0_i64.into(),
            true.into(),
            "string".into(),
        ])
    };
    let long = "x".repeat(400);
    assert_eq!(world.value(&text("host.a.fail()")), expected(false, &long));
    assert_eq!(world.value(&text("host.b.failType()")), expected(true, "wrong type"));
    assert_eq!(world.value(&text("host.b.panic()")), expected(false, "host function failed"));
    assert_eq!(world.value(&text("host.b.nest()")), expected(true, "value is nested too deeply"));
    let error = world.error("host.b.failType()");
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Thrown, "TypeError: wrong type"));
}

#[test]
fn names_the_engine_cannot_take_are_refused() {
    let function = NativeFunction { name: "a\0b".into(), id: 1 };
    let group = NativeGroup { name: "g".into(), functions: vec![function] };
    assert!(crate::natives::table(&[group]).is_err());
    let functions = (0..40_000).map(|id| NativeFunction { name: "f".into(), id }).collect();
    assert!(crate::natives::table(&[NativeGroup { name: "g".into(), functions }]).is_err());
}
