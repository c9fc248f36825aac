use super::*;

#[test]
fn what_a_script_finds_around_itself() {
    let mut world = world();
    let there = "eval Function Proxy Map Set BigInt Uint8Array Atomics WeakRef Promise queueMicrotask \
                 atob btoa performance escape unescape encodeURIComponent RegExp console JSON Date";
    for name in there.split_whitespace() {
        assert_ne!(world.value(&format!("typeof {name}")), Value::from("undefined"), "{name}");
    }
    let missing = "setTimeout setInterval setImmediate fetch URL TextDecoder TextEncoder Intl \
                   structuredClone require module exports process navigator window self global \
                   XMLHttpRequest WebAssembly std os bjson print scriptArgs gc Worker";
    for name in missing.split_whitespace() {
        assert_eq!(world.value(&format!("typeof {name}")), Value::from("undefined"), "{name}");
    }
}

#[test]
fn scripts_are_strict_and_global() {
    let mut world = world();
    assert_eq!(world.error("undeclared = 1").kind, ErrorKind::Thrown);
    assert_eq!(world.value("var declared = 1; declared"), Value::Int(1));
    assert_eq!(world.value("declared + 1"), Value::Int(2));
    assert_eq!(world.value("globalThis.declared"), Value::Int(1));
    assert_eq!(world.value("(function () { return this === undefined })()"), Value::Bool(true));
    for text in ["await 1", "import './x.js'", "export default 1", "with ({}) {}"] {
        assert_eq!(world.error(text).kind, ErrorKind::Syntax, "{text}");
    }
}

#[test]
fn globals_and_properties_are_read_through_getters_and_prototypes() {
    let mut world = world();
    let object = world
        .eval(
            "globalThis.x = Object.create({ get y() { return [this.z] } }, { z: { value: 3 } }); x",
        )
        .unwrap();
    let y = world.js.get(object, "y").unwrap();
    assert_eq!(world.js.read(y, &Shape::Any), Ok(json("[3]")));
    let x = world.js.global("x").unwrap();
    assert_eq!(world.js.kind(x), Kind::Object);
    let none = world.js.global("nothing").unwrap();
    assert_eq!(world.js.kind(none), Kind::Absent);
    let inside = world.js.get(none, "deeper").unwrap();
    assert_eq!(world.js.kind(inside), Kind::Absent);
    let kinds = [
        ("null", Kind::Null),
        ("1", Kind::Primitive),
        ("'s'", Kind::Primitive),
        ("1n", Kind::Primitive),
        ("Symbol()", Kind::Primitive),
        ("(class {})", Kind::Function),
        ("[]", Kind::Object),
        ("Promise.resolve()", Kind::Object),
    ];
    for (text, kind) in kinds {
        let handle = world.eval(text).unwrap();
        assert_eq!(world.js.kind(handle), kind, "{text}");
    }
    let throws = world.eval("({ get y() { throw 'no' } })").unwrap();
    let error = world.js.get(throws, "y").unwrap_err();
    assert_eq!(error.kind, ErrorKind::ThrownText("no".into()));
}

#[test]
fn functions_are_called_without_receiver() {
    let mut world = world();
    let function = world
        .eval("(function (a, b) { return [this === undefined, arguments.length, a, b] })")
        .unwrap();
    let one = world.js.make(&Value::Int(1)).unwrap();
    let answer = world.js.call(function, &[one, one]).unwrap();
    assert_eq!(world.js.read(answer, &Shape::Any), Ok(json("[true, 2, 1, 1]")));
    assert_eq!(world.js.call(one, &[]).unwrap_err().kind, ErrorKind::Thrown);
}

#[test]
fn programs_are_compiled_once_and_stay_apart() {
    let engine = JsEngine::new();
    let source =
        Source::new(SourceKind::Script, "plugin.js", "globalThis.n = (globalThis.n ?? 0) + 1");
    engine.check(&source).unwrap();
    assert_eq!(engine.compiled(), 1);
    for _ in 0..3 {
        let mut world = Setup::default().open(&engine);
        let answer = world.js.eval(&source).unwrap();
        assert_eq!(world.js.read(answer, &Shape::Any), Ok(Value::Int(1)));
    }
    assert_eq!(engine.compiled(), 1);
    // The same length and the same ends: only the whole text tells them apart.
    let text = |middle| format!("/*{}*/'{middle}'/*{}*/", "a".repeat(600), "b".repeat(600));
    let mut world = Setup::default().open(&engine);
    for (middle, compiled) in [("1", 2), ("2", 3), ("1", 3)] {
        assert_eq!(world.value(&text(middle)), Value::from(middle));
        assert_eq!(engine.compiled(), compiled);
    }
}

#[test]
fn functions_keep_their_source_text_in_bytecode() {
    let engine = JsEngine::new();
    for _ in 0..2 {
        let mut world = Setup::default().open(&engine);
        assert_eq!(
            world.value("String(function f () { return 1 })"),
            "function f () { return 1 }".into()
        );
    }
}

#[test]
fn the_cache_is_bounded() {
    let engine = JsEngine::new();
    let mut world = Setup::default().open(&engine);
    for index in 0..10 {
        world.value(&format!("/*{}*/{index}", "x".repeat(3 << 20)));
    }
    assert!((1..=5).contains(&engine.compiled()), "{}", engine.compiled());
    world.value(&format!("/*{}*/1", "x".repeat(20 << 20)));
}

#[test]
fn limits_that_cannot_work_are_refused_or_raised() {
    let engine = JsEngine::new();
    let mut limits = Limits { heap_bytes: 1, ..Limits::default() };
    let mut world = Setup { limits: limits.clone(), ..Setup::default() }.open(&engine);
    assert_eq!(world.value("[1, 2].map((x) => x * 2)"), json("[2, 4]"));
    for stack_bytes in [0, 64 << 20] {
        limits.stack_bytes = stack_bytes;
        let spec = InstanceSpec {
            limits: limits.clone(),
            stop: Arc::clone(&world.host.stop),
            natives: world.host.clone(),
            frozen_unix_ms: None,
        };
        assert_eq!(engine.open(spec).err().map(|error| error.kind), Some(ErrorKind::Internal));
    }
}

#[test]
fn instances_give_their_memory_back() {
    let engine = JsEngine::new();
    let mut first = None;
    for _ in 0..200 {
        let mut world = Setup::default().open(&engine);
        world.value("host.a.echo({ text: 'x'.repeat(1000), list: [1, 2, 3] })");
        let used = world.js.heap_used();
        assert_eq!(*first.get_or_insert(used) / 4096, used / 4096);
    }
}
