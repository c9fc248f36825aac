//! The probe of a plugin that shows what its background part has written.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_dialects::{AppInfo, ProbeDialect, ProbeJob, run_script};
use vario_host::FUNCTIONS;
use vario_sandbox::{
    Limits, LogLevel, NativeError, NativeGroup, Natives, Source, SourceKind, StopSignal,
};
use vario_sandbox_lua::LuaEngine;
use vario_value::Value;

/// A host with one file.
struct OneFile {
    text: Option<&'static str>,
}

impl Natives for OneFile {
    fn groups(&self) -> &[NativeGroup] {
        &[]
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        assert_eq!(args[0], Value::from("/data/log-follower/stats.json"));
        match FUNCTIONS[function as usize].name {
            "fs.exists" => Ok(self.text.is_some().into()),
            "fs.readText" => Ok(self.text.into()),
            other => Err(NativeError::Error(format!("{other} is not expected"))),
        }
    }

    fn log(&self, _level: LogLevel, _message: &str) -> Result<(), NativeError> {
        Ok(())
    }

    fn module(&self, path: &str) -> Result<String, String> {
        Err(format!("there is no file `{path}`"))
    }
}

/// What the probe returned, or the text of its failure.
fn shown(text: Option<&'static str>) -> Result<serde_json::Value, String> {
    let main = "../../fixtures/background/log-follower/main.lua";
    let main = Path::new(env!("CARGO_MANIFEST_DIR")).join(main);
    let job = ProbeJob {
        plugin_id: "log-follower".into(),
        dialect: ProbeDialect::Vario,
        source: Source::new(SourceKind::Module, "main.lua", std::fs::read_to_string(main).unwrap()),
        app: AppInfo {
            version: "1.0.0".into(),
            platform: "linux".into(),
            app_data_dir: "/data".into(),
            plugin_data_dir: "/data/log-follower".into(),
        },
        now_iso: "2026-02-02T00:00:30Z".into(),
        now_unix_ms: 1_769_990_430_000,
        frozen_clock: true,
        limits: Limits { wall: Duration::from_mins(1), ..Limits::default() },
        unlisted_functions: Vec::new(),
    };
    let stop = Arc::new(StopSignal::new(Instant::now() + Duration::from_mins(1)));
    let ended = run_script(&LuaEngine::new(), &job, Arc::new(OneFile { text }), &stop);
    ended.result.map(|value| value.to_json()).map_err(|failure| failure.text)
}

#[test]
fn log_follower_shows_what_was_counted() {
    let stats = r#"{
        "file": "/var/log/x.log", "isThere": true, "pattern": "ERROR", "limit": 5, "lines": 90, "total": 7,
        "minutes": [{ "at": 1769990340, "count": 4 }, { "at": 1769990400, "count": 3 }]
    }"#;
    let lines = shown(Some(stats)).unwrap()["lines"].clone();
    assert_eq!(
        (&lines[0]["value"], &lines[0]["subtitle"]),
        (&"/var/log/x.log".into(), &"90 lines read".into())
    );
    assert_eq!((lines[1]["used"].as_f64(), lines[1]["limit"].as_f64()), (Some(3.0), Some(5.0)));
    assert_eq!(lines[2]["value"], "7 of \"ERROR\"");
    let points = lines[3]["points"].as_array().unwrap();
    let last: Vec<_> =
        points.iter().rev().take(3).map(|point| point["value"].as_f64().unwrap()).collect();
    assert_eq!((points.len(), last), (15, vec![3.0, 4.0, 0.0]));
}

#[test]
fn log_follower_says_what_is_missing() {
    assert_eq!(
        shown(None).unwrap_err(),
        "Nothing was counted yet. Is the background part running?"
    );
}
