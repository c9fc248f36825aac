//! Modules of the plugin's own folder.

use vario_sandbox::{ErrorKind, Language};
use vario_value::Value;

use crate::case::{Case, both, case};
use crate::expect::Expect;
use crate::same::map;

const FILES: [(&str, &str); 18] = [
    ("src/a.lua", "return 'a'"),
    ("src/a.js", "export default 'a'"),
    ("lib/b.lua", "return 'b+' .. require('../src/a')"),
    ("lib/b.js", "import a from '../src/a.js'; export default 'b+' + a"),
    ("src/count.lua", "loads = (loads or 0) + 1 return {n = loads}"),
    ("src/count.js", "globalThis.loads = (globalThis.loads ?? 0) + 1; export default { n: loads }"),
    ("src/bad.lua", "\nlocal = 1"),
    ("src/bad.js", "\nconst = 1"),
    ("src/throws.lua", "\n\nerror('Not logged in.')"),
    ("src/throws.js", "\n\nthrow 'Not logged in.'"),
    ("src/fails.lua", "\nlocal x = nil\nreturn x.y"),
    ("src/fails.js", "\nconst x = null;\nexport default x.y"),
    ("src/round.lua", "return require('./trip')"),
    ("src/trip.lua", "return require('./round')"),
    ("src/round.js", "import trip from './trip.js'; export default () => trip"),
    ("src/trip.js", "import round from './round.js'; export default () => round"),
    ("top.lua", "return 'top'"),
    ("top.js", "export default 'top'"),
];

pub(crate) fn cases() -> Vec<Case> {
    [loaded(), refused(), failing()].into_iter().flatten().collect()
}

/// A module whose `default` is the result.
fn module(name: &'static str, lua: &str, js: &str) -> Case {
    FILES
        .into_iter()
        .fold(case(name).module().lua(lua).js(js), |case, (path, text)| case.file(path, text))
}

fn loaded() -> Vec<Case> {
    let default = |value: &str| map([("default", value.into())]);
    vec![
        module("what a module gives", "return {default = 1, b = 2}", "export default 1; export const b = 2")
            .gives(map([("default", Value::Int(1)), ("b", Value::Int(2))])),
        module("a neighbour", "return {default = require('./a')}", "import a from './a.js'; export default a")
            .gives(default("a")),
        module("a neighbour, spelt out", "return {default = require('./a.lua')}", "import a from './././a.js'; export default a")
            .gives(default("a")),
        module("another folder, and back", "return {default = require('../lib/b')}", "import b from '../lib/b.js'; export default b")
            .gives(default("b+a")),
        module("the top folder", "return {default = require('../top')}", "import top from '../src/../top.js'; export default top")
            .gives(default("top")),
        module(
            "while it runs",
            "local function load() return require('./a') end return {default = load()}",
            "export default (await import('./a.js')).default",
        )
        .gives(default("a")),
        module(
            "loaded once",
            "local a, b = require('./count'), require('../src/count') return {default = a == b and a.n == 1 and loads == 1}",
            "import a from './count.js'; import b from '../src/count.js';
             const c = (await import('./count.js')).default; export default a === b && b === c && loads === 1",
        )
        .gives(map([("default", true.into())])),
        module(
            "modules share the globals",
            "require('./count') return {default = loads}",
            "import './count.js'; export default loads",
        )
        .gives(map([("default", Value::Int(1))])),
        module(
            "the host is there",
            "return {default = host.echo.value('x')}",
            "export default host.echo.value('x')",
        )
        .gives(default("x")),
        module(
            "in a circle",
            "return {default = require('./round')}",
            "import round from './round.js'; export default typeof round",
        )
        .differs(
            Language::Lua,
            Expect::Thrown("circle"),
            "`require` gives the value at once, so a circle has none to give",
        )
        .gives(default("function")),
        module(
            "itself",
            "return {default = (pcall(require, './main'))}",
            "import * as self from './main.js'; export default typeof self",
        )
        .file("src/main.js", "export default 'another'")
        .differs(Language::Lua, Expect::Value(map([("default", false.into())])), "no such file here")
        .gives(default("object")),
    ]
}

fn refused() -> Vec<Case> {
    let thrown =
        |name, lua: &str, js: &str, words| module(name, lua, js).expect(Expect::Thrown(words));
    vec![
        thrown("a file that is not there", "require('./none.lua')", "import './none.js'", "src/none"),
        thrown("outside of the folder", "require('../../a')", "import '../../a.js'", "outside the plugin's folder"),
        thrown("far outside", "require('../../../../etc/passwd')", "import '../../../../etc/passwd'", "outside the plugin's folder"),
        thrown("out and in again", "require('../../src/a')", "import '../../src/a.js'", "outside the plugin's folder"),
        thrown("an absolute path", "require('/etc/passwd')", "import '/etc/passwd'", "not a relative path"),
        thrown("a bare name", "require('a')", "import 'a.js'", "not a relative path"),
        thrown("an address", "require('https://example.com/a')", "import 'https://example.com/a.js'", "not a relative path"),
        thrown("with a drive", "require('./c:/a')", "import './c:/a.js'", "not a relative path"),
        thrown("with backslashes", "require('.\\\\a')", "import '.\\\\a.js'", "not a relative path"),
        thrown("with a NUL", "require('./a\\0')", "await import('./none\\0')", ""),
        thrown("no name at all", "require('')", "import ''", "not a relative path"),
        module(
            "it can be caught",
            "local ok, e = pcall(require, './none') return {default = not ok and e ~= nil}",
            "let ok = true; try { await import('./none.js') } catch { ok = false } export default !ok",
        )
        .gives(map([("default", true.into())])),
        both(
            "not from a script",
            "local ok = pcall(require, './a') return not ok",
            "(async () => { try { await import('./a.js'); return false } catch { return true } })()",
        )
        .file("src/a.lua", "return 1")
        .file("src/a.js", "export default 1")
        .holds(),
    ]
}

fn failing() -> Vec<Case> {
    vec![
        module("a module that throws a text", "require('./throws')", "import './throws.js'")
            .expect(Expect::Text("Not logged in.")),
        module("a module that fails", "require('./fails')", "import './fails.js'").check(
            |outcome| {
                let error = outcome.error();
                assert_eq!(error.kind, ErrorKind::Thrown);
                let place = error.location.as_ref().expect("a place");
                assert!(place.file.starts_with("src/fails."), "{error:?}");
                assert_eq!(place.line, 3);
            },
        ),
        module("a module that does not parse", "require('./bad')", "import './bad.js'")
            .differs(
                Language::Lua,
                Expect::Thrown("src/bad.lua:2"),
                "`require` runs when the main file has long been parsed",
            )
            .check(|outcome| {
                let error = outcome.error();
                assert_eq!(error.kind, ErrorKind::Syntax);
                let place = error.location.as_ref().expect("a place");
                assert_eq!((place.file.as_str(), place.line), ("src/bad.js", 2));
            }),
        module("the main file does not parse", "\nlocal = 1", "\nconst = 1").check(|outcome| {
            let error = outcome.error();
            assert_eq!(error.kind, ErrorKind::Syntax);
            assert_eq!(error.location.as_ref().map(|place| place.line), Some(2));
        }),
        module("the main file throws a text", "error('text')", "throw 'text'")
            .expect(Expect::Text("text")),
        module("the main file waits for ever", "coroutine.yield()", "await new Promise(() => {})")
            .expect(Expect::Thrown("")),
        module("the main file never ends", "while true do end", "for (;;);")
            .endless()
            .expect(Expect::DEADLINE),
        module(
            "a name that a neighbour does not export",
            "return require('./a').none.none",
            "import { none } from './a.js'",
        )
        .expect(Expect::OneOf(vec![Expect::Thrown(""), Expect::Syntax])),
    ]
}
