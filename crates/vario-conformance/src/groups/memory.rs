//! Programs that want more memory than there is.

use vario_sandbox::{ErrorKind, StopReason};
use vario_value::Value;

use crate::bench::{Bench, Setup};
use crate::case::{Case, both, steps};
use crate::expect::Expect;

const MEMORY: Expect = Expect::Stopped(StopReason::Memory);

pub(crate) fn cases() -> Vec<Case> {
    [bombs(), large(), caught(), by_hand()].into_iter().flatten().collect()
}

fn bomb(name: &'static str, lua: &'static str, js: &'static str) -> Case {
    both(name, lua, js).heap_mib(8)
}

fn bombs() -> Vec<Case> {
    let all = vec![
        bomb(
            "a text that doubles",
            "local s = 'x' while true do s = s .. s end",
            "let s = ['x']; for (;;) s = s.concat(s.join('').repeat(2))",
        ),
        bomb(
            "a table that grows",
            "local t = {} while true do t[#t + 1] = #t end",
            "const t = []; for (;;) t.push({ n: t.length })",
        ),
        bomb(
            "keys without end",
            "local t = {} for i = 1, math.huge do t['key' .. i] = i end",
            "const t = {}; for (let i = 0; ; i++) t['key' + i] = i",
        ),
        bomb(
            "tables in tables",
            "local t = {} while true do t = {t, {}} end",
            "let t = []; for (;;) t = [t, []]",
        ),
        bomb(
            "closures",
            "local t = {} while true do local n = #t t[#t + 1] = function() return n end end",
            "const t = []; for (;;) { const n = t.length; t.push(() => n) }",
        ),
        bomb(
            "coroutines or promises",
            "local t = {} while true do t[#t + 1] = coroutine.create(print) end",
            "const t = []; for (;;) t.push(new Promise(() => {}))",
        ),
        bomb(
            "in the called function",
            "return function() local t = {} while true do t[#t + 1] = {} end end",
            "() => { const t = []; for (;;) t.push({}) }",
        ),
        bomb(
            "answers of the host",
            "local t = {} while true do t[#t + 1] = host.echo.big(100000 + #t) end",
            "const t = []; for (;;) t.push(host.echo.big(100000 + t.length))",
        ),
    ];
    all.into_iter().map(|case| case.expect(MEMORY)).collect()
}

fn large() -> Vec<Case> {
    // A size beyond the engine's own bounds is an ordinary error there.
    let refused = || Expect::OneOf(vec![MEMORY, Expect::Thrown("")]);
    vec![
        bomb("one large text", "return #string.rep('x', 100000000)", "'x'.repeat(100000000).length")
            .expect(refused()),
        bomb("one huge text", "return #string.rep('x', 1e9)", "'x'.repeat(1e9).length")
            .expect(refused()),
        bomb("one large buffer", "buffer.create(100000000)", "new ArrayBuffer(100000000)")
            .expect(refused()),
        bomb("one large list", "table.create(100000000)", "new Array(1e8).fill({}).length")
            .expect(refused()),
        bomb("one large answer of the host", "host.echo.big(50000000)", "host.echo.big(50000000)")
            .expect(MEMORY),
        bomb(
            "in a coroutine or a promise's job",
            "return coroutine.create(function() local t = {} while true do t[#t + 1] = {} end end)",
            "(async () => { await 1; const t = []; for (;;) t.push({}) })()",
        )
        .expect(Expect::OneOf(vec![MEMORY, Expect::Pending])),
        bomb(
            "promises or coroutines without end",
            "local t = {}
             local function f() t[#t + 1] = coroutine.create(f) return coroutine.create(f) end return f()",
            "const t = []; const f = () => { t.push(Promise.resolve().then(f)); f.x = t }; f();
             (async () => { for (;;) { t.push(Promise.resolve().then(f)); await 1 } })()",
        )
        .expect(Expect::OneOf(vec![MEMORY, Expect::Pending])),
        bomb(
            "garbage does not count",
            "local n = 0 for i = 1, 2000 do n = n + #string.rep('x', 100000 + i) end return n > 0",
            "let n = 0; for (let i = 0; i < 2000; i++) n += 'x'.repeat(100000 + i).length; n > 0",
        )
        .holds(),
        bomb(
            "garbage in circles does not count",
            "for i = 1, 2000 do local t = {string.rep('x', 20000 + i)} t.t = t end return true",
            "for (let i = 0; i < 2000; i++) { const t = { s: 'x'.repeat(20000 + i) }; t.t = t } true",
        )
        .holds(),
    ]
}

fn caught() -> Vec<Case> {
    vec![
        bomb(
            "caught, let go of, and on it goes",
            "local ok = pcall(function() local t = {} while true do t[#t + 1] = {} end end)
             return not ok and host.echo.value('alive')",
            "let ok = true; try { (() => { const t = []; for (;;) t.push(new Array(1000).fill(0)) })() }
             catch { ok = false } !ok && host.echo.value('alive')",
        )
        .gives("alive"),
        bomb(
            "one large text, caught",
            "local ok = pcall(string.rep, 'x', 100000000) return not ok",
            "let ok = true; try { new Uint8Array(100000000) } catch { ok = false } !ok",
        )
        .holds(),
        bomb(
            "caught over and over",
            "while true do pcall(function() local t = {} while true do t[#t + 1] = {} end end) end",
            "for (;;) { try { const t = []; for (;;) t.push({}) } catch {} }",
        )
        .endless()
        .expect(Expect::OneOf(vec![MEMORY, Expect::DEADLINE])),
        bomb(
            "caught and kept, then more",
            "t = {}
             while true do pcall(function() while true do t[#t + 1] = {} end end) t[#t + 1] = 1 end",
            "globalThis.t = []; for (;;) { try { for (;;) t.push({}) } catch { t.push({}) } }",
        )
        .endless()
        .expect(Expect::OneOf(vec![MEMORY, Expect::DEADLINE])),
        bomb(
            "in the text of what was thrown",
            "error(setmetatable({}, {__tostring = function()
               local t = {} while true do t[#t + 1] = {} end end}))",
            "throw Object.defineProperty(new Error('x'), 'message', { get() {
               const t = []; for (;;) t.push({}) } })",
        )
        .expect(Expect::OneOf(vec![MEMORY, Expect::Thrown("")])),
    ]
}

fn by_hand() -> Vec<Case> {
    vec![
        steps("a value that does not fit cannot be made", too_large),
        steps("the next instance works", next_works),
        steps("the limit is each instance's own", own_limit),
    ]
}

fn small() -> Setup {
    let mut setup = Setup::default();
    setup.limits.heap_bytes = 8 * 1024 * 1024;
    setup
}

fn too_large(bench: &Bench) {
    let mut world = bench.open(&small());
    let error = world.instance.make(&"x".repeat(50_000_000).into()).expect_err("it does not fit");
    assert_eq!(error.kind, ErrorKind::Stopped(StopReason::Memory));
}

fn next_works(bench: &Bench) {
    for _ in 0..5 {
        let outcome = bench.run(
            &small(),
            bench.pick(
                "local t = {} while true do t[#t + 1] = {} end",
                "const t = []; for (;;) t.push({})",
            ),
        );
        assert_eq!(outcome.error().kind, ErrorKind::Stopped(StopReason::Memory));
        bench.assert_works();
    }
}

fn own_limit(bench: &Bench) {
    let keep =
        bench.script("kept = string.rep('x', 5000000)", "globalThis.kept = 'x'.repeat(5000000)");
    let mut worlds: Vec<_> = (0..5).map(|_| bench.open(&small())).collect();
    for world in &mut worlds {
        world.eval(&keep);
    }
    for world in &mut worlds {
        let kept = world.instance.global("kept").expect("it is there");
        assert_eq!(world.read(kept), Value::from("x".repeat(5_000_000)));
    }
}
