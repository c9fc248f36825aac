//! The cause that is kept beside a card's short text: message, file, line and stack.

use vario_sandbox::{Language, ScriptError, Source, SourceKind};

use crate::bench::{Bench, Setup};
use crate::case::{Case, both, steps};
use crate::expect::{Expect, Outcome};

pub(crate) fn cases() -> Vec<Case> {
    [places(), words()].into_iter().flatten().collect()
}

/// A program that fails on this line of its file.
fn fails_on<const LINE: u32>(name: &'static str, lua: &'static str, js: &'static str) -> Case {
    both(name, lua, js).check(|outcome| assert_line(outcome.error(), LINE))
}

#[track_caller]
fn assert_line(error: &ScriptError, line: u32) {
    let place = error.location.as_ref().unwrap_or_else(|| panic!("no place in {error:?}"));
    assert!(place.file.starts_with("src/main."), "{error:?}");
    assert_eq!(place.line, line, "{error:?}");
}

fn places() -> Vec<Case> {
    vec![
        fails_on::<1>("on the first line", "local x = nil x.y = 1", "null.y"),
        fails_on::<3>(
            "on a later line",
            "local x = 1\n\nlocal y = x.z.z",
            "const x = 1;\n\nconst y = x.z.z",
        ),
        fails_on::<2>(
            "in a function",
            "local function f(x)\n  return x.y.z\nend\n\nf({})",
            "const f = (x) =>\n  x.y.z;\n\nf({})",
        ),
        fails_on::<3>(
            "in the called function",
            "return function()\n  local x = nil\n  return x.y\nend",
            "() => {\n  const x = null;\n  return x.y\n}",
        ),
        fails_on::<2>(
            "an error that was made",
            "\nerror({message = 'boom'})",
            "\nthrow new Error('boom')",
        ),
        fails_on::<2>(
            "in a coroutine or a promise's job",
            "return coroutine.create(function()\n  return nil + 1\nend)",
            "(async () => { await 1;\n  null.x\n})()",
        ),
        fails_on::<3>(
            "a text that does not parse",
            "local x = 1\n\nlocal = 2",
            "const x = 1;\n\nconst = 2",
        ),
        fails_on::<2>(
            "with line ends of another system",
            "local x = 1\r\nx.y.z = 1",
            "const x = 1;\r\nx.y.z = 1",
        ),
        both("a thrown text", "\n\nerror('text')", "\n\nthrow 'text'")
            .differs(
                Language::JavaScript,
                Expect::Text("text"),
                "a thrown string carries no place, and the engine keeps none beside it",
            )
            .check(|outcome| assert_line(outcome.error(), 3)),
        both(
            "in a sort",
            "table.sort({2, 1}, function(a)\n return a.b.c end)",
            "[2, 1].sort((a) =>\n a.b.c)",
        )
        .check(|outcome| assert_line(outcome.error(), 2)),
        steps("the file is named as the source was", named),
        steps("a prelude is never shown", preludes),
        steps("places stay right when a program is run again", again),
    ]
}

fn words() -> Vec<Case> {
    vec![
        both(
            "the stack names functions and lines",
            "local function inner()\n  local x = nil\n  return x.y\nend\nlocal function outer()\n  local r = inner()\n  return r\nend\nouter()",
            "function inner() {\n  const x = null;\n  return x.y\n}\nfunction outer() {\n  const r = inner();\n  return r\n}\nouter()",
        )
        .check(|outcome| {
            let stack = outcome.error().stack.as_deref().expect("a stack");
            for part in ["inner", "outer", "src/main.", ":3", ":6", ":9"] {
                assert!(stack.contains(part), "{part} in {stack}");
            }
            let place = |words: &str| stack.find(words).expect("it is there");
            assert!(place("inner") < place("outer"), "innermost first: {stack}");
            assert!(stack.lines().count() <= 4, "a frame a line: {stack}");
        }),
        both("a long stack is bounded",
            "local function f(n) if n == 0 then error({}) end local r = f(n - 1) return r end f(1000)",
            "const f = (n) => { if (n === 0) throw new Error('x'); const r = f(n - 1); return r }; f(1000)",
        )
        .check(|outcome| {
            let error = outcome.error();
            assert!(error.stack.as_ref().is_none_or(|stack| stack.lines().count() <= 1001), "{error:?}");
        }),
        both("no place before the message", "\nlocal x = nil return x.y", "\nnull.y").check(no_prefix),
        both("no place before a text", "\nerror('text')", "\nthrow 'text'").check(no_prefix),
        both("no place before a parser's words", "\nx = = 1", "\nx = = 1").check(no_prefix),
        both("no place before a host's words", "\nhost.echo.fail('boom')", "\nhost.echo.fail('boom')").check(no_prefix),
        both("a message of its own", "error({message = 'own words'})", "throw new Error('own words')")
            .expect(Expect::Thrown("own words")),
        both("the message is one line", "local x = nil return x.y", "null.y").check(|outcome| {
            assert_eq!(outcome.error().message.lines().count(), 1);
        }),
        both(
            "a stack that was tampered with",
            "error(setmetatable({}, {__index = {stack = 5, message = 7}}))",
            "throw Object.assign(new Error('x'), { stack: { get() {} }, message: 7, name: null })",
        )
        .expect(Expect::Thrown("")),
        both(
            "a huge message is not kept whole for nothing",
            "error({message = string.rep('x', 3000000)})",
            "throw new Error('x'.repeat(3000000))",
        )
        .expect(Expect::Thrown("xxx")),
    ]
}

fn no_prefix(outcome: &Outcome) {
    let message = &outcome.error().message;
    assert!(!message.contains("main."), "{message}");
}

fn named(bench: &Bench) {
    for name in ["plugin.lua", "src/deep/er/x.js", "mit leerzeichen und ü.js", "a:b:3.lua"] {
        let mut world = bench.open(&Setup::default());
        let text = bench.pick("\nlocal x = nil return x.y", "\nnull.y");
        let error = world
            .instance
            .eval(&Source::new(SourceKind::Script, name, text))
            .expect_err("it throws");
        let place = error.location.unwrap_or_else(|| panic!("no place in {name}"));
        assert_eq!((place.file.as_str(), place.line), (name, 2));
        assert!(!error.message.contains(name), "{}", error.message);
    }
}

fn preludes(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let text = bench.pick(
        "return function(f)\n\n\n\n return (f()) end",
        "(function hidden(f) {\n\n\n\n return f() })",
    );
    let prelude = Source::new(SourceKind::Prelude, "prelude", text);
    let wrap = world.instance.eval(&prelude).expect("it runs");
    world.instance.set_global("wrap", wrap).expect("a global can be set");
    let source = bench.script(
        "local function shown()\n  local x = nil\n  return x.y\nend\nwrap(shown)",
        "function shown() {\n  const x = null;\n  return x.y\n}\nwrap(shown)",
    );
    let error = world.instance.eval(&source).expect_err("it throws");
    assert_line(&error, 3);
    let stack = error.stack.expect("a stack");
    assert!(stack.contains("shown"), "{stack}");
    assert!(!stack.contains("prelude") && !stack.contains("hidden"), "{stack}");

    // What the prelude itself does wrong is the plugin's call.
    let error = world
        .instance
        .eval(&bench.script("\n\nwrap(nil)", "\n\nwrap(null)"))
        .expect_err("it throws");
    assert_line(&error, 3);
}

fn again(bench: &Bench) {
    let source = bench.script("\n\nlocal x = nil return x.y", "\n\nnull.y");
    for _ in 0..3 {
        let mut world = bench.open(&Setup::default());
        let error = world.instance.eval(&source).expect_err("it throws");
        assert_line(&error, 3);
    }
}
