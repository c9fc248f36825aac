//! Attempts to get out, and to make the host stumble over a spoiled world.

use vario_sandbox::Language;
use vario_value::{Shape, Value};

use crate::bench::{Bench, Setup};
use crate::case::{Case, both, case, steps};
use crate::expect::Expect;
use crate::same::{list, map};

pub(crate) fn cases() -> Vec<Case> {
    [bytecode(), doors(), spoiled()].into_iter().flatten().collect()
}

fn bytecode() -> Vec<Case> {
    const NO_LOADER: &str = "JavaScript has no function that takes bytecode";
    let lua =
        |name, source: &'static str| case(name).lua(source).not_in(Language::JavaScript, NO_LOADER);
    vec![
        lua("bytecode of Lua 5.1", "return loadstring('\\27Lua\\81\\0\\1\\4\\8\\4\\8\\0') == nil").holds(),
        lua("bytecode of Luau", "for v = 1, 11 do if loadstring(string.char(v, 1, 0, 0, 0, 0)) then return v end end return true")
            .holds(),
        lua("bytecode under another name", "return loadstring('\\27Lua', '=x') == nil").holds(),
        lua("bytecode that is asked for", "return not (load and load('\\27Lua', 'x', 'b'))").holds(),
        lua("functions have no bytecode to give", "return string.dump == nil").holds(),
        both("a program that is bytecode", "\u{1b}Lua\u{1}\u{2}", "\u{1}\u{2}\u{3}").expect(Expect::Syntax),
    ]
}

fn doors() -> Vec<Case> {
    let js = |name, source: &'static str| {
        case(name).js(source).not_in(Language::Lua, "it is about JavaScript")
    };
    let lua = |name, source: &'static str| {
        case(name).lua(source).not_in(Language::JavaScript, "it is about Lua")
    };
    vec![
        both(
            "modules of the system",
            "for _, name in ipairs({'io', 'os', 'ffi', 'package', 'debug', '/etc/passwd'}) do
               if pcall(require, name) then return name end
             end
             return true",
            "(async () => {
               for (const name of ['std', 'os', 'qjs:std', 'qjs:os', 'fs', 'node:fs', '/etc/passwd', 'file:///etc/passwd']) {
                 try { await import(name); return name } catch {}
               }
               return true
             })()",
        )
        .holds(),
        both(
            "files by name",
            "return (pcall(loadstring, '@/etc/passwd')) and (loadfile or dofile) == nil",
            "typeof load === 'undefined' && typeof read === 'undefined'",
        )
        .holds(),
        lua("functions of other levels", "for level = 0, 30 do
               local ok, env = pcall(getfenv, level)
               if ok and (env.io or env.debug or env.dofile or env.package) then return level end
             end
             return true")
            .holds(),
        lua("functions of the library", "for _, f in ipairs({print, pcall, error, require, string.find, host.echo.value}) do
               local ok, env = pcall(getfenv, f)
               if ok and type(env) == 'table' and (env.io or env.debug or env.dofile) then return false end
               pcall(setfenv, f, {})
             end
             return host.echo.value(1) == 1")
            .holds(),
        lua("the metatable of texts", "local m = getmetatable('')
             if type(m) ~= 'table' then return true end
             pcall(function() m.__index = nil end)
             return ('a'):upper() == 'A'")
            .holds(),
        lua("the metatable of a host error", "local _, e = pcall(host.echo.fail, 'x')
             local m = getmetatable(e)
             if type(m) == 'table' then pcall(function() m.__tostring = function() error('mine') end end) end
             local _, e2 = pcall(host.echo.fail, 'y')
             return tostring(e2)")
            .gives("Error: y"),
        js("the maker of functions", "[].filter.constructor('return this')() === globalThis").holds(),
        js("the stack of the host", "Error.prepareStackTrace = (_, frames) => frames;
             const frames = new Error('x').stack;
             typeof frames === 'string' || frames.every?.((f) => f.getThis?.() === undefined) !== false").holds(),
        js("callers", "(function () { try { return arguments.callee.caller === undefined } catch { return true } })()").holds(),
        js("what the host throws", "try { host.echo.fail('x') } catch (e) { e.constructor === Error && e.constructor.constructor === Function }").holds(),
        both(
            "garbage that calls back",
            "return newproxy == nil and true",
            "new FinalizationRegistry(() => { for (;;); }).register({}, 1); for (let i = 0; i < 1e5; i++) ({}); true",
        )
        .holds(),
    ]
}

fn spoiled() -> Vec<Case> {
    vec![
        steps("a spoiled world can still be read and called", still_works),
        both(
            "the host's errors in a spoiled world",
            "local catch = pcall
             error, assert, tostring, pcall, type, setmetatable, select = nil
             local ok, e = catch(host.echo.fail, 'boom') return e.message",
            "globalThis.Error = globalThis.TypeError = null;
             try { host.echo.fail('boom') } catch (e) { e.message }",
        )
        .gives("boom"),
        both(
            "an uncaught error in a spoiled world",
            "tostring = function() return 'mine' end error({message = 'boom'})",
            "Error.prototype.toString = () => 'mine'; Object.prototype.toString = null; throw new Error('boom')",
        )
        .expect(Expect::Thrown("boom")),
        case("promises in a spoiled world")
            .js("const p = (async () => { await 1; return 2 })();
                 Promise.prototype.then = () => { throw 'mine' }; Promise.resolve = null;
                 globalThis.Promise = null; p")
            .not_in(Language::Lua, "it is about JavaScript")
            .expect(Expect::Fulfilled(Value::Int(2))),
        case("everything has a then")
            .js("Object.prototype.then = function (r) { r('mine') }; ({ a: 1 })")
            .not_in(Language::Lua, "it is about JavaScript")
            .expect(Expect::Plain(map([("a", Value::Int(1))]))),
        case("lists are not what they were")
            .js("Array.prototype[Symbol.iterator] = null; Array.isArray = () => false;
                 Object.keys = () => []; Reflect.ownKeys = null; [{ a: 1 }]")
            .not_in(Language::Lua, "it is about JavaScript")
            .gives(list([map([("a", Value::Int(1))])])),
        case("coroutines in a spoiled world")
            .lua("local co = coroutine.create(function() return 1 end)
                  coroutine = nil pcall = nil rawget = nil next = nil pairs = nil return co")
            .not_in(Language::JavaScript, "it is about Lua")
            .expect(Expect::Fulfilled(Value::Int(1))),
        case("tables with locked metatables")
            .lua("return setmetatable({a = setmetatable({1, 2}, {__metatable = false})}, {__metatable = 'no',
                    __pairs = function() error('no') end, __iter = function() error('no') end,
                    __len = function() error('no') end})")
            .not_in(Language::JavaScript, "it is about Lua")
            .gives(map([("a", list([Value::Int(1), Value::Int(2)]))])),
    ]
}

fn still_works(bench: &Bench) {
    let mut world = bench.open(&Setup::default());
    let host = world.instance.global("host").expect("it is there");
    let echo = world.instance.get(host, "echo").expect("it is there");
    let value = world.instance.get(echo, "value").expect("it is there");
    let result = world.eval(&bench.script("return {plan = 'x', {1}}", "({ plan: 'x', 1: [1] })"));
    world.eval(&bench.script(
        "local G, names, rawset = _G, {}, rawset for name in pairs(G) do names[#names + 1] = name end
         setmetatable(_G, {__index = function() error('no') end, __newindex = function() error('no') end})
         for i = 1, #names do rawset(G, names[i], nil) end",
        "for (const name of ['get', 'set', 'value', 'then', 'toJSON', 'length', 'writable', 'enumerable']) {
           Object.prototype[name] ??= undefined;
         }
         Object.defineProperty = Object.keys = Array.isArray = null;
         Function.prototype.call = Function.prototype.apply = null;
         Array.prototype.push = Array.prototype[Symbol.iterator] = null;
         const names = Object.getOwnPropertyNames(globalThis);
         for (let i = 0; i < names.length; i++) { try { delete globalThis[names[i]] } catch {} }",
    ));
    let want = map([("plan", "x".into()), ("1", list([Value::Int(1)]))]);
    let read = world.instance.read(result, &Shape::Any).expect("it can be read");
    assert!(crate::same::same(&read, &want), "{read:?}");
    let made = world.instance.make(&want).expect("there is memory");
    let echoed = world.instance.call(value, &[made]).expect("it runs");
    let read = world.instance.read(echoed, &Shape::Any).expect("it can be read");
    assert!(crate::same::same(&read, &want), "{read:?}");
    world.eval(&bench.script("return 1", "1"));
}
