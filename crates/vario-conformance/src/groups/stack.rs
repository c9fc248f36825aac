//! Programs that call themselves too deep.

use vario_sandbox::StopReason;

use crate::bench::Setup;
use crate::case::{Case, both, steps};
use crate::expect::Expect;

const STACK: Expect = Expect::Stopped(StopReason::Stack);

pub(crate) fn cases() -> Vec<Case> {
    [too_deep(), odd(), caught()].into_iter().flatten().collect()
}

fn deep(name: &'static str, lua: &'static str, js: &'static str) -> Case {
    both(name, lua, js).stack_kib(256)
}

fn too_deep() -> Vec<Case> {
    let all = vec![
        deep(
            "a function",
            "local function f() return 1 + f() end f()",
            "const f = () => 1 + f(); f()",
        ),
        deep(
            "two functions",
            "local g local function f() return 1 + g() end g = function() return 1 + f() end f()",
            "const f = () => 1 + g(), g = () => 1 + f(); f()",
        ),
        deep(
            "the called function",
            "local function f() return 1 + f() end return f",
            "const f = () => 1 + f(); f",
        ),
        deep(
            "in a callback",
            "local function f() table.sort({2, 1}, function() f() end) end f()",
            "const f = () => [2, 1].sort(() => f()); f()",
        ),
        deep(
            "in a replacement",
            "local function f() return (string.gsub('a', '.', f)) end f()",
            "const f = () => 'a'.replace(/./, f); f()",
        ),
        deep(
            "in a metamethod or getter",
            "local t t = setmetatable({}, {__index = function(_, k) return t[k .. 'x'] end}) return t.x",
            "const o = { get x() { return this.x } }; o.x",
        ),
        deep(
            "in a conversion to text",
            "local t t = setmetatable({}, {__tostring = function() return tostring(t) end})
             return tostring(t)",
            "const o = { toString() { return `${this}` } }; String(o)",
        ),
    ];
    all.into_iter().map(|case| case.expect(STACK)).collect()
}

fn odd() -> Vec<Case> {
    // Each engine has its own word for these; they must come back, and with a reason.
    let ended =
        || Expect::OneOf(vec![STACK, Expect::Thrown(""), Expect::Stopped(StopReason::Memory)]);
    vec![
        deep(
            "coroutines or generators in one another",
            "local function f() return coroutine.wrap(f)() end f()",
            "function* f() { yield* f() } f().next()",
        )
        .expect(ended()),
        deep(
            "catches in one another",
            "local function f() return (pcall(f)) end return f()",
            "const f = () => { try { return f() } finally { 1 } }; f()",
        )
        .expect(Expect::OneOf(vec![ended(), Expect::Value(true.into())])),
        deep(
            "a chain of prototypes",
            "local t = {} for i = 1, 100000 do t = setmetatable({}, {__index = t}) end return t.x",
            "let t = {}; for (let i = 0; i < 100000; i++) t = Object.create(t); t.x",
        )
        .expect(Expect::OneOf(vec![ended(), Expect::Value(vario_value::Value::Absent)])),
        deep(
            "text that nests",
            "return loadstring('return ' .. string.rep('(', 50000) .. '1' .. string.rep(')', 50000)) == nil",
            "try { eval('('.repeat(50000) + '1' + ')'.repeat(50000)); false } catch { true }",
        )
        .holds(),
        deep(
            "a pattern that nests",
            "return (pcall(string.find, 'x', string.rep('(', 50000)))",
            "try { new RegExp('('.repeat(50000) + ')'.repeat(50000)); false } catch { false }",
        )
        .gives(false),
        deep(
            "many values at once",
            "return (pcall(function() return select('#', unpack(table.create(1000000, 1))) end))",
            "try { Math.max(...new Array(1000000).fill(1)); false } catch { false }",
        )
        .gives(false),
        deep(
            "a structure that is read deep",
            "local t = {} for i = 1, 100000 do t = {t} end return t",
            "let t = {}; for (let i = 0; i < 100000; i++) t = [t]; t",
        )
        .expect(Expect::ValueError),
    ]
}

fn caught() -> Vec<Case> {
    vec![
        deep(
            "caught, and on it goes",
            "local function f() return 1 + f() end
             local ok = pcall(f) return not ok and host.echo.value('alive')",
            "const f = () => 1 + f(); let ok = true; try { f() } catch { ok = false }
             !ok && host.echo.value('alive')",
        )
        .gives("alive"),
        deep(
            "caught a hundred times",
            "local function f() return 1 + f() end
             local n = 0 for i = 1, 100 do if not pcall(f) then n = n + 1 end end return n",
            "const f = () => 1 + f(); let n = 0;
             for (let i = 0; i < 100; i++) { try { f() } catch { n++ } } n",
        )
        .gives(100),
        deep(
            "what is thrown instead is shown",
            "local function f() return 1 + f() end if not pcall(f) then error('too deep', 0) end",
            "const f = () => 1 + f(); try { f() } catch { throw 'too deep' }",
        )
        .expect(Expect::Text("too deep")),
        both(
            "what an ordinary program needs is there",
            "local function f(n) if n == 0 then return 0 end return 1 + f(n - 1) end return f(1000)",
            "const f = (n) => n === 0 ? 0 : 1 + f(n - 1); f(1000)",
        )
        .gives(1000),
        both(
            "a catch that calls again ends",
            "local function f() pcall(f) f() end f()",
            "const f = () => { try { f() } finally { f() } }; f()",
        )
        .stack_kib(256)
        .endless()
        .expect(Expect::OneOf(vec![STACK, Expect::DEADLINE])),
        steps("the next instance works", |bench| {
            bench.run(
                &Setup::default(),
                bench.pick("local function f() return 1 + f() end f()", "const f = () => 1 + f(); f()"),
            );
            bench.assert_works();
        }),
    ]
}
