//! Promises and coroutines: what a program's value comes to.

use vario_sandbox::Language;
use vario_value::{Shape, Value};

use crate::case::{Case, both, case};
use crate::expect::Expect;
use crate::same::map;

static HAS_A: Shape = Shape::Object(&[("a", Shape::Scalar)]);

pub(crate) fn cases() -> Vec<Case> {
    [plain(), fulfilled(), rejected(), pending()].into_iter().flatten().collect()
}

fn plain() -> Vec<Case> {
    let int = |number| Expect::Plain(Value::Int(number));
    vec![
        both("a plain value", "return 1", "1").expect(int(1)),
        both("null", "return NULL", "null").expect(Expect::Plain(Value::Null)),
        both("what a function gives", "return function() return 1 end", "() => 1").expect(int(1)),
        both(
            "a thenable is plain",
            "return {a = 1, ['then'] = function() error('called') end}",
            "({ a: 1, then() { throw 'called' } })",
        )
        .shape(&HAS_A)
        .expect(Expect::Plain(map([("a", Value::Int(1))]))),
        both(
            "looks like one and is none",
            "return setmetatable({a = 1}, {__type = 'thread'})",
            "Object.assign(Object.create(Promise.prototype), { a: 1 })",
        )
        .shape(&HAS_A)
        .expect(Expect::Plain(map([("a", Value::Int(1))]))),
        both(
            "a generator that was used up inside",
            "local sum = 0
             for n in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) do
               sum = sum + n
             end
             return sum",
            "let sum = 0; for (const n of (function* () { yield 1; yield 2; yield 3 })()) sum += n;
             sum",
        )
        .expect(int(6)),
        both(
            "values handed back and forth",
            "local co = coroutine.wrap(function(x) local y = coroutine.yield(x + 1) return y * 2 end)
             return co(1) + co(10)",
            "const g = (function* (x) { const y = yield x + 1; return y * 2 })(1);
             g.next().value + g.next(10).value",
        )
        .expect(int(22)),
        both(
            "a yield inside of a catch",
            "local co = coroutine.wrap(function()
               local ok, e = pcall(function() coroutine.yield(1) error('x', 0) end)
               return e
             end)
             return co() .. co()",
            "const g = (function* () { try { yield 1; throw 'x' } catch (e) { yield e } })();
             g.next().value + g.next().value",
        )
        .expect(Expect::Plain("1x".into())),
    ]
}

fn fulfilled() -> Vec<Case> {
    let int = |number| Expect::Fulfilled(Value::Int(number));
    vec![
        both("at once", "return coroutine.create(function() return 1 end)", "Promise.resolve(1)")
            .expect(int(1)),
        both("with nothing", "return coroutine.create(function() end)", "(async () => {})()")
            .expect(Expect::Fulfilled(Value::Absent)),
        both("with null", "return coroutine.create(function() return NULL end)", "(async () => null)()")
            .expect(Expect::Fulfilled(Value::Null)),
        both(
            "given by the called function",
            "return function(n) return coroutine.create(function() return n end) end",
            "async (n) => n",
        )
        .arg(5)
        .expect(int(5)),
        both(
            "after some steps",
            "local function step(n) return coroutine.wrap(function() return n + 1 end)() end
             return coroutine.create(function() return step(step(step(0))) end)",
            "const step = async (n) => n + 1; (async () => await step(await step(await step(0))))()",
        )
        .expect(int(3)),
        both(
            "a chain",
            "return coroutine.create(function()
               return coroutine.create(function() return coroutine.create(function() return 4 end) end)
             end)",
            "Promise.resolve(1).then((n) => Promise.resolve(n + 1)).then(async (n) => n * 2)",
        )
        .expect(int(4)),
        both(
            "a rejection that was caught",
            "return coroutine.create(function()
               local _, e = pcall(function() error('x', 0) end) return e
             end)",
            "Promise.reject('x').catch((e) => e)",
        )
        .expect(Expect::Fulfilled("x".into())),
        both(
            "host functions inside",
            "return coroutine.create(function() return host.echo.value(1) + host.echo.value(2) end)",
            "(async () => host.echo.value(1) + await host.echo.value(2))()",
        )
        .expect(int(3)),
        both(
            "one that was begun before",
            "local co = coroutine.create(function() coroutine.yield() return 3 end)
             coroutine.resume(co) return co",
            "let go; const p = new Promise((r) => { go = r }); go(3); p",
        )
        .expect(int(3)),
        both(
            "a thousand of them",
            "return coroutine.create(function()
               local sum = 0
               for i = 1, 1000 do sum = sum + coroutine.wrap(function() return i end)() end
               return sum
             end)",
            "Promise.all(Array.from({ length: 1000 }, async (_, i) => i + 1))
               .then((all) => all.reduce((a, b) => a + b))",
        )
        .expect(int(500_500)),
        case("the language's other ways to wait")
            .js("new Promise((r) => queueMicrotask(() => Promise.allSettled([
                   Promise.reject(1), Promise.race([2, new Promise(() => {})]),
                 ]).then((all) => r(all.length))))")
            .not_in(Language::Lua, "coroutines have no such helpers")
            .expect(int(2)),
        case("a rejection that nobody looks at")
            .js("Promise.reject(new Error('unseen')); queueMicrotask(() => { throw 'unseen' });
                 Promise.resolve(1)")
            .not_in(Language::Lua, "an error in a coroutine always has somebody who resumed it")
            .expect(int(1)),
        case("a thenable that a promise takes over")
            .js("Promise.resolve({ then(r) { r(1) } })")
            .not_in(Language::Lua, "coroutines take over nothing")
            .expect(int(1)),
    ]
}

fn rejected() -> Vec<Case> {
    vec![
        both(
            "with a text",
            "return coroutine.create(function() error('Not logged in.') end)",
            "Promise.reject('Not logged in.')",
        )
        .expect(Expect::Text("Not logged in.")),
        both(
            "with a text, later",
            "return coroutine.create(function()
               local co = coroutine.wrap(function() coroutine.yield() error('later', 0) end)
               co() co()
             end)",
            "(async () => { await null; await 1; throw 'later' })()",
        )
        .expect(Expect::Text("later")),
        both(
            "with an object",
            "return coroutine.create(function() error({message = 'boom'}) end)",
            "Promise.reject({ message: 'boom' })",
        )
        .expect(Expect::Thrown("boom")),
        both(
            "with an error",
            "return coroutine.create(function() return nil + 1 end)",
            "(async () => null.x)()",
        )
        .expect(Expect::Thrown("")),
        both(
            "rejected with nothing",
            "return coroutine.create(function() error() end)",
            "Promise.reject()",
        )
        .expect(Expect::Thrown("")),
        both(
            "at the end of a chain",
            "return coroutine.create(function()
               return coroutine.create(function() error('end', 0) end)
             end)",
            "Promise.resolve().then(() => Promise.reject('end')).finally(() => 1)",
        )
        .expect(Expect::Text("end")),
    ]
}

fn pending() -> Vec<Case> {
    vec![
        both(
            "nobody will ever settle it",
            "return coroutine.create(function() coroutine.yield() return 1 end)",
            "new Promise(() => {})",
        )
        .expect(Expect::Pending),
        both(
            "a function that waits",
            "return function() coroutine.yield() return 1 end",
            "async () => { await new Promise(() => {}); return 1 }",
        )
        .expect(Expect::Pending),
        both(
            "after some steps that work",
            "return coroutine.create(function()
               coroutine.wrap(function() return 1 end)() coroutine.yield(2) return 3
             end)",
            "(async () => { await 1; await new Promise(() => {}); return 3 })()",
        )
        .expect(Expect::Pending),
        both(
            "a chain whose last link waits",
            "return coroutine.create(function()
               return coroutine.create(function() coroutine.yield() end)
             end)",
            "Promise.resolve().then(() => new Promise(() => {}))",
        )
        .expect(Expect::Pending),
        both(
            "inside of a catch",
            "return function() pcall(coroutine.yield) return 1 end",
            "async () => { try { await new Promise(() => {}) } catch {} finally { 1 } return 1 }",
        )
        .expect(Expect::Pending),
        case("one that has ended already")
            .lua("local co = coroutine.create(print) coroutine.resume(co) return co")
            .not_in(Language::JavaScript, "a promise can be settled any number of times")
            .expect(Expect::Unusable),
        case("one that is running")
            .lua("return function() return (coroutine.running()) end")
            .not_in(Language::JavaScript, "a promise does not run")
            .expect(Expect::Unusable),
    ]
}
