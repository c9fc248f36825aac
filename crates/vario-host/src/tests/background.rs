use std::collections::BTreeSet;

use vario_value::{TypeName, Value};

use crate::{
    BACKGROUND_FUNCTIONS, FUNCTIONS, FetchRequest, HostError, Mode, ProgramRequest, Redirect,
    ScriptWords, background_functions, check_args, find_background_function, find_function,
};

fn label(name: TypeName) -> &'static str {
    match name {
        TypeName::Absent => "undefined",
        TypeName::Null => "null",
        TypeName::Int => "int",
        TypeName::Str => "string",
        TypeName::Map => "object",
        _ => "other",
    }
}

const WORDS: ScriptWords = ScriptWords { language: "js", type_label: label };

fn check(name: &str, args: &[Value]) -> Result<(), String> {
    let function = find_background_function(name).expect("the function is listed");
    check_args(function, args, WORDS).map_err(|error| match error {
        HostError::Type(message) => message,
        other => panic!("{other:?}"),
    })
}

#[test]
fn a_background_plugin_has_a_probes_functions_and_its_own_each_once() {
    let names: BTreeSet<_> = background_functions().map(|function| function.name).collect();
    assert_eq!(names.len(), FUNCTIONS.len() + BACKGROUND_FUNCTIONS.len());
    for function in BACKGROUND_FUNCTIONS {
        assert_eq!(find_function(function.name), None, "a probe has no {}", function.name);
        assert!(!function.group().is_empty() && !function.member().is_empty());
        let optional = function.params.iter().skip_while(|param| param.required);
        assert!(optional.clone().all(|param| !param.required), "order in {}", function.name);
    }
    assert!(find_background_function("fs.readText").is_some());
    assert!(find_background_function("fs.chmod").is_none());
}

#[test]
fn what_takes_long_is_asynchronous_and_answers_are_one_way() {
    let of = |mode| {
        let of_mode = BACKGROUND_FUNCTIONS.iter().filter(move |function| function.mode == mode);
        of_mode.map(|function| function.name).collect::<Vec<_>>()
    };
    let long = [
        "bus.request",
        "account.fetch",
        "http.fetch",
        "process.run",
        "assets.call",
        "desktop.tell",
    ];
    assert_eq!(of(Mode::Asynchronous), long);
    let one_way = ["host.reply", "host.fail", "host.loaded", "host.fatal", "log.write"];
    assert_eq!(of(Mode::OneWay), one_way);
}

#[test]
fn arguments_have_their_types() {
    let bytes = || Value::Bytes(vec![0xff]);
    let good: &[(&str, &[Value])] = &[
        ("database.run", &[Value::Int(1)]),
        ("database.run", &[Value::Float(1.0), Value::Null]),
        ("database.run", &[Value::Int(1), Value::List(Vec::new())]),
        ("fs.writeBytes", &["a".into(), bytes()]),
        ("fs.writeBytes", &["a".into(), "text".into()]),
        ("fs.makeDir", &["a".into()]),
        ("fs.makeDir", &["a".into(), Value::Null]),
        ("fs.makeDir", &["a".into(), Value::Bool(true)]),
        ("assets.call", &["a".into(), "b".into(), Value::Null]),
        ("assets.call", &["a".into(), "b".into(), Value::from([] as [(&str, Value); 0])]),
    ];
    for (name, args) in good {
        assert_eq!(check(name, args), Ok(()), "{name} {args:?}");
    }
    let bad: &[(&str, &[Value], &str)] = &[
        ("database.run", &[], "Error calling function with 0 argument(s) while 1 where expected"),
        ("database.run", &["1".into()], "Error converting from js 'string' into type 'number'"),
        ("fs.writeBytes", &["a".into(), Value::Int(1)], "into type 'string or bytes'"),
        ("fs.makeDir", &["a".into(), Value::Int(1)], "'int' into type 'boolean'"),
        ("fs.stat", &[bytes()], "the text is not valid UTF-8"),
        ("process.run", &[Value::Null], "'null' into type 'object'"),
        ("assets.call", &["a".into(), "b".into(), Value::Int(1)], "'int' into type 'list'"),
    ];
    for (name, args, words) in bad {
        let message = check(name, args).expect_err("it must be refused");
        assert!(message.contains(words), "{name} {args:?}: {message}");
    }
}

#[test]
fn a_fetch_is_read_with_its_defaults() {
    let url = || ("url", Value::from("https://a.example/"));
    let plain = FetchRequest::from_value(&Value::from([url()])).expect("it is enough");
    assert_eq!((plain.method.as_str(), plain.redirect), ("GET", Redirect::Follow));
    assert_eq!((plain.body, plain.timeout_ms), (None, None));
    let pair = |name: &str, value: &str| Value::List(vec![name.into(), value.into()]);
    let full = Value::from([
        url(),
        ("method", "post".into()),
        ("headers", Value::List(vec![pair("A", "1"), pair("a", "2")])),
        ("body", Value::Bytes(vec![0, 255])),
        ("timeoutMs", Value::Float(0.5)),
        ("redirect", "manual".into()),
    ]);
    let full = FetchRequest::from_value(&full).expect("all of it is right");
    assert_eq!((full.method.as_str(), full.redirect), ("POST", Redirect::Manual));
    assert_eq!(full.headers.len(), 2);
    assert_eq!((full.body, full.timeout_ms), (Some(vec![0, 255]), Some(1)));
    let bad = [
        ("url", Value::Int(1)),
        ("method", Value::Int(1)),
        ("headers", Value::List(vec![Value::from("a: b")])),
        ("headers", Value::from([("a", Value::Int(1))])),
        ("body", Value::Int(1)),
        ("timeoutMs", "1".into()),
        ("redirect", "never".into()),
    ];
    for (name, value) in bad {
        let found = FetchRequest::from_value(&Value::from([url(), (name, value)]));
        assert!(matches!(found, Err(HostError::Failed(words)) if words.contains(name)), "{name}");
    }
}

#[test]
fn a_program_is_read_with_its_defaults() {
    let program = || ("program", Value::from("git"));
    let plain = ProgramRequest::from_value(&Value::from([program()])).expect("it is enough");
    assert_eq!(plain, ProgramRequest { program: "git".to_owned(), ..ProgramRequest::default() });
    let full = Value::from([
        program(),
        ("args", Value::List(vec!["a b".into(), Value::Int(1)])),
        ("env", Value::from([("A", Value::from("1")), ("B", Value::Null)])),
        ("input", "x".into()),
        ("timeoutMs", Value::Int(-5)),
    ]);
    let full = ProgramRequest::from_value(&full).expect("all of it is right");
    assert_eq!(full.args, ["a b", "1"]);
    assert_eq!(full.env, [("A".to_owned(), "1".to_owned())]);
    assert_eq!((full.input, full.timeout_ms), (Some(b"x".to_vec()), Some(0)));
    let bad = [
        ("program", Value::from("")),
        ("program", "a\0b".into()),
        ("args", "a b".into()),
        ("args", Value::List(vec!["a\0b".into()])),
        ("env", Value::from([("A=B", Value::from("1"))])),
        ("cwd", Value::Int(1)),
        ("input", Value::Int(1)),
    ];
    for (name, value) in bad {
        let found = ProgramRequest::from_value(&Value::from([program(), (name, value)]));
        assert!(matches!(found, Err(HostError::Failed(words)) if words.contains(name)), "{name}");
    }
}
