//! Programs that never end, and programs that do not want to be ended.

use std::sync::Arc;
use std::time::Instant;

use vario_sandbox::{ErrorKind, Language, ScriptError, Source, SourceKind, StopReason, StopSignal};
use vario_value::Shape;

use crate::bench::{Bench, Setup};
use crate::case::{Case, both, case, steps};
use crate::expect::Expect;

static PLAN: Shape = Shape::Object(&[("plan", Shape::Scalar)]);

pub(crate) fn cases() -> Vec<Case> {
    [loops(), jobs(), catching(), hidden(), built_in(), reading(), rendering(), by_hand()]
        .into_iter()
        .flatten()
        .collect()
}

fn endless(name: &'static str, lua: &'static str, js: &'static str) -> Case {
    both(name, lua, js).endless()
}

fn loops() -> Vec<Case> {
    let all = vec![
        endless("a loop", "while true do end", "for (;;);"),
        endless("another loop", "repeat until false", "do {} while (true)"),
        endless("a counting loop", "for i = 1, math.huge do end", "for (let i = 0; ; i++) { i }"),
        endless(
            "in the called function",
            "return function() while true do end end",
            "() => { for (;;); }",
        ),
        endless(
            "calls all the way",
            "local function f() end while true do f() end",
            "const f = () => {}; for (;;) f()",
        ),
        endless(
            "calls of the host",
            "while true do host.misc.nothing() end",
            "for (;;) host.misc.nothing()",
        ),
        endless(
            "failing calls of the host",
            "while true do pcall(host.echo.fail, 'x') end",
            "for (;;) { try { host.echo.fail('x') } catch {} }",
        ),
        endless(
            "a generator",
            "for _ in coroutine.wrap(function() while true do coroutine.yield(1) end end) do end",
            "for (const _ of (function* () { for (;;) yield 1 })());",
        ),
        endless(
            "garbage",
            "while true do local t = {{}, {}} end",
            "for (;;) { const t = [{}, {}] }",
        ),
        endless("in text that was made", "loadstring('while true do end')()", "eval('for (;;);')"),
    ];
    all.into_iter().map(|case| case.expect(Expect::DEADLINE)).collect()
}

fn jobs() -> Vec<Case> {
    vec![
        endless(
            "tail calls",
            "local function f() return f() end f()",
            "let f = () => f; for (let g = f; ; g = g());",
        )
        .differs(
            Language::Lua,
            Expect::OneOf(vec![Expect::DEADLINE, Expect::Stopped(StopReason::Stack)]),
            "Luau keeps a frame for a tail call, other Luas do not",
        )
        .expect(Expect::DEADLINE),
        endless(
            "in a coroutine or a promise's job",
            "return coroutine.create(function() while true do end end)",
            "(async () => { await null; for (;;); })()",
        )
        .differs(
            Language::JavaScript,
            Expect::Pending,
            "contract section 2.3: an interrupted job leaves its promise unresolved",
        )
        .expect(Expect::DEADLINE),
        endless(
            "in a coroutine's catch or a promise's handler",
            "return coroutine.create(function() while true do pcall(function() while true do end end) end end)",
            "Promise.resolve().then(() => { try { for (;;); } finally { for (;;); } }).catch(() => 1)",
        )
        .differs(Language::JavaScript, Expect::Pending, "as above")
        .expect(Expect::DEADLINE),
        endless(
            "before the first wait",
            "return coroutine.create(function() while true do end coroutine.yield() end)",
            "(async () => { for (;;); })()",
        )
        .expect(Expect::DEADLINE),
        endless(
            "jobs that make jobs",
            "return coroutine.create(function()
               while true do coroutine.wrap(function() coroutine.yield() end)() end
             end)",
            "(async () => { for (;;) await 1 })()",
        )
        .expect(Expect::OneOf(vec![Expect::DEADLINE, Expect::Pending])),
        endless(
            "coroutines or promises in one another",
            "local function f() return coroutine.create(f) end return f()",
            "const f = () => Promise.resolve().then(f); f()",
        )
        .expect(Expect::OneOf(vec![Expect::DEADLINE, Expect::Pending])),
    ]
}

fn catching() -> Vec<Case> {
    let all = vec![
        endless(
            "in a catch",
            "pcall(function() while true do end end)",
            "try { for (;;); } catch {}",
        ),
        endless(
            "a catch in a loop",
            "while true do pcall(function() while true do end end) end",
            "for (;;) { try { for (;;); } catch {} }",
        ),
        endless(
            "a catch in a catch",
            "pcall(pcall, function() while true do end end) host.echo.value(1)",
            "try { try { for (;;); } catch {} } catch {} host.echo.value(1)",
        ),
        endless(
            "what comes after the catch",
            "pcall(function() while true do end end) while true do end",
            "try { for (;;); } catch { for (;;); } finally { for (;;); }",
        ),
        endless(
            "a loop in the handler",
            "xpcall(function() error('x') end, function() while true do end end)",
            "try { throw 1 } catch { for (;;); }",
        ),
        endless(
            "a loop in the handler of the end",
            "xpcall(function() while true do end end, function() while true do end end)",
            "try { for (;;); } finally { for (;;); }",
        ),
        endless(
            "a result after the catch does not count",
            "pcall(function() while true do end end) return 'late'",
            "(() => { try { for (;;); } finally { return 'late' } })()",
        ),
        endless(
            "an error after the catch does not count",
            "pcall(function() while true do end end) error('late', 0)",
            "try { for (;;); } finally { throw 'late' }",
        ),
        endless(
            "a generator that is closed",
            "local co = coroutine.wrap(function() pcall(function() while true do end end) while true do end end) co()",
            "for (const x of (function* () { try { yield 1 } finally { for (;;); } })()) break",
        ),
        endless(
            "recursion that catches",
            "local function f() pcall(f) pcall(f) end f()",
            "const f = () => { try { f() } catch {} try { f() } catch {} }; f()",
        ),
    ];
    all.into_iter().map(|case| case.expect(Expect::DEADLINE)).collect()
}

fn hidden() -> Vec<Case> {
    let all = vec![
        endless(
            "in a sort",
            "table.sort({3, 2, 1}, function() while true do end end)",
            "[3, 2, 1].sort(() => { for (;;); })",
        ),
        endless(
            "in a replacement",
            "string.gsub('abc', '.', function() while true do end end)",
            "'abc'.replace(/./, () => { for (;;); })",
        ),
        endless(
            "in a metamethod or getter",
            "return setmetatable({}, {__index = function() while true do end end}).x",
            "({ get x() { for (;;); } }).x",
        ),
        endless(
            "in a comparison or conversion",
            "local m = {__lt = function() while true do end end}
             return setmetatable({}, m) < setmetatable({}, m)",
            "({ valueOf() { for (;;); } }) < 1",
        ),
        endless(
            "in a conversion to text",
            "tostring(setmetatable({}, {__tostring = function() while true do end end}))",
            "String({ toString() { for (;;); } })",
        ),
        endless(
            "in what is printed",
            "print(setmetatable({}, {__tostring = function() while true do end end}))",
            "console.log({ get x() { for (;;); } })",
        ),
        endless(
            "in an iterator",
            "for _ in setmetatable({}, {__call = function() while true do end end}) do end",
            "for (const _ of { [Symbol.iterator]() { for (;;); } });",
        ),
        endless(
            "in a pattern",
            "return string.find(string.rep('a', 60), string.rep('a*', 60) .. 'b')",
            "/^(a+)+$/.test('a'.repeat(60) + 'b')",
        ),
        endless(
            "in a write",
            "setmetatable({}, {__newindex = function() while true do end end}).x = 1",
            "({ set x(_) { for (;;); } }).x = 1",
        ),
        endless(
            "in a proxy",
            "return setmetatable({}, {__call = function() while true do end end})()",
            "new Proxy({}, { has() { for (;;); } }).x; 'x' in new Proxy({}, { has() { for (;;); } })",
        ),
    ];
    all.into_iter().map(|case| case.expect(Expect::DEADLINE)).collect()
}

fn built_in() -> Vec<Case> {
    const UNREACHED: &str = "no interrupt reaches into one built-in call there; ending that is process isolation's part";
    vec![
        case("searches for a long text")
            .lua(
                "local s, n = string.rep('a', 2000000), string.rep('a', 1000000) .. 'b'
                 while true do string.find(s, n, 1, true) end",
            )
            .not_in(Language::JavaScript, UNREACHED)
            .endless()
            .expect(Expect::DEADLINE),
        case("splits at a long text")
            .lua(
                "local s, n = string.rep('a', 200000), string.rep('a', 100000) .. 'b'
                 while true do string.split(s, n) end",
            )
            .not_in(Language::JavaScript, UNREACHED)
            .endless()
            .expect(Expect::DEADLINE),
        case("waiting for another thread")
            .js("Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0); for (;;);")
            .not_in(Language::Lua, "Lua shares no memory")
            .endless()
            .expect(Expect::OneOf(vec![Expect::DEADLINE, Expect::Thrown("")])),
    ]
}

fn reading() -> Vec<Case> {
    vec![
        endless(
            "in a getter while the result is read",
            "return setmetatable({}, {__index = function() while true do end end})",
            "({ get plan() { for (;;); } })",
        )
        .shape(&PLAN)
        .expect(Expect::DEADLINE),
        endless(
            "in a getter that catches, while the result is read",
            "return setmetatable({}, {__index = function() pcall(function() while true do end end) end})",
            "({ get plan() { try { for (;;); } catch { return 1 } finally { return 2 } } })",
        )
        .shape(&PLAN)
        .expect(Expect::DEADLINE),
        case("in a conversion while everything is read")
            .js("({ toJSON() { for (;;); } })")
            .not_in(Language::Lua, "nothing of a table runs while everything is read")
            .endless()
            .expect(Expect::DEADLINE),
        case("in a getter of an argument")
            .js("host.echo.value({ get x() { for (;;); } })")
            .not_in(Language::Lua, "as above")
            .endless()
            .expect(Expect::DEADLINE),
    ]
}

fn rendering() -> Vec<Case> {
    // Whether the engine asks the thrown value for its words is its own business.
    let allowed = || Expect::OneOf(vec![Expect::DEADLINE, Expect::Thrown("")]);
    vec![
        endless(
            "in the text of what was thrown",
            "error(setmetatable({}, {__tostring = function() while true do end end}))",
            "throw { toString() { for (;;); } }",
        )
        .expect(allowed()),
        endless(
            "in the message of what was thrown",
            "error(setmetatable({}, {__index = function() while true do end end}))",
            "throw Object.defineProperty(new Error('x'), 'message', { get() { for (;;); } })",
        )
        .expect(allowed()),
        endless(
            "in the name of what was thrown",
            "error(setmetatable({}, {__tostring = function() pcall(function() while true do end end) return 'x' end}))",
            "throw Object.defineProperty(new Error('x'), 'name', { get() { try { for (;;); } finally { return 1 } } })",
        )
        .expect(allowed()),
        endless(
            "in everything of what was thrown",
            "local function f() while true do end end
             error(setmetatable({}, {__index = f, __tostring = f, __len = f, __iter = f, __concat = f}))",
            "throw new Proxy({}, new Proxy({}, { get() { for (;;); } }))",
        )
        .expect(allowed()),
        endless(
            "in a stack that the script makes",
            "xpcall(error, function() while true do end end)",
            "Error.prepareStackTrace = () => { for (;;); }; throw new Error('x')",
        )
        .expect(allowed()),
    ]
}

fn by_hand() -> Vec<Case> {
    vec![
        steps("a deadline that is past already", already_past),
        steps("a module that never ends", endless_module),
        steps("the next instance works", |bench| {
            bench.run(&Setup::endless(), bench.pick("while true do end", "for (;;);"));
            bench.assert_works();
        }),
    ]
}

fn assert_ended<T: std::fmt::Debug>(result: Result<T, ScriptError>, reason: StopReason) {
    let error = result.expect_err("the run is over");
    assert_eq!(error.kind, ErrorKind::Stopped(reason), "{error:?}");
}

fn already_past(bench: &Bench) {
    let stop = Arc::new(StopSignal::new(Instant::now()));
    assert_eq!(stop.poll(), Some(&StopReason::Deadline));
    let lua = "local n = 0 for i = 1, 1000 do n = n + i end host.echo.value(n) return n";
    let js = "let n = 0; for (let i = 1; i <= 1000; i++) n += i; host.echo.value(n); n";
    let source = bench.script(lua, js);
    let result = bench
        .try_open(&Setup::default(), stop)
        .and_then(|mut world| world.run(&source, &[], &Shape::Any));
    assert_ended(result, StopReason::Deadline);
}

fn endless_module(bench: &Bench) {
    let setup = Setup {
        kind: SourceKind::Module,
        files: vec![("src/x.lua", "while true do end"), ("src/x.js", "for (;;);")],
        ..Setup::endless()
    };
    let mut world = bench.open(&setup);
    let text = bench.pick("pcall(require, './x') return 1", "import './x.js'; export default 1");
    let source = Source::new(SourceKind::Module, bench.main_name(), text);
    assert_ended(world.run(&source, &[], &Shape::Any), StopReason::Deadline);
}
