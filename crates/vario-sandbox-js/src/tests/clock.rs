use super::*;

#[test]
fn a_frozen_clock_stands_still_and_is_a_date_otherwise() {
    let cases = [
        ("Date.now()", Value::Int(1_700_000_000_000)),
        ("new Date().getTime()", Value::Int(1_700_000_000_000)),
        ("Date() === new Date().toString() && typeof Date()", Value::from("string")),
        ("Date(0) === Date()", Value::Bool(true)),
        ("performance.now()", Value::Int(0)),
        ("for (let i = 0; i < 1e5; i++); performance.now()", Value::Int(0)),
        ("new Date(5).getTime()", Value::Int(5)),
        ("new Date(2020, 1, 2).getMonth()", Value::Int(1)),
        ("new Date(undefined).getTime() + ''", Value::from("NaN")),
        ("Date.parse('1970-01-01T00:00:01Z')", Value::Int(1000)),
        ("Date.UTC(1970, 0)", Value::Int(0)),
        ("Date.length + Date.name + Date.now.name + Date.now.length", Value::from("7Datenow0")),
        ("new Date() instanceof Date && Date.prototype.constructor === Date", Value::Bool(true)),
        ("new Date().constructor.now()", Value::Int(1_700_000_000_000)),
        (
            "class D extends Date { x() { return this.getTime() } } new D().x()",
            Value::Int(1_700_000_000_000),
        ),
        ("new (class D2 extends Date {})() instanceof Date", Value::Bool(true)),
        ("Reflect.construct(Date, []).getTime()", Value::Int(1_700_000_000_000)),
        (
            "Object.getOwnPropertyNames(Date).sort().join()",
            Value::from("UTC,length,name,now,parse,prototype"),
        ),
        ("try { new Date.now() } catch (e) { e.name }", Value::from("TypeError")),
        (
            "Object.prototype.get = () => 1; Object.prototype.construct = () => 1; const n = Date.now(); delete Object.prototype.get; delete Object.prototype.construct; n",
            Value::Int(1_700_000_000_000),
        ),
        (
            "Reflect.construct = null; Date.prototype.toString = null; typeof Date() + +new Date()",
            Value::from("string1700000000000"),
        ),
    ];
    let engine = JsEngine::new();
    for (text, expected) in cases {
        let setup = Setup { frozen: Some(1_700_000_000_000), ..Setup::default() };
        assert_eq!(setup.open(&engine).value(text), expected, "{text}");
    }
}

#[test]
fn the_real_clock_runs() {
    let mut world = world();
    assert_eq!(world.value("Date.now() > 1.6e12 && performance.now() >= 0"), Value::Bool(true));
}
