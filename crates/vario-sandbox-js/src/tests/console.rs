use super::*;

#[test]
fn console_writes_to_the_log() {
    let mut world = world();
    world.value(
        "console.log('a', 1, [1, 'x', null], { a: { b: undefined } });
         console.debug(1n, Symbol(), () => 1, -0.5, NaN);
         console.warn();
         console.error(new TypeError('bad'));
         const c = { list: [] }; c.list.push(c); console.info(c);
         console.log({ get x() { throw 1 } }, new Proxy({}, { ownKeys() { throw 1 } }))",
    );
    let log = world.log();
    let expected = [
        (LogLevel::Info, r#"a 1 [1,"x",null] {"a":{"b":undefined}}"#),
        (LogLevel::Debug, "1n [Symbol] [Function] -0.5 NaN"),
        (LogLevel::Warn, ""),
        (LogLevel::Error, "TypeError: bad\n    at <eval> (plugin.js:4:28)"),
        (LogLevel::Info, r#"{"list":[[Circular]]}"#),
        (LogLevel::Info, r#"{"x":[thrown]} {}"#),
    ];
    assert_eq!(log.len(), expected.len());
    for ((level, message), (wanted, text)) in log.iter().zip(expected) {
        assert_eq!(level, &wanted);
        assert_eq!(message, text);
    }
}

#[test]
fn huge_arguments_are_cut() {
    let mut world = world();
    world.value("console.log('é'.repeat(1e6)); console.log(new Array(1e6).fill(1)); let d = []; for (let i = 0; i < 1e4; i++) d = [d]; console.log(d)");
    for (_, message) in world.log() {
        assert!(message.len() < 17_000 && message.contains('…'), "{}", message.len());
    }
}

#[test]
fn console_is_lazy_and_plain() {
    let mut world = world();
    assert_eq!(world.value("Object.keys(globalThis).includes('console')"), Value::Bool(false));
    assert_eq!(world.value("Object.keys(console).join()"), "debug,log,info,warn,error".into());
    assert_eq!(world.value("console.log = (x) => x; console.log(3)"), Value::Int(3));
    assert_eq!(world.value("delete globalThis.console; typeof console"), "undefined".into());
}
