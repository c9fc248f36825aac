//! What a script throws: texts are shown, anything else is not (contract section 2.4).

use vario_sandbox::{ErrorKind, Language};

use crate::case::{Case, both, case};
use crate::expect::Expect;

pub(crate) fn cases() -> Vec<Case> {
    [texts(), again(), others(), runtime()].into_iter().flatten().collect()
}

fn texts() -> Vec<Case> {
    vec![
        both("a text", "error('Not logged in.')", "throw 'Not logged in.'")
            .expect(Expect::Text("Not logged in.")),
        both("without a level", "error('Not logged in.', 0)", "throw `Not ${'logged'} in.`")
            .expect(Expect::Text("Not logged in.")),
        both(
            "with the caller's level",
            "local function f() error('text', 2) end f()",
            "(function f() { throw 'text' })()",
        )
        .expect(Expect::Text("text")),
        both(
            "with a level that is not there",
            "error('text', 50)",
            "(() => (() => { throw 'text' })())()",
        )
        .expect(Expect::Text("text")),
        both(
            "an assertion with a text",
            "assert(false, 'text')",
            "false || (() => { throw 'text' })()",
        )
        .expect(Expect::Text("text")),
        both("an assertion of nil", "assert(nil, 'text')", "if (!null) throw 'text'")
            .expect(Expect::Text("text")),
        both("blanks around it stay", "error('  a b \\n', 0)", "throw '  a b \\n'").check(
            |outcome| {
                assert_eq!(outcome.error().kind, ErrorKind::ThrownText("  a b \n".into()));
            },
        ),
        both("an empty text", "error('', 0)", "throw ''").check(|outcome| {
            assert_eq!(outcome.error().kind, ErrorKind::ThrownText(String::new()));
        }),
        both("a blank text", "error(' \\t', 0)", "throw ' \\t'").check(|outcome| {
            assert_eq!(outcome.error().kind, ErrorKind::ThrownText(" \t".into()));
        }),
        both("an empty text with a place", "error('')", "throw String()").check(|outcome| {
            assert_eq!(outcome.error().kind, ErrorKind::ThrownText(String::new()));
        }),
        both("a text that looks like a place", "error('a:3: b')", "throw 'a:3: b'")
            .expect(Expect::Text("a:3: b")),
        both("a text that looks like an error", "error('Error: x')", "throw 'Error: x'")
            .expect(Expect::Text("Error: x")),
        both(
            "a text that looks like a limit",
            "error('stack overflow', 0)",
            "throw 'Maximum call stack size exceeded'",
        )
        .differs(Language::Lua, Expect::Text("stack overflow"), "the words are each engine's own")
        .expect(Expect::Text("Maximum call stack size exceeded")),
        both(
            "a text that looks like a full heap",
            "error('not enough memory')",
            "throw 'out of memory'",
        )
        .differs(Language::Lua, Expect::Text("not enough memory"), "as above")
        .expect(Expect::Text("out of memory")),
        both("several lines", "error('a\\nb: c\\n3: d')", "throw 'a\\nb: c\\n3: d'")
            .expect(Expect::Text("a\nb: c\n3: d")),
        both("unicode and NUL", "error('grüße\\0🚀')", "throw 'grüße\\0🚀'")
            .expect(Expect::Text("grüße\0🚀")),
        both("no unicode", "error('a\\255', 0)", "throw 'a\\ud800'")
            .expect(Expect::Text("a\u{FFFD}")),
        both("a long text", "error(string.rep('x', 20000))", "throw 'x'.repeat(20000)").check(
            |outcome| {
                assert_eq!(outcome.error().kind, ErrorKind::ThrownText("x".repeat(20_000)));
            },
        ),
    ]
}

fn again() -> Vec<Case> {
    vec![
        both(
            "caught and thrown again",
            "local _, e = pcall(function() error('text') end) error(e)",
            "try { throw 'text' } catch (e) { throw e }",
        )
        .expect(Expect::Text("text")),
        both(
            "caught and thrown again without a level",
            "local _, e = pcall(function() error('text') end) error(e, 0)",
            "try { (() => { throw 'text' })() } catch (e) { throw e }",
        )
        .expect(Expect::Text("text")),
        both(
            "caught and asserted",
            "assert(pcall(function() error('text') end))",
            "try { throw 'text' } finally { 1 }",
        )
        .expect(Expect::Text("text")),
        both(
            "three times over",
            "local e = 'text'
             for i = 1, 3 do local x = e local _, y = pcall(function() error(x) end) e = y end
             error(e)",
            "let e = 'text';
             for (let i = 0; i < 3; i++) { try { throw e } catch (x) { e = x } } throw e",
        )
        .expect(Expect::Text("text")),
        both(
            "another text instead",
            "local ok = pcall(function() error('first') end) if not ok then error('second') end",
            "try { throw 'first' } catch { throw 'second' }",
        )
        .expect(Expect::Text("second")),
        both(
            "the handler's text",
            "local _, e = xpcall(function() return nil + 1 end, function() return 'handled' end)
             error(e, 0)",
            "try { null.x } catch { throw 'handled' }",
        )
        .expect(Expect::Text("handled")),
        both(
            "a text of an error object",
            "local _, e = pcall(function() error({message = 'text'}) end) error(e.message)",
            "try { throw new Error('text') } catch (e) { throw e.message }",
        )
        .expect(Expect::Text("text")),
        both(
            "out of a coroutine or a generator",
            "coroutine.wrap(function() error('text') end)()",
            "(function* () { throw 'text' })().next()",
        )
        .expect(Expect::Text("text")),
        both(
            "out of a callback",
            "table.sort({2, 1}, function() error('text') end)",
            "[2, 1].sort(() => { throw 'text' })",
        )
        .expect(Expect::Text("text")),
        both("out of the called function", "return function() error('text') end", "() => { throw 'text' }")
            .expect(Expect::Text("text")),
        both(
            "out of a metamethod or getter",
            "return setmetatable({}, {__index = function() error('text') end}).x",
            "({ get x() { throw 'text' } }).x",
        )
        .expect(Expect::Text("text")),
        case("through a helper")
            .lua("local function helper(f) return f() end return helper(function() error('text') end)")
            .js("const helper = (f) => f(); helper(() => { throw 'text' })")
            .expect(Expect::Text("text")),
    ]
}

fn others() -> Vec<Case> {
    vec![
        both("a number", "error(42)", "throw 42").expect(Expect::Thrown("42")),
        both("a bool", "error(false)", "throw false").expect(Expect::Thrown("false")),
        both("nothing", "error(nil)", "throw undefined").expect(Expect::Thrown("")),
        both("nothing at all", "error()", "throw void 0").expect(Expect::Thrown("")),
        both("null", "error(NULL)", "throw null").expect(Expect::Thrown("null")),
        both("an empty object", "error({})", "throw {}").expect(Expect::Thrown("")),
        both("an object with a message", "error({message = 'boom'})", "throw { message: 'boom' }")
            .expect(Expect::Thrown("boom")),
        both(
            "an object that makes a text",
            "error(setmetatable({}, {__tostring = function() return 'boom' end}))",
            "throw { toString() { return 'boom' } }",
        )
        .expect(Expect::Thrown("")),
        both("an error", "error({name = 'Error', message = 'boom'})", "throw new Error('boom')")
            .expect(Expect::Thrown("boom")),
        both(
            "an error of the script's own",
            "error(setmetatable({message = 'boom'}, {__index = {name = 'Own'}}))",
            "throw new (class Own extends Error { name = 'Own' })('boom')",
        )
        .expect(Expect::Thrown("boom")),
        both("a text in an object", "error({'boom'})", "throw new String('boom')")
            .expect(Expect::Thrown("")),
        both("a function", "error(print)", "throw () => 1").expect(Expect::Thrown("")),
        both("a coroutine or a symbol", "error(coroutine.create(print))", "throw Symbol('s')")
            .expect(Expect::Thrown("")),
        both("a circle", "local t = {} t.t = t error(t)", "const t = {}; t.t = t; throw t")
            .expect(Expect::Thrown("")),
        both(
            "an assertion without a text",
            "assert(false)",
            "throw new Error('assertion failed!')",
        )
        .expect(Expect::Thrown("assertion failed!")),
        both(
            "an assertion with an object",
            "assert(false, {message = 'm'})",
            "throw { message: 'm' }",
        )
        .expect(Expect::Thrown("m")),
        both(
            "an object whose message throws",
            "error(setmetatable({}, {__tostring = function() error('inner') end}))",
            "throw Object.defineProperty(new Error('x'), 'message', { get() { throw 'inner' } })",
        )
        .expect(Expect::Thrown("")),
        both(
            "an object that is hostile all over",
            "local function no() error('no') end
             error(setmetatable({}, {__index = no, __tostring = no, __len = no, __iter = no,
               __metatable = 'locked'}))",
            "throw new Proxy({}, new Proxy({}, { get() { throw 'no' } }))",
        )
        .expect(Expect::Thrown("")),
    ]
}

fn runtime() -> Vec<Case> {
    vec![
        both("a property of nothing", "local x = nil return x.y", "null.y")
            .expect(Expect::Thrown("")),
        both("a call of nothing", "local x = nil x()", "undefined()").expect(Expect::Thrown("")),
        both("a call of a number", "local x = 5 x()", "(5)()").expect(Expect::Thrown("")),
        both("a name that is not there", "return missing.y", "missing.y")
            .expect(Expect::Thrown("")),
        both("a library function used wrongly", "string.rep()", "'x'.repeat(-1)")
            .expect(Expect::Thrown("")),
        both("arithmetic on nothing", "return nil + 1", "1n + 1").expect(Expect::Thrown("")),
        both(
            "caught and thrown again it is still no text to show",
            "local _, e = pcall(function() return nil + 1 end) error(e, 0)",
            "try { null.x } catch (e) { throw e }",
        )
        .expect(Expect::Thrown("")),
        both(
            "caught and asserted it is still no text to show",
            "assert(pcall(function() return nil + 1 end))",
            "try { null.x } finally { 1 }",
        )
        .expect(Expect::Thrown("")),
        both(
            "with words around it it is a text to show",
            "local _, e = pcall(function() return nil + 1 end) error('failed: ' .. e, 0)",
            "try { null.x } catch (e) { throw 'failed: ' + e }",
        )
        .check(|outcome| match &outcome.error().kind {
            ErrorKind::ThrownText(text) => assert!(text.starts_with("failed: "), "{text}"),
            other => panic!("expected a thrown text, got {other:?}"),
        }),
        both("in the called function", "return function() return nil .. 'x' end", "() => null.x")
            .expect(Expect::Thrown("")),
        both(
            "after a thrown text",
            "pcall(error, 'text') return nil + 1",
            "try { throw 'text' } catch {} null.x",
        )
        .expect(Expect::Thrown("")),
        both("a text that does not parse", "x = = 1", "x = = 1").expect(Expect::Syntax),
        both("text that is made and does not parse", "assert(loadstring('x ='))()", "eval('x =')")
            .differs(
                Language::Lua,
                Expect::Anything,
                "`loadstring` gives words, so `assert` throws a text",
            )
            .expect(Expect::Thrown("")),
    ]
}
