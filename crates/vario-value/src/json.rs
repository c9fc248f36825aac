use serde_json::Value as Json;

use crate::value::{MAX_DEPTH, Map, Value};

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong, with line and column.
    pub message: String,
}

impl std::fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for JsonError {}

impl Value {
    /// Reads JSON text.
    ///
    /// # Errors
    /// When the text is not one JSON value, or is nested deeper than [`MAX_DEPTH`].
    pub fn parse_json(text: &str) -> Result<Self, JsonError> {
        let json: Json =
            serde_json::from_str(text).map_err(|error| JsonError { message: error.to_string() })?;
        Ok(Self::from_json(&json))
    }

    /// Takes over a JSON value. Numbers beyond 64 bits become floats.
    pub fn from_json(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Bool(*flag),
            Json::Number(number) => number
                .as_i64()
                .map_or_else(|| Self::Float(number.as_f64().unwrap_or(f64::NAN)), Self::Int),
            Json::String(text) => Self::Str(text.clone()),
            Json::Array(items) => Self::List(items.iter().map(Self::from_json).collect()),
            Json::Object(map) => Self::Map(
                map.iter().map(|(key, value)| (key.clone(), Self::from_json(value))).collect(),
            ),
        }
    }

    /// As JSON, by the rules of `JSON.stringify`: absent properties vanish, absent items and
    /// numbers that JSON cannot hold become `null`. Bytes become text, bad UTF-8 replaced.
    pub fn to_json(&self) -> Json {
        self.to_json_within(MAX_DEPTH)
    }

    fn to_json_within(&self, depth: usize) -> Json {
        if depth == 0 {
            return Json::Null;
        }
        match self {
            Self::Absent | Self::Null => Json::Null,
            Self::Bool(flag) => Json::Bool(*flag),
            Self::Int(number) => Json::from(*number),
            Self::Float(number) => {
                serde_json::Number::from_f64(*number).map_or(Json::Null, Json::Number)
            }
            Self::Str(text) => Json::String(text.clone()),
            Self::Bytes(bytes) => Json::String(String::from_utf8_lossy(bytes).into_owned()),
            Self::List(items) => {
                Json::Array(items.iter().map(|item| item.to_json_within(depth - 1)).collect())
            }
            Self::Map(map) => Json::Object(object(map, depth - 1)),
        }
    }
}

fn object(map: &Map, depth: usize) -> serde_json::Map<String, Json> {
    map.iter()
        .filter(|(_, value)| !matches!(value, Value::Absent))
        .map(|(key, value)| (key.clone(), value.to_json_within(depth)))
        .collect()
}
