//! What a script gives, as the host sees it.

use vario_sandbox::Language;
use vario_value::Value;

use crate::case::{Case, both};
use crate::expect::Expect;
use crate::same::{list, map, text};

pub(crate) fn cases() -> Vec<Case> {
    [nothing(), numbers(), texts(), containers(), oddities()].into_iter().flatten().collect()
}

fn nothing() -> Vec<Case> {
    vec![
        both("null", "return NULL", "null").gives(Value::Null),
        both("absent", "return nil", "undefined").gives(Value::Absent),
        both("an empty program", "", "").gives(Value::Absent),
        both("true", "return true", "true").gives(true),
        both("false", "return false", "false").gives(false),
        both("null in a list", "return {NULL, 1}", "[null, 1]")
            .gives(list([Value::Null, Value::Int(1)])),
        both("null in a map", "return {a = NULL}", "({ a: null })")
            .gives(map([("a", Value::Null)])),
        both("absent in a list", "return {1, nil, 3}", "[1, undefined, 3]").gives(list([
            Value::Int(1),
            Value::Absent,
            Value::Int(3),
        ])),
    ]
}

fn numbers() -> Vec<Case> {
    let int = Value::Int;
    let float = Value::Float;
    vec![
        both("zero", "return 0", "0").gives(int(0)),
        both("negative zero", "local z = 0 return -z", "-0").gives(float(-0.0)),
        both("an integer", "return -7", "-7").gives(int(-7)),
        both("an integer written as a fraction", "return 3.0", "3.0").gives(int(3)),
        both("a fraction", "return 0.1", "0.1").gives(float(0.1)),
        both("2^31", "return 2147483648", "2147483648").gives(int(1 << 31)),
        both("2^53", "return 9007199254740992", "9007199254740992").gives(int(1 << 53)),
        both("-2^53", "return -9007199254740992", "-9007199254740992").gives(int(-(1 << 53))),
        both("beyond 2^53", "return 9007199254740994", "9007199254740994")
            .gives(float(9_007_199_254_740_994.0)),
        both("far beyond 2^53", "return 1e300", "1e300").gives(float(1e300)),
        both("the smallest number", "return 5e-324", "5e-324").gives(float(5e-324)),
        both("not a number", "return 0 / 0", "NaN").gives(float(f64::NAN)),
        both("infinity", "return math.huge", "Infinity").gives(float(f64::INFINITY)),
        both("minus infinity", "return -math.huge", "-Infinity").gives(float(f64::NEG_INFINITY)),
        both(
            "numbers that JSON cannot hold, inside",
            "return {0 / 0, math.huge}",
            "[NaN, Infinity]",
        )
        .gives(list([float(f64::NAN), float(f64::INFINITY)])),
    ]
}

fn texts() -> Vec<Case> {
    let bytes = Value::Bytes;
    vec![
        both("empty text", "return ''", "''").gives(""),
        both("unicode", "return 'grüße 🚀 \\u{301}'", "'grüße 🚀 \\u{301}'")
            .gives("grüße 🚀 \u{301}"),
        both("a NUL in a text", "return 'a\\0b'", "'a\\0b'").gives("a\0b"),
        both("line ends", "return 'a\\r\\nb\\n'", "'a\\r\\nb\\n'").gives("a\r\nb\n"),
        both("digits stay text", "return '12'", "'12'").gives("12"),
        both("a long text", "return string.rep('x', 1000000)", "'x'.repeat(1000000)")
            .gives("x".repeat(1_000_000)),
        both("bytes", "return '\\255\\0\\254'", "new Uint8Array([255, 0, 254]).buffer")
            .gives(bytes(vec![255, 0, 254])),
        both("what is no unicode", "return 'a\\237\\160\\128b'", "'a\\ud800b'")
            .differs(
                Language::Lua,
                Expect::Value(bytes(vec![b'a', 0xED, 0xA0, 0x80, b'b'])),
                "a Lua string is bytes; a JavaScript string is UTF-16 and has no bytes to keep",
            )
            .gives("a\u{FFFD}b"),
        both("what is no unicode, inside", "return {'\\255'}", "['\\udfff']")
            .differs(Language::Lua, Expect::Value(list([bytes(vec![255])])), "as above")
            .gives(list([text("\u{FFFD}")])),
        both("a pair of surrogates is a character", "return '\\u{1F680}'", "'\\ud83d\\ude80'")
            .gives("🚀"),
    ]
}

fn containers() -> Vec<Case> {
    let one_two = || list([Value::Int(1), Value::Int(2)]);
    vec![
        both("an empty map", "return {}", "({})").gives(map([])),
        both("an empty list", "return {}", "[]")
            .differs(
                Language::Lua,
                Expect::Value(map([])),
                "Lua has one empty table; only a host function makes empty lists",
            )
            .gives(list([])),
        both("a list", "return {1, 2}", "[1, 2]").gives(one_two()),
        both("a map", "return {a = 1, b = {c = 'd'}}", "({ a: 1, b: { c: 'd' } })")
            .gives(map([("a", Value::Int(1)), ("b", map([("c", text("d"))]))])),
        both("lists in lists", "return {{1, 2}, {1, 2}}", "[[1, 2], [1, 2]]")
            .gives(list([one_two(), one_two()])),
        both("one value in two places", "local a = {1, 2} return {a, a}", "var a = [1, 2]; [a, a]")
            .gives(list([one_two(), one_two()])),
        both(
            "a list of 10,000",
            "local t = {} for i = 1, 10000 do t[i] = i end return t",
            "Array.from({ length: 10000 }, (_, i) => i + 1)",
        )
        .gives(Value::List((1..=10_000).map(Value::Int).collect())),
        both("numbers as keys", "return {[7] = 'a', x = 'b'}", "({ 7: 'a', x: 'b' })")
            .gives(map([("7", text("a")), ("x", text("b"))])),
        both("an empty key", "return {[''] = 1}", "({ '': 1 })").gives(map([("", Value::Int(1))])),
        both("a NUL in a key", "return {['a\\0b'] = 1}", "({ 'a\\0b': 1 })")
            .gives(map([("a\0b", Value::Int(1))])),
        both("the order of keys", "return {b = 1, c = 2, a = 3}", "({ b: 1, c: 2, a: 3 })")
            .differs(
                Language::Lua,
                Expect::Check(|outcome| {
                    let keys = outcome.value().as_map().expect("a map").keys();
                    assert!(keys.eq(["a", "b", "c"]), "sorted");
                }),
                "a Lua table has no order, so it must be the same one every time",
            )
            .check(|outcome| {
                let keys = outcome.value().as_map().expect("a map").keys();
                assert!(keys.eq(["b", "c", "a"]), "as inserted");
            }),
    ]
}

fn oddities() -> Vec<Case> {
    let one = || map([("a", Value::Int(1))]);
    vec![
        both(
            "own keys with names that mean something",
            "return {__proto__ = 1, constructor = 2, __index = 3, toString = 4}",
            "({ ['__proto__']: 1, constructor: 2, __index: 3, toString: 4 })",
        )
        .gives(map([
            ("__proto__", Value::Int(1)),
            ("constructor", Value::Int(2)),
            ("__index", Value::Int(3)),
            ("toString", Value::Int(4)),
        ])),
        both("functions are left out", "return {a = 1, f = print}", "({ a: 1, f() {} })")
            .gives(one()),
        both(
            "what is no value is left out",
            "return {a = 1, co = coroutine.create(print)}",
            "({ a: 1, s: Symbol('s') })",
        )
        .gives(one()),
        both(
            "inherited keys are not read deep",
            "return setmetatable({a = 1}, {__index = {b = 2}})",
            "Object.assign(Object.create({ b: 2 }), { a: 1 })",
        )
        .gives(one()),
        both(
            "a list with holes",
            "local t = {} t[1] = 1 t[5] = 5 return t",
            "var t = []; t[0] = 1; t[4] = 5; t",
        )
        .differs(
            Language::Lua,
            Expect::Value(map([("1", Value::Int(1)), ("5", Value::Int(5))])),
            "a Lua table is a list only without holes",
        )
        .gives(list([
            Value::Int(1),
            Value::Absent,
            Value::Absent,
            Value::Absent,
            Value::Int(5),
        ])),
        both(
            "a getter that throws leaves its entry out",
            "return {a = 1}",
            "({ a: 1, get b() { throw new Error('no') } })",
        )
        .gives(one()),
        both(
            "a list that claims another length",
            "return setmetatable({1, 2}, {__len = function() return 1000000000 end})",
            "Object.assign([1, 2], { size: 1000000000 })",
        )
        .gives(list([Value::Int(1), Value::Int(2)])),
    ]
}
