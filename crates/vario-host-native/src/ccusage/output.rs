//! What of a runner's output is the answer.

use std::time::Instant;

use vario_value::Value;

/// The usage in a runner's output; none when it is not usable, or not found until the deadline.
pub(super) fn parse(stdout: &[u8], deadline: Instant) -> Option<Value> {
    let text = String::from_utf8_lossy(stdout);
    let text = text.trim();
    Value::parse_json(text).ok().or_else(|| last_json(text, deadline)).and_then(usage)
}

/// Usage is a list of days, or an object with one.
pub(super) fn usage(value: Value) -> Option<Value> {
    match value {
        Value::List(_) => Some(Value::from([("daily", value)])),
        Value::Map(ref map) => matches!(map.get("daily"), Some(Value::List(_))).then_some(value),
        _ => None,
    }
}

/// The shortest JSON object or list that the text ends with: runners and their package managers
/// say things before it.
fn last_json(text: &str, deadline: Instant) -> Option<Value> {
    // Nothing else can end one, and it saves looking at every bracket of some other text.
    if !text.ends_with(['}', ']']) {
        return None;
    }
    text.rmatch_indices(['{', '['])
        // Millions of brackets take their time.
        .take_while(|_| Instant::now() < deadline)
        .find_map(|(at, _)| Value::parse_json(&text[at..]).ok())
}
