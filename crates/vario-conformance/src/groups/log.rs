//! What a script prints goes to the log.

use vario_sandbox::{Language, LogLevel, StopReason};

use crate::case::{Case, both, case};
use crate::expect::{Expect, Outcome};

pub(crate) fn cases() -> Vec<Case> {
    [lines(), values(), full()].into_iter().flatten().collect()
}

#[track_caller]
fn assert_lines(outcome: &Outcome, lines: &[&str]) {
    assert!(outcome.result.is_ok(), "{:?}", outcome.result);
    assert!(
        outcome.log.iter().map(|(_, line)| line.as_str()).eq(lines.iter().copied()),
        "{:?}",
        outcome.log
    );
}

fn lines() -> Vec<Case> {
    vec![
        both("a line", "print('hello')", "console.log('hello')").check(|outcome| {
            assert_eq!(outcome.log, [(LogLevel::Info, "hello".to_owned())]);
        }),
        both("several values", "print('a', 1, true)", "console.log('a', 1, true)")
            .differs(
                Language::Lua,
                Expect::Check(|outcome| assert_lines(outcome, &["a\t1\ttrue"])),
                "`print` puts tabs between its values",
            )
            .check(|outcome| assert_lines(outcome, &["a 1 true"])),
        both("no values", "print()", "console.log()").check(|outcome| assert_lines(outcome, &[""])),
        both("nothing", "print(nil)", "console.log(undefined)")
            .differs(Language::Lua, Expect::Check(|outcome| assert_lines(outcome, &["nil"])), "its own word")
            .check(|outcome| assert_lines(outcome, &["undefined"])),
        both("lines keep their order", "for i = 1, 3 do print(i) end", "for (const i of [1, 2, 3]) console.log(i)")
            .check(|outcome| assert_lines(outcome, &["1", "2", "3"])),
        both("text is kept to the letter", "print('%s grüße 🚀\\n  b')", "console.log('%s grüße 🚀\\n  b')")
            .check(|outcome| assert_lines(outcome, &["%s grüße 🚀\n  b"])),
        both("a NUL", "print('a\\0b')", "console.log('a\\0b')").check(|outcome| assert_lines(outcome, &["a\0b"])),
        both("no unicode", "print('a\\255')", "console.log('a\\ud800')")
            .check(|outcome| assert_lines(outcome, &["a\u{FFFD}"])),
        both(
            "in a coroutine or a promise's job",
            "return coroutine.create(function() print('inside') end)",
            "(async () => { await 1; console.log('inside') })()",
        )
        .check(|outcome| assert_lines(outcome, &["inside"])),
        both("it gives nothing", "return print('x') == nil", "console.log('x') === undefined").holds(),
        both("before it fails", "print('before') error('x')", "console.log('before'); throw 'x'").check(
            |outcome| assert_eq!(outcome.log, [(LogLevel::Info, "before".to_owned())]),
        ),
        case("the levels")
            .js("console.debug('a'); console.log('b'); console.info('c'); console.warn('d'); console.error('e')")
            .not_in(Language::Lua, "`print` has no levels")
            .check(|outcome| {
                use LogLevel::{Debug, Error, Info, Warn};
                assert!(outcome.log.iter().map(|(level, _)| *level).eq([Debug, Info, Info, Warn, Error]));
            }),
        case("taken out of the console")
            .js("const { log } = console; log('x'); [1].forEach(console.warn)")
            .not_in(Language::Lua, "`print` is in nothing")
            .check(|outcome| assert_eq!(outcome.log.len(), 2)),
    ]
}

fn values() -> Vec<Case> {
    let one_line = |outcome: &Outcome| {
        assert!(outcome.result.is_ok(), "{:?}", outcome.result);
        assert_eq!(outcome.log.len(), 1, "{:?}", outcome.log);
    };
    vec![
        both("a table or an object", "print({a = 1})", "console.log({ a: 1 })").check(one_line),
        both("null", "print(NULL)", "console.log(null)").check(one_line),
        both("a function", "print(print)", "console.log(console.log)").check(one_line),
        both("a coroutine or a symbol", "print(coroutine.create(print))", "console.log(Symbol('s'), 10n)")
            .check(one_line),
        both("a circle", "local t = {} t.t = t print(t)", "const t = {}; t.t = t; console.log(t)").check(one_line),
        both(
            "an object with words of its own",
            "print(setmetatable({}, {__tostring = function() return 'own' end}))",
            "console.log(new Error('own'))",
        )
        .check(|outcome| assert!(outcome.log[0].1.contains("own"), "{:?}", outcome.log)),
        both(
            "something deep",
            "local t = {} for i = 1, 10000 do t = {t} end print(t)",
            "let t = {}; for (let i = 0; i < 10000; i++) t = [t]; console.log(t)",
        )
        .check(one_line),
        both(
            "something large is cut or kept, and comes back",
            "print(string.rep('x', 3000000))",
            "console.log('x'.repeat(3000000))",
        )
        .check(one_line),
        both(
            "a host error",
            "local _, e = pcall(host.echo.fail, 'boom') print(e)",
            "try { host.echo.fail('boom') } catch (e) { console.log(e) }",
        )
        .check(|outcome| assert!(outcome.log[0].1.contains("Error: boom"), "{:?}", outcome.log)),
        case("a getter that throws")
            .js("console.log({ get x() { throw 'no' } }, new Proxy({}, { get() { throw 'no' }, ownKeys() { throw 'no' } }))")
            .not_in(Language::Lua, "`print` passes on what `__tostring` throws, as Lua does")
            .check(one_line),
    ]
}

fn full() -> Vec<Case> {
    let full = |outcome: &Outcome| {
        outcome.assert_stopped(&StopReason::Log);
        assert_eq!(outcome.log.len(), 3);
        assert_eq!(outcome.calls, []);
    };
    vec![
        both(
            "a log that is full ends the run",
            "while true do print('x') end",
            "for (;;) console.log('x')",
        )
        .log_room(3)
        .check(full),
        both(
            "a catch does not see it",
            "while true do pcall(print, 'x') end",
            "for (;;) { try { console.log('x') } catch {} }",
        )
        .log_room(3)
        .check(full),
        both(
            "no host function is called after it",
            "for i = 1, 4 do pcall(print, 'x') end pcall(host.echo.value, 1)",
            "for (let i = 0; i < 4; i++) { try { console.log('x') } catch {} } host.echo.value(1)",
        )
        .log_room(3)
        .check(full),
    ]
}
