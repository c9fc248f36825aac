use std::collections::BTreeMap;

use vario_sandbox::{ErrorKind, ScriptError, Source, SourceKind};
use vario_value::{Shape, Value};

use super::support::{Setup, error};

fn run(text: &str) -> Result<Value, ScriptError> {
    let modules = BTreeMap::from([
        ("lib/a.lua", "local b = require('./b') return {name = 'a', b = b, path = ...}"),
        ("lib/b.luau", "return require('../c.lua') .. '+b'"),
        ("c.lua", "loads = (loads or 0) + 1 return 'c'"),
        ("nothing.lua", "seen = true"),
        ("round.lua", "return require('./trip')"),
        ("trip.lua", "return require('./round')"),
        ("bad.lua", "\nlocal = 1"),
        ("throws.lua", "\n\nerror('inside')"),
        (
            "flaky.lua",
            "tries = (tries or 0) + 1 if tries == 1 then error('first', 0) end return tries",
        ),
        ("global.lua", "shared = 'yes' return true"),
        ("lazy.lua", "return function() return require('./c') end"),
    ]);
    let mut world = Setup { modules, ..Setup::default() }.open();
    let handle = world.instance.eval(&Source::new(SourceKind::Module, "plugin.lua", text))?;
    world.instance.read(handle, &Shape::Any)
}

#[test]
fn modules_load_their_neighbours() {
    let cases = [
        (
            "return require('./lib/a')",
            Value::from([("b", "c+b".into()), ("name", "a".into()), ("path", "lib/a.lua".into())]),
        ),
        ("return require('./c') .. require('./c.lua') .. loads", "cc1".into()),
        ("return require('./nothing')", true.into()),
        ("require('./global') return shared", "yes".into()),
        ("return require('./lazy')()", "c".into()),
        ("pcall(require, './flaky') return require('./flaky')", Value::Int(2)),
        ("return coroutine.wrap(function() return require('./c') end)()", "c".into()),
        ("local ok, e = pcall(require, './none') return ok", false.into()),
    ];
    for (text, expected) in cases {
        assert_eq!(run(text).expect(text), expected, "{text}");
    }
}

#[test]
fn a_module_that_cannot_be_had_is_explained() {
    let cases = [
        (
            "require('./none')",
            "cannot load module `./none`: there is no file `none`; there is no file `none.lua`; \
             there is no file `none.luau`",
        ),
        ("require('./none.lua')", "cannot load module `./none.lua`: there is no file `none.lua`"),
        (
            "require('json')",
            "module `json` is not a relative path: only files of the plugin's own folder can be \
             loaded",
        ),
        ("require('../x')", "module `../x` is outside the plugin's folder"),
        ("require(5)", "the name of a module must be a string"),
        (
            "require('./round')",
            "module `round.lua` is already being loaded: `trip.lua` requires it in a circle",
        ),
        ("require('./bad')", "bad.lua:2: Expected identifier when parsing variable name, got '='"),
    ];
    for (text, message) in cases {
        let error = run(text).expect_err(text);
        assert_eq!(error.kind, ErrorKind::Thrown, "{text}");
        assert_eq!(error.message, message, "{text}");
    }
    let error = run("require('./throws')").expect_err("the module throws");
    assert_eq!(error.kind, ErrorKind::ThrownText("inside".into()));
    let location = error.location.expect("it has a place");
    assert_eq!((location.file.as_str(), location.line), ("throws.lua", 3));
}

#[test]
fn scripts_cannot_load_files() {
    let error = error("require('./x')");
    assert_eq!(error.kind, ErrorKind::Thrown);
    assert!(error.message.contains("`vario` dialect"), "{}", error.message);
}
