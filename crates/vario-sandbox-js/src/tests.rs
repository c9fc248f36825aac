mod background;
mod clock;
mod console;
mod errors;
mod hostile;
mod modules;
mod natives;
mod promises;
mod stopping;
mod values;
mod world;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use vario_sandbox::{
    Engine, ErrorKind, Handle, Instance, InstanceSpec, Kind, Limits, LogLevel, NativeError,
    NativeFunction, NativeGroup, Natives, ScriptError, Settled, Source, SourceKind, StopReason,
    StopSignal,
};
use vario_value::{Shape, Value};

use crate::JsEngine;
use crate::instance::JsInstance;

/// A host with a few functions, a log and some module files.
struct Host {
    groups: Vec<NativeGroup>,
    stop: Arc<StopSignal>,
    calls: Mutex<Vec<(u32, Vec<Value>)>>,
    log: Mutex<Vec<(LogLevel, String)>>,
    files: HashMap<&'static str, &'static str>,
}

const ECHO: u32 = 7;
const FAIL: u32 = 70_000;
const FAIL_TYPE: u32 = 3;
const STOP: u32 = 4;
const PANIC: u32 = 5;
const NEST: u32 = 6;
const COUNT: u32 = 8;

impl Natives for Host {
    fn groups(&self) -> &[NativeGroup] {
        &self.groups
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        self.calls.lock().unwrap().push((function, args.clone()));
        match function {
            ECHO => Ok(args.into_iter().next().unwrap_or_default()),
            FAIL => Err(NativeError::Error("x".repeat(400))),
            FAIL_TYPE => Err(NativeError::TypeError("wrong type".into())),
            STOP => {
                self.stop.stop(StopReason::HostCalls);
                Err(NativeError::Stop)
            }
            NEST => Ok((0..1_000).fold(Value::Null, |inner, _| Value::List(vec![inner]))),
            COUNT => Ok(Value::Int(1)),
            _ => panic!("the host broke"),
        }
    }

    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError> {
        if message == "stop" {
            self.stop.stop(StopReason::Log);
            return Err(NativeError::Stop);
        }
        self.log.lock().unwrap().push((level, message.to_owned()));
        Ok(())
    }

    fn module(&self, path: &str) -> Result<String, String> {
        let text = self.files.get(path).map(|text| (*text).to_owned());
        text.ok_or_else(|| format!("cannot read `{path}`"))
    }
}

/// What a test wants of its world.
struct Setup {
    limits: Limits,
    time: Duration,
    frozen: Option<i64>,
    files: HashMap<&'static str, &'static str>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            time: Duration::from_mins(1),
            frozen: None,
            files: HashMap::new(),
        }
    }
}

struct World {
    js: JsInstance,
    host: Arc<Host>,
}

fn world() -> World {
    Setup::default().open(&JsEngine::new())
}

impl Setup {
    fn open(self, engine: &JsEngine) -> World {
        let stop = Arc::new(StopSignal::new(Instant::now() + self.time));
        let function = |name: &'static str, id| NativeFunction { name: name.into(), id };
        let groups = vec![
            NativeGroup {
                name: "a".into(),
                functions: vec![function("echo", ECHO), function("fail", FAIL)],
            },
            NativeGroup {
                name: "b".into(),
                functions: vec![
                    function("failType", FAIL_TYPE),
                    function("stop", STOP),
                    function("panic", PANIC),
                    function("nest", NEST),
                    function("count", COUNT),
                ],
            },
        ];
        let host = Arc::new(Host {
            groups,
            stop: Arc::clone(&stop),
            calls: Mutex::default(),
            log: Mutex::default(),
            files: self.files,
        });
        let spec = InstanceSpec {
            limits: self.limits,
            stop,
            natives: host.clone(),
            frozen_unix_ms: self.frozen,
        };
        let mut js = engine.open_instance(spec).expect("an instance opens");
        let natives = js.natives().expect("natives are made");
        js.set_global("host", natives).expect("a global can be set");
        World { js, host }
    }
}

impl World {
    fn eval(&mut self, text: &str) -> Result<Handle, ScriptError> {
        self.js.eval(&Source::new(SourceKind::Script, "plugin.js", text))
    }

    /// Evaluates and reads the whole result.
    fn value(&mut self, text: &str) -> Value {
        let handle = self.eval(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        self.js.read(handle, &Shape::Any).unwrap_or_else(|error| panic!("{text}: {error:?}"))
    }

    fn error(&mut self, text: &str) -> ScriptError {
        match self.eval(text) {
            Ok(_) => panic!("{text}: no error"),
            Err(error) => error,
        }
    }

    fn calls(&self) -> Vec<(u32, Vec<Value>)> {
        self.host.calls.lock().unwrap().clone()
    }

    fn log(&self) -> Vec<(LogLevel, String)> {
        self.host.log.lock().unwrap().clone()
    }
}

fn json(text: &str) -> Value {
    Value::parse_json(text).expect("the test's text is JSON")
}

fn stopped(reason: StopReason) -> ErrorKind {
    ErrorKind::Stopped(reason)
}

fn check(text: &str, kind: SourceKind) -> Result<(), ScriptError> {
    JsEngine::new().check(&Source::new(kind, "plugin.js", text))
}
