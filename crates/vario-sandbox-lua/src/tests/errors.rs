use std::sync::Arc;

use vario_sandbox::{Engine, ErrorKind, Source, SourceKind, StopReason};

use super::support::{error, open, value};
use crate::LuaEngine;

#[test]
fn errors_have_a_kind_a_message_and_a_line() {
    let text = |words: &str| ErrorKind::ThrownText(words.to_owned());
    let cases = [
        ("error('boom')", text("boom"), "boom", 1),
        ("error('boom', 0)", text("boom"), "boom", 1),
        ("\nerror('boom', 1)", text("boom"), "boom", 2),
        ("local function f() error('boom', 2) end\n\nf()", text("boom"), "boom", 3),
        ("error('  ')", text("  "), "  ", 1),
        ("error('')", text(""), "", 1),
        ("assert(false, 'boom')", text("boom"), "boom", 1),
        ("assert(nil, 'a: 3: b')", text("a: 3: b"), "a: 3: b", 1),
        ("\nassert(false)", ErrorKind::Thrown, "assertion failed!", 2),
        ("assert(false, {message = 'm'})", ErrorKind::Thrown, "m", 1),
        ("local x = nil\nlocal y = x.z", ErrorKind::Thrown, "attempt to index nil with 'z'", 2),
        ("error({message = 'm'})", ErrorKind::Thrown, "m", 1),
        ("error({})", ErrorKind::Thrown, "a table", 1),
        ("error(nil)", ErrorKind::Thrown, "nil", 1),
        ("error()", ErrorKind::Thrown, "nil", 1),
        ("error(42)", ErrorKind::Thrown, "42", 1),
        ("error(null)", ErrorKind::Thrown, "null", 1),
        (
            "error(setmetatable({}, {__tostring = function() return 'own' end}))",
            ErrorKind::Thrown,
            "own",
            1,
        ),
        // Caught and thrown again it stays what it was.
        ("local _, e = pcall(error, 'boom')\nerror(e, 0)", text("boom"), "boom", 2),
        ("local _, e = pcall(function() error('boom') end)\nerror(e, 0)", text("boom"), "boom", 1),
        ("local _, e = pcall(function() error('boom') end)\nerror(e)", text("boom"), "boom", 2),
        (
            "local _, e = pcall(function() return nil + 1 end)\nerror(e, 0)",
            ErrorKind::Thrown,
            "attempt to perform arithmetic (add) on nil and number",
            1,
        ),
        ("assert(pcall(function() error('boom') end))", text("boom"), "boom", 1),
        ("coroutine.wrap(function() error('boom') end)()", text("boom"), "boom", 1),
        (
            "assert(coroutine.resume(coroutine.create(function() error('boom') end)))",
            text("boom"),
            "boom",
            1,
        ),
        (
            "xpcall(function() error('a') end, function(e) return e end)\nerror('b')",
            text("b"),
            "b",
            2,
        ),
        ("error('a ' .. tostring(select(2, pcall(error, 'b', 0))))", text("a b"), "a b", 1),
    ];
    for (script, kind, message, line) in cases {
        let error = error(script);
        assert_eq!(error.kind, kind, "{script}");
        assert_eq!(error.message, message, "{script}");
        let location = error.location.unwrap_or_else(|| panic!("{script} has no place"));
        // A coroutine's own place is known only while its message carries it.
        assert_eq!((location.file.as_str(), location.line), ("plugin.lua", line), "{script}");
    }
}

#[test]
fn messages_seen_by_the_script_are_luas() {
    let cases = [
        ("pcall(function() error('x') end)", "plugin.lua:1: x"),
        ("pcall(error, 'x')", "x"),
        ("pcall(error, 'x', 0)", "x"),
        ("pcall(function() local a = nil; a() end)", "plugin.lua:1: attempt to call a nil value"),
        ("pcall(assert, false, 'x')", "x"),
        ("pcall(assert, false)", "assertion failed!"),
        (
            "xpcall(function() error('x') end, function(e) return 'h ' .. e end)",
            "h plugin.lua:1: x",
        ),
    ];
    for (call, expected) in cases {
        let script = format!("local _, e = {call} return e");
        assert_eq!(value(&script), expected.into(), "{call}");
    }
}

#[test]
fn the_stack_names_the_plugins_frames_only() {
    let error = error(
        "local function inner()\n  error('boom')\nend\nlocal function outer()\n  inner()\nend\nouter()",
    );
    assert_eq!(
        error.stack.as_deref(),
        Some("plugin.lua:2 in inner\nplugin.lua:5 in outer\nplugin.lua:7")
    );
}

#[test]
fn a_preludes_frames_stay_hidden() {
    let mut world = open();
    let prelude = "function helper(x)\n\n\n if x == 1 then error('from inside') end return x.y end";
    world
        .instance
        .eval(&Source::new(SourceKind::Prelude, "prelude.lua", prelude))
        .expect("it runs");
    let error = world.value("\nhelper(1)").expect_err("it throws");
    assert_eq!(error.kind, ErrorKind::ThrownText("from inside".into()));
    assert_eq!(error.stack.as_deref(), Some("plugin.lua:2"));
    let error = world.value("\n\nhelper(nil)").expect_err("it throws");
    assert_eq!(error.kind, ErrorKind::Thrown);
    assert_eq!(error.message, "attempt to index nil with 'y'");
    assert_eq!(error.location.expect("it has a place").line, 3);
}

#[test]
fn syntax_errors_have_a_place() {
    let engine = LuaEngine::new();
    let source =
        |text: &str| Source::new(SourceKind::Script, "dir/plugin.lua", Arc::<str>::from(text));
    assert_eq!(engine.check(&source("return 1")), Ok(()));
    let error = engine.check(&source("\n\nlocal = 3")).expect_err("it does not parse");
    assert_eq!(error.kind, ErrorKind::Syntax);
    assert!(error.message.starts_with("Expected identifier"), "{}", error.message);
    let location = error.location.expect("it has a place");
    assert_eq!((location.file.as_str(), location.line), ("dir/plugin.lua", 3));
    assert_eq!(open().eval("x =").expect_err("it does not parse").kind, ErrorKind::Syntax);
    let nested = format!("return {}1{}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(engine.check(&source(&nested)).expect_err("too deep").kind, ErrorKind::Syntax);
    assert!(engine.check(&source("\u{1b}Lua\0\0")).is_err());
}

#[test]
fn running_out_of_stack_is_told() {
    for script in [
        "local function f() return 1 + f() end f()",
        "local function f() return (pcall(f)) and 1 + f() end local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x",
        "local s = setmetatable({}, {}) getmetatable(s).__tostring = function(x) return tostring(x) end error(tostring(s))",
    ] {
        let error = error(script);
        assert_eq!(error.kind, ErrorKind::Stopped(StopReason::Stack), "{script}: {error:?}");
        assert_eq!(error.message, "stack overflow");
        assert!(error.location.is_some(), "{script}");
    }
    assert_eq!(
        value("local function f() return 1 + f() end local ok = pcall(f) return ok"),
        false.into()
    );
}

#[test]
fn calling_what_is_no_function_is_an_error() {
    let mut world = open();
    let number = world.eval("return 5").expect("it runs");
    let error = world.instance.call(number, &[]).expect_err("a number cannot be called");
    assert_eq!(error.kind, ErrorKind::Thrown);
}
