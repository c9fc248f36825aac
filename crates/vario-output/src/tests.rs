mod bar_chart;
mod lines;
mod present;
mod progress;
mod properties;
mod rfc3339;
mod serial;
mod threshold;

use serde_json::Value as Json;
use vario_value::Value;

use crate::{Output, OutputLimits, Validated, validate, validate_detached};

/// Validates a result written as JSON.
fn check(json: &Json) -> Validated {
    validate_detached(&Value::from_json(json), &OutputLimits::default())
}

/// Validates a result with one line, after `edit` changed what was read of that line.
fn check_line(json: &Json, edit: impl FnOnce(&mut Value)) -> Validated {
    let mut line = crate::OUTPUT_SHAPE
        .read(&Value::from([("lines", Value::List(vec![Value::from_json(json)]))]))
        .get("lines")
        .and_then(Value::as_list)
        .and_then(|lines| lines.first())
        .cloned()
        .expect("the shape reads one line");
    edit(&mut line);
    let read = Value::from([("plan", Value::Absent), ("lines", Value::List(vec![line]))]);
    validate(&read, &OutputLimits::default())
}

/// Sets a property of an object.
fn set(object: &mut Value, key: &str, value: impl Into<Value>) {
    let Value::Map(map) = object else { panic!("not an object: {object:?}") };
    map.insert(key.to_owned(), value.into());
}

/// Makes the getter of a property throw.
fn throw(object: &mut Value, key: &str) {
    let Value::Map(map) = object else { panic!("not an object: {object:?}") };
    map.shift_remove(key);
}

/// The property of an object, to be edited.
fn inner<'a>(object: &'a mut Value, key: &str) -> &'a mut Value {
    let Value::Map(map) = object else { panic!("not an object: {object:?}") };
    map.get_mut(key).unwrap_or_else(|| panic!("no property {key}"))
}

/// The texts of all error badges.
fn errors(output: &Output) -> Vec<&str> {
    output.lines.iter().filter_map(crate::Line::error_text).collect()
}

/// The output as JSON.
fn json(output: &Output) -> Json {
    serde_json::to_value(output).expect("an output is JSON")
}
