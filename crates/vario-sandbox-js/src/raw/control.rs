#![expect(unsafe_code, reason = "the safe layer has no names for these two calls")]

use rquickjs::{Ctx, Exception, qjs};

/// Measures the script's stack from here on. Called at each entry, so that the limit counts from
/// the caller's frame and not from wherever the runtime was made.
pub(crate) fn measure_stack_from_here(ctx: &Ctx<'_>) {
    // SAFETY: the context is alive, and so is its runtime.
    unsafe { qjs::JS_UpdateStackTop(qjs::JS_GetRuntime(ctx.as_raw().as_ptr())) };
}

/// Makes an error one that no `catch` and no `finally` sees.
pub(crate) fn make_uncatchable(ctx: &Ctx<'_>, error: &Exception<'_>) {
    // SAFETY: the value is an error object of this context and stays alive during the call.
    unsafe {
        qjs::JS_SetUncatchableError(ctx.as_raw().as_ptr(), error.as_object().as_value().as_raw());
    }
}
