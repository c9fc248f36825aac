use std::sync::Arc;
use std::time::{Duration, Instant};

use vario_sandbox::{
    Engine, Handle, Instance, InstanceSpec, Kind, Language, Limits, ScriptError, Settled, Source,
    SourceKind, StopSignal,
};
use vario_value::{Shape, Value};

use crate::expect::{Got, Outcome};
use crate::natives::TestNatives;

/// Everything an instance of one case is made with.
#[derive(Clone)]
pub(crate) struct Setup {
    pub(crate) limits: Limits,
    pub(crate) args: Vec<Value>,
    pub(crate) shape: &'static Shape,
    pub(crate) kind: SourceKind,
    pub(crate) files: Vec<(&'static str, &'static str)>,
    pub(crate) frozen_unix_ms: Option<i64>,
    pub(crate) log_room: usize,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            args: Vec::new(),
            shape: &Shape::Any,
            kind: SourceKind::Script,
            files: Vec::new(),
            frozen_unix_ms: None,
            log_room: usize::MAX,
        }
    }
}

impl Setup {
    /// For programs that never end.
    pub(crate) fn endless() -> Self {
        let mut setup = Self::default();
        setup.limits.wall = Duration::from_millis(150);
        setup
    }
}

/// The engine under test.
#[derive(Clone)]
pub(crate) struct Bench {
    engine: Arc<dyn Engine>,
}

impl Bench {
    pub(crate) fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine }
    }

    pub(crate) fn engine(&self) -> &dyn Engine {
        self.engine.as_ref()
    }

    pub(crate) fn language(&self) -> Language {
        self.engine.language()
    }

    /// The text for the engine's language.
    pub(crate) fn pick<T>(&self, lua: T, js: T) -> T {
        match self.language() {
            Language::Lua => lua,
            Language::JavaScript => js,
        }
    }

    /// The name that programs run under.
    pub(crate) fn main_name(&self) -> &'static str {
        self.pick("src/main.lua", "src/main.js")
    }

    /// A script under the usual name.
    pub(crate) fn script(&self, lua: &str, js: &str) -> Source {
        Source::new(SourceKind::Script, self.main_name(), self.pick(lua, js))
    }

    /// A fresh world with the globals `host` and `NULL`.
    pub(crate) fn open(&self, setup: &Setup) -> World {
        let stop = Arc::new(StopSignal::new(Instant::now() + setup.limits.wall));
        self.open_with(setup, stop)
    }

    /// The same with a signal of the caller's.
    pub(crate) fn open_with(&self, setup: &Setup, stop: Arc<StopSignal>) -> World {
        self.try_open(setup, stop).expect("an instance opens")
    }

    /// The same where the run may be over before it begins: any step may say so.
    pub(crate) fn try_open(
        &self,
        setup: &Setup,
        stop: Arc<StopSignal>,
    ) -> Result<World, ScriptError> {
        Self::world(setup, stop, |spec| self.engine.open(spec))
    }

    /// A world of the kind that background plugins have.
    pub(crate) fn open_background(&self, setup: &Setup) -> World {
        let stop = Arc::new(StopSignal::new(Instant::now() + setup.limits.wall));
        let world = Self::world(setup, stop, |spec| self.engine.open_background(spec));
        world.expect("an instance opens")
    }

    fn world(
        setup: &Setup,
        stop: Arc<StopSignal>,
        open: impl FnOnce(InstanceSpec) -> Result<Box<dyn Instance>, ScriptError>,
    ) -> Result<World, ScriptError> {
        let natives = setup.files.iter().fold(
            TestNatives::new(Arc::clone(&stop)).with_log_room(setup.log_room),
            |natives, (path, text)| natives.with_module(*path, *text),
        );
        let natives = Arc::new(natives);
        let spec = InstanceSpec {
            limits: setup.limits.clone(),
            stop: Arc::clone(&stop),
            natives: Arc::<TestNatives>::clone(&natives),
            frozen_unix_ms: setup.frozen_unix_ms,
        };
        let mut instance = open(spec)?;
        let host = instance.natives()?;
        instance.set_global("host", host)?;
        let null = instance.make(&Value::Null)?;
        instance.set_global("NULL", null)?;
        Ok(World { instance, natives, stop })
    }

    /// Runs a program as [`crate::case::Case`] describes.
    pub(crate) fn run(&self, setup: &Setup, text: &str) -> Outcome {
        let mut world = self.open(setup);
        let source = Source::new(setup.kind, self.main_name(), text);
        let result = world.run(&source, &setup.args, setup.shape);
        Outcome { result, log: world.natives.log_lines(), calls: world.natives.calls() }
    }

    /// Runs a script that must give this value, in a world of its own.
    #[track_caller]
    pub(crate) fn assert_works(&self) {
        let outcome = self.run(&Setup::default(), self.pick("return 40 + 2", "40 + 2"));
        assert_eq!(outcome.value(), &Value::Int(42), "another instance works as ever");
    }
}

/// One script world with what it was made with.
pub(crate) struct World {
    pub(crate) instance: Box<dyn Instance>,
    pub(crate) natives: Arc<TestNatives>,
    pub(crate) stop: Arc<StopSignal>,
}

impl World {
    /// Evaluates, calls if it is a function, settles and reads.
    pub(crate) fn run(
        &mut self,
        source: &Source,
        args: &[Value],
        shape: &Shape,
    ) -> Result<Got, ScriptError> {
        let mut value = self.instance.eval(source)?;
        if self.instance.kind(value) == Kind::Function {
            let mut handles = Vec::with_capacity(args.len());
            for arg in args {
                handles.push(self.instance.make(arg)?);
            }
            value = self.instance.call(value, &handles)?;
        }
        match self.instance.settle(value)? {
            Settled::Plain(value) => Ok(Got::Plain(self.instance.read(value, shape)?)),
            Settled::Fulfilled(value) => Ok(Got::Fulfilled(self.instance.read(value, shape)?)),
            Settled::Pending => Ok(Got::Pending),
            Settled::Unusable => Ok(Got::Unusable),
        }
    }

    /// The value of a script.
    #[track_caller]
    pub(crate) fn eval(&mut self, source: &Source) -> Handle {
        self.instance.eval(source).expect("the script runs")
    }

    /// Everything in a value.
    #[track_caller]
    pub(crate) fn read(&mut self, value: Handle) -> Value {
        self.instance.read(value, &Shape::Any).expect("the value can be read")
    }
}
