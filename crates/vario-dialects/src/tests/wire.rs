use std::time::Duration;

use vario_sandbox::{
    ErrorKind, Language, Limits, Location, ScriptError, Source, SourceKind, StopReason,
};
use vario_value::Value;

use crate::{AppInfo, Failure, ProbeDialect, ProbeJob, ScriptEnd};

fn job() -> ProbeJob {
    ProbeJob {
        plugin_id: "demo".into(),
        dialect: ProbeDialect::Vario,
        source: Source::new(SourceKind::Module, "src/main.mjs", "export default {}"),
        app: AppInfo {
            version: "1.2.3".into(),
            platform: "linux".into(),
            app_data_dir: "/data".into(),
            plugin_data_dir: "/data/demo".into(),
        },
        now_iso: "2026-01-01T00:00:00.5Z".into(),
        now_unix_ms: 1_767_225_600_500,
        frozen_clock: true,
        limits: Limits { wall: Duration::from_micros(1_500), lines: 3, ..Limits::default() },
        unlisted_functions: vec!["keychain.deleteGenericPassword".into()],
    }
}

#[test]
fn a_job_arrives_as_it_left() {
    for language in [Language::Lua, Language::JavaScript] {
        let (found, back) = ProbeJob::from_value(&job().to_value(language)).expect("a job");
        assert_eq!((found, format!("{back:?}")), (language, format!("{:?}", job())));
    }
}

#[test]
fn an_end_arrives_as_it_left() {
    let stops = [
        StopReason::Deadline,
        StopReason::Memory,
        StopReason::Stack,
        StopReason::HostCalls,
        StopReason::Log,
        StopReason::Cancelled,
        StopReason::Halted("why".into()),
    ];
    let kinds = [
        ErrorKind::Syntax,
        ErrorKind::ThrownText("shown".into()),
        ErrorKind::Thrown,
        ErrorKind::Value,
        ErrorKind::Internal,
    ];
    let place = Location { file: "plugin.js".into(), line: 3, column: Some(7) };
    let errors = kinds.into_iter().chain(stops.map(ErrorKind::Stopped)).map(|kind| ScriptError {
        location: Some(place.clone()),
        stack: Some("at probe".into()),
        ..ScriptError::new(kind, "boom")
    });
    let failures = errors.map(|error| Some(Box::new(error))).chain([None]);
    let ends = failures.map(|cause| Err(Failure { text: "short".into(), cause }));
    let read = Value::from([("plan", Value::Absent), ("lines", Value::List(vec![Value::Null]))]);
    for result in ends.chain([Ok(read), Ok(Value::Absent)]) {
        let end = ScriptEnd { result, warnings: vec!["odd".into()] };
        assert_eq!(ScriptEnd::from_value(end.to_value()), Some(end));
    }
}

/// A process that was taken over may send anything.
#[test]
fn what_is_no_end_is_refused() {
    let no_warnings = || Value::List(Vec::new());
    let failure = |parts: Value| Value::from([("failure", parts), ("warnings", no_warnings())]);
    let cause = |kind: &str| {
        let cause = Value::from([("kind", Value::from(kind)), ("message", Value::from("m"))]);
        failure(Value::from([("text", Value::from("t")), ("cause", cause)]))
    };
    let cases = [
        ("nothing", Value::Absent),
        ("a list", no_warnings()),
        ("no warnings", Value::from([("read", Value::Null)])),
        ("warnings that are no texts", {
            Value::from([("read", Value::Null), ("warnings", Value::List(vec![Value::Int(1)]))])
        }),
        ("neither", Value::from([("warnings", no_warnings())])),
        ("both", {
            let failure = Value::from([("text", Value::from("t"))]);
            Value::from([("read", Value::Null), ("failure", failure), ("warnings", no_warnings())])
        }),
        ("a failure without text", failure(Value::from([("text", Value::Int(1))]))),
        ("a cause of no known kind", cause("root")),
        ("a halt without words", cause("halted")),
    ];
    for (name, value) in cases {
        assert_eq!(ScriptEnd::from_value(value), None, "{name}");
    }
    assert!(ScriptEnd::from_value(cause("thrown")).is_some(), "the cases fail for their reason");
}
