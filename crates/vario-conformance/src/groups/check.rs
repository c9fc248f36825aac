//! Parsing a source without running it.

use std::fmt::Write as _;

use vario_sandbox::{ErrorKind, Source, SourceKind};

use crate::bench::Bench;
use crate::case::{Case, steps};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        steps("a program is not run", not_run),
        steps("a program that does not parse", does_not_parse),
        steps("a module is not run and loads nothing", modules),
        steps("module syntax is for modules", module_syntax),
        steps("the same answer every time", same_answer),
        steps("what was checked runs", runs_after),
        steps("a large program", large),
        steps("a program that nests too deep comes back", nested),
    ]
}

fn check(bench: &Bench, kind: SourceKind, text: &str) -> Result<(), vario_sandbox::ScriptError> {
    bench.engine().check(&Source::new(kind, bench.main_name(), text))
}

fn not_run(bench: &Bench) {
    for (lua, js) in [
        ("", ""),
        ("return 1", "1"),
        ("while true do end", "for (;;);"),
        ("error('x')", "throw 'x'"),
        ("host.echo.stop()", "host.echo.stop()"),
        ("local t = {} while true do t[#t + 1] = {} end", "const t = []; for (;;) t.push({})"),
        ("missing.x = 1", "missing.x = 1"),
        ("-- grüße 🚀", "// grüße 🚀"),
    ] {
        assert_eq!(check(bench, SourceKind::Script, bench.pick(lua, js)), Ok(()), "{js}");
    }
    bench.assert_works();
}

fn does_not_parse(bench: &Bench) {
    for (lua, js, line) in [
        ("local = 3", "const = 3", 1),
        ("\n\nlocal = 3", "\n\nconst = 3", 3),
        ("local x = 'open", "const x = 'open", 1),
        ("x = = 1", "x = = 1", 1),
        ("if true then\n  x = (1\nend", "if (true) {\n  x = (1\n}", 3),
    ] {
        let error = check(bench, SourceKind::Script, bench.pick(lua, js)).expect_err(js);
        assert_eq!(error.kind, ErrorKind::Syntax, "{js}");
        assert!(!error.message.is_empty(), "{js}");
        let place = error.location.unwrap_or_else(|| panic!("no place in {js}"));
        assert_eq!((place.file.as_str(), place.line), (bench.main_name(), line), "{js}");
    }
    bench.assert_works();
}

fn modules(bench: &Bench) {
    for (lua, js) in [
        ("return require('./none')", "import x from './none.js'; export default x"),
        ("require('../../outside')", "import '../../outside.js'"),
        ("while true do end", "for (;;);"),
        ("error('x')", "throw 'x'"),
    ] {
        assert_eq!(check(bench, SourceKind::Module, bench.pick(lua, js)), Ok(()), "{js}");
    }
    let error = check(bench, SourceKind::Module, bench.pick("\nlocal = 1", "\nexport const = 1"))
        .expect_err("it does not parse");
    assert_eq!(error.kind, ErrorKind::Syntax);
    assert_eq!(error.location.map(|place| place.line), Some(2));
}

fn module_syntax(bench: &Bench) {
    // Lua has no module syntax: the same text is fine either way there.
    for (lua, js) in
        [("local = ", "export default 1"), ("end", "import './x.js'"), ("return return", "await 1")]
    {
        let error = check(bench, SourceKind::Script, bench.pick(lua, js)).expect_err(js);
        assert_eq!(error.kind, ErrorKind::Syntax, "{js}");
    }
    for (lua, js) in [("return {}", "export default 1"), ("return 1", "await 1")] {
        assert_eq!(check(bench, SourceKind::Module, bench.pick(lua, js)), Ok(()), "{js}");
    }
}

fn same_answer(bench: &Bench) {
    let bad = bench.pick("\nlocal = 1", "\nconst = 1");
    let first = check(bench, SourceKind::Script, bad).expect_err("it does not parse");
    for _ in 0..3 {
        assert_eq!(check(bench, SourceKind::Script, bad).as_ref(), Err(&first));
        assert_eq!(check(bench, SourceKind::Script, bench.pick("return 1", "1")), Ok(()));
    }
}

fn runs_after(bench: &Bench) {
    let (lua, js) = ("return 40 + 2", "40 + 2");
    for _ in 0..2 {
        assert_eq!(check(bench, SourceKind::Script, bench.pick(lua, js)), Ok(()));
        bench.assert_works();
    }
}

fn large(bench: &Bench) {
    let mut text = String::new();
    for number in 0..20_000 {
        let _infallible = writeln!(text, "{}x{number} = {number}", bench.pick("", "var "));
    }
    assert_eq!(check(bench, SourceKind::Script, &text), Ok(()));
    text.push_str("= 1");
    let error = check(bench, SourceKind::Script, &text).expect_err("it does not parse");
    assert!(error.location.is_some_and(|place| place.line >= 20_000));
}

fn nested(bench: &Bench) {
    let open = bench.pick("return ", "");
    for (left, right) in [("(", ")"), ("{", "}"), ("[", "]"), ("-", ""), ("f(", ")")] {
        let text = format!("{open}{}1{}", left.repeat(100_000), right.repeat(100_000));
        // It may parse or not, in each language for its own reasons.
        let _either = check(bench, SourceKind::Script, &text);
    }
    bench.assert_works();
}
