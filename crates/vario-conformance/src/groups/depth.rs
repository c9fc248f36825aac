//! How deep values may be nested at the border, and values that contain themselves.

use vario_sandbox::ErrorKind;
use vario_value::{MAX_DEPTH, Shape, Value};

use crate::bench::{Bench, Setup};
use crate::case::{Case, both, case, steps};
use crate::expect::Expect;
use crate::natives::nested_list;
use crate::same::map;

static PLAN: Shape = Shape::Object(&[("plan", Shape::Scalar), ("self", Shape::Scalar)]);

pub(crate) fn cases() -> Vec<Case> {
    [deep(), cyclic()].into_iter().flatten().collect()
}

/// Gives a value of so many levels to the expression, which uses it as `v`.
fn levels(name: &'static str, levels: usize, lua: &str, js: &str) -> Case {
    case(name)
        .lua(format!("local v = 1 for i = 1, {levels} do v = {{v}} end {lua}"))
        .js(format!("let v = 1; for (let i = 0; i < {levels}; i++) v = [v]; {js}"))
}

const CATCH_LUA: &str = "local ok, e = pcall(host.echo.value, v)
    return not ok and type(e) == 'table' and type(e.message) == 'string'";
const CATCH_JS: &str = "let caught = false;
    try { host.echo.value(v) } catch (e) { caught = e instanceof Error } caught";

fn deep() -> Vec<Case> {
    let nested =
        || (1..MAX_DEPTH).fold(Value::List(vec![Value::Int(1)]), |v, _| Value::List(vec![v]));
    vec![
        levels("out: as deep as may be", MAX_DEPTH, "return v", "v").gives(nested()),
        levels("out: one too deep", MAX_DEPTH + 1, "return v", "v").expect(Expect::ValueError),
        levels("out: far too deep", 100_000, "return v", "v").expect(Expect::ValueError),
        levels("out: too deep in a map", MAX_DEPTH, "return {a = v}", "({ a: v })")
            .expect(Expect::ValueError),
        levels(
            "to a host function: as deep as may be",
            MAX_DEPTH,
            "return host.echo.value(v)",
            "host.echo.value(v)",
        )
        .gives(nested()),
        levels("to a host function: too deep can be caught", MAX_DEPTH + 1, CATCH_LUA, CATCH_JS)
            .holds(),
        levels("to a host function: far too deep can be caught", 100_000, CATCH_LUA, CATCH_JS)
            .holds(),
        levels(
            "to a host function: too deep is no thrown text",
            MAX_DEPTH + 1,
            "host.echo.value(v)",
            "host.echo.value(v)",
        )
        .expect(Expect::Thrown("")),
        both(
            "from a host function: too deep can be caught",
            "local ok, e = pcall(host.echo.deep) return not ok and type(e.message) == 'string'",
            "let caught = false;
             try { host.echo.deep() } catch (e) { caught = e instanceof Error } caught",
        )
        .holds(),
        both(
            "from a host function: too deep is no thrown text",
            "host.echo.deep()",
            "host.echo.deep()",
        )
        .expect(Expect::Thrown("")),
        steps("in: as deep as may be, and not one deeper", made),
    ]
}

fn made(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let deepest = nested_list(MAX_DEPTH);
    world.instance.make(&deepest).expect("that deep a value can be made");
    for value in [nested_list(MAX_DEPTH + 1), map([("a", deepest)]), nested_list(MAX_DEPTH * 40)] {
        let error = world.instance.make(&value).expect_err("it is too deep");
        assert_eq!(error.kind, ErrorKind::Value);
    }
    let one = world.instance.make(&Value::Int(1)).expect("the instance works as before");
    assert_eq!(world.read(one), Value::Int(1));
}

fn cyclic() -> Vec<Case> {
    vec![
        both("a map in itself", "local t = {} t.a = t return t", "const t = {}; t.a = t; t")
            .expect(Expect::ValueError),
        both("a list in itself", "local t = {} t[1] = t return t", "const t = []; t[0] = t; t")
            .expect(Expect::ValueError),
        both(
            "a longer circle",
            "local a, b, c = {}, {}, {} a.b = b b.c = {c} c.a = a return {1, a}",
            "const a = {}, b = {}, c = {}; a.b = b; b.c = [c]; c.a = a; [1, a]",
        )
        .expect(Expect::ValueError),
        both(
            "a shape does not enter the circle",
            "local t = {plan = 'x'} t.self = t return t",
            "const t = { plan: 'x' }; t.self = t; t",
        )
        .shape(&PLAN)
        .gives(map([("plan", "x".into()), ("self", map([]))])),
        both(
            "a circle as an argument can be caught",
            "local v = {} v.a = v
             local ok, e = pcall(host.echo.value, v)
             return not ok and type(e) == 'table' and type(e.message) == 'string'",
            "const v = {}; v.a = v; let caught = false;
             try { host.echo.value(v) } catch (e) { caught = e instanceof Error } caught",
        )
        .holds(),
        both(
            "a structure that grows as it is read ends",
            "local t = {} for i = 1, 40 do t = {t, t} end return t",
            "let t = []; for (let i = 0; i < 40; i++) t = [t, t]; t",
        )
        .endless()
        .heap_mib(8)
        .expect(Expect::OneOf(vec![Expect::ValueError, Expect::DEADLINE])),
    ]
}
