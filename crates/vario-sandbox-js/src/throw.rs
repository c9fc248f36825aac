use rquickjs::atom::PredefinedAtom;
use rquickjs::object::Property;
use rquickjs::{Ctx, Error, Exception};

use crate::raw::control::make_uncatchable;

/// Throws an ordinary `Error` with this message.
pub(crate) fn throw_error(ctx: &Ctx<'_>, message: &str) -> Error {
    match Exception::from_message(ctx.clone(), "") {
        Ok(error) => throw_with(error, message),
        Err(error) => error,
    }
}

/// Throws a `TypeError` with this message.
pub(crate) fn throw_type_error(ctx: &Ctx<'_>, message: &str) -> Error {
    // The engine cuts the messages of the errors it makes, so this one starts out empty.
    let thrown = Exception::throw_type(ctx, "");
    match ctx.catch().into_object().and_then(Exception::from_object) {
        Some(error) => throw_with(error, message),
        None => thrown,
    }
}

/// Ends the script: no `catch`, no `finally` and no promise handler sees this.
pub(crate) fn throw_stop(ctx: &Ctx<'_>) -> Error {
    match Exception::from_message(ctx.clone(), "stopped") {
        Ok(error) => {
            make_uncatchable(ctx, &error);
            error.throw()
        }
        // Out of memory; the interrupt will end the script soon.
        Err(error) => error,
    }
}

/// Gives the error its message the way the engine does: an own property that is not enumerable,
/// defined and not assigned, so that no setter of the script sees it.
fn throw_with(error: Exception<'_>, message: &str) -> Error {
    let object = error.as_object().clone();
    let _deleted = object.remove(PredefinedAtom::Message);
    let property = Property::from(message).writable().configurable();
    if let Err(failed) = object.prop(PredefinedAtom::Message, property) {
        return failed;
    }
    error.throw()
}
