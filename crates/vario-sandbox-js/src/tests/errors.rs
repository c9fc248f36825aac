use super::*;
use crate::fault::location;

#[test]
fn thrown_values_are_told_apart() {
    let text = |text: &str| ErrorKind::ThrownText(text.into());
    let cases = [
        ("throw ' a text '", text(" a text "), " a text "),
        ("throw ''", text(""), ""),
        ("throw new Error('x')", ErrorKind::Thrown, "Error: x"),
        ("throw new Error()", ErrorKind::Thrown, "Error"),
        ("throw new (class Own extends Error { name = 'Own' })('x')", ErrorKind::Thrown, "Own: x"),
        ("null.x", ErrorKind::Thrown, "TypeError: cannot read property 'x' of null"),
        ("throw 5", ErrorKind::Thrown, "5"),
        ("throw undefined", ErrorKind::Thrown, "undefined"),
        ("throw { a: [1] }", ErrorKind::Thrown, r#"{"a":[1]}"#),
        ("throw Symbol()", ErrorKind::Thrown, "[Symbol]"),
        ("eval('(')", ErrorKind::Thrown, "SyntaxError: "),
        (
            "throw Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } })",
            ErrorKind::Thrown,
            "Error",
        ),
        ("throw new Proxy(new Error('x'), { get() { throw 1 } })", ErrorKind::Thrown, "{}"),
        ("throw new String('boxed')", ErrorKind::Thrown, "{"),
    ];
    for (source, kind, message) in cases {
        let error = world().error(source);
        assert_eq!(error.kind, kind, "{source}");
        let exact = !message.ends_with(' ') && message != "{" || message.starts_with(' ');
        assert!(
            if exact { error.message == message } else { error.message.starts_with(message) },
            "{source}: {}",
            error.message
        );
    }
}

#[test]
fn errors_say_where() {
    let mut world = world();
    let error =
        world.error("const a = 1;\n\nfunction inner() {\n  throw new Error('x');\n}\ninner();");
    let location = error.location.unwrap();
    assert_eq!(
        (location.file.as_str(), location.line, location.column),
        ("plugin.js", 4, Some(13))
    );
    let stack = error.stack.unwrap();
    assert_eq!(stack.lines().count(), 2, "{stack}");
    assert!(stack.contains("at inner (plugin.js:4"), "{stack}");

    let error = world.error("let x = 1;\nlet y = ;");
    assert_eq!(error.kind, ErrorKind::Syntax);
    let location = error.location.unwrap();
    assert_eq!((location.file.as_str(), location.line), ("plugin.js", 2));
    assert!(location.column.is_some());

    let error = check("\n\n  }", SourceKind::Script).unwrap_err();
    assert_eq!(error.location.unwrap().line, 3);
}

#[test]
fn places_survive_the_cache() {
    let engine = JsEngine::new();
    for _ in 0..2 {
        let mut world = Setup::default().open(&engine);
        let error = world.error("\nnull.x");
        assert_eq!(error.location.unwrap().line, 2);
    }
}

#[test]
fn preludes_leave_no_trace() {
    let engine = JsEngine::new();
    let prelude = Source::new(
        SourceKind::Prelude,
        "prelude",
        "(function outer(callback) { return callback() })",
    );
    for _ in 0..2 {
        let mut world = Setup::default().open(&engine);
        let outer = world.js.eval(&prelude).unwrap();
        world.js.set_global("outer", outer).unwrap();
        let error = world.error("outer(() => {\n  throw new Error('x') })");
        assert_eq!(error.location.unwrap().line, 2);
        let stack = error.stack.unwrap();
        assert!(!stack.contains("outer") && !stack.contains("prelude"), "{stack}");
    }
}

#[test]
fn frames_are_read_in_all_their_forms() {
    let place = |file: &str, line, column| {
        Some(vario_sandbox::Location { file: file.into(), line, column })
    };
    let cases = [
        ("    at f (plugin.js:3:9)", place("plugin.js", 3, Some(9))),
        ("    at plugin.js:3:9", place("plugin.js", 3, Some(9))),
        ("    at f (native)", None),
        ("    at f (<input>:1:1)", None),
        ("    at f (<null>:0:1)", None),
        ("nonsense", None),
        ("    at x:99999999999:1", None),
    ];
    for (frame, expected) in cases {
        assert_eq!(location(frame), expected, "{frame}");
    }
}

#[test]
fn a_name_with_a_nul_is_an_error_and_a_text_with_one_is_not() {
    let mut world = world();
    let source = Source::new(SourceKind::Script, "a\0b", "1");
    assert_eq!(world.js.eval(&source).unwrap_err().kind, ErrorKind::Internal);
    assert_eq!(world.value("'a\0b'.length"), Value::Int(3));
}
