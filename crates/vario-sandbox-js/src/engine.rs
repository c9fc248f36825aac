use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rquickjs::{Module, Object};
use vario_sandbox::{
    Engine, ErrorKind, Instance, InstanceSpec, Language, Limits, LogLevel, NativeError,
    NativeGroup, Natives, ScriptError, Source, SourceKind, StopSignal,
};
use vario_value::Value;

use crate::background;
use crate::cache::Cache;
use crate::console;
use crate::fault::{Phase, fault};
use crate::instance::JsInstance;
use crate::modules::{EmptyModules, PluginModules};
use crate::natives;
use crate::raw::heap::Heap;
use crate::raw::shared;
use crate::raw::world::World;
use crate::state::State;

/// Less than this and the engine cannot even throw errors reliably.
const MIN_HEAP: usize = 1024 * 1024;
/// Less than this and the engine cannot compile ordinary code.
const MIN_STACK: usize = 64 * 1024;
/// More than this and the engine switches its check off.
const MAX_STACK: usize = 16 * 1024 * 1024;

/// The engine for JavaScript: QuickJS-ng. Cheap to clone; clones share compiled programs.
#[derive(Clone, Default)]
pub struct JsEngine {
    cache: Arc<Cache>,
}

impl JsEngine {
    /// An engine that has compiled nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// An engine for a process that runs one plugin, once: its script is not kept compiled.
    pub fn for_one_run() -> Self {
        Self { cache: Arc::new(Cache::of_preludes()) }
    }

    /// How many programs are kept compiled.
    #[cfg(test)]
    pub(crate) fn compiled(&self) -> usize {
        self.cache.len()
    }

    pub(crate) fn open_instance(&self, spec: InstanceSpec) -> Result<JsInstance, ScriptError> {
        self.open_world(spec, false)
    }

    fn open_world(&self, spec: InstanceSpec, background: bool) -> Result<JsInstance, ScriptError> {
        let InstanceSpec { limits, stop, natives, frozen_unix_ms } = spec;
        let heap = Heap::unlimited();
        let mut world = world(&heap, limits.stack_bytes)?;
        let state = Rc::new(State {
            ids: natives::ids(natives.groups()),
            stop,
            natives,
            heap: Rc::clone(&heap),
            modules: RefCell::new(HashSet::new()),
            background,
            watches_promises: Cell::new(false),
        });
        world.configure(|runtime| {
            let polled = Rc::clone(&state);
            runtime.set_interrupt_handler(Some(Box::new(move || polled.stop_reason().is_some())));
            if background {
                background::configure(runtime, &state);
            } else {
                let modules = PluginModules(Rc::clone(&state));
                runtime.set_loader(PluginModules(Rc::clone(&state)), modules);
            }
        });
        world
            .enter(|ctx, _| {
                shared::store(ctx, Rc::clone(&state));
                if background {
                    return Ok(());
                }
                // The engine drops an interrupt inside of this hook: a script could run for ever.
                // A background plugin, whose process can be ended, may have it.
                ctx.globals().get::<_, Object>("Error")?.remove("prepareStackTrace")
            })
            .map_err(|error| world.enter(|ctx, _| fault(ctx, &state, &error, Phase::Run)))?;
        world
            .install(console::table(), |ctx| Ok(ctx.globals()))
            .map_err(|error| world.enter(|ctx, _| fault(ctx, &state, &error, Phase::Run)))?;
        let mut instance = JsInstance::new(world, Rc::clone(&state), Arc::clone(&self.cache));
        if let Some(now) = frozen_unix_ms {
            instance.freeze_clock(now)?;
        }
        // Limits count from here: the engine may abort when it runs out while it sets up.
        heap.limit(limits.heap_bytes.max(MIN_HEAP));
        Ok(instance)
    }
}

/// A fresh world; the stack limit is checked.
fn world(heap: &Rc<Heap>, stack_bytes: usize) -> Result<World, ScriptError> {
    if !(1..=MAX_STACK).contains(&stack_bytes) {
        let words = format!("the stack limit must be between 1 and {MAX_STACK} bytes");
        return Err(ScriptError::new(ErrorKind::Internal, words));
    }
    World::new(heap, stack_bytes.max(MIN_STACK))
        .map_err(|error| ScriptError::new(ErrorKind::Internal, error.to_string()))
}

impl Engine for JsEngine {
    fn language(&self) -> Language {
        Language::JavaScript
    }

    fn check(&self, source: &Source) -> Result<(), ScriptError> {
        let limits = Limits::default();
        let heap = Heap::unlimited();
        let mut world = world(&heap, limits.stack_bytes)?;
        heap.limit(limits.heap_bytes);
        let state = State {
            stop: Arc::new(StopSignal::new(Instant::now() + Duration::from_hours(1))),
            natives: Arc::new(NoNatives),
            heap,
            ids: Vec::new(),
            modules: RefCell::new(HashSet::new()),
            background: false,
            watches_promises: Cell::new(false),
        };
        world.configure(|runtime| runtime.set_loader(EmptyModules, EmptyModules));
        world.enter(|ctx, _| {
            let parsed = if source.kind == SourceKind::Module {
                Module::declare(ctx.clone(), &*source.name, &*source.text).map(drop)
            } else {
                self.cache.load(ctx, source).map(drop)
            };
            parsed.map_err(|error| fault(ctx, &state, &error, Phase::Compile))
        })
    }

    fn open(&self, spec: InstanceSpec) -> Result<Box<dyn Instance>, ScriptError> {
        Ok(Box::new(self.open_instance(spec)?))
    }

    fn open_background(&self, spec: InstanceSpec) -> Result<Box<dyn Instance>, ScriptError> {
        Ok(Box::new(self.open_world(spec, true)?))
    }
}

/// What a source that is only parsed can call: nothing.
struct NoNatives;

impl Natives for NoNatives {
    fn groups(&self) -> &[NativeGroup] {
        &[]
    }

    fn call(&self, _function: u32, _args: Vec<Value>) -> Result<Value, NativeError> {
        Err(NativeError::Stop)
    }

    fn log(&self, _level: LogLevel, _message: &str) -> Result<(), NativeError> {
        Err(NativeError::Stop)
    }

    fn module(&self, path: &str) -> Result<String, String> {
        Err(format!("module `{path}` is not loaded while a source is parsed"))
    }
}
