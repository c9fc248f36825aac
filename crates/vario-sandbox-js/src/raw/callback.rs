#![expect(unsafe_code, reason = "the engine calls these functions through its C interface")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::slice;

use rquickjs::{Ctx, Error, Result, Value, qjs};

use crate::throw::throw_error;
use crate::{console, natives};

/// A function as the engine calls it: context, `this`, count and place of the arguments, and the
/// number that tells one function from another.
pub(crate) type Callback = unsafe extern "C" fn(
    *mut qjs::JSContext,
    qjs::JSValue,
    qjs::c_int,
    *mut qjs::JSValue,
    qjs::c_int,
) -> qjs::JSValue;

/// Every function of a native group; the number is the place in [`crate::state::State`]'s table.
pub(crate) unsafe extern "C" fn native(
    ctx: *mut qjs::JSContext,
    _this: qjs::JSValue,
    count: qjs::c_int,
    args: *mut qjs::JSValue,
    number: qjs::c_int,
) -> qjs::JSValue {
    // SAFETY: called by the engine with its own arguments.
    unsafe { answer(ctx, count, args, |ctx, args| natives::call(ctx, args, number)) }
}

/// Every function of `console`; the number is the level.
pub(crate) unsafe extern "C" fn log(
    ctx: *mut qjs::JSContext,
    _this: qjs::JSValue,
    count: qjs::c_int,
    args: *mut qjs::JSValue,
    number: qjs::c_int,
) -> qjs::JSValue {
    // SAFETY: called by the engine with its own arguments.
    unsafe { answer(ctx, count, args, |ctx, args| console::log(ctx, args, number)) }
}

/// Runs `body` between two C frames, through which no panic may unwind.
///
/// # Safety
/// `ctx` is the context that calls, `args` are `count` values that live during the call.
unsafe fn answer<F>(
    ctx: *mut qjs::JSContext,
    count: qjs::c_int,
    args: *mut qjs::JSValue,
    body: F,
) -> qjs::JSValue
where
    F: for<'js> FnOnce(&Ctx<'js>, &[Value<'js>]) -> Result<Value<'js>>,
{
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let Some(ctx) = NonNull::new(ctx) else { return qjs::JS_UNDEFINED };
        // SAFETY: the engine calls, so its runtime is in use by this thread alone, and nothing
        // that carries the lifetime leaves this closure.
        let ctx = unsafe { Ctx::from_raw(ctx) };
        let raw = ctx.as_raw().as_ptr();
        let count = usize::try_from(count).unwrap_or(0);
        let args = if count == 0 || args.is_null() {
            &[]
        } else {
            // SAFETY: the engine passes `count` values.
            unsafe { slice::from_raw_parts(args, count) }
        };
        let args: Vec<_> = args
            .iter()
            // SAFETY: each `Value` owns the reference that is added for it.
            .map(|value| unsafe { Value::from_raw(ctx.clone(), qjs::JS_DupValue(raw, *value)) })
            .collect();
        let outcome = catch_unwind(AssertUnwindSafe(|| body(&ctx, &args)))
            .unwrap_or_else(|_panic| Err(throw_error(&ctx, "host function failed")));
        match outcome {
            // SAFETY: the value is alive, and the caller gets a reference of its own.
            Ok(value) => unsafe { qjs::JS_DupValue(raw, value.as_raw()) },
            // The exception is pending in the context.
            Err(Error::Exception) => qjs::JS_EXCEPTION,
            Err(other) => {
                let _pending = throw_error(&ctx, &other.to_string());
                qjs::JS_EXCEPTION
            }
        }
    }));
    // A panic while the first one was being reported: `undefined` is all that is left.
    outcome.unwrap_or(qjs::JS_UNDEFINED)
}
