use std::ffi::CString;

use rquickjs::{Ctx, Result, Value as JsValue};
use vario_sandbox::{ErrorKind, NativeError, NativeGroup, ScriptError};
use vario_value::Value;

use crate::make::{MakeError, make};
use crate::raw::callback;
use crate::raw::lazy::LazyTable;
use crate::raw::shared::state_of;
use crate::read::{OnThrow, Reader, Refusal};
use crate::throw::{throw_error, throw_stop, throw_type_error};

/// The ids of all functions, in order: a callback is told a place in this list, because the
/// engine keeps 15 bits with a function and ids may have 32.
pub(crate) fn ids(groups: &[NativeGroup]) -> Vec<u32> {
    groups.iter().flat_map(|group| group.functions.iter().map(|function| function.id)).collect()
}

/// The table for the object that a script sees.
pub(crate) fn table(groups: &[NativeGroup]) -> std::result::Result<LazyTable, ScriptError> {
    let name = |name: &str| {
        CString::new(name).map_err(|_nul| internal(format!("native name {name:?} holds a NUL")))
    };
    let mut number: i16 = 0;
    let mut table = Vec::with_capacity(groups.len());
    for group in groups {
        let mut functions = Vec::with_capacity(group.functions.len());
        for function in &group.functions {
            functions.push((name(&function.name)?, number));
            number = number
                .checked_add(1)
                .ok_or_else(|| internal("more native functions than the engine can number"))?;
        }
        table.push((name(&group.name)?, functions));
    }
    Ok(LazyTable::new(table, callback::native, true))
}

fn internal(message: impl Into<String>) -> ScriptError {
    ScriptError::new(ErrorKind::Internal, message)
}

/// Calls the function at this place of the list.
pub(crate) fn call<'js>(
    ctx: &Ctx<'js>,
    args: &[JsValue<'js>],
    number: i32,
) -> Result<JsValue<'js>> {
    let Some(state) = state_of(ctx) else { return Err(throw_error(ctx, "the host is gone")) };
    // The engine turns an end inside a promise's executor into a rejection and goes on.
    if state.is_closed() {
        return Err(throw_stop(ctx));
    }
    let id = usize::try_from(number).ok().and_then(|index| state.ids.get(index).copied());
    let Some(id) = id else { return Err(throw_error(ctx, "no such host function")) };

    let mut reader = Reader::new(ctx, &state, OnThrow::Pass);
    let mut values = Vec::with_capacity(args.len());
    for arg in args {
        let value = match kind_without_value(arg) {
            Some(kind) => {
                Err(Refusal::Value(format!("Error converting from js '{kind}' into type 'value'")))
            }
            None => reader.any(arg),
        };
        match value {
            Ok(value) => values.push(value),
            Err(Refusal::Thrown) => return Err(rquickjs::Error::Exception),
            Err(Refusal::Value(words)) => return Err(throw_type_error(ctx, &words)),
            Err(Refusal::Stopped) => return Err(throw_stop(ctx)),
        }
    }
    match state.natives.call(id, values) {
        Ok(value) => give(ctx, &value),
        Err(NativeError::Error(message)) => Err(throw_error(ctx, &message)),
        Err(NativeError::TypeError(message)) => Err(throw_type_error(ctx, &message)),
        Err(NativeError::Stop) => Err(throw_stop(ctx)),
    }
}

fn kind_without_value(arg: &JsValue<'_>) -> Option<&'static str> {
    if arg.is_function() {
        Some("function")
    } else if arg.is_symbol() {
        Some("symbol")
    } else {
        None
    }
}

fn give<'js>(ctx: &Ctx<'js>, value: &Value) -> Result<JsValue<'js>> {
    make(ctx, value).map_err(|error| match error {
        MakeError::Script(error) => error,
        MakeError::TooDeep => throw_type_error(ctx, "value is nested too deeply"),
    })
}
