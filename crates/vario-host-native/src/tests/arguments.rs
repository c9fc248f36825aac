//! Whatever the arguments are, a call answers or fails; it never panics.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use vario_host::FUNCTIONS;
use vario_value::Value;

use super::support::{World, ask, texts};
use crate::{NativeHost, NoSecrets};

struct Shared {
    world: World,
    host: NativeHost,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let mut world = World::new();
    world.config.secrets = Arc::new(NoSecrets);
    let host = world.host();
    Shared { world, host }
});

/// Texts that a function makes something of, and others. None leads out of the home or to a host.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("~".to_owned()),
        "~/[a-z.\u{e4}\0]{0,3}(/\\.\\.)?",
        "[!:A-Za-z0-9+=]{0,60}",
        "(http|ftp|)(:|://|)(\\[|@|:99999|%|/){0,4}",
        "(SELECT|PRAGMA|ATTACH|;|'|\"| |\\.|1|\n){0,8}",
        Just("CODEX_HOME".to_owned()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Absent),
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Float),
        text().prop_map(Value::Str),
        proptest::collection::vec(any::<u8>(), 0..4).prop_map(Value::Bytes),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let key = prop_oneof![
            Just("url"),
            Just("method"),
            Just("headers"),
            Just("timeoutMs"),
            Just("processName"),
            Just("markers"),
            Just("csrfFlag"),
            Just("provider"),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            proptest::collection::vec((key, inner), 0..6).prop_map(|entries| {
                Value::Map(entries.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1500,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_arguments_make_a_call_panic(
        index in 0..FUNCTIONS.len(),
        mut args in proptest::collection::vec(value(), 0..4),
    ) {
        let name = FUNCTIONS[index].name;
        // A relative path would lead into the folder that the test is run in.
        let takes_path = name.starts_with("fs.") || name.starts_with("sqlite.");
        if let Some(Value::Str(path)) = args.first_mut()
            && takes_path
            && !path.starts_with('~')
        {
            path.insert_str(0, "~/");
        }
        // It looks at no argument and takes a fifth of a second.
        prop_assume!(name != "system.info");
        let _answer_or_failure = ask(&SHARED.host, &SHARED.world.scope, name, &args);
    }
}

#[test]
fn every_public_function_is_known() {
    let Shared { world, host } = &*SHARED;
    for function in FUNCTIONS.iter().filter(|function| function.raw_of.is_none()) {
        let answer = ask(host, &world.scope, function.name, &texts(&["", "", ""]));
        let is_known = !format!("{answer:?}").contains("there is no host function");
        assert!(is_known, "{} is not answered", function.name);
    }
    for name in ["", "fs", "fs.delete", "keychain.deleteGenericPassword", "keychain."] {
        let message = world.failure(name, &[]);
        let is_refused = message.starts_with("there is no host function")
            || message == "keychain API is only supported on macOS";
        assert!(is_refused, "{name}: {message}");
    }
}

#[test]
fn token_usage_takes_any_options() {
    let world = World::new();
    let expected = Value::from([("status", Value::from("no_runner"))]);
    for options in [Value::Absent, Value::Int(5), Value::from([("since", Value::Int(1))])] {
        assert_eq!(world.call("ccusage.query", &[options]), Ok(expected.clone()));
    }
}
