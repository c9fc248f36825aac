//! Where the time of a run goes: an engine around an engine that looks at the clock.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use vario_sandbox::{
    Engine, Handle, Instance, InstanceSpec, Kind, Language, ScriptError, Settled, Source,
    SourceKind,
};
use vario_value::{Shape, Value};

/// A part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Making the world.
    Open,
    /// The natives and the run's data.
    Natives,
    /// Loading the prelude and building `ctx`.
    Prelude,
    /// Loading the probe's program and evaluating it.
    Eval,
    /// Looking for what it registered.
    Find,
    /// Calling `probe` and waiting for promises.
    Call,
    /// Reading the result.
    Read,
    /// Throwing the world away.
    Drop,
}

impl Stage {
    /// All stages in order.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Natives,
        Self::Prelude,
        Self::Eval,
        Self::Find,
        Self::Call,
        Self::Read,
        Self::Drop,
    ];

    /// Its name in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Natives => "natives",
            Self::Prelude => "prelude",
            Self::Eval => "eval",
            Self::Find => "find",
            Self::Call => "call",
            Self::Read => "read",
            Self::Drop => "drop",
        }
    }
}

/// The time spent in each stage, in the order of [`Stage::ALL`].
pub type Times = [Duration; Stage::ALL.len()];

/// Reads and clears what a [`Staged`] engine noted.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Times>>);

impl Watch {
    /// What was noted since the last time.
    pub fn take(&self) -> Times {
        std::mem::take(&mut *self.lock())
    }

    fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        let spent = start.elapsed();
        self.lock()[stage as usize] += spent;
        result
    }

    fn lock(&self) -> MutexGuard<'_, Times> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An engine whose instances note their times.
pub struct Staged<E> {
    engine: E,
    watch: Watch,
}

impl<E: Engine> Staged<E> {
    /// Wraps an engine.
    pub fn new(engine: E) -> (Self, Watch) {
        let watch = Watch::default();
        (Self { engine, watch: watch.clone() }, watch)
    }
}

impl<E: Engine> Engine for Staged<E> {
    fn language(&self) -> Language {
        self.engine.language()
    }

    fn check(&self, source: &Source) -> Result<(), ScriptError> {
        self.engine.check(source)
    }

    fn open(&self, spec: InstanceSpec) -> Result<Box<dyn Instance>, ScriptError> {
        let inner = self.watch.time(Stage::Open, || self.engine.open(spec))?;
        Ok(Box::new(StagedInstance {
            inner: Some(inner),
            watch: self.watch.clone(),
            phase: Stage::Prelude,
        }))
    }
}

struct StagedInstance {
    inner: Option<Box<dyn Instance>>,
    watch: Watch,
    /// Whose calls come now.
    phase: Stage,
}

impl StagedInstance {
    fn inner(&self) -> &dyn Instance {
        self.inner.as_deref().expect("the inner instance is taken in `drop` only")
    }

    fn time<T>(&mut self, stage: Stage, work: impl FnOnce(&mut dyn Instance) -> T) -> T {
        let inner = self.inner.as_deref_mut().expect("as in `inner`");
        self.watch.time(stage, || work(inner))
    }
}

impl Drop for StagedInstance {
    fn drop(&mut self) {
        let inner = self.inner.take();
        self.watch.time(Stage::Drop, || drop(inner));
    }
}

impl Instance for StagedInstance {
    fn natives(&mut self) -> Result<Handle, ScriptError> {
        self.time(Stage::Natives, |inner| inner.natives())
    }

    fn eval(&mut self, source: &Source) -> Result<Handle, ScriptError> {
        if source.kind == SourceKind::Prelude {
            return self.time(Stage::Prelude, |inner| inner.eval(source));
        }
        self.phase = Stage::Call;
        self.time(Stage::Eval, |inner| inner.eval(source))
    }

    fn global(&mut self, name: &str) -> Result<Handle, ScriptError> {
        self.time(Stage::Find, |inner| inner.global(name))
    }

    fn set_global(&mut self, name: &str, value: Handle) -> Result<(), ScriptError> {
        self.time(Stage::Prelude, |inner| inner.set_global(name, value))
    }

    fn get(&mut self, object: Handle, key: &str) -> Result<Handle, ScriptError> {
        self.time(Stage::Find, |inner| inner.get(object, key))
    }

    fn kind(&self, value: Handle) -> Kind {
        self.watch.time(Stage::Find, || self.inner().kind(value))
    }

    fn call(&mut self, function: Handle, args: &[Handle]) -> Result<Handle, ScriptError> {
        let phase = self.phase;
        self.time(phase, |inner| inner.call(function, args))
    }

    fn settle(&mut self, value: Handle) -> Result<Settled, ScriptError> {
        self.time(Stage::Call, |inner| inner.settle(value))
    }

    fn read(&mut self, value: Handle, shape: &Shape) -> Result<Value, ScriptError> {
        let stage = if matches!(shape, Shape::Scalar) { Stage::Find } else { Stage::Read };
        self.time(stage, |inner| inner.read(value, shape))
    }

    fn make(&mut self, value: &Value) -> Result<Handle, ScriptError> {
        self.time(Stage::Natives, |inner| inner.make(value))
    }
}
