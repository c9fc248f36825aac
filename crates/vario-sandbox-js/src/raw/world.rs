#![expect(unsafe_code, reason = "keeps the promise that lazy tables outlive their runtime")]

use std::rc::Rc;

use rquickjs::{Context, Ctx, Error, Object, Persistent, Result, Runtime, Value};

use super::control::measure_stack_from_here;
use super::heap::{Heap, LimitedAllocator};
use super::lazy::LazyTable;

/// A runtime with its one context and everything that points into them or out of them.
///
/// The order of the fields is the order in which they are dropped: script values first, then the
/// context, then the runtime, and only then the tables the runtime points to. The runtime is
/// private, so that nobody can keep it alive for longer.
pub(crate) struct World {
    values: Vec<Persistent<Value<'static>>>,
    context: Context,
    runtime: Runtime,
    tables: Vec<LazyTable>,
}

/// What running one job of the queue led to.
pub(crate) enum Job {
    /// There was none.
    None,
    /// It ran, or threw something nobody waits for.
    Done,
    /// It was interrupted.
    Interrupted,
}

impl World {
    /// A fresh runtime with all standard built-ins, whose heap is counted in `heap`.
    ///
    /// # Errors
    /// When memory runs out.
    pub(crate) fn new(heap: &Rc<Heap>, stack_bytes: usize) -> Result<Self> {
        let runtime = Runtime::new_with_alloc(LimitedAllocator(Rc::clone(heap)))?;
        runtime.set_max_stack_size(stack_bytes);
        let context = Context::full(&runtime)?;
        Ok(Self { values: Vec::new(), context, runtime, tables: Vec::new() })
    }

    /// The runtime, for setting it up.
    pub(crate) fn configure(&self, setup: impl FnOnce(&Runtime)) {
        setup(&self.runtime);
    }

    /// Enters the context.
    pub(crate) fn enter<R>(&mut self, body: impl FnOnce(&Ctx<'_>, &mut Values) -> R) -> R {
        let values = &mut self.values;
        self.context.with(|ctx| {
            measure_stack_from_here(&ctx);
            body(&ctx, &mut Values(values))
        })
    }

    /// Looks at a kept value without running anything.
    pub(crate) fn look<R>(&self, number: u32, body: impl FnOnce(&Value<'_>) -> R) -> R {
        self.context.with(|ctx| body(&kept(&self.values, &ctx, number)))
    }

    /// Puts lazy groups on an object, and keeps their table.
    ///
    /// # Errors
    /// When memory runs out; the exception is pending.
    pub(crate) fn install(
        &mut self,
        table: LazyTable,
        on: impl for<'js> FnOnce(&Ctx<'js>) -> Result<Object<'js>>,
    ) -> Result<u32> {
        // Kept before anything points to it, so that no failure can drop it too early.
        self.tables.push(table);
        let table = self.tables.last().ok_or(Error::Unknown)?;
        let values = &mut self.values;
        self.context.with(|ctx| {
            let object = on(&ctx)?;
            // SAFETY: tables are never removed, moving one leaves its contents where they are,
            // and they are dropped after the runtime.
            unsafe { table.install(&object) }?;
            Ok(Values(values).keep(&ctx, object.into_value()))
        })
    }

    /// Runs the next job of the queue.
    pub(crate) fn run_job(&mut self) -> Job {
        match self.runtime.execute_pending_job() {
            Ok(false) => Job::None,
            Ok(true) => Job::Done,
            Err(thrown) => {
                let interrupted = thrown.0.with(|ctx| ctx.catch().is_uncatchable_error());
                if interrupted { Job::Interrupted } else { Job::Done }
            }
        }
    }
}

impl World {
    /// How many values are kept.
    pub(crate) fn count(&self) -> usize {
        self.values.len()
    }

    /// Lets go of every value from this number on, but for `spared`, whose new number it gives.
    pub(crate) fn release(&mut self, from: usize, spared: Option<u32>) -> Option<u32> {
        let spared = spared.and_then(|number| usize::try_from(number).ok());
        let kept = spared.filter(|place| *place >= from && *place < self.values.len());
        let kept = kept.map(|place| self.values.swap_remove(place));
        let values = &mut self.values;
        // The context is entered because what is let go of may run finalisers of the engine.
        self.context.with(|_ctx| {
            values.truncate(from);
            values.extend(kept.clone());
        });
        match (kept, spared) {
            (Some(_), _) => u32::try_from(self.values.len() - 1).ok(),
            (None, spared) => spared.and_then(|place| u32::try_from(place).ok()),
        }
    }
}

/// The script values that handles stand for.
pub(crate) struct Values<'a>(&'a mut Vec<Persistent<Value<'static>>>);

impl Values<'_> {
    /// Keeps a value and gives its number.
    pub(crate) fn keep<'js>(&mut self, ctx: &Ctx<'js>, value: Value<'js>) -> u32 {
        let number = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        self.0.push(Persistent::save(ctx, value));
        number
    }

    /// The value with this number; `undefined` when there is none.
    pub(crate) fn value<'js>(&self, ctx: &Ctx<'js>, number: u32) -> Value<'js> {
        kept(self.0, ctx, number)
    }
}

fn kept<'js>(values: &[Persistent<Value<'static>>], ctx: &Ctx<'js>, number: u32) -> Value<'js> {
    let value = usize::try_from(number).ok().and_then(|index| values.get(index));
    value
        .and_then(|value| value.clone().restore(ctx).ok())
        .unwrap_or_else(|| Value::new_undefined(ctx.clone()))
}
