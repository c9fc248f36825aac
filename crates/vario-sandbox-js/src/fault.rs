use rquickjs::atom::PredefinedAtom;
use rquickjs::{Ctx, Error, Exception, Value as JsValue};
use vario_sandbox::{ErrorKind, Location, ScriptError, StopReason};

use crate::inspect::{headline, inspect};
use crate::raw::text::text_of;
use crate::state::State;

/// Longest text that is made of a thrown value that is no error, in bytes.
const MAX_THROWN: usize = 1024;
/// Where a frame of a prelude says it is: preludes are kept without positions.
const PRELUDE_FRAME: &str = "(<null>";

/// What was going on when something failed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// A source was being compiled.
    Compile,
    /// Script code was running.
    Run,
}

/// What a failed call into the engine means.
pub(crate) fn fault(ctx: &Ctx<'_>, state: &State, error: &Error, phase: Phase) -> ScriptError {
    match error {
        Error::Exception => describe(ctx, state, &ctx.catch(), phase),
        Error::Allocation => ScriptError::stopped(StopReason::Memory),
        other => {
            let _none_pending = ctx.catch();
            if state.heap.was_reached() {
                return ScriptError::stopped(StopReason::Memory);
            }
            ScriptError::new(ErrorKind::Internal, other.to_string())
        }
    }
}

/// What a thrown value means.
fn describe<'js>(
    ctx: &Ctx<'js>,
    state: &State,
    thrown: &JsValue<'js>,
    phase: Phase,
) -> ScriptError {
    if thrown.is_uncatchable_error() || state.stop_reason().is_some() {
        return state.stopped();
    }
    // The engine throws `null` when there is no memory left for an error.
    if thrown.is_null() && state.heap.was_reached() {
        return ScriptError::stopped(StopReason::Memory);
    }
    if let Some(string) = thrown.as_string() {
        return match text_of(ctx, string) {
            Some(text) => ScriptError::new(ErrorKind::ThrownText(text.clone()), text),
            None => fault(ctx, state, &Error::Exception, phase),
        };
    }
    let described = match thrown.as_object().cloned().and_then(Exception::from_object) {
        Some(error) => describe_error(ctx, state, &error, phase),
        None => match inspect(ctx, state, thrown) {
            Ok(mut text) => {
                text.truncate(text.floor_char_boundary(MAX_THROWN));
                ScriptError::new(ErrorKind::Thrown, text)
            }
            Err(_stopped) => state.stopped(),
        },
    };
    // Getters of the thrown value ran just now.
    if state.stop_reason().is_some() { state.stopped() } else { described }
}

fn describe_error<'js>(
    ctx: &Ctx<'js>,
    state: &State,
    error: &Exception<'js>,
    phase: Phase,
) -> ScriptError {
    let text = |key| {
        let value = error.as_object().get::<_, JsValue>(key).inspect_err(|_pending| {
            let _left_out = ctx.catch();
        });
        value.ok()?.into_string().and_then(|string| text_of(ctx, &string))
    };
    let name = text(PredefinedAtom::Name).unwrap_or_default();
    let message = text(PredefinedAtom::Message).unwrap_or_default();
    if message == "out of memory" && name == "InternalError" && state.heap.was_reached() {
        return ScriptError::stopped(StopReason::Memory);
    }
    if message == "Maximum call stack size exceeded" && name == "RangeError" {
        return ScriptError::stopped(StopReason::Stack);
    }
    let syntax = phase == Phase::Compile && name == "SyntaxError";
    let kind = if syntax { ErrorKind::Syntax } else { ErrorKind::Thrown };
    let stack = text(PredefinedAtom::Stack).map(|stack| without_preludes(&stack));
    let stack = stack.filter(|stack| !stack.is_empty());
    let location = stack.as_deref().and_then(first_location);
    ScriptError { kind, message: headline(&name, &message), location, stack }
}

/// A stack without our own frames.
fn without_preludes(stack: &str) -> String {
    let lines = stack.lines().filter(|line| !line.contains(PRELUDE_FRAME)).map(str::trim_end);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The first place in a file of the plugin.
fn first_location(stack: &str) -> Option<Location> {
    stack.lines().find_map(location)
}

/// The place in one line of a stack: `at name (file:line:column)` or `at file:line:column`.
pub(crate) fn location(frame: &str) -> Option<Location> {
    let frame = frame.trim().strip_prefix("at ")?;
    let place = match frame.strip_suffix(')') {
        Some(inner) => inner.rsplit_once('(')?.1,
        None => frame,
    };
    let (place, column) = place.rsplit_once(':')?;
    let (file, line) = place.rsplit_once(':')?;
    // Code that was made with `eval` has no file.
    if file.is_empty() || file.starts_with('<') {
        return None;
    }
    Some(Location { file: file.to_owned(), line: line.parse().ok()?, column: column.parse().ok() })
}
