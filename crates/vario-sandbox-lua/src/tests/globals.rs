use vario_sandbox::{Kind, Source, SourceKind};
use vario_value::{Shape, Value};

use super::support::{open, value};

#[test]
fn the_host_reads_the_plugins_globals() {
    for text in [
        "__openusage_plugin = {id = 'x'}",
        "_G.__openusage_plugin = {id = 'x'}",
        "_G['__openusage_plugin'] = {id = 'x'}",
        "rawset(_G, '__openusage_plugin', {id = 'x'})",
        "getfenv().__openusage_plugin = {id = 'x'}",
        "setmetatable(_G, {__index = {__openusage_plugin = {id = 'x'}}})",
        "setmetatable(_G, {__newindex = rawset}) __openusage_plugin = {id = 'x'}",
        "__openusage_plugin = setmetatable({}, {__index = {id = 'x'}})",
        "local f = loadstring('__openusage_plugin = {id = \"x\"}') f()",
        "coroutine.wrap(function() __openusage_plugin = {id = 'x'} end)()",
    ] {
        let mut world = open();
        world.eval(text).expect(text);
        let plugin = world.instance.global("__openusage_plugin").expect(text);
        assert_eq!(world.instance.kind(plugin), Kind::Object, "{text}");
        let id = world.instance.get(plugin, "id").expect(text);
        assert_eq!(world.instance.read(id, &Shape::Any).expect(text), "x".into(), "{text}");
    }
}

#[test]
fn kinds_are_told() {
    let cases = [
        ("return nil", Kind::Absent),
        ("return null", Kind::Null),
        ("return 'x'", Kind::Primitive),
        ("return 1", Kind::Primitive),
        ("return false", Kind::Primitive),
        ("return print", Kind::Function),
        ("return function() end", Kind::Function),
        ("return {}", Kind::Object),
        ("return coroutine.create(print)", Kind::Object),
        ("return buffer.create(1)", Kind::Object),
    ];
    let mut world = open();
    for (text, kind) in cases {
        let handle = world.eval(text).expect(text);
        assert_eq!(world.instance.kind(handle), kind, "{text}");
    }
    let missing = world.instance.global("missing").expect("nothing is thrown");
    assert_eq!(world.instance.kind(missing), Kind::Absent);
    let text = world.eval("return 'text'").expect("it runs");
    let length = world.instance.get(text, "len").expect("nothing is thrown");
    assert_eq!(world.instance.kind(length), Kind::Absent);
}

#[test]
fn a_getter_that_throws_fails_the_look_up() {
    let mut world = open();
    let object = world
        .eval("return setmetatable({}, {__index = function() error('no') end})")
        .expect("it runs");
    let error = world.instance.get(object, "x").expect_err("the getter throws");
    assert_eq!(error.kind, vario_sandbox::ErrorKind::ThrownText("no".into()));
}

#[test]
fn handles_pass_from_call_to_call() {
    let mut world = open();
    let function = world.eval("return function(ctx, n) return ctx.x + n end").expect("it runs");
    let ctx = world.eval("return {x = 40}").expect("it runs");
    let two = world.instance.make(&Value::Int(2)).expect("there is memory");
    let sum = world.instance.call(function, &[ctx, two]).expect("it runs");
    assert_eq!(world.instance.read(sum, &Shape::Any).expect("a number"), Value::Int(42));
}

#[test]
fn instances_share_nothing() {
    let mut first = open();
    first.eval("x = 1 string.x = 1 host.test.x = 1 math.huge = 0").expect("it runs");
    let script = "return x == nil and string.x == nil and host.test.x == nil and math.huge > 1";
    assert_eq!(value(script), true.into());
}

#[test]
fn replaced_library_functions_are_used() {
    let cases = [
        "string.upper = function() return 'mine' end return string.upper('x') == 'mine'",
        "string.trim = function(s) return (s:gsub('^%s+', '')) end return (' x'):trim() == 'x'",
        "function math.max() return 'mine' end return math.max(1, 2) == 'mine'",
        "_G.tostring = function() return 'mine' end return tostring(1) == 'mine'",
        "tostring = function() return 'mine' end return tostring(1) == 'mine'",
        "setfenv(1, setmetatable({type = function() return 'mine' end}, {__index = _G}))
         return type(1) == 'mine'",
        "local seen = 0 for name in pairs(_G) do if name == 'string' then seen = 1 end end
         return seen == 1",
        "return _G._G == _G and _G.string == string",
    ];
    for text in cases {
        assert_eq!(value(text), true.into(), "{text}");
    }
}

#[test]
fn a_prelude_gives_its_value_and_shares_the_globals() {
    let mut world = open();
    let prelude = Source::new(SourceKind::Prelude, "p", "helper = {} return {n = 1}, 2");
    let handle = world.instance.eval(&prelude).expect("it runs");
    let read = world.instance.read(handle, &Shape::Any).expect("it is plain");
    assert_eq!(read, Value::from([("n", Value::Int(1))]));
    assert_eq!(world.value("return type(helper)").expect("it runs"), "table".into());
}
