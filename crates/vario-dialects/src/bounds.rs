//! How much of a script's end is worth carrying: what nobody will look at is left behind, so that
//! an end fits its way to the host's side whatever the plugin returned or threw.

use vario_output::{MAX_LINES, MAX_POINTS, OutputLimits};
use vario_sandbox::{Limits, ScriptError};
use vario_value::Value;

use crate::failure::Failure;
use crate::probe::ScriptEnd;

/// The most that is kept of a cause's message, and of its stack.
const CAUSE_BYTES: usize = 16 * 1024;

/// Texts that the result's rules ignore count too; this much more than the limit may be there.
const IGNORED_BYTES: usize = 64 * 1024;

/// The most bytes that an end within its bounds takes on its way, keys and tags included.
pub fn end_bytes(limits: &Limits) -> usize {
    let text = text_bytes(limits);
    // A line or a point of no text at all still takes some bytes.
    let shape = (MAX_LINES.min(limits.lines) + 2) * (MAX_POINTS + 2) * 64;
    text.saturating_add(shape).saturating_add(256 * 1024)
}

fn text_bytes(limits: &Limits) -> usize {
    limits.output_bytes.saturating_mul(2).saturating_add(IGNORED_BYTES)
}

/// Cuts an end down to its bounds.
pub(crate) fn bound(end: &mut ScriptEnd, limits: &Limits) {
    let output = OutputLimits { lines: limits.lines, bytes: limits.output_bytes };
    match &mut end.result {
        Ok(read) => {
            prune(read, &output);
            if text_of(read) > text_bytes(limits) {
                end.result = Err(Failure::plain(output.too_large_text()));
            }
        }
        Err(failure) => {
            if failure.text.len() > limits.output_bytes {
                failure.text = output.too_large_text();
            }
            if let Some(cause) = &mut failure.cause {
                bound_cause(cause);
            }
        }
    }
    for warning in &mut end.warnings {
        cut(warning);
    }
}

/// Drops lines past those that validation looks at; one more stays, because validation says that
/// there were more. Points are bounded by the shape already.
fn prune(read: &mut Value, limits: &OutputLimits) {
    let Value::Map(result) = read else { return };
    if let Some(Value::List(lines)) = result.get_mut("lines") {
        lines.truncate(limits.line_count().saturating_add(1));
    }
}

fn text_of(value: &Value) -> usize {
    match value {
        Value::Str(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(items) => items.iter().map(text_of).sum(),
        Value::Map(entries) => entries.iter().map(|(key, value)| key.len() + text_of(value)).sum(),
        _ => 0,
    }
}

fn bound_cause(cause: &mut ScriptError) {
    cut(&mut cause.message);
    if let Some(stack) = &mut cause.stack {
        cut(stack);
    }
    if let vario_sandbox::ErrorKind::ThrownText(text) = &mut cause.kind {
        cut(text);
    }
    if let Some(place) = &mut cause.location {
        cut(&mut place.file);
    }
}

fn cut(text: &mut String) {
    if text.len() > CAUSE_BYTES {
        text.truncate(text.floor_char_boundary(CAUSE_BYTES));
        text.push('…');
    }
}
