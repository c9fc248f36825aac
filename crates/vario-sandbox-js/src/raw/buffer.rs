#![expect(unsafe_code, reason = "the safe layer has no copy that works for every element type")]

use std::slice;

use rquickjs::{Ctx, Error, Result, Value, qjs};

use super::size_of_memory;

/// Whether a value is an `ArrayBuffer` or a typed array.
pub(crate) fn is_buffer(value: &Value<'_>) -> bool {
    // SAFETY: both calls only look at the value's class.
    unsafe {
        qjs::JS_IsArrayBuffer(value.as_raw()) || qjs::JS_GetTypedArrayType(value.as_raw()) >= 0
    }
}

/// The length in bytes and a copy of an `ArrayBuffer` or a typed array, at most `max` bytes.
///
/// Call it on what [`is_buffer`] accepts. `None` when there are more bytes than that.
///
/// # Errors
/// When the buffer is detached; the exception is pending.
pub(crate) fn copy<'js>(ctx: &Ctx<'js>, value: &Value<'js>, max: usize) -> Result<Option<Vec<u8>>> {
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: only looks at the value's class.
    if unsafe { qjs::JS_IsArrayBuffer(value.as_raw()) } {
        return copy_part(ctx, value, 0, None, max);
    }
    let (mut offset, mut length, mut width) = (0, 0, 0);
    // SAFETY: the three places outlive the call; the result is owned by the `Value`.
    let buffer = unsafe {
        let buffer = qjs::JS_GetTypedArrayBuffer(
            raw,
            value.as_raw(),
            &raw mut offset,
            &raw mut length,
            &raw mut width,
        );
        if qjs::JS_IsException(buffer) {
            return Err(Error::Exception);
        }
        Value::from_raw(ctx.clone(), buffer)
    };
    copy_part(ctx, &buffer, size_of_memory(offset), Some(size_of_memory(length)), max)
}

/// Copies from `offset`, either `length` bytes or all the rest.
fn copy_part<'js>(
    ctx: &Ctx<'js>,
    buffer: &Value<'js>,
    offset: usize,
    length: Option<usize>,
    max: usize,
) -> Result<Option<Vec<u8>>> {
    let mut size = 0;
    // SAFETY: the value is an array buffer; `size` outlives the call.
    let start =
        unsafe { qjs::JS_GetArrayBuffer(ctx.as_raw().as_ptr(), &raw mut size, buffer.as_raw()) };
    if start.is_null() {
        // Null means detached, or just empty.
        return if ctx.has_exception() { Err(Error::Exception) } else { Ok(Some(Vec::new())) };
    }
    // SAFETY: the engine gives `size` bytes that live as long as no script code runs; they are
    // copied before any can.
    let all = unsafe { slice::from_raw_parts(start, size_of_memory(size)) };
    let rest = all.get(offset..).unwrap_or_default();
    let part = length.and_then(|length| rest.get(..length)).unwrap_or(rest);
    Ok((part.len() <= max).then(|| part.to_vec()))
}
