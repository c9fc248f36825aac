use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use vario_permissions::{Bases, Rights};
use vario_value::{LogLevel, TypeName, Value};

use crate::{
    Call, Cancel, FUNCTIONS, Host, HostError, LogEntry, LogSink, NoWitness, RunId, Scope,
    ScriptWords, Session, SessionError, SessionLimits, find_function,
};

#[derive(Default)]
struct Recorder {
    calls: Mutex<Vec<Call>>,
    lines: Mutex<Vec<(LogLevel, String)>>,
    expects: bool,
}

impl Host for Recorder {
    fn call(&self, call: &Call, _scope: &Scope) -> Result<Value, HostError> {
        self.calls.lock().expect("no test panics inside").push(call.clone());
        Ok(Value::from([("ok", Value::Bool(true))]))
    }

    fn expects(&self, _call: &Call) -> bool {
        self.expects
    }
}

impl LogSink for Recorder {
    fn wants(&self, _level: LogLevel) -> bool {
        true
    }

    fn write(&self, entry: LogEntry) {
        self.lines.lock().expect("no test panics inside").push((entry.level, entry.message));
    }
}

fn label(name: TypeName) -> &'static str {
    match name {
        TypeName::Absent => "undefined",
        TypeName::Int => "int",
        TypeName::Null => "null",
        _ => "other",
    }
}

fn session(recorder: &Arc<Recorder>) -> Session {
    let scope = Scope {
        plugin_id: "demo".to_owned(),
        plugin_data_dir: "data".into(),
        run_id: RunId::next(),
        rights: Arc::new(Rights::all(Bases::default())),
        witness: Arc::new(NoWitness),
        deadline: Instant::now() + Duration::from_hours(1),
        cancel: Cancel::new(),
        http_body_bytes: 1024,
        log: Arc::clone(recorder) as Arc<dyn LogSink>,
    };
    let words = ScriptWords { language: "js", type_label: label };
    let limits = SessionLimits { host_calls: 3, log_bytes: 40 };
    Session::new(Arc::clone(recorder) as Arc<dyn Host>, scope, words, limits)
}

fn call(session: &Session, name: &str, args: &[Value]) -> Result<Value, SessionError> {
    session.call(find_function(name).expect("the function is listed"), args.to_vec())
}

fn type_error(message: &str) -> Result<Value, SessionError> {
    Err(SessionError::Host(HostError::Type(message.to_owned())))
}

#[test]
fn the_list_has_the_contracts_members() {
    let raw = FUNCTIONS.iter().filter(|function| function.raw_of.is_some()).count();
    let ours = FUNCTIONS
        .iter()
        .filter(|function| ["system", "settings"].contains(&function.group()))
        .count();
    assert_eq!((FUNCTIONS.len() - raw - ours, raw, ours), (20, 3, 2));
}

#[test]
fn arguments_are_strict() {
    let recorder = Arc::new(Recorder::default());
    let session = session(&recorder);
    let cases = [
        ("fs.exists", vec![], "Error calling function with 0 argument(s) while 1 where expected"),
        (
            "fs.writeText",
            vec![Value::from("p")],
            "Error calling function with 1 argument(s) while 2 where expected",
        ),
        ("log.info", vec![Value::Int(5)], "Error converting from js 'int' into type 'string'"),
        ("fs.exists", vec![Value::Null], "Error converting from js 'null' into type 'string'"),
    ];
    for (name, args, message) in cases {
        assert_eq!(call(&session, name, &args), type_error(message), "of {name}");
    }
    assert!(recorder.calls.lock().expect("no panic").is_empty());
}

#[test]
fn absent_trailing_and_extra_arguments() {
    let recorder = Arc::new(Recorder::default());
    let session = session(&recorder);
    let service = Value::from("s");
    call(&session, "keychain.readGenericPassword", &[service.clone(), Value::Absent])
        .expect("an absent account is fine");
    call(&session, "fs.exists", &[Value::from("p"), Value::Int(1)]).expect("extras are ignored");
    let calls = recorder.calls.lock().expect("no panic");
    assert_eq!(calls[0].args, [service]);
    assert_eq!((calls[0].id, calls[1].id), (1, 2));
}

#[test]
fn raw_forms_speak_json_and_reach_the_same_function() {
    let recorder = Arc::new(Recorder::default());
    let session = session(&recorder);
    let answer = call(&session, "http._requestRaw", &[Value::from(r#"{"url":"u"}"#)]);
    assert_eq!(answer, Ok(Value::from(r#"{"ok":true}"#)));
    let calls = recorder.calls.lock().expect("no panic");
    assert_eq!(calls[0].name, "http.request");
    assert_eq!(calls[0].args, [Value::from([("url", Value::from("u"))])]);
}

#[test]
fn limits_end_the_run() {
    let recorder = Arc::new(Recorder::default());
    let session = session(&recorder);
    for _ in 0..3 {
        call(&session, "fs.exists", &[Value::from("p")]).expect("within the limit");
    }
    assert_eq!(call(&session, "fs.exists", &[Value::from("p")]), Err(SessionError::CallLimit));
    assert_eq!(session.calls_made(), 3);
    call(&session, "log.warn", &[Value::from("12345678901234567890")]).expect("it fits");
    call(&session, "log.warn", &[Value::from("12345678901234567890")]).expect("it just fits");
    assert_eq!(call(&session, "log.warn", &[Value::from("x")]), Err(SessionError::LogLimit));
}

#[test]
fn log_lines_are_redacted_and_keep_their_level() {
    let recorder = Arc::new(Recorder::default());
    let session = session(&recorder);
    call(&session, "log.error", &[Value::from("at /home/me/x")]).expect("it fits");
    let lines = recorder.lines.lock().expect("no panic");
    assert_eq!(*lines, [(LogLevel::Error, "at [PATH]".to_owned())]);
}

#[test]
fn a_host_may_expect_calls_of_other_types() {
    let recorder = Arc::new(Recorder { expects: true, ..Recorder::default() });
    let session = session(&recorder);
    call(&session, "fs.exists", &[Value::Null]).expect("the host expects it");
    assert_eq!(recorder.calls.lock().expect("no panic").len(), 1);
}

#[test]
fn cancelling_runs_registered_callbacks_once() {
    let cancel = Cancel::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = |word: &'static str| {
        let seen = Arc::clone(&seen);
        move || seen.lock().expect("no panic").push(word)
    };
    let kept = cancel.on_cancel(note("kept"));
    drop(cancel.on_cancel(note("dropped")));
    cancel.cancel();
    cancel.cancel();
    let _late = cancel.on_cancel(note("late"));
    drop(kept);
    assert_eq!(*seen.lock().expect("no panic"), ["kept", "late"]);
}
