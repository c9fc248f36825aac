//! Every instance is a world of its own.

use vario_value::Value;

use crate::bench::{Bench, Setup};
use crate::case::{Case, steps};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        steps("globals", |bench| {
            apart(
                bench,
                ("x = 1", "globalThis.x = 1"),
                ("return x == nil", "typeof x === 'undefined'"),
            );
        }),
        steps("library functions", |bench| {
            apart(
                bench,
                (
                    "pcall(function() string.upper = nil end) pcall(function() math.huge = 0 end)
                     tostring = nil _G.pairs = nil",
                    "String.prototype.toUpperCase = null; Math.max = null; globalThis.JSON = null",
                ),
                (
                    "return ('a'):upper() == 'A' and string.upper('a') == 'A' and math.huge > 1
                       and tostring(1) == '1' and pairs ~= nil",
                    "'a'.toUpperCase() === 'A' && Math.max(1, 2) === 2 && JSON.stringify(1) === '1'",
                ),
            );
        }),
        steps("metatables and prototypes", |bench| {
            apart(
                bench,
                (
                    "pcall(function() getmetatable('').__index = function() return 'mine' end end)
                     pcall(function() getmetatable('').__add = function() return 'mine' end end)
                     setmetatable(_G, {__index = function() return 'mine' end})",
                    "Object.prototype.mine = 1; Array.prototype.map = null; String.prototype.mine = 1",
                ),
                (
                    "return ('x').mine == nil and mine == nil and getmetatable(_G) == nil
                       and not pcall(function() return 'a' + 'b' end)",
                    "({}).mine === undefined && [1].map((n) => n)[0] === 1 && 'x'.mine === undefined",
                ),
            );
        }),
        steps("the host's objects", |bench| {
            apart(
                bench,
                (
                    "host.echo.value = nil host.misc = nil host.more = 1",
                    "host.echo.value = null; delete host.misc; host.more = 1",
                ),
                (
                    "return host.echo.value(1) == 1 and host.misc ~= nil and host.more == nil",
                    "host.echo.value(1) === 1 && host.misc !== undefined && !('more' in host)",
                ),
            );
        }),
        steps("what a module keeps", |bench| {
            apart(
                bench,
                (
                    "local n = 0 function count() n = n + 1 return n end count()",
                    "var n = 1; globalThis.count = () => ++n; count()",
                ),
                (
                    "return count == nil and n == nil",
                    "typeof count === 'undefined' && typeof n === 'undefined'",
                ),
            );
        }),
        steps("the same program counts from the start", counts),
        steps("worlds that live side by side", side_by_side),
        steps("after a run that failed", |bench| {
            bench.run(
                &Setup::default(),
                bench.pick("x = 1 error('x')", "globalThis.x = 1; throw 'x'"),
            );
            judge(bench, ("return x == nil", "typeof x === 'undefined'"));
        }),
        steps("after a run that was ended", |bench| {
            bench.run(
                &Setup::endless(),
                bench.pick("x = 1 while true do end", "globalThis.x = 1; for (;;);"),
            );
            judge(bench, ("return x == nil", "typeof x === 'undefined'"));
        }),
    ]
}

/// Spoils one world, then looks at another: one that was made before, and one made after.
#[track_caller]
fn apart(bench: &Bench, spoil: (&str, &str), unspoiled: (&str, &str)) {
    let mut before = bench.open(&Setup::default());
    let mut spoiled = bench.open(&Setup::default());
    spoiled.eval(&bench.script(spoil.0, spoil.1));
    let judged = before.eval(&bench.script(unspoiled.0, unspoiled.1));
    assert_eq!(before.read(judged), Value::Bool(true), "a world that was there before");
    judge(bench, unspoiled);
    drop(spoiled);
    judge(bench, unspoiled);
}

#[track_caller]
fn judge(bench: &Bench, (lua, js): (&str, &str)) {
    let outcome = bench.run(&Setup::default(), bench.pick(lua, js));
    assert_eq!(outcome.value(), &Value::Bool(true), "a world made after");
}

fn counts(bench: &Bench) {
    let source =
        bench.script("n = (n or 0) + 1 return n", "globalThis.n = (globalThis.n ?? 0) + 1");
    for _ in 0..3 {
        let mut world = bench.open(&Setup::default());
        let first = world.eval(&source);
        let second = world.eval(&source);
        assert_eq!((world.read(first), world.read(second)), (Value::Int(1), Value::Int(2)));
    }
}

fn side_by_side(bench: &Bench) {
    let mut worlds: Vec<_> = (0..8).map(|_| bench.open(&Setup::default())).collect();
    for (number, world) in (0_i64..).zip(&mut worlds) {
        let mine = world.instance.make(&Value::Int(number)).expect("there is memory");
        world.instance.set_global("mine", mine).expect("a global can be set");
    }
    for (number, world) in (0_i64..).zip(&mut worlds) {
        let mine = world.eval(&bench.script("return mine * 10", "mine * 10"));
        assert_eq!(world.read(mine), Value::Int(number * 10));
    }
}
