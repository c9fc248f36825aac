use std::sync::Arc;

use vario_value::{Shape, Value};

use crate::error::ScriptError;
use crate::language::Language;
use crate::limits::Limits;
use crate::natives::Natives;
use crate::stop::StopSignal;

/// How a source is meant to be evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// A script. JavaScript: a global script in strict mode, without module syntax. Lua: a chunk,
    /// whose return value is the result of [`Instance::eval`].
    Script,
    /// A module of the plugin's own folder, which may load its neighbours. JavaScript: an ES
    /// module, whose namespace is the result of [`Instance::eval`]. Lua: as `Script`, with
    /// `require("./x")`.
    Module,
    /// A script of ours: compiled once, trusted, never shown in a stack. Its value is the result.
    Prelude,
}

/// Program text with the name that errors show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file's path relative to the plugin's folder, with `/`.
    pub name: Arc<str>,
    /// The program.
    pub text: Arc<str>,
    /// How to evaluate it.
    pub kind: SourceKind,
}

impl Source {
    /// A source of any kind.
    pub fn new(kind: SourceKind, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into(), kind }
    }
}

/// What an instance is made with.
#[derive(Clone)]
pub struct InstanceSpec {
    /// Heap and stack limits are the engine's to enforce; the others belong to the host's side.
    pub limits: Limits,
    /// Polled by the engine; see [`StopSignal`].
    pub stop: Arc<StopSignal>,
    /// What the script may call back.
    pub natives: Arc<dyn Natives>,
    /// A clock that stands still at these milliseconds since the epoch: `Date.now()`,
    /// `new Date()`, `os.time`, `os.date`, `os.clock`, `performance.now`. `None` is the real clock.
    pub frozen_unix_ms: Option<i64>,
}

/// A script engine. Cheap to share; compiled programs are cached inside by content, in memory.
pub trait Engine: Send + Sync {
    /// The language it runs.
    fn language(&self) -> Language;

    /// Parses a source without running it.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Syntax`] with the place.
    fn check(&self, source: &Source) -> Result<(), ScriptError>;

    /// Makes a fresh script world that shares nothing with any other.
    ///
    /// # Errors
    /// When the engine cannot be set up within the limits.
    fn open(&self, spec: InstanceSpec) -> Result<Box<dyn Instance>, ScriptError>;

    /// Makes a world for a background plugin: one that lives long, loads modules the way its
    /// language usually does, and whose prelude gets what it needs for that from
    /// [`Instance::natives`]. Less strict than [`Engine::open`]: something must stand by that can
    /// end the process.
    ///
    /// # Errors
    /// As [`Engine::open`].
    fn open_background(&self, spec: InstanceSpec) -> Result<Box<dyn Instance>, ScriptError> {
        self.open(spec)
    }
}

/// A script value inside an instance. It stays valid as long as its instance, or until it is
/// released ([`Instance::release`]), and must be used with that instance only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handle(pub u32);

/// What a handle holds, as far as the host must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `undefined`, `nil`.
    Absent,
    /// `null`.
    Null,
    /// A bool, number, string, symbol or big integer.
    Primitive,
    /// Something that can be called.
    Function,
    /// Any other object: array, table, promise, coroutine, userdata.
    Object,
}

/// What became of a promise or a coroutine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It was no promise at all: the value itself.
    Plain(Handle),
    /// It was fulfilled with this value.
    Fulfilled(Handle),
    /// It waits for something that will never come, or its job was interrupted.
    Pending,
    /// It claims to be a promise and cannot be used as one.
    Unusable,
}

/// One script world. Not `Send`: it is made, used and dropped on one thread.
///
/// Every method that runs script code ends with [`crate::ErrorKind::Stopped`] when the stop
/// signal fires, and no script can prevent that where the engine's interrupt reaches.
pub trait Instance {
    /// An object with one property per native group, each an object with the group's functions.
    /// Made on first use, and every part of it lazily where the engine allows. The objects are
    /// plain and writable.
    ///
    /// # Errors
    /// When memory runs out.
    fn natives(&mut self) -> Result<Handle, ScriptError>;

    /// Evaluates a program and gives its value; see [`SourceKind`].
    ///
    /// # Errors
    /// Syntax errors, anything thrown, a stop.
    fn eval(&mut self, source: &Source) -> Result<Handle, ScriptError>;

    /// The global variable `name`; absent when there is none.
    ///
    /// # Errors
    /// When a getter throws.
    fn global(&mut self, name: &str) -> Result<Handle, ScriptError>;

    /// Sets a global variable.
    ///
    /// # Errors
    /// When the engine refuses.
    fn set_global(&mut self, name: &str, value: Handle) -> Result<(), ScriptError>;

    /// The property `key` of an object, inherited ones included; absent on a primitive.
    ///
    /// # Errors
    /// When a getter throws.
    fn get(&mut self, object: Handle, key: &str) -> Result<Handle, ScriptError>;

    /// What a handle holds.
    fn kind(&self, value: Handle) -> Kind;

    /// Calls a function without receiver (`this` is undefined).
    ///
    /// Lua: runs inside a coroutine; a function that yields gives [`Settled::Pending`] from
    /// [`Instance::settle`].
    ///
    /// # Errors
    /// Anything thrown, a stop.
    fn call(&mut self, function: Handle, args: &[Handle]) -> Result<Handle, ScriptError>;

    /// Runs the job queue until a promise settles or no job is left; resumes a returned Lua
    /// coroutine until it ends. A thenable that is no real promise is [`Settled::Plain`].
    ///
    /// # Errors
    /// A rejection, as if thrown. A stop, but for an interrupted job: that leaves the promise
    /// [`Settled::Pending`] (contract section 2.3).
    fn settle(&mut self, value: Handle) -> Result<Settled, ScriptError>;

    /// Reads a value by its shape. A getter that throws inside leaves its entry out; it never
    /// fails the whole.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Value`] for cycles and nesting beyond `vario_value::MAX_DEPTH`
    /// (only with [`Shape::Any`]); a stop.
    fn read(&mut self, value: Handle, shape: &Shape) -> Result<Value, ScriptError>;

    /// Makes a script value.
    ///
    /// # Errors
    /// When memory runs out or the value is nested deeper than `vario_value::MAX_DEPTH`.
    fn make(&mut self, value: &Value) -> Result<Handle, ScriptError>;

    /// Runs queued jobs (what promises have to say) until none is left. Languages without a job
    /// queue have nothing to do.
    ///
    /// # Errors
    /// A stop. What a job throws is no error here.
    fn drain(&mut self) -> Result<(), ScriptError> {
        Ok(())
    }

    /// How many handles were made so far; for [`Instance::release`].
    fn mark(&self) -> u32 {
        0
    }

    /// Forgets every handle made since the mark, but for that of [`Instance::natives`]. Using a
    /// forgotten handle gives absent, or whatever took its place. An instance that lives long
    /// needs this; one that cannot do it forgets nothing.
    fn release(&mut self, _mark: u32) {}
}
