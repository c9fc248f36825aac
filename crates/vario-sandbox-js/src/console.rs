use rquickjs::{Ctx, Result, Value as JsValue};
use vario_sandbox::{LogLevel, NativeError};

use crate::inspect::inspect;
use crate::raw::callback;
use crate::raw::lazy::LazyTable;
use crate::raw::shared::state_of;
use crate::throw::{throw_error, throw_stop, throw_type_error};

/// The functions of `console` with the numbers of their levels.
const FUNCTIONS: [(&std::ffi::CStr, i16); 5] =
    [(c"debug", 0), (c"log", 1), (c"info", 1), (c"warn", 2), (c"error", 3)];

/// The table for the global object.
pub(crate) fn table() -> LazyTable {
    let functions = FUNCTIONS.iter().map(|(name, level)| ((*name).to_owned(), *level)).collect();
    LazyTable::new(vec![(c"console".to_owned(), functions)], callback::log, false)
}

/// Logs its arguments, joined by a space.
pub(crate) fn log<'js>(ctx: &Ctx<'js>, args: &[JsValue<'js>], level: i32) -> Result<JsValue<'js>> {
    let undefined = JsValue::new_undefined(ctx.clone());
    let Some(state) = state_of(ctx) else { return Ok(undefined) };
    if state.is_closed() {
        return Err(throw_stop(ctx));
    }
    let mut message = String::new();
    for (index, arg) in args.iter().enumerate() {
        if index > 0 {
            message.push(' ');
        }
        // The only thing that ends an inspection is the end of the run.
        message.push_str(&inspect(ctx, &state, arg).map_err(|_stopped| throw_stop(ctx))?);
    }
    let level = match level {
        0 => LogLevel::Debug,
        2 => LogLevel::Warn,
        3 => LogLevel::Error,
        _ => LogLevel::Info,
    };
    match state.natives.log(level, &message) {
        Ok(()) => Ok(undefined),
        Err(NativeError::Stop) => Err(throw_stop(ctx)),
        Err(NativeError::Error(message)) => Err(throw_error(ctx, &message)),
        Err(NativeError::TypeError(message)) => Err(throw_type_error(ctx, &message)),
    }
}
