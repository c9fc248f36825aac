//! What the host gives, as a script sees it.

use vario_sandbox::Language;
use vario_value::{Shape, Value};

use crate::bench::{Bench, Setup};
use crate::case::{Case, both, case, steps};
use crate::same::{list, map, text};

pub(crate) fn cases() -> Vec<Case> {
    [primitives(), containers()].into_iter().flatten().collect()
}

/// A program that is given one value and judges it by these expressions.
fn sees(name: &'static str, value: impl Into<Value>, lua: &str, js: &str) -> Case {
    case(name)
        .arg(value)
        .lua(format!("return function(v) return {lua} end"))
        .js(format!("(function (v) {{ return {js} }})"))
        .holds()
}

fn primitives() -> Vec<Case> {
    vec![
        sees("null", Value::Null, "v == NULL and v ~= nil", "v === null"),
        sees("absent", Value::Absent, "v == nil", "v === undefined"),
        sees("true", true, "v == true", "v === true"),
        sees("false", false, "v == false", "v === false"),
        sees("an integer", 7, "v == 7 and type(v) == 'number'", "v === 7"),
        sees("negative zero", -0.0, "1 / v == -math.huge", "Object.is(v, -0)"),
        sees("a fraction", 0.1, "v == 0.1", "v === 0.1"),
        sees("not a number", f64::NAN, "v ~= v", "Number.isNaN(v)"),
        sees("infinity", f64::INFINITY, "v == math.huge", "v === Infinity"),
        sees("minus infinity", f64::NEG_INFINITY, "v == -math.huge", "v === -Infinity"),
        sees("2^53", 1 << 53, "v == 9007199254740992", "v === 9007199254740992"),
        sees(
            "beyond 2^53 an integer is the nearest double",
            i64::MAX,
            "v == 2 ^ 63",
            "v === 2 ** 63",
        ),
        sees("the least integer", i64::MIN, "v == -(2 ^ 63)", "v === -(2 ** 63)"),
        sees("empty text", "", "v == '' and #v == 0", "v === ''"),
        sees(
            "unicode",
            "grüße 🚀",
            "v == 'grüße 🚀' and #v == 12",
            "v === 'grüße 🚀' && v.length === 8",
        ),
        sees("a NUL in a text", "a\0b", "v == 'a\\0b' and #v == 3", "v === 'a\\0b'"),
        sees("a long text", "x".repeat(1_000_000), "#v == 1000000", "v.length === 1000000"),
        sees(
            "bytes",
            Value::Bytes(vec![255, 0]),
            "v == '\\255\\0'",
            "v instanceof ArrayBuffer && v.byteLength === 2 && new Uint8Array(v)[0] === 255",
        ),
        sees("no bytes", Value::Bytes(Vec::new()), "v == ''", "v.byteLength === 0"),
    ]
}

fn containers() -> Vec<Case> {
    let one = || Value::Int(1);
    vec![
        sees("an empty list", list([]), "#v == 0", "Array.isArray(v) && v.length === 0"),
        sees("an empty map", map([]), "next(v) == nil", "Object.keys(v).length === 0"),
        sees(
            "a list",
            list([one(), text("b")]),
            "#v == 2 and v[1] == 1 and v[2] == 'b'",
            "Array.isArray(v) && v.length === 2 && v[0] === 1 && v[1] === 'b'",
        ),
        sees(
            "null and absent in a map",
            map([("a", Value::Null), ("b", Value::Absent), ("c", one())]),
            "v.a == NULL and v.b == nil and v.c == 1",
            "v.a === null && v.b === undefined && v.c === 1",
        ),
        sees(
            "nested",
            map([("a", list([map([("b", one())])]))]),
            "v.a[1].b == 1",
            "v.a[0].b === 1",
        ),
        sees(
            "keys with names that mean something",
            map([("__proto__", one()), ("constructor", one())]),
            "rawget(v, '__proto__') == 1 and rawget(v, 'constructor') == 1",
            "Object.hasOwn(v, '__proto__') && Object.hasOwn(v, 'constructor') \
             && Object.getPrototypeOf(v) === Object.prototype",
        ),
        case("keys come in their order")
            .js("(v) => Object.keys(v).join()")
            .arg(map([("b", one()), ("c", one()), ("a", one())]))
            .not_in(Language::Lua, "a Lua table has no order")
            .gives("b,c,a"),
        both(
            "what was given can be changed",
            "return function(v) v.a.b = 2 v.c = 3 v.d = nil return v.a.b + v.c end",
            "(v) => { v.a.b = 2; v.c = 3; delete v.d; return v.a.b + v.c }",
        )
        .arg(map([("a", map([])), ("d", one())]))
        .gives(5),
        both(
            "an empty list can be filled",
            "return function(v) table.insert(v, 1) v[2] = 2 return v end",
            "(v) => { v.push(1); v[1] = 2; return v }",
        )
        .arg(list([]))
        .gives(list([one(), Value::Int(2)])),
        steps("a value is made anew each time", made_anew),
        steps("a setter of the script sees nothing", unseen_by_setters),
    ]
}

fn made_anew(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let value = map([("n", Value::Int(1))]);
    let change = world.eval(&bench.script(
        "return function(v) v.n = v.n + 1 return v.n end",
        "(v) => { v.n += 1; return v.n }",
    ));
    for _ in 0..3 {
        let made = world.instance.make(&value).expect("there is memory");
        let changed = world.instance.call(change, &[made]).expect("it runs");
        assert_eq!(world.read(changed), Value::Int(2));
    }
}

fn unseen_by_setters(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    world.eval(&bench.script(
        "hits = 0 setmetatable(_G, {__newindex = function() hits = hits + 1 end})",
        "globalThis.hits = 0;
         Object.defineProperty(Object.prototype, 'n', { set() { hits += 1 }, configurable: true });
         Object.defineProperty(Array.prototype, '0', { set() { hits += 1 }, configurable: true });",
    ));
    let value = map([("n", list([Value::Int(1)]))]);
    let made = world.instance.make(&value).expect("there is memory");
    world.instance.set_global("made", made).expect("a global can be set");
    assert_eq!(world.instance.read(made, &Shape::Any), Ok(value));
    let hits = world.instance.global("hits").expect("it is there");
    assert_eq!(world.read(hits), Value::Int(0));
}
