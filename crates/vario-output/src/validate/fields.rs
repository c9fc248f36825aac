use vario_value::{Map, Value};

/// The properties of an object as the shape read them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(Option<&'a Map>);

impl<'a> Fields<'a> {
    /// The properties, if the value is an object. An array is one too, with none of ours.
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Map(map) => Some(Self(Some(map))),
            Value::List(_) => Some(Self(None)),
            _ => None,
        }
    }

    /// A property: [`Value::Absent`] where it is undefined, `None` where its getter threw.
    pub(super) fn get(self, key: &str) -> Option<&'a Value> {
        self.0.map_or(Some(&Value::Absent), |map| map.get(key))
    }

    /// A property that is text. Nothing else is converted.
    pub(super) fn text(self, key: &str) -> Option<String> {
        self.get(key).and_then(text)
    }

    /// A property that is text, trimmed and not blank.
    pub(super) fn trimmed(self, key: &str) -> Option<String> {
        self.text(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Whether a property is there and is no text, so that ignoring it deserves a warning.
    pub(super) fn is_not_text(self, key: &str) -> bool {
        self.get(key).is_none_or(|value| !value.is_nullish() && text(value).is_none())
    }
}

/// A text, with bad UTF-8 replaced.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.clone()),
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    }
}
