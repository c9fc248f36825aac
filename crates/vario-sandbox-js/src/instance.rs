use std::rc::Rc;
use std::sync::Arc;

use rquickjs::function::Args;
use rquickjs::{Ctx, Error, Module, Object, Value as JsValue};
use vario_sandbox::{
    ErrorKind, Handle, Instance, Kind, ScriptError, Settled, Source, SourceKind, StopReason,
};
use vario_value::{Shape, Value};

use crate::background;
use crate::cache::Cache;
use crate::clock::frozen_clock;
use crate::fault::{Phase, fault};
use crate::make::{MakeError, make};
use crate::natives;
use crate::raw::world::{Job, Values, World};
use crate::read::{OnThrow, Reader, Refusal};
use crate::state::State;

type Answer<T> = Result<T, ScriptError>;

/// One script world.
pub(crate) struct JsInstance {
    world: World,
    state: Rc<State>,
    cache: Arc<Cache>,
    natives: Option<Handle>,
}

/// What a promise has come to.
enum Progress {
    Waiting,
    Settled(Settled),
}

impl JsInstance {
    pub(crate) fn new(world: World, state: Rc<State>, cache: Arc<Cache>) -> Self {
        Self { world, state, cache, natives: None }
    }

    /// Makes every clock the script has stand still.
    pub(crate) fn freeze_clock(&mut self, unix_ms: i64) -> Answer<()> {
        let freeze = self.run_script(&frozen_clock())?;
        let now = self.make(&Value::Int(unix_ms))?;
        self.call(freeze, &[now]).map(drop)
    }

    #[cfg(test)]
    pub(crate) fn heap_used(&self) -> usize {
        self.state.heap.used()
    }

    /// Enters the context; the value that `body` gives is kept, an error explained.
    fn keep(
        &mut self,
        phase: Phase,
        body: impl for<'js> FnOnce(&Ctx<'js>, &Values) -> rquickjs::Result<JsValue<'js>>,
    ) -> Answer<Handle> {
        let state = &self.state;
        self.world.enter(|ctx, values| match body(ctx, values) {
            Ok(value) => Ok(Handle(values.keep(ctx, value))),
            Err(error) => Err(fault(ctx, state, &error, phase)),
        })
    }

    /// A result of script code, unless the run is over: a late result does not count.
    fn in_time<T>(&self, answer: Answer<T>) -> Answer<T> {
        match self.state.stop.poll() {
            Some(_) => Err(self.state.stopped()),
            None => answer,
        }
    }

    fn run_script(&mut self, source: &Source) -> Answer<Handle> {
        let (cache, state) = (&self.cache, &self.state);
        self.world.enter(|ctx, values| {
            let compiled = cache
                .load(ctx, source)
                .map_err(|error| fault(ctx, state, &error, Phase::Compile))?;
            match compiled.run() {
                Ok(value) => Ok(Handle(values.keep(ctx, value))),
                Err(error) => Err(fault(ctx, state, &error, Phase::Run)),
            }
        })
    }

    fn run_module(&mut self, source: &Source) -> Answer<Handle> {
        let state = &self.state;
        state.modules.borrow_mut().insert(source.name.to_string());
        let (namespace, promise) = self.world.enter(|ctx, values| {
            let module = Module::declare(ctx.clone(), &*source.name, &*source.text)
                .map_err(|error| fault(ctx, state, &error, Phase::Compile))?;
            let evaluated = module.eval().and_then(|(module, promise)| {
                let namespace = module.namespace()?.into_value();
                Ok((values.keep(ctx, namespace), values.keep(ctx, promise.into_value())))
            });
            evaluated.map_err(|error| fault(ctx, state, &error, Phase::Run))
        })?;
        match self.run_jobs(Handle(promise))? {
            Settled::Pending => self.in_time(Err(ScriptError::new(
                ErrorKind::Thrown,
                format!("module `{}` waits for something that never comes", source.name),
            ))),
            _ => Ok(Handle(namespace)),
        }
    }

    fn progress(&mut self, value: Handle) -> Answer<Progress> {
        let state = &self.state;
        self.world.enter(|ctx, values| {
            let plain = values.value(ctx, value.0);
            let Some(promise) = plain.as_promise() else {
                return Ok(Progress::Settled(Settled::Plain(value)));
            };
            match promise.result::<JsValue>() {
                None => Ok(Progress::Waiting),
                Some(Ok(value)) => {
                    let handle = Handle(values.keep(ctx, value));
                    Ok(Progress::Settled(Settled::Fulfilled(handle)))
                }
                Some(Err(error)) => Err(fault(ctx, state, &error, Phase::Run)),
            }
        })
    }

    fn run_jobs(&mut self, value: Handle) -> Answer<Settled> {
        loop {
            if let Progress::Settled(settled) = self.progress(value)? {
                return Ok(settled);
            }
            if self.state.stop_reason().is_some() {
                return Err(self.state.stopped());
            }
            match self.world.run_job() {
                Job::None => return Ok(Settled::Pending),
                Job::Done => {}
                Job::Interrupted => {
                    return match self.state.stop_reason() {
                        // The contract's one exception: not the time-out, but a promise that
                        // nobody will ever settle.
                        Some(StopReason::Deadline) => Ok(Settled::Pending),
                        _ => Err(self.state.stopped()),
                    };
                }
            }
        }
    }
}

impl Instance for JsInstance {
    fn natives(&mut self) -> Answer<Handle> {
        if let Some(natives) = self.natives {
            return Ok(natives);
        }
        let table = natives::table(self.state.natives.groups())?;
        let made = self.world.install(table, |ctx| Object::new(ctx.clone()));
        let state = &self.state;
        let handle =
            made.map_err(|error| self.world.enter(|ctx, _| fault(ctx, state, &error, Phase::Run)))?;
        if self.state.background {
            let state = &self.state;
            self.world.enter(|ctx, values| {
                let natives = values.value(ctx, handle);
                background::offer(ctx, &natives)
                    .map_err(|error| fault(ctx, state, &error, Phase::Run))
            })?;
        }
        self.natives = Some(Handle(handle));
        Ok(Handle(handle))
    }

    fn eval(&mut self, source: &Source) -> Answer<Handle> {
        let answer = match source.kind {
            SourceKind::Script | SourceKind::Prelude => self.run_script(source),
            SourceKind::Module => self.run_module(source),
        };
        self.in_time(answer)
    }

    fn global(&mut self, name: &str) -> Answer<Handle> {
        self.keep(Phase::Run, |ctx, _| ctx.globals().get(name))
    }

    fn set_global(&mut self, name: &str, value: Handle) -> Answer<()> {
        let state = &self.state;
        self.world.enter(|ctx, values| {
            let value = values.value(ctx, value.0);
            ctx.globals().set(name, value).map_err(|error| fault(ctx, state, &error, Phase::Run))
        })
    }

    fn get(&mut self, object: Handle, key: &str) -> Answer<Handle> {
        self.keep(Phase::Run, |ctx, values| match values.value(ctx, object.0).as_object() {
            Some(object) => object.get(key),
            None => Ok(JsValue::new_undefined(ctx.clone())),
        })
    }

    fn kind(&self, value: Handle) -> Kind {
        self.world.look(value.0, |value| {
            if value.is_undefined() {
                Kind::Absent
            } else if value.is_null() {
                Kind::Null
            } else if value.is_function() {
                Kind::Function
            } else if value.is_object() {
                Kind::Object
            } else {
                Kind::Primitive
            }
        })
    }

    fn call(&mut self, function: Handle, args: &[Handle]) -> Answer<Handle> {
        let answer = self.keep(Phase::Run, |ctx, values| {
            let function = values.value(ctx, function.0);
            let Some(function) = function.as_function() else {
                return Err(crate::throw::throw_type_error(ctx, "not a function"));
            };
            let mut given = Args::new(ctx.clone(), args.len());
            for arg in args {
                given.push_arg(values.value(ctx, arg.0))?;
            }
            function.call_arg(given)
        });
        self.in_time(answer)
    }

    fn settle(&mut self, value: Handle) -> Answer<Settled> {
        self.run_jobs(value)
    }

    fn read(&mut self, value: Handle, shape: &Shape) -> Answer<Value> {
        let state = &self.state;
        self.world.enter(|ctx, values| {
            let value = values.value(ctx, value.0);
            let read = Reader::new(ctx, state, OnThrow::Omit).shaped(&value, shape);
            read.map_err(|refusal| match refusal {
                Refusal::Thrown => fault(ctx, state, &Error::Exception, Phase::Run),
                Refusal::Value(words) => ScriptError::new(ErrorKind::Value, words),
                Refusal::Stopped => state.stopped(),
            })
        })
    }

    fn make(&mut self, value: &Value) -> Answer<Handle> {
        let state = &self.state;
        self.world.enter(|ctx, values| match make(ctx, value) {
            Ok(value) => Ok(Handle(values.keep(ctx, value))),
            Err(MakeError::Script(error)) => Err(fault(ctx, state, &error, Phase::Run)),
            Err(MakeError::TooDeep) => {
                Err(ScriptError::new(ErrorKind::Value, "value is nested too deeply"))
            }
        })
    }

    fn drain(&mut self) -> Answer<()> {
        loop {
            if self.state.stop_reason().is_some() {
                return Err(self.state.stopped());
            }
            match self.world.run_job() {
                Job::None => return Ok(()),
                Job::Done => {}
                Job::Interrupted => return Err(self.state.stopped()),
            }
        }
    }

    fn mark(&self) -> u32 {
        u32::try_from(self.world.count()).unwrap_or(u32::MAX)
    }

    fn release(&mut self, mark: u32) {
        let Ok(mark) = usize::try_from(mark) else { return };
        let natives = self.natives.map(|handle| handle.0);
        self.natives = self.world.release(mark, natives).map(Handle);
    }
}
