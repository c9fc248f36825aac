//! Which names a script finds (contract section 2.2), and how the host reads and sets them.

use vario_sandbox::{ErrorKind, Kind, Language};
use vario_value::Value;

use crate::bench::{Bench, Setup};
use crate::case::{Case, both, case, steps};
use crate::expect::Expect;
use crate::same::{list, text};

const LUA_THERE: &str = "assert error getfenv getmetatable ipairs loadstring next pairs pcall print \
    rawequal rawget rawset select setfenv setmetatable tonumber tostring type unpack xpcall _G \
    _VERSION collectgarbage coroutine.create coroutine.resume coroutine.running coroutine.status \
    coroutine.wrap coroutine.yield math.abs math.ceil math.floor math.fmod math.huge math.log \
    math.log10 math.max math.min math.modf math.pi math.pow math.random math.randomseed math.sqrt \
    os.clock os.date os.difftime os.time string.byte string.char string.find string.format \
    string.gmatch string.gsub string.len string.lower string.match string.rep string.reverse \
    string.sub string.upper table.concat table.getn table.insert table.maxn table.remove table.sort";

const LUA_MISSING: &str = "io package debug dofile loadfile newproxy module os.execute os.exit \
    os.getenv os.remove os.rename os.setlocale os.tmpname string.dump process fs ffi jit";

const JS_THERE: &str = "eval Function Proxy Reflect Map Set WeakMap WeakRef BigInt Symbol Uint8Array \
    Float64Array ArrayBuffer DataView Atomics Promise queueMicrotask atob btoa performance.now \
    escape unescape encodeURIComponent decodeURIComponent String.prototype.normalize \
    String.prototype.localeCompare String.prototype.replaceAll Array.prototype.toSorted \
    Array.prototype.at Object.groupBy Object.fromEntries RegExp JSON.parse Date.now globalThis";

const JS_MISSING: &str = "setTimeout setInterval setImmediate clearTimeout fetch URL \
    URLSearchParams TextDecoder TextEncoder Intl structuredClone require module exports process \
    navigator window self global document XMLHttpRequest WebAssembly WebSocket Worker Deno Bun std \
    os bjson print scriptArgs gc load loadScript importScripts __dirname";

pub(crate) fn cases() -> Vec<Case> {
    [names(), manners(), by_hand()].into_iter().flatten().collect()
}

/// A program that lists the names that are there, or are not.
fn listing(name: &'static str, lua: &str, js: &str, there: bool) -> Case {
    let not = if there { "==" } else { "~=" };
    let is = if there { "===" } else { "!==" };
    case(name)
        .lua(format!(
            "local wrong = {{}}
             for path in string.gmatch('{lua}', '%S+') do
               local v = _G
               for part in string.gmatch(path, '[^.]+') do v = v ~= nil and v[part] or nil end
               if v {not} nil then wrong[#wrong + 1] = path end
             end
             return table.concat(wrong, ' ')"
        ))
        .js(format!(
            "'{js}'.split(/\\s+/).filter((path) => path.split('.').reduce(
               (v, part) => v?.[part], globalThis) {is} undefined).join(' ')"
        ))
        .gives("")
}

fn names() -> Vec<Case> {
    vec![
        listing("what is there", LUA_THERE, JS_THERE, true),
        listing("what is not there", LUA_MISSING, JS_MISSING, false),
    ]
}

fn manners() -> Vec<Case> {
    vec![
        both("a name that nobody declared", "undeclared = 1 return undeclared", "undeclared = 1")
            .differs(Language::Lua, Expect::Value(Value::Int(1)), "Lua makes a global of it")
            .expect(Expect::Thrown("")),
        both("a global of the script", "x = 1 return _G.x", "var x = 1; globalThis.x").gives(1),
        both("no receiver in plain functions", "return true", "(function () { return this === undefined })()")
            .holds(),
        both("two equal names", "local a = 1 local a = 2 return a", "with ({}) {}")
            .differs(Language::Lua, Expect::Value(Value::Int(2)), "Lua has no strict mode")
            .expect(Expect::Syntax),
        both("no waiting at the top of a script", "coroutine.yield() return 1", "await 1")
            .differs(Language::Lua, Expect::Thrown(""), "a yield is a call, which parses")
            .expect(Expect::Syntax),
        both("no exports from a script", "return 1", "export default 1")
            .differs(Language::Lua, Expect::Value(Value::Int(1)), "Lua has no export statement")
            .expect(Expect::Syntax),
        both("text can be run", "return loadstring('return 40 + ...')(2)", "eval('40 + 2')").gives(42),
        both("functions can be made", "return assert(loadstring('local a, b = ... return a + b'))(1, 2)", "new Function('a', 'b', 'return a + b')(1, 2)")
            .gives(3),
        case("Lua 5.1 as written")
            .lua(
                "local t = {n = 0, 10, 20, 30}
                 table.insert(t, 40) table.remove(t, 1)
                 local function sum(...) local s = 0 for _, v in ipairs({...}) do s = s + v end return s end
                 local e = setmetatable({}, {__index = _G})
                 local f = setfenv(loadstring('y = 5 return y'), e)
                 return {unpack({1, 2}), table.getn(t), sum(unpack(t)), f(), e.y, (#'abc'),
                   string.format('%5.1f|%d|%s|%q', 1.25, 3, 'x', 'q'), math.pow(2, 3),
                   select('#', 1, 2, 3), ('x'):rep(3), string.gsub('abc', 'b', '%0%0')}",
            )
            .not_in(Language::JavaScript, "it is about Lua")
            .check(|outcome| {
                let items = outcome.value().as_list().expect("a list");
                let int = Value::Int;
                assert_eq!(items[..6], [int(1), int(3), int(90), int(5), int(5), int(3)]);
                assert_eq!(items[7..11], [int(8), int(3), text("xxx"), text("abbc")]);
            }),
        case("JavaScript of today")
            .js(
                "class A { #x = 1; static { A.y = 2 } get x() { return this.#x } }
                 const { a = 3, ...rest } = { b: 4 };
                 [new A().x, A.y, a, rest?.b ?? 0, [3, 1, 2].toSorted().at(-1), 2n ** 3n === 8n,
                  'x'.replaceAll('x', 'y'), /(?<n>a)/u.exec('a').groups.n, Object.hasOwn({ q: 1 }, 'q')]",
            )
            .not_in(Language::Lua, "it is about JavaScript")
            .gives(list([
                Value::Int(1),
                Value::Int(2),
                Value::Int(3),
                Value::Int(4),
                Value::Int(3),
                true.into(),
                text("y"),
                text("a"),
                true.into(),
            ])),
    ]
}

fn by_hand() -> Vec<Case> {
    vec![
        steps("a global of the script is read", |bench| {
            let set = ("answer = {n = 42}", "globalThis.answer = { n: 42 }");
            assert_global(bench, set, Kind::Object);
        }),
        steps("a declared variable is read", |bench| {
            assert_global(bench, ("_G.answer = {}", "var answer = {}"), Kind::Object);
        }),
        steps("a function is read", |bench| {
            assert_global(bench, ("function answer() end", "function answer() {}"), Kind::Function);
        }),
        steps("an inherited global is read", |bench| {
            let set =
                ("setmetatable(_G, {__index = {answer = {}}})", "Object.prototype.answer = {}");
            assert_global(bench, set, Kind::Object);
        }),
        steps("a global behind a getter is read", |bench| {
            let set = (
                "setmetatable(_G, {__index = function() return {} end})",
                "Object.defineProperty(globalThis, 'answer', { get() { return {} } })",
            );
            assert_global(bench, set, Kind::Object);
        }),
        steps("a global that is not there is absent", |bench| {
            assert_global(bench, ("return 1", "1"), Kind::Absent);
        }),
        steps("a global that was removed is absent", |bench| {
            let set =
                ("answer = 1 answer = nil", "globalThis.answer = 1; delete globalThis.answer");
            assert_global(bench, set, Kind::Absent);
        }),
        steps("null in a global", |bench| {
            assert_global(bench, ("answer = NULL", "globalThis.answer = null"), Kind::Null);
        }),
        steps("a global whose getter throws", throwing_global),
        steps("what the host sets the script sees", set_global),
        steps("what the host set the script can take away", removed),
    ]
}

#[track_caller]
fn assert_global(bench: &Bench, (lua, js): (&str, &str), kind: Kind) {
    let mut world = bench.open(&Setup::default());
    world.eval(&bench.script(lua, js));
    let answer = world.instance.global("answer").expect("it can be read");
    assert_eq!(world.instance.kind(answer), kind);
}

fn throwing_global(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    world.eval(&bench.script(
        "setmetatable(_G, {__index = function() error('no') end})",
        "Object.defineProperty(globalThis, 'answer', { get() { throw 'no' } })",
    ));
    let error = world.instance.global("answer").expect_err("the getter throws");
    assert_eq!(error.kind, ErrorKind::ThrownText("no".into()));
}

fn set_global(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    for number in 1..=3 {
        let value = world.instance.make(&Value::Int(number)).expect("there is memory");
        world.instance.set_global("given", value).expect("a global can be set");
        let got = world.eval(&bench.script("return function() return given end", "() => given"));
        let got = world.instance.call(got, &[]).expect("it runs");
        assert_eq!(world.read(got), Value::Int(number));
    }
}

fn removed(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let gone = world.eval(&bench.script(
        "host = nil return host == nil",
        "delete globalThis.host && typeof host === 'undefined'",
    ));
    assert_eq!(world.read(gone), Value::Bool(true));
    let host = world.instance.global("host").expect("it can be read");
    assert_eq!(world.instance.kind(host), Kind::Absent);
}
