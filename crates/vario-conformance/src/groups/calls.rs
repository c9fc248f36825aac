//! How functions are called, in both directions.

use vario_sandbox::ErrorKind;
use vario_value::{Shape, Value};

use crate::bench::{Bench, Setup};
use crate::case::{Case, both, steps};
use crate::expect::Expect;
use crate::same::{list, map, text};

pub(crate) fn cases() -> Vec<Case> {
    [of_the_script(), of_the_host(), by_hand()].into_iter().flatten().collect()
}

fn of_the_script() -> Vec<Case> {
    vec![
        both(
            "without receiver",
            "return function(...) return select('#', ...) == 0 end",
            "(function () { return this === undefined && arguments.length === 0 })",
        )
        .holds(),
        both(
            "with one argument it is one",
            "return function(...) return select('#', ...) end",
            "(function () { return arguments.length })",
        )
        .arg(1)
        .gives(1),
        both(
            "with absent as the argument it is one",
            "return function(...) return select('#', ...) end",
            "(function () { return arguments.length })",
        )
        .arg(Value::Absent)
        .gives(1),
        both("extras are ignored", "return function(a) return a end", "(a) => a")
            .arg(1)
            .arg(2)
            .arg(3)
            .gives(1),
        both(
            "what is missing is absent",
            "return function(a, b) return a == 1 and b == nil end",
            "(a, b) => a === 1 && b === undefined",
        )
        .arg(1)
        .holds(),
        both(
            "in order",
            "return function(a, b, c) return a .. b .. c end",
            "(a, b, c) => a + b + c",
        )
        .arg("a")
        .arg("b")
        .arg("c")
        .gives("abc"),
        both("that gives nothing", "return function() end", "() => {}").gives(Value::Absent),
        both("that gives several", "return function() return 1, 2 end", "() => (2, 1)").gives(1),
        both(
            "a class",
            "return setmetatable({}, {__call = function() return 1 end})",
            "(class {})",
        )
        .expect(Expect::OneOf(vec![Expect::Thrown(""), Expect::Plain(map([]))])),
    ]
}

fn of_the_host() -> Vec<Case> {
    vec![
        both("extras are taken", "return host.echo.value(1, 2, 3)", "host.echo.value(1, 2, 3)")
            .check(|outcome| {
                assert_eq!(outcome.value(), &Value::Int(1));
                let args = vec![Value::Int(1), Value::Int(2), Value::Int(3)];
                assert_eq!(outcome.calls, [("echo.value".to_owned(), args)]);
            }),
        both("without arguments", "host.misc.nothing()", "host.misc.nothing()").check(|outcome| {
            assert_eq!(outcome.calls, [("misc.nothing".to_owned(), Vec::new())]);
        }),
        both(
            "absent arguments keep their places",
            "host.echo.value(nil, 2, nil)",
            "host.echo.value(undefined, 2, undefined)",
        )
        .check(|outcome| {
            let args = vec![Value::Absent, Value::Int(2), Value::Absent];
            assert_eq!(outcome.calls, [("echo.value".to_owned(), args)]);
        }),
        both(
            "gives absent",
            "return host.misc.nothing() == nil",
            "host.misc.nothing() === undefined",
        )
        .holds(),
        both(
            "taken out of its group",
            "local value = host.echo.value return value(5)",
            "const { value } = host.echo; value(5)",
        )
        .gives(5),
        both(
            "the group is no argument",
            "local value = host.echo.value value(5)",
            "host.echo.value.call({ not: 'seen' }, 5)",
        )
        .check(|outcome| {
            assert_eq!(outcome.calls, [("echo.value".to_owned(), vec![Value::Int(5)])]);
        }),
        both(
            "as a callback",
            "local t = {1, 2} for i, v in ipairs(t) do t[i] = host.echo.value(v) end return t",
            "[1, 2].map((v) => host.echo.value(v))",
        )
        .gives(list([Value::Int(1), Value::Int(2)])),
        both(
            "arguments of all kinds arrive",
            "host.echo.value(NULL, true, 1.5, 'x', {1}, {a = 1})",
            "host.echo.value(null, true, 1.5, 'x', [1], { a: 1 })",
        )
        .check(|outcome| {
            let one = Value::Int(1);
            let args = vec![
                Value::Null,
                true.into(),
                Value::Float(1.5),
                text("x"),
                list([one.clone()]),
                map([("a", one)]),
            ];
            assert_eq!(outcome.calls, [("echo.value".to_owned(), args)]);
        }),
        both(
            "an argument is a copy",
            "local t = {n = 1} local u = host.echo.value(t) u.n = 2 return t.n",
            "const t = { n: 1 }; host.echo.value(t).n = 2; t.n",
        )
        .gives(1),
        both(
            "calls arrive in order",
            "for i = 1, 100 do host.echo.value(i) end",
            "for (let i = 1; i <= 100; i++) host.echo.value(i)",
        )
        .check(|outcome| {
            let seen = outcome.calls.iter().map(|(_, args)| args.clone());
            assert!(seen.eq((1..=100).map(|number| vec![Value::Int(number)])));
        }),
        both(
            "a function as an argument can be caught",
            "local ok, e = pcall(host.echo.value, print)
             return not ok and type(e) == 'table' and type(e.message) == 'string'",
            "let caught = false;
             try { host.echo.value(() => 1) } catch (e) { caught = e instanceof TypeError } caught",
        )
        .holds(),
    ]
}

fn by_hand() -> Vec<Case> {
    vec![
        steps("what is no function cannot be called", not_callable),
        steps("a function keeps what it closed over", closure),
        steps("a call that fails leaves the instance as it was", failed_call),
    ]
}

fn not_callable(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    for (lua, js) in [
        ("return 5", "5"),
        ("return 'x'", "'x'"),
        ("return nil", "undefined"),
        ("return {}", "({})"),
    ] {
        let value = world.eval(&bench.script(lua, js));
        let error = world.instance.call(value, &[]).expect_err("it is no function");
        assert_eq!(error.kind, ErrorKind::Thrown, "{js}");
    }
}

fn closure(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let next = world.eval(&bench.script(
        "local n = 0 return function() n = n + 1 return n end",
        "(() => { let n = 0; return () => ++n })()",
    ));
    for number in 1..=5 {
        let got = world.instance.call(next, &[]).expect("it runs");
        assert_eq!(world.read(got), Value::Int(number));
    }
}

fn failed_call(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let function = world.eval(&bench.script(
        "n = 0 return function(fail) n = n + 1 if fail then error('x', 0) end return n end",
        "globalThis.n = 0; (fail) => { n++; if (fail) throw 'x'; return n }",
    ));
    let yes = world.instance.make(&true.into()).expect("there is memory");
    for _ in 0..3 {
        let error = world.instance.call(function, &[yes]).expect_err("it throws");
        assert_eq!(error.kind, ErrorKind::ThrownText("x".into()));
    }
    let got = world.instance.call(function, &[]).expect("it runs");
    assert_eq!(world.instance.read(got, &Shape::Any), Ok(Value::Int(4)));
}
