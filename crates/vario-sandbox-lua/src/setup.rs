use std::cell::Cell;
use std::sync::{Arc, OnceLock};

use mlua::chunk::{ChunkMode, Compiler};
use mlua::state::{GcIncParams, GcMode};
use mlua::{Function, Lua, LuaOptions, StdLib, Table};
use vario_sandbox::InstanceSpec;

use crate::cache::Programs;
use crate::callbacks;
use crate::control::Control;

/// Everything the host keeps of one Luau world.
pub(crate) struct World {
    pub(crate) lua: Lua,
    pub(crate) control: Arc<Control>,
    /// The script's globals: a plain table.
    pub(crate) environment: Table,
    /// To be called before a program is loaded: forgets which globals are no longer original.
    pub(crate) refresh: Function,
    /// The kind of every loaded source, by the name its frames show.
    pub(crate) sources: Table,
    /// The metatable of an empty list a host function made.
    pub(crate) empty_array: Table,
    /// `coroutine.resume`, which hands errors over untouched.
    pub(crate) resume: Function,
    /// Coroutine and error to the words thrown on purpose and the frames.
    pub(crate) describe: Function,
    /// Makes the natives' table.
    pub(crate) natives: Function,
    /// `tostring`.
    pub(crate) tostring: Function,
    /// Indexes an object with a key, metatables included.
    pub(crate) index: Function,
    /// In bytes.
    pub(crate) heap_bytes: usize,
    /// Whether an error object is being asked for its message, which may throw another one.
    pub(crate) asking: Cell<bool>,
}

impl World {
    pub(crate) fn new(
        spec: &InstanceSpec,
        programs: Arc<Programs>,
        lives_long: bool,
    ) -> mlua::Result<Self> {
        let lua = new_lua()?;
        let control = Arc::new(Control::new(Arc::clone(&spec.stop), spec.limits.heap_bytes));
        let sources = lua.create_table()?;
        let empty_array = lua.create_table()?;
        empty_array.set_readonly(true);
        let host = callbacks::create(&callbacks::Parts {
            lua: &lua,
            natives: Arc::clone(&spec.natives),
            control: Arc::clone(&control),
            programs,
            empty_array: empty_array.clone(),
            sources: sources.clone(),
        })?;
        let facility = lua
            .load(facility()?)
            .set_name("=[vario]")
            .set_mode(ChunkMode::Binary)
            .into_function()?;
        let frozen = spec.frozen_unix_ms.map(seconds);
        let (adopt, refresh, resume, describe, natives, tostring, index) =
            facility
                .call::<(Function, Function, Function, Function, Function, Function, Function)>(
                    (host, lua.globals(), sources.clone(), frozen, lives_long),
                )?;
        // The facility emptied the global table, so this freezes the string metatable only and
        // makes the thread's globals a new table.
        lua.sandbox(true)?;
        let environment = lua.create_table()?;
        adopt.call::<()>((environment.clone(), lua.globals()))?;
        environment.set_safeenv(true);
        let interrupt = Arc::clone(&control);
        lua.set_interrupt(move |lua| {
            interrupt.relieve(lua);
            interrupt.interrupt()
        });
        lua.set_memory_limit(spec.limits.heap_bytes)?;
        Ok(Self {
            lua,
            control,
            environment,
            refresh,
            sources,
            empty_array,
            resume,
            describe,
            natives,
            tostring,
            index,
            heap_bytes: spec.limits.heap_bytes,
            asking: Cell::new(false),
        })
    }
}

/// How far the heap may grow between two collections, in percent of what is in use: Luau's own
/// default.
const GC_GOAL: i32 = 200;
/// The same before the first collection: a fresh state has some 60 KB, so this is about 1 MB.
const FIRST_GC_GOAL: i32 = 1_600;

/// A Luau state with the libraries that touch nothing outside.
fn new_lua() -> mlua::Result<Lua> {
    // `DEBUG` is for the facility, which removes it from the script's reach.
    let libraries = StdLib::COROUTINE
        | StdLib::TABLE
        | StdLib::OS
        | StdLib::STRING
        | StdLib::UTF8
        | StdLib::BIT
        | StdLib::MATH
        | StdLib::BUFFER
        | StdLib::DEBUG;
    let lua = Lua::new_with(libraries, LuaOptions::new())?;
    // Dropping the first handle collects garbage. That costs least now, while there is little;
    // the end of a run then frees everything without looking for garbage first. It also says when
    // garbage is next looked for: an ordinary probe shall be over by then.
    let goal = |percent| GcMode::Incremental(GcIncParams::default().goal(percent));
    let kept = lua.clone();
    lua.gc_set_mode(goal(FIRST_GC_GOAL));
    drop(lua);
    kept.gc_set_mode(goal(GC_GOAL));
    Ok(kept)
}

fn facility() -> mlua::Result<&'static [u8]> {
    static BYTECODE: OnceLock<Result<Vec<u8>, mlua::Error>> = OnceLock::new();
    let compiled = BYTECODE.get_or_init(|| {
        Compiler::new()
            .set_optimization_level(1)
            .set_debug_level(0)
            .compile(include_str!("facility.luau"))
    });
    compiled.as_deref().map_err(Clone::clone)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of any real date fit a double")]
fn seconds(unix_ms: i64) -> f64 {
    unix_ms as f64 / 1_000.0
}
