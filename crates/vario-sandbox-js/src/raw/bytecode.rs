#![expect(unsafe_code, reason = "the safe layer keeps modules as bytecode, but no scripts")]

use std::ffi::CString;
use std::{ptr, slice};

use rquickjs::{Ctx, Error, Result, Value, qjs};

use super::size_of_memory;

/// A compiled script, detached from the instance that compiled it.
///
/// Only [`Compiled::detach`] makes one: bytecode that this process did not compile itself can
/// never get here, and bytecode is not memory safe otherwise.
#[derive(Debug)]
pub(crate) struct Bytecode(Vec<u8>);

impl Bytecode {
    /// Its size in bytes.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes the script into another instance.
    ///
    /// # Errors
    /// When memory runs out; the exception is pending.
    pub(crate) fn attach<'js>(&self, ctx: &Ctx<'js>) -> Result<Compiled<'js>> {
        // SAFETY: the bytes are unchanged output of `JS_WriteObject` of this very library.
        let value = unsafe {
            qjs::JS_ReadObject(
                ctx.as_raw().as_ptr(),
                self.0.as_ptr(),
                self.0.len() as qjs::size_t,
                qjs::JS_READ_OBJ_BYTECODE.cast_signed(),
            )
        };
        own(ctx, value).map(Compiled)
    }
}

/// Which kind of language a script is in, unless it says so itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Strict mode.
    Strict,
    /// What JavaScript was before there was a strict mode.
    Sloppy,
}

/// A compiled script inside an instance, not yet run.
pub(crate) struct Compiled<'js>(Value<'js>);

impl<'js> Compiled<'js> {
    /// Compiles a global script, in strict mode or not.
    ///
    /// # Errors
    /// The pending `SyntaxError`; [`Error::InvalidString`] when the name holds a NUL.
    pub(crate) fn compile(
        ctx: &Ctx<'js>,
        name: &str,
        text: &str,
        strictness: Strictness,
    ) -> Result<Self> {
        let name = CString::new(name)?;
        // The engine wants a NUL behind the text; the text may have some of its own.
        let mut input = Vec::with_capacity(text.len() + 1);
        input.extend_from_slice(text.as_bytes());
        input.push(0);
        let mut flags = qjs::JS_EVAL_TYPE_GLOBAL | qjs::JS_EVAL_FLAG_COMPILE_ONLY;
        if strictness == Strictness::Strict {
            flags |= qjs::JS_EVAL_FLAG_STRICT;
        }
        // SAFETY: both texts end with a NUL and outlive the call; the length leaves it out.
        let value = unsafe {
            qjs::JS_Eval(
                ctx.as_raw().as_ptr(),
                input.as_ptr().cast(),
                text.len() as qjs::size_t,
                name.as_ptr(),
                flags.cast_signed(),
            )
        };
        own(ctx, value).map(Self)
    }

    /// The script as bytecode; `None` when memory ran out, which is no reason not to run it.
    ///
    /// `bare` leaves out source text and positions.
    pub(crate) fn detach(&self, bare: bool) -> Option<Bytecode> {
        let ctx = self.0.ctx().clone();
        let raw = ctx.as_raw().as_ptr();
        let mut flags = qjs::JS_WRITE_OBJ_BYTECODE;
        if bare {
            flags |= qjs::JS_WRITE_OBJ_STRIP_SOURCE | qjs::JS_WRITE_OBJ_STRIP_DEBUG;
        }
        let mut size = 0;
        // SAFETY: the value is a compiled function; `size` outlives the call.
        let start = unsafe {
            qjs::JS_WriteObject(raw, &raw mut size, self.0.as_raw(), flags.cast_signed())
        };
        if start.is_null() {
            let _out_of_memory = ctx.catch();
            return None;
        }
        // SAFETY: the engine gives `size` bytes, which are copied and then freed once.
        unsafe {
            let bytes = slice::from_raw_parts(start, size_of_memory(size)).to_vec();
            qjs::js_free(raw, ptr::from_mut(&mut *start).cast());
            Some(Bytecode(bytes))
        }
    }

    /// Runs the script and gives its completion value.
    ///
    /// # Errors
    /// The pending exception.
    pub(crate) fn run(self) -> Result<Value<'js>> {
        let ctx = self.0.ctx().clone();
        let raw = ctx.as_raw().as_ptr();
        // SAFETY: `JS_EvalFunction` frees what it is given, so it gets a reference of its own.
        let value = unsafe { qjs::JS_EvalFunction(raw, qjs::JS_DupValue(raw, self.0.as_raw())) };
        own(&ctx, value)
    }
}

/// Takes ownership of a result.
fn own<'js>(ctx: &Ctx<'js>, value: qjs::JSValue) -> Result<Value<'js>> {
    // SAFETY: the value was just returned by this context, with a reference for the caller.
    unsafe {
        if qjs::JS_IsException(value) {
            return Err(Error::Exception);
        }
        Ok(Value::from_raw(ctx.clone(), value))
    }
}
