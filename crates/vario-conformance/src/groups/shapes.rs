//! Reading by a shape: exactly what is named, and nothing else is touched.

use vario_sandbox::Language;
use vario_value::{Shape, Value};

use crate::case::{Case, both, case};
use crate::expect::Expect;
use crate::same::{list, map, text};

static LINE: Shape = Shape::Object(&[("label", Shape::Scalar), ("used", Shape::Scalar)]);
static LINES: Shape = Shape::List { item: &LINE, max: 3 };
static RESULT: Shape = Shape::Object(&[("plan", Shape::Scalar), ("lines", LINES)]);
static ALL_ITEMS: Shape = Shape::List { item: &Shape::Scalar, max: usize::MAX };
static THREE_ITEMS: Shape = Shape::List { item: &Shape::Scalar, max: 3 };

pub(crate) fn cases() -> Vec<Case> {
    [properties(), getters(), lists(), others()].into_iter().flatten().collect()
}

fn result(plan: Value, lines: Value) -> Value {
    map([("plan", plan), ("lines", lines)])
}

fn properties() -> Vec<Case> {
    vec![
        both(
            "a whole result",
            "return {plan = 'Pro', lines = {{label = 'a', used = 1, more = 2}}, more = {}}",
            "({ plan: 'Pro', lines: [{ label: 'a', used: 1, more: 2 }], more: {} })",
        )
        .shape(&RESULT)
        .gives(result(text("Pro"), list([map([("label", text("a")), ("used", Value::Int(1))])]))),
        both("missing ones are absent", "return {}", "({})")
            .shape(&RESULT)
            .gives(result(Value::Absent, Value::Absent)),
        both(
            "null is not absent",
            "return {plan = NULL, lines = NULL}",
            "({ plan: null, lines: null })",
        )
        .shape(&RESULT)
        .gives(result(Value::Null, Value::Null)),
        both(
            "inherited ones count",
            "local base = setmetatable({}, {__index = {plan = 'Pro'}})
             return setmetatable({}, {__index = base})",
            "Object.create(Object.create({ plan: 'Pro' }))",
        )
        .shape(&RESULT)
        .gives(result(text("Pro"), Value::Absent)),
        both(
            "an object where a scalar is wanted",
            "return {plan = {a = 1}}",
            "({ plan: { a: 1 } })",
        )
        .shape(&RESULT)
        .gives(result(map([]), Value::Absent)),
        both("a list where a scalar is wanted", "return {plan = {1, 2}}", "({ plan: [1, 2] })")
            .shape(&RESULT)
            .gives(result(list([]), Value::Absent)),
        both("a function where a scalar is wanted", "return {plan = print}", "({ plan: () => 1 })")
            .shape(&RESULT)
            .gives(result(map([]), Value::Absent)),
        both("a number stays one", "return 5", "5").shape(&RESULT).gives(5),
        both("a text stays one", "return 'plan'", "'plan'").shape(&RESULT).gives("plan"),
        both("null stays null", "return NULL", "null").shape(&RESULT).gives(Value::Null),
        both("absent stays absent", "return nil", "undefined").shape(&RESULT).gives(Value::Absent),
        both(
            "a list is an object too",
            "return {1, 2, plan = 'x'}",
            "Object.assign([1, 2], { plan: 'x' })",
        )
        .shape(&RESULT)
        .gives(result(text("x"), Value::Absent)),
        both(
            "a function read whole is absent",
            "return function() return print end",
            "() => Object.assign(() => 1, { plan: 'x' })",
        )
        .gives(Value::Absent),
        case("a function with properties")
            .js("globalThis.f = Object.assign(() => f, { plan: 'x' }); f")
            .not_in(Language::Lua, "a Lua function has no properties")
            .shape(&RESULT)
            .gives(result(text("x"), Value::Absent)),
    ]
}

fn getters() -> Vec<Case> {
    const NO: &str = "no entry: what threw is not the same as what is not there";
    vec![
        both(
            "a getter gives its value",
            "return setmetatable({}, {__index = function(_, k) return k .. '!' end})",
            "({ get plan() { return 'plan!' }, get lines() { return 'lines!' } })",
        )
        .shape(&RESULT)
        .gives(result(text("plan!"), text("lines!"))),
        both(
            "one that throws leaves its entry out",
            "return setmetatable({lines = {}}, {__index = function() error('no') end})",
            "({ get plan() { throw 'no' }, lines: [] })",
        )
        .shape(&RESULT)
        .check(|outcome| {
            assert_eq!(outcome.value().get("plan"), None, "{NO}");
            assert_eq!(outcome.value().get("lines"), Some(&list([])));
        }),
        both(
            "a host error in one leaves its entry out",
            "return setmetatable({}, {__index = function() host.echo.fail('no') end})",
            "({ get plan() { host.echo.fail('no') }, get lines() { host.echo.panic() } })",
        )
        .shape(&RESULT)
        .gives(map([])),
        both(
            "one that throws inside of an item",
            "return {lines = {setmetatable({used = 1}, {__index = function() error('no') end})}}",
            "({ lines: [{ get label() { throw 'no' }, used: 1 }] })",
        )
        .shape(&RESULT)
        .gives(result(Value::Absent, list([map([("used", Value::Int(1))])]))),
        both(
            "only what is named is asked for, each once and in order",
            "return setmetatable({}, {__index = function(_, k) host.echo.value(k) end})",
            "new Proxy({}, { get(_, k) { host.echo.value(String(k)) } })",
        )
        .shape(&RESULT)
        .check(|outcome| {
            let asked: Vec<_> = outcome.calls.iter().filter_map(|(_, args)| args[0].as_str()).collect();
            assert_eq!(asked, ["plan", "lines"]);
        }),
        both(
            "a getter that nobody asks for does not run",
            "return setmetatable({plan = 'x', lines = {}}, {__index = function() host.echo.stop() end,
               __len = function() host.echo.stop() end, __iter = function() host.echo.stop() end})",
            "({ plan: 'x', lines: [], get more() { host.echo.stop() }, toJSON() { host.echo.stop() } })",
        )
        .shape(&RESULT)
        .gives(result(text("x"), list([]))),
    ]
}

fn lists() -> Vec<Case> {
    let numbers =
        |numbers: std::ops::RangeInclusive<i64>| Value::List(numbers.map(Value::Int).collect());
    vec![
        both("an empty list", "return {}", "[]").shape(&ALL_ITEMS).gives(list([])),
        both("a list", "return {1, 2}", "[1, 2]").shape(&ALL_ITEMS).gives(numbers(1..=2)),
        both("as many as are wanted", "return {1, 2, 3}", "[1, 2, 3]")
            .shape(&THREE_ITEMS)
            .gives(numbers(1..=3)),
        both("no more than are wanted", "return {1, 2, 3, 4, 5}", "[1, 2, 3, 4, 5]")
            .shape(&THREE_ITEMS)
            .gives(numbers(1..=3)),
        both(
            "items that are not wanted are not looked at",
            "return {1, 2, 3, setmetatable({}, {__index = function() host.echo.stop() end})}",
            "Object.defineProperty([1, 2, 3], 3, { get() { host.echo.stop() } })",
        )
        .shape(&THREE_ITEMS)
        .gives(numbers(1..=3)),
        both("a list with a gap", "return {1, nil, 3}", "[1, , 3]")
            .shape(&ALL_ITEMS)
            .gives(list([Value::Int(1), Value::Absent, Value::Int(3)])),
        both("what is no list: a map", "return {a = 1}", "({ a: 1 })")
            .shape(&ALL_ITEMS)
            .gives(map([])),
        both("what is no list: a text", "return 'abc'", "'abc'").shape(&ALL_ITEMS).gives("abc"),
        both("what is no list: a number", "return 3", "3").shape(&ALL_ITEMS).gives(3),
        both("what looks like a list", "return {1, 2, length = 2}", "({ 0: 1, 1: 2, length: 2 })")
            .shape(&ALL_ITEMS)
            .gives(map([])),
        both(
            "a list that begins elsewhere",
            "return {[0] = 1, [1] = 2}",
            "({ 0: 1, 1: 2, length: 2, __proto__: Array.prototype })",
        )
        .shape(&ALL_ITEMS)
        .gives(map([])),
        both(
            "a list with a metatable or a prototype",
            "return setmetatable({1, 2}, {__index = table})",
            "(class Own extends Array {}).of(1, 2)",
        )
        .shape(&ALL_ITEMS)
        .gives(numbers(1..=2)),
        case("a list behind a proxy")
            .js("new Proxy([1, 2], {})")
            .not_in(Language::Lua, "Lua has no proxies")
            .shape(&ALL_ITEMS)
            .gives(numbers(1..=2)),
        case("a list that is nothing but long")
            .js("const a = []; a.length = 4294967295; a")
            .not_in(Language::Lua, "a Lua list is as long as it has items")
            .shape(&THREE_ITEMS)
            .gives(list([Value::Absent, Value::Absent, Value::Absent])),
        both(
            "items of all kinds",
            "return {1, 'x', NULL, true, {1}, {a = 1}}",
            "[1, 'x', null, true, [1], { a: 1 }]",
        )
        .shape(&ALL_ITEMS)
        .gives(list([
            Value::Int(1),
            text("x"),
            Value::Null,
            true.into(),
            list([]),
            map([]),
        ])),
    ]
}

fn others() -> Vec<Case> {
    let nothing = || map([("label", Value::Absent), ("used", Value::Absent)]);
    vec![
        both(
            "items that are no objects",
            "return {lines = {NULL, 'x', {}}}",
            "({ lines: [null, 'x', {}] })",
        )
        .shape(&RESULT)
        .gives(result(Value::Absent, list([Value::Null, text("x"), nothing()]))),
        both("a scalar of a scalar", "return 'x'", "'x'").shape(&Shape::Scalar).gives("x"),
        both("a scalar of a list", "return {1}", "[1]").shape(&Shape::Scalar).gives(list([])),
        both("a scalar of a map", "return {a = 1}", "({ a: 1 })").shape(&Shape::Scalar).gives(map([])),
        both(
            "a scalar of something hostile",
            "local t = {a = 1} for i = 1, 100000 do t = {a = t} end return t",
            "let t = {}; for (let i = 0; i < 100000; i++) t = { t }; new Proxy(t, { get() { throw 1 } })",
        )
        .shape(&Shape::Scalar)
        .gives(map([])),
        both(
            "through a promise or a coroutine",
            "return coroutine.create(function() return {plan = 'x'} end)",
            "(async () => ({ plan: 'x' }))()",
        )
        .shape(&RESULT)
        .expect(Expect::Fulfilled(result(text("x"), Value::Absent))),
        both(
            "the same object in many places",
            "local line = {label = 'a'} return {lines = {line, line}}",
            "const line = { label: 'a' }; ({ lines: [line, line] })",
        )
        .shape(&RESULT)
        .check(|outcome| {
            let line = map([("label", text("a")), ("used", Value::Absent)]);
            assert_eq!(outcome.value().get("lines"), Some(&list([line.clone(), line])));
        }),
    ]
}
