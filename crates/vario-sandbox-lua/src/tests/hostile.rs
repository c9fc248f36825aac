use std::time::Duration;

use vario_sandbox::{ErrorKind, StopReason};
use vario_value::{Shape, Value};

use super::support::{Setup, World, error, open, value};

fn short() -> World {
    Setup { wall: Duration::from_millis(100), heap_bytes: 32 << 20, ..Setup::default() }.open()
}

static SHAPE: Shape = Shape::Object(&[("x", Shape::Scalar), ("y", Shape::Scalar)]);

/// Scripts that would run for ever, or for a very long time.
const ENDLESS: &[&str] = &[
    "while true do end",
    "repeat until false",
    "for i = 1, math.huge do end",
    "while true do pcall(function() while true do end end) end",
    "while true do xpcall(error, function() while true do end end) end",
    "local function f() pcall(f) f() end while true do pcall(f) end",
    "while true do local co = coroutine.wrap(function() while true do end end) pcall(co) end",
    "while true do coroutine.resume(coroutine.create(function() while true do pcall(error) end end)) end",
    "local co co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
    "for x in function() return 1 end do end",
    "error(setmetatable({}, {__tostring = function() while true do end end}))",
    "return tostring(setmetatable({}, {__tostring = function() while true do end end}))",
    "local t = setmetatable({}, {__index = function(t, k) while true do end end}) return t.x",
    "local t = setmetatable({}, {__len = function() while true do end end}) return #t",
    "local t = setmetatable({}, {__eq = function() while true do end end}) return t == setmetatable({}, getmetatable(t))",
    "local t = setmetatable({}, {__lt = function() while true do end end}) return t < t",
    "local t = setmetatable({}, {__concat = function() while true do end end}) return t .. 'x'",
    "table.sort({3, 1, 2}, function() while true do end end)",
    "('x'):gsub('x', function() while true do end end)",
    "while true do ('x'):rep(100):gsub('x', 'y') end",
    "return ('a'):rep(1e5):find(('a-'):rep(50) .. 'b')",
    "return ('a'):rep(1e6):match('.-b')",
    "return ('a'):rep(1e6):gsub('.-b', '')",
    "return ('x'):rep(1e6):find('(.-)%1y')",
    "return string.find(('a'):rep(8e6), ('a'):rep(4e6) .. 'b', 1, true), pcall(function() while true do end end)",
    "print(setmetatable({}, {__tostring = function() while true do end end}))",
    "load(function() return ' ' end)",
    "local t = {} while true do t[1] = loadstring('return 1')() end",
    "string.format('%*', setmetatable({}, {__tostring = function() while true do end end}))",
    "local t = table.create(1e5, 0) while true do table.insert(t, 1, 0) table.remove(t, 1) end",
    "while true do buffer.create(1e6) end",
    "while true do collectgarbage() end",
    "while true do ('x'):rep(4e6):lower() end",
    "table.move({}, 1, 2e9, 2, {})",
    "local t = {} for i = 1, 1e5 do t['k' .. i] = i end while true do host.test.echo(t) end",
    "local f f = function() return pcall(f) end while true do f() end",
];

#[test]
fn endless_scripts_end_at_the_deadline() {
    for text in ENDLESS {
        let error = short().eval(text).expect_err(text);
        assert_eq!(error.kind, ErrorKind::Stopped(StopReason::Deadline), "{text}");
        assert_eq!(error.message, "the deadline passed", "{text}");
    }
}

#[test]
fn a_stopped_run_says_where_it_was() {
    let error = short().eval("\nlocal function spin()\n  while true do end\nend\nspin()");
    let error = error.expect_err("it never ends");
    let location = error.location.expect("the loop has a place");
    assert_eq!((location.file.as_str(), location.line), ("plugin.lua", 3));
    assert_eq!(error.stack.as_deref(), Some("plugin.lua:3 in spin\nplugin.lua:5"));
}

#[test]
fn after_the_deadline_nothing_succeeds() {
    let mut world = open();
    world.stop.stop(StopReason::Deadline);
    let error = world.eval("return 1").expect_err("the run is over");
    assert_eq!(error.kind, ErrorKind::Stopped(StopReason::Deadline));

    let mut world = open();
    let object = world
        .eval("return setmetatable({}, {__index = function() while true do end end})")
        .expect("it runs");
    let function = world.eval("return function() return 1 end").expect("it runs");
    world.stop.stop(StopReason::Cancelled);
    let cancelled = ErrorKind::Stopped(StopReason::Cancelled);
    assert_eq!(world.instance.call(function, &[]).expect_err("over").kind, cancelled);
    assert_eq!(world.instance.get(object, "x").expect_err("over").kind, cancelled);
    assert_eq!(world.instance.read(object, &Shape::Any).expect_err("over").kind, cancelled);
    assert_eq!(world.instance.read(object, &SHAPE).expect_err("over").kind, cancelled);
}

#[test]
fn getters_cannot_hold_up_a_read() {
    let mut world = short();
    let object = world
        .eval("return setmetatable({}, {__index = function() while true do end end})")
        .expect("it runs");
    let error = world.instance.read(object, &SHAPE).expect_err("the deadline passes");
    assert_eq!(error.kind, ErrorKind::Stopped(StopReason::Deadline));
}

/// Scripts that want more memory than there is, and do not handle it.
const BOMBS: &[&str] = &[
    "local t = {} while true do t[#t + 1] = {} end",
    "local s = 'x' while true do s = s .. s end",
    "return ('x'):rep(1e9)",
    "return buffer.create(1e9)",
    "return table.create(2e6, 1)",
    "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(i) end",
    "local function f(...) return f(1, ...) end local t = {} while true do t[#t + 1] = coroutine.create(f) end",
    "local t = {} while true do t[#t + 1] = function() return t end end",
    "return (('x'):rep(1e6):gsub('x', ('y'):rep(1e4)))",
    "local t = table.create(1e5, ('x'):rep(1e4)) return table.concat(t)",
    "return string.split(('x,'):rep(1e7))",
];

#[test]
fn memory_bombs_end_in_time() {
    for text in BOMBS {
        let mut world = Setup { heap_bytes: 16 << 20, ..Setup::default() }.open();
        let error = world.eval(text).expect_err(text);
        assert_eq!(error.kind, ErrorKind::Stopped(StopReason::Memory), "{text}");
        assert_eq!(error.message, "out of memory", "{text}");
    }
}

#[test]
fn memory_that_ran_out_can_be_handled() {
    let text = "local ok, e = pcall(string.rep, 'x', 1e9) return ok";
    assert_eq!(value(text), false.into());
    let mut world = Setup { heap_bytes: 8 << 20, ..Setup::default() }.open();
    let text = "pcall(function() local t = {} while true do t[#t + 1] = {} end end) return 'alive'";
    assert_eq!(world.value(text).expect("it recovers"), "alive".into());
}

#[test]
fn a_full_heap_does_not_hurt_the_host() {
    let mut world = Setup { heap_bytes: 4 << 20, ..Setup::default() }.open();
    let text = "t = {} pcall(function() while true do t[#t + 1] = {} end end)
                pcall(function() while true do t[#t + 1] = #t end end)
                s = {} pcall(function() while true do s[#s + 1] = coroutine.create(print) end end)";
    let _full_or_failed = world.eval(text);
    for _ in 0..100 {
        let _any = world.eval("return {1, 2, 3}, function() end");
        let _any = world.instance.make(&Value::from("x".repeat(10_000)));
        let _any = world.instance.make(&Value::List(vec![Value::from([("a", Value::Int(1))])]));
        let _any = world.instance.global("t");
        let _any = world.instance.natives();
    }
    let table = world.instance.global("t").or_else(|_| world.instance.make(&Value::Null));
    if let Ok(table) = table {
        let _any = world.instance.read(table, &Shape::Any);
    }
}

#[test]
fn a_heap_too_small_to_start_is_an_error() {
    for heap_bytes in [1, 1_000, 20_000, 50_000] {
        let stop = std::sync::Arc::new(vario_sandbox::StopSignal::new(
            std::time::Instant::now() + Duration::from_mins(5),
        ));
        let world = Setup { heap_bytes: 64 << 20, ..Setup::default() }.open();
        let spec = vario_sandbox::InstanceSpec {
            limits: vario_sandbox::Limits { heap_bytes, ..Default::default() },
            stop,
            natives: world.natives.clone(),
            frozen_unix_ms: None,
        };
        let result =
            vario_sandbox::Engine::open(&crate::LuaEngine::new(), spec).and_then(|mut instance| {
                instance.eval(&vario_sandbox::Source::new(
                    vario_sandbox::SourceKind::Script,
                    "plugin.lua",
                    "local t = {} for i = 1, 1e5 do t[i] = {} end",
                ))
            });
        let error = result.expect_err("there is no room");
        assert_eq!(error.kind, ErrorKind::Stopped(StopReason::Memory), "{heap_bytes}");
    }
}

#[test]
fn holes_are_closed() {
    let cases = [
        ("return pcall(function() getmetatable('').__index = {} end)", false.into()),
        (
            "return pcall(function() getmetatable('').__index = function() while true do end end end)",
            false.into(),
        ),
        ("return loadstring('\\27Lua') == nil", true.into()),
        ("return loadstring('\\6\\3\\1') == nil", true.into()),
        ("return string.dump == nil", true.into()),
        ("return pcall(string.format, '%99999d', 1)", false.into()),
        ("return pcall(string.format, '%.99999f', 1)", false.into()),
        ("return loadstring((' '):rep(2e6)) == nil", true.into()),
        ("getfenv(print).string = nil return string == nil", true.into()),
        ("return getfenv(error) == _G and getfenv(0) == _G", true.into()),
        ("setfenv(error, {}) local ok, e = pcall(error, 'x') return e", "x".into()),
        ("setfenv(0, {}) return 1", Value::Int(1)),
        ("setfenv(print, {}) print('x') return 1", Value::Int(1)),
        ("table.freeze(_G) return 1", Value::Int(1)),
        ("string.sub = nil tostring = nil table.concat = nil error('x', 0)", "thrown x".into()),
        ("table.sort({3, 1, 2, 5, 4}, function() return true end) return 1", "any".into()),
        (
            "coroutine.resume = nil coroutine.create = nil return coroutine.wrap(function() return 1 end)()",
            Value::Int(1),
        ),
        (
            "local e = setmetatable({}, {__tostring = function() error('x') end}) error(e)",
            "failed a table".into(),
        ),
        ("local e = setmetatable({}, {__metatable = false}) error(e)", "failed".into()),
    ];
    for (text, expected) in cases {
        let result = open().value(text);
        match (&expected, result) {
            (Value::Str(words), Err(error)) if words.starts_with("thrown ") => {
                assert_eq!(error.kind, ErrorKind::ThrownText(words["thrown ".len()..].into()));
            }
            (Value::Str(words), Err(error)) if words.starts_with("failed") => {
                assert_eq!(error.kind, ErrorKind::Thrown, "{text}");
                assert!(error.message.ends_with(words["failed".len()..].trim()), "{error:?}");
            }
            (Value::Str(words), _) if words == "any" => {}
            (expected, result) => {
                assert_eq!(
                    &result.unwrap_or_else(|error| panic!("{text}: {error:?}")),
                    expected,
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn megabyte_needles_are_found_fast_and_right() {
    let cases = [
        (
            "local s = ('a'):rep(1e6) .. 'b' .. ('c'):rep(10) return {s:find(('a'):rep(9e5) .. 'b', 1, true)}",
            "[100001,1000001]",
        ),
        ("local s = ('a'):rep(1e6) return {s:find(('a'):rep(1e5), -200000)}", "[800001,900000]"),
        ("local s = ('a'):rep(1e6) return {s:find(('a'):rep(1e5), 950000, true)}", "{}"),
        ("local s = ('a'):rep(1e6) return {s:find(('a'):rep(1e5), 2e6, true)}", "{}"),
        ("local n = ('a'):rep(1e5) .. ',' return #string.split(n .. n .. 'x' .. n, n)", "4"),
        ("local s = ('ab'):rep(5e5) return select('#', s:find(('b'):rep(5e5), 1, true))", "1"),
    ];
    for (text, json) in cases {
        let expected = Value::parse_json(json).expect("the text is JSON");
        assert_eq!(value(text), expected, "{text}");
    }
    let error = error("string.find(('a'):rep(1e6), ('a'):rep(1e6), {})");
    assert_eq!(error.kind, ErrorKind::Thrown);
}
