//! The floor on rquickjs.

#![expect(unsafe_code, reason = "only the raw layer keeps a script, not a module, as bytecode")]

use std::ffi::CString;
use std::time::Instant;
use std::{ptr, slice};

use rquickjs::{Array, Context, Ctx, Error, Function, Object, Result, Runtime, Value, qjs};

use super::{Chart, HEAP, Line, Progress, Read, STACK, Small, WALL};

/// The bytecode of a program, made by this process.
pub struct Bytecode(Vec<u8>);

/// Compiles a strict global script.
///
/// # Errors
/// When it does not parse.
pub fn compile(text: &str) -> Result<Bytecode> {
    let runtime = Runtime::new()?;
    let context = Context::full(&runtime)?;
    context.with(|ctx| {
        let raw = ctx.as_raw().as_ptr();
        let source = CString::new(text)?;
        let flags =
            qjs::JS_EVAL_TYPE_GLOBAL | qjs::JS_EVAL_FLAG_STRICT | qjs::JS_EVAL_FLAG_COMPILE_ONLY;
        let mut size = 0;
        // SAFETY: the text ends with a NUL, which the length leaves out; the engine gives `size`
        // bytes, which are copied and freed once.
        unsafe {
            let length = text.len() as qjs::size_t;
            let name = c"plugin.js".as_ptr();
            let program = qjs::JS_Eval(raw, source.as_ptr(), length, name, flags.cast_signed());
            let program = own(&ctx, program)?;
            let flags = qjs::JS_WRITE_OBJ_BYTECODE.cast_signed();
            let start = qjs::JS_WriteObject(raw, &raw mut size, program.as_raw(), flags);
            if start.is_null() {
                return Err(Error::Exception);
            }
            let size = usize::try_from(size).map_err(|_too_large| Error::Allocation)?;
            let bytes = slice::from_raw_parts(start, size).to_vec();
            qjs::js_free(raw, ptr::from_mut(&mut *start).cast());
            Ok(Bytecode(bytes))
        }
    })
}

/// One run.
///
/// # Errors
/// Whatever the program throws, or a result of the wrong form.
pub fn run(bytecode: &Bytecode) -> Result<Read> {
    let deadline = Instant::now() + WALL;
    let runtime = Runtime::new()?;
    runtime.set_memory_limit(HEAP);
    runtime.set_max_stack_size(STACK);
    runtime.set_interrupt_handler(Some(Box::new(move || Instant::now() >= deadline)));
    let context = Context::full(&runtime)?;
    context.with(|ctx| {
        evaluate(&ctx, bytecode)?;
        let plugin: Object = ctx.globals().get("__openusage_plugin")?;
        let probe: Function = plugin.get("probe")?;
        let result: Object = probe.call(())?;
        read(&result)
    })
}

fn evaluate<'js>(ctx: &Ctx<'js>, bytecode: &Bytecode) -> Result<Value<'js>> {
    let raw = ctx.as_raw().as_ptr();
    // SAFETY: the bytes are what this process's own `JS_WriteObject` gave; `JS_EvalFunction` frees
    // the program it is given.
    unsafe {
        let program = qjs::JS_ReadObject(
            raw,
            bytecode.0.as_ptr(),
            bytecode.0.len() as qjs::size_t,
            qjs::JS_READ_OBJ_BYTECODE.cast_signed(),
        );
        if qjs::JS_IsException(program) {
            return Err(Error::Exception);
        }
        own(ctx, qjs::JS_EvalFunction(raw, program))
    }
}

/// Takes ownership of a result.
///
/// # Safety
/// The value was just returned by this context, with a reference for the caller.
unsafe fn own<'js>(ctx: &Ctx<'js>, value: qjs::JSValue) -> Result<Value<'js>> {
    // SAFETY: as the caller promises.
    unsafe {
        if qjs::JS_IsException(value) {
            return Err(Error::Exception);
        }
        Ok(Value::from_raw(ctx.clone(), value))
    }
}

fn read(result: &Object<'_>) -> Result<Read> {
    let items: Array = result.get("lines")?;
    let mut lines = Vec::with_capacity(items.len());
    for item in items.iter::<Object>() {
        lines.push(line(&item?)?);
    }
    Ok(Read { plan: text(result, "plan")?, lines })
}

fn line(item: &Object<'_>) -> Result<Line> {
    let kind = text(item, "type")?.unwrap_or_default();
    Ok(match kind.as_str() {
        "text" => Line::Text(small(item, "value")?),
        "badge" => Line::Badge(small(item, "text")?),
        "progress" => Line::Progress(Progress {
            label: text(item, "label")?,
            used: number(item, "used")?,
            limit: number(item, "limit")?,
            format: match item.get::<_, Value>("format")?.as_object() {
                Some(format) => Some((text(format, "kind")?, text(format, "suffix")?)),
                None => None,
            },
            resets_at: text(item, "resetsAt")?,
            period_ms: number(item, "periodDurationMs")?,
            color: text(item, "color")?,
        }),
        "barChart" => Line::Chart(Chart {
            label: text(item, "label")?,
            points: match item.get::<_, Value>("points")?.as_array() {
                Some(points) => points
                    .iter::<Object>()
                    .map(|point| {
                        let point = point?;
                        Ok((
                            text(&point, "label")?,
                            number(&point, "value")?,
                            text(&point, "valueLabel")?,
                        ))
                    })
                    .collect::<Result<_>>()?,
                None => Vec::new(),
            },
            note: text(item, "note")?,
            color: text(item, "color")?,
        }),
        _ => Line::Other(kind),
    })
}

fn small(item: &Object<'_>, value: &str) -> Result<Small> {
    Ok(Small {
        label: text(item, "label")?,
        value: text(item, value)?,
        color: text(item, "color")?,
        subtitle: text(item, "subtitle")?,
    })
}

fn text(item: &Object<'_>, key: &str) -> Result<Option<String>> {
    let value: Value = item.get(key)?;
    value.as_string().map(rquickjs::String::to_string).transpose()
}

fn number(item: &Object<'_>, key: &str) -> Result<Option<f64>> {
    let value: Value = item.get(key)?;
    Ok(value.as_number())
}
