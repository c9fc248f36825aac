//! Between TOML and JSON, the form in which settings are handed on.

use serde_json::{Map, Value};
use toml_edit::{Array, InlineTable, Item, TableLike, Value as Toml};

/// The error says what JSON has no form for.
pub(crate) fn from_item(item: &Item) -> Result<Value, String> {
    match item {
        Item::None => Ok(Value::Null),
        Item::Value(value) => from_value(value),
        Item::Table(table) => from_table(table),
        Item::ArrayOfTables(tables) => {
            tables.iter().map(|table| from_table(table)).collect::<Result<_, _>>().map(Value::Array)
        }
    }
}

pub(super) fn from_value(value: &Toml) -> Result<Value, String> {
    Ok(match value {
        Toml::String(text) => Value::from(text.value().as_str()),
        Toml::Integer(number) => Value::from(*number.value()),
        Toml::Float(number) => {
            let number = serde_json::Number::from_f64(*number.value());
            Value::Number(number.ok_or("expected a finite number")?)
        }
        Toml::Boolean(flag) => Value::Bool(*flag.value()),
        // A day or a time is text to a plugin; that is how its setting is defined.
        Toml::Datetime(time) => Value::from(time.value().to_string()),
        Toml::Array(items) => Value::Array(items.iter().map(from_value).collect::<Result<_, _>>()?),
        Toml::InlineTable(table) => from_table(table)?,
    })
}

fn from_table(table: &dyn TableLike) -> Result<Value, String> {
    let members = table.iter().map(|(key, item)| Ok((key.to_owned(), from_item(item)?)));
    members.collect::<Result<Map<_, _>, String>>().map(Value::Object)
}

/// The error says what TOML has no form for.
pub(super) fn to_toml(value: &Value) -> Result<Toml, String> {
    Ok(match value {
        Value::Null => return Err("`null` inside a value cannot be written to the file".into()),
        Value::Bool(flag) => Toml::from(*flag),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Toml::from(whole),
            (None, Some(number)) => Toml::from(number),
            (None, None) => return Err(format!("the number {number} is too large")),
        },
        Value::String(text) => Toml::from(text.as_str()),
        Value::Array(items) => {
            let items = items.iter().map(to_toml).collect::<Result<Array, _>>()?;
            Toml::Array(items)
        }
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| Ok((key.as_str(), to_toml(value)?)));
            Toml::InlineTable(members.collect::<Result<InlineTable, String>>()?)
        }
    })
}
