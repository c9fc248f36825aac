//! Handles: what they hold and how long.

use vario_sandbox::{ErrorKind, Kind};
use vario_value::{Shape, Value};

use crate::bench::{Bench, Setup};
use crate::case::{Case, steps};
use crate::same::{list, map};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        steps("kinds", kinds),
        steps("properties", properties),
        steps("a property whose getter throws", throwing),
        steps("they stay valid", stay_valid),
        steps("they outlive errors", outlive_errors),
        steps("there may be many", many),
        steps("one handle in several places", shared),
        steps("reading changes nothing", reading),
    ]
}

fn kinds(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    for (lua, js, kind) in [
        ("return nil", "undefined", Kind::Absent),
        ("", "", Kind::Absent),
        ("return NULL", "null", Kind::Null),
        ("return true", "true", Kind::Primitive),
        ("return 1.5", "1.5", Kind::Primitive),
        ("return 'x'", "'x'", Kind::Primitive),
        ("return ''", "Symbol()", Kind::Primitive),
        ("return 0", "10n", Kind::Primitive),
        ("return print", "(class {})", Kind::Function),
        ("return function() end", "() => 1", Kind::Function),
        ("return host.echo.value", "host.echo.value", Kind::Function),
        ("return {}", "({})", Kind::Object),
        ("return {1}", "[1]", Kind::Object),
        ("return coroutine.create(print)", "Promise.resolve(1)", Kind::Object),
        ("return setmetatable({}, {__call = print})", "/x/", Kind::Object),
    ] {
        let value = world.eval(&bench.script(lua, js));
        assert_eq!(world.instance.kind(value), kind, "{lua} | {js}");
    }
    for (value, kind) in [
        (Value::Absent, Kind::Absent),
        (Value::Null, Kind::Null),
        (Value::Int(1), Kind::Primitive),
        (Value::from("x"), Kind::Primitive),
        (list([]), Kind::Object),
        (map([]), Kind::Object),
    ] {
        let made = world.instance.make(&value).expect("there is memory");
        assert_eq!(world.instance.kind(made), kind, "{value:?}");
    }
}

fn properties(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let object = world.eval(&bench.script(
        "return setmetatable({own = 1, ['a\\0b'] = 3}, {__index = {inherited = 2}})",
        "Object.assign(Object.create({ inherited: 2 }), { own: 1, 'a\\0b': 3 })",
    ));
    for (key, value) in [
        ("own", Value::Int(1)),
        ("inherited", Value::Int(2)),
        ("a\0b", Value::Int(3)),
        ("none", Value::Absent),
        ("", Value::Absent),
    ] {
        let property = world.instance.get(object, key).expect("nothing throws");
        assert_eq!(world.read(property), value, "{key:?}");
    }
    for (lua, js) in [
        ("return 5", "5"),
        ("return true", "true"),
        ("return 'x'", "'x'"),
        ("return nil", "undefined"),
        ("return NULL", "null"),
    ] {
        let primitive = world.eval(&bench.script(lua, js));
        let property = world.instance.get(primitive, "length").expect("nothing throws");
        assert_eq!(world.instance.kind(property), Kind::Absent, "{js}");
    }
}

fn throwing(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let object = world.eval(&bench.script(
        "return setmetatable({}, {__index = function() error('no') end})",
        "({ get x() { throw 'no' } })",
    ));
    let error = world.instance.get(object, "x").expect_err("the getter throws");
    assert_eq!(error.kind, ErrorKind::ThrownText("no".into()));
}

fn stay_valid(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let kept = world.eval(&bench.script("return {list = {1, 2}}", "({ list: [1, 2] })"));
    let garbage = bench.script(
        "for i = 1, 100000 do local t = {i} end collectgarbage()",
        "for (let i = 0; i < 100000; i++) ({ i })",
    );
    for _ in 0..3 {
        world.eval(&garbage);
    }
    let want = map([("list", list([Value::Int(1), Value::Int(2)]))]);
    assert_eq!(world.read(kept), want);
}

fn outlive_errors(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let kept = world.eval(&bench.script("return {n = 1}", "({ n: 1 })"));
    for (lua, js) in
        [("error('x')", "throw 'x'"), ("x = = 1", "x = = 1"), ("local x = nil x()", "null()")]
    {
        world.instance.eval(&bench.script(lua, js)).expect_err("it fails");
    }
    assert_eq!(world.read(kept), map([("n", Value::Int(1))]));
}

fn many(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let handles: Vec<_> = (0..10_000)
        .map(|number| world.instance.make(&Value::Int(number)).expect("there is memory"))
        .collect();
    for (number, handle) in (0..).zip(handles) {
        assert_eq!(world.read(handle), Value::Int(number));
    }
}

fn shared(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let object = world.instance.make(&map([("n", Value::Int(1))])).expect("there is memory");
    let same = world.eval(&bench.script(
        "return function(a, b) a.n = a.n + 1 return a == b and b.n end",
        "(a, b) => { a.n += 1; return a === b && b.n }",
    ));
    let got = world.instance.call(same, &[object, object]).expect("it runs");
    assert_eq!(world.read(got), Value::Int(2));
    world.instance.set_global("object", object).expect("a global can be set");
    let got = world.eval(&bench.script("object.n = object.n + 1 return object.n", "object.n += 1"));
    assert_eq!(world.read(got), Value::Int(3));
    assert_eq!(world.read(object), map([("n", Value::Int(3))]));
}

fn reading(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let value = world.eval(&bench.script("return {a = {1, 2}}", "({ a: [1, 2] })"));
    let first = world.read(value);
    assert_eq!(world.instance.read(value, &Shape::Scalar), Ok(map([])));
    assert_eq!(world.read(value), first);
}
