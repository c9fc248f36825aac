use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use vario_sandbox::{
    Engine, Handle, Instance, InstanceSpec, Limits, LogLevel, NativeError, NativeFunction,
    NativeGroup, Natives, ScriptError, Source, SourceKind, StopReason, StopSignal,
};
use vario_value::{Shape, Value};

use crate::LuaEngine;

/// Natives that answer from a table of closures written in the test.
pub(crate) struct TestNatives {
    groups: Vec<NativeGroup>,
    pub(crate) modules: BTreeMap<&'static str, &'static str>,
    pub(crate) logged: Mutex<Vec<(LogLevel, String)>>,
    stop: Arc<StopSignal>,
}

pub(crate) const ECHO: u32 = 0;

impl TestNatives {
    fn new(stop: Arc<StopSignal>) -> Self {
        let function = |name, id| NativeFunction { name: Cow::Borrowed(name), id };
        let groups = vec![
            NativeGroup {
                name: "test".into(),
                functions: vec![
                    function("echo", ECHO),
                    function("count", 1),
                    function("fail", 2),
                    function("failType", 3),
                    function("panic", 4),
                    function("stop", 5),
                ],
            },
            NativeGroup { name: "other".into(), functions: vec![function("nothing", 6)] },
        ];
        Self { groups, modules: BTreeMap::new(), logged: Mutex::default(), stop }
    }
}

impl Natives for TestNatives {
    fn groups(&self) -> &[NativeGroup] {
        &self.groups
    }

    fn call(&self, function: u32, args: Vec<Value>) -> Result<Value, NativeError> {
        match function {
            ECHO => Ok(args.into_iter().next().unwrap_or_default()),
            1 => Ok(Value::Int(i64::try_from(args.len()).expect("few arguments"))),
            2 => Err(NativeError::Error("the disk is gone".into())),
            3 => Err(NativeError::TypeError("not that".into())),
            4 => panic!("a bug"),
            5 => {
                self.stop.stop(StopReason::HostCalls);
                Err(NativeError::Stop)
            }
            _ => Ok(Value::Absent),
        }
    }

    fn log(&self, level: LogLevel, message: &str) -> Result<(), NativeError> {
        self.logged.lock().push((level, message.to_owned()));
        Ok(())
    }

    fn module(&self, path: &str) -> Result<String, String> {
        self.modules
            .get(path)
            .map(|text| (*text).to_owned())
            .ok_or_else(|| format!("there is no file `{path}`"))
    }
}

/// One instance with what the test needs to look at.
pub(crate) struct World {
    pub(crate) instance: Box<dyn Instance>,
    pub(crate) natives: Arc<TestNatives>,
    pub(crate) stop: Arc<StopSignal>,
}

/// How an instance is made.
pub(crate) struct Setup {
    pub(crate) wall: Duration,
    pub(crate) heap_bytes: usize,
    pub(crate) frozen_unix_ms: Option<i64>,
    pub(crate) modules: BTreeMap<&'static str, &'static str>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            wall: Duration::from_mins(5),
            heap_bytes: 64 * 1024 * 1024,
            frozen_unix_ms: None,
            modules: BTreeMap::new(),
        }
    }
}

impl Setup {
    pub(crate) fn open(self) -> World {
        self.open_by(Engine::open)
    }

    /// A world that lives long.
    pub(crate) fn open_background(self) -> World {
        self.open_by(Engine::open_background)
    }

    fn open_by(
        self,
        open: impl FnOnce(&LuaEngine, InstanceSpec) -> Result<Box<dyn Instance>, ScriptError>,
    ) -> World {
        let stop = Arc::new(StopSignal::new(Instant::now() + self.wall));
        let mut natives = TestNatives::new(Arc::clone(&stop));
        natives.modules = self.modules;
        let natives = Arc::new(natives);
        let spec = InstanceSpec {
            limits: Limits { heap_bytes: self.heap_bytes, ..Limits::default() },
            stop: Arc::clone(&stop),
            natives: Arc::clone(&natives) as Arc<dyn Natives>,
            frozen_unix_ms: self.frozen_unix_ms,
        };
        let mut instance = open(&LuaEngine::new(), spec).expect("the engine starts");
        let natives_handle = instance.natives().expect("there is memory");
        instance.set_global("host", natives_handle).expect("globals can be set");
        let null = instance.make(&Value::Null).expect("there is memory");
        instance.set_global("null", null).expect("globals can be set");
        World { instance, natives, stop }
    }
}

/// An instance with the default limits and nothing special.
pub(crate) fn open() -> World {
    Setup::default().open()
}

impl World {
    pub(crate) fn eval(&mut self, text: &str) -> Result<Handle, ScriptError> {
        self.instance.eval(&Source::new(SourceKind::Script, "plugin.lua", text))
    }

    pub(crate) fn value(&mut self, text: &str) -> Result<Value, ScriptError> {
        let handle = self.eval(text)?;
        self.instance.read(handle, &Shape::Any)
    }

    /// Calls the function that `text` returns, and settles the result.
    pub(crate) fn call(&mut self, text: &str) -> Result<Handle, ScriptError> {
        let function = self.eval(text)?;
        self.instance.call(function, &[])
    }
}

/// The value of a script in a fresh instance.
#[track_caller]
pub(crate) fn value(text: &str) -> Value {
    open().value(text).unwrap_or_else(|error| panic!("{text}\n{error:?}"))
}

/// The error of a script in a fresh instance.
#[track_caller]
pub(crate) fn error(text: &str) -> ScriptError {
    match open().value(text) {
        Ok(value) => panic!("{text}\ngave {value:?}"),
        Err(error) => error,
    }
}
