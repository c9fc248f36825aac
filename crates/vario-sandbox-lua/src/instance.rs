use std::sync::Arc;

use mlua::thread::ThreadStatus;
use mlua::{Function, LuaString, MultiValue, Thread, Value as LuaValue};
use vario_sandbox::{
    ErrorKind, Handle, Instance, InstanceSpec, Kind, ScriptError, Settled, Source, SourceKind,
};
use vario_value::{MAX_DEPTH, Shape, Value};

use crate::cache::Programs;
use crate::from_lua::{ReadError, Reader};
use crate::load::load;
use crate::setup::World;
use crate::to_lua::{MakeError, to_lua};

/// One Luau world and the values the host holds of it.
pub(crate) struct LuaInstance {
    world: World,
    programs: Arc<Programs>,
    slots: Vec<Slot>,
    natives: Option<Handle>,
}

#[derive(Clone)]
struct Slot {
    value: LuaValue,
    /// The coroutine of a call that yielded: nothing will ever resume it.
    yielded: bool,
}

/// What a function came to.
pub(crate) struct Outcome {
    /// Its first result, or what it yielded first.
    pub(crate) value: LuaValue,
    /// The coroutine it ran in.
    thread: Thread,
    /// It yielded and waits.
    yielded: bool,
}

impl World {
    /// Runs a function in a coroutine of its own.
    pub(crate) fn run(
        &self,
        function: Function,
        args: impl IntoIterator<Item = LuaValue>,
    ) -> Result<Outcome, ScriptError> {
        self.go_on(None)?;
        let thread = self.lua.create_thread(function).map_err(|error| self.lua_error(&error))?;
        self.resume(thread, args)
    }

    /// Resumes a coroutine once.
    pub(crate) fn resume(
        &self,
        thread: Thread,
        args: impl IntoIterator<Item = LuaValue>,
    ) -> Result<Outcome, ScriptError> {
        let args: MultiValue =
            std::iter::once(LuaValue::Thread(thread.clone())).chain(args).collect();
        let results = self.resume.call::<MultiValue>(args);
        self.go_on(Some(&thread))?;
        let mut results = results.map_err(|error| self.lua_error(&error))?;
        let finished = results.pop_front() == Some(LuaValue::Boolean(true));
        let value = results.pop_front().unwrap_or(LuaValue::Nil);
        if finished {
            let yielded = thread.status() == ThreadStatus::Resumable;
            Ok(Outcome { value, thread, yielded })
        } else {
            let error = self.thrown(&thread, &value);
            // What made the message may have been slow.
            self.go_on(Some(&thread))?;
            Err(error)
        }
    }

    fn string(&self, text: &str) -> Result<LuaString, ScriptError> {
        self.lua.create_string(text).map_err(|error| self.lua_error(&error))
    }

    /// A property, inherited ones included.
    pub(crate) fn property(
        &self,
        object: &LuaValue,
        key: LuaString,
    ) -> Result<LuaValue, ScriptError> {
        let LuaValue::Table(table) = object else { return Ok(LuaValue::Nil) };
        if !table.has_metatable() {
            return table.raw_get(key).map_err(|error| self.lua_error(&error));
        }
        self.run(self.index.clone(), [object.clone(), LuaValue::String(key)])
            .map(|outcome| outcome.value)
    }
}

impl LuaInstance {
    pub(crate) fn new(
        spec: &InstanceSpec,
        programs: Arc<Programs>,
        lives_long: bool,
    ) -> Result<Self, ScriptError> {
        let world = World::new(spec, Arc::clone(&programs), lives_long)
            .map_err(|error| ScriptError::new(ErrorKind::Internal, error.to_string()))?;
        Ok(Self { world, programs, slots: Vec::new(), natives: None })
    }

    fn keep(&mut self, value: LuaValue, yielded: bool) -> Result<Handle, ScriptError> {
        let index = u32::try_from(self.slots.len()).map_err(|error| {
            ScriptError::new(ErrorKind::Internal, format!("too many handles are in use: {error}"))
        })?;
        self.slots.push(Slot { value, yielded });
        Ok(Handle(index))
    }

    fn slot(&self, handle: Handle) -> Slot {
        usize::try_from(handle.0)
            .ok()
            .and_then(|index| self.slots.get(index))
            .cloned()
            .unwrap_or(Slot { value: LuaValue::Nil, yielded: false })
    }

    fn load(&self, source: &Source) -> Result<Function, ScriptError> {
        let program = self.programs.get(source)?;
        let (name, kind) = match source.kind {
            SourceKind::Script => (&*source.name, Some("script")),
            SourceKind::Module => (&*source.name, Some("module")),
            SourceKind::Prelude => ("[prelude]", None),
        };
        let world = &self.world;
        let load = || {
            if let Some(kind) = kind {
                world.sources.raw_set(name, kind)?;
            }
            world.refresh.call::<()>(())?;
            load(&world.lua, &program, name, &world.environment)
        };
        load().map_err(|error| world.lua_error(&error))
    }

    fn read_error(&self, error: &ReadError) -> ScriptError {
        match error {
            ReadError::Stopped => match self.world.go_on(None) {
                Err(stopped) => stopped,
                Ok(()) => ScriptError::new(ErrorKind::Internal, "a read was ended without reason"),
            },
            ReadError::Lua(error) => self.world.lua_error(error),
            other => ScriptError::new(
                ErrorKind::Value,
                format!("the value cannot leave the script: {}", other.words()),
            ),
        }
    }
}

impl Instance for LuaInstance {
    fn natives(&mut self) -> Result<Handle, ScriptError> {
        if let Some(handle) = self.natives {
            return Ok(handle);
        }
        let table = self
            .world
            .natives
            .call::<LuaValue>(())
            .map_err(|error| self.world.lua_error(&error))?;
        let handle = self.keep(table, false)?;
        self.natives = Some(handle);
        Ok(handle)
    }

    fn eval(&mut self, source: &Source) -> Result<Handle, ScriptError> {
        let function = self.load(source)?;
        let outcome = self.world.run(function, [])?;
        if outcome.yielded {
            let mut error =
                ScriptError::new(ErrorKind::Thrown, "attempt to yield outside a coroutine");
            error.location = Some(vario_sandbox::Location {
                file: source.name.to_string(),
                line: 1,
                column: None,
            });
            return Err(error);
        }
        self.keep(outcome.value, false)
    }

    fn global(&mut self, name: &str) -> Result<Handle, ScriptError> {
        let environment = LuaValue::Table(self.world.environment.clone());
        let value = self.world.property(&environment, self.world.string(name)?)?;
        self.keep(value, false)
    }

    fn set_global(&mut self, name: &str, value: Handle) -> Result<(), ScriptError> {
        self.world
            .environment
            .raw_set(name, self.slot(value).value)
            .map_err(|error| self.world.lua_error(&error))
    }

    fn get(&mut self, object: Handle, key: &str) -> Result<Handle, ScriptError> {
        let value = self.world.property(&self.slot(object).value, self.world.string(key)?)?;
        self.keep(value, false)
    }

    fn kind(&self, value: Handle) -> Kind {
        match self.slot(value).value {
            LuaValue::Nil => Kind::Absent,
            value if value.is_null() => Kind::Null,
            LuaValue::Boolean(_)
            | LuaValue::Integer(_)
            | LuaValue::Number(_)
            | LuaValue::String(_)
            | LuaValue::Vector(_) => Kind::Primitive,
            LuaValue::Function(_) => Kind::Function,
            _ => Kind::Object,
        }
    }

    fn call(&mut self, function: Handle, args: &[Handle]) -> Result<Handle, ScriptError> {
        let function = match self.slot(function).value {
            LuaValue::Function(function) => function,
            other => {
                let words = format!("attempt to call a {} value", other.type_name());
                return Err(ScriptError::new(ErrorKind::Thrown, words));
            }
        };
        let args: Vec<LuaValue> = args.iter().map(|arg| self.slot(*arg).value).collect();
        let outcome = self.world.run(function, args)?;
        if outcome.yielded {
            self.keep(LuaValue::Thread(outcome.thread), true)
        } else {
            self.keep(outcome.value, false)
        }
    }

    fn settle(&mut self, value: Handle) -> Result<Settled, ScriptError> {
        let slot = self.slot(value);
        if slot.yielded {
            return Ok(Settled::Pending);
        }
        let LuaValue::Thread(mut thread) = slot.value else { return Ok(Settled::Plain(value)) };
        // A coroutine may end with another one, as a promise may with a promise.
        loop {
            if thread.status() != ThreadStatus::Resumable {
                return Ok(Settled::Unusable);
            }
            let outcome = self.world.resume(thread, [])?;
            if outcome.yielded {
                return Ok(Settled::Pending);
            }
            match outcome.value {
                LuaValue::Thread(next) => thread = next,
                value => return Ok(Settled::Fulfilled(self.keep(value, false)?)),
            }
        }
    }

    fn read(&mut self, value: Handle, shape: &Shape) -> Result<Value, ScriptError> {
        let value = self.slot(value).value;
        let mut reader =
            Reader::new(&self.world.control, &self.world.empty_array, self.world.heap_bytes);
        let read = self.world.shaped(&mut reader, &value, shape);
        self.world.go_on(None)?;
        read.map_err(|error| self.read_error(&error))
    }

    fn make(&mut self, value: &Value) -> Result<Handle, ScriptError> {
        let value = to_lua(&self.world.lua, &self.world.control, &self.world.empty_array, value)
            .map_err(|error| match error {
                MakeError::Depth => ScriptError::new(
                    ErrorKind::Value,
                    format!("a value nested deeper than {MAX_DEPTH} levels cannot be made"),
                ),
                MakeError::Lua(error) => self.world.lua_error(&error),
            })?;
        self.keep(value, false)
    }

    fn mark(&self) -> u32 {
        u32::try_from(self.slots.len()).unwrap_or(u32::MAX)
    }

    fn release(&mut self, mark: u32) {
        let Ok(mark) = usize::try_from(mark) else { return };
        let natives = self.natives.map(|handle| (handle, self.slot(handle)));
        self.slots.truncate(mark);
        if let Some((handle, slot)) = natives
            && usize::try_from(handle.0).is_ok_and(|place| place >= mark)
        {
            self.natives = self.keep(slot.value, slot.yielded).ok();
        }
    }
}
