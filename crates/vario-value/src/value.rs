use indexmap::IndexMap;

/// Properties in insertion order, as both engines keep them.
pub type Map = IndexMap<String, Value>;

/// How deep a value may be nested when it crosses the border, in either direction.
pub const MAX_DEPTH: usize = 128;

/// The largest integer magnitude that an IEEE double holds without loss (2^53).
const MAX_SAFE_INTEGER: i64 = 1 << 53;

/// A script value, detached from the engine that made it.
///
/// `Absent` is JavaScript's `undefined` and Lua's `nil`; `Null` is JSON's `null` (in Lua a
/// sentinel). They stay distinct because plugins tell them apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// No value: `undefined`, `nil`.
    #[default]
    Absent,
    /// JSON `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer. Script numbers within ±2^53 that have no fraction arrive as this.
    Int(i64),
    /// Any other number, with `NaN` and the infinities.
    Float(f64),
    /// Text.
    Str(String),
    /// Bytes that are not text: a Lua string that is not UTF-8, a JavaScript `ArrayBuffer`.
    Bytes(Vec<u8>),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Map(Map),
}

/// What kind of value it is, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TypeName {
    /// [`Value::Absent`].
    Absent,
    /// [`Value::Null`].
    Null,
    /// [`Value::Bool`].
    Bool,
    /// [`Value::Int`].
    Int,
    /// [`Value::Float`].
    Float,
    /// [`Value::Str`].
    Str,
    /// [`Value::Bytes`].
    Bytes,
    /// [`Value::List`].
    List,
    /// [`Value::Map`].
    Map,
}

impl Value {
    /// A number in its canonical form: an integer where it is one and fits without loss.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "guarded: the value is integral and within ±2^53"
    )]
    pub fn number(number: f64) -> Self {
        let integral = number.fract() == 0.0 && number.abs() <= MAX_SAFE_INTEGER as f64;
        let negative_zero = number == 0.0 && number.is_sign_negative();
        if integral && !negative_zero { Self::Int(number as i64) } else { Self::Float(number) }
    }

    /// What kind of value this is.
    pub fn type_name(&self) -> TypeName {
        match self {
            Self::Absent => TypeName::Absent,
            Self::Null => TypeName::Null,
            Self::Bool(_) => TypeName::Bool,
            Self::Int(_) => TypeName::Int,
            Self::Float(_) => TypeName::Float,
            Self::Str(_) => TypeName::Str,
            Self::Bytes(_) => TypeName::Bytes,
            Self::List(_) => TypeName::List,
            Self::Map(_) => TypeName::Map,
        }
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    /// The number, whichever way it is stored.
    #[expect(clippy::cast_precision_loss, reason = "script numbers are doubles anyway")]
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// The properties, if it is a map.
    pub fn as_map(&self) -> Option<&Map> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }

    /// The property `key`, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// Absent or null.
    pub fn is_nullish(&self) -> bool {
        matches!(self, Self::Absent | Self::Null)
    }

    /// JavaScript's truth: absent, null, false, 0, NaN and empty text are false.
    ///
    /// The contract's helpers depend on it, in Lua too (contract section 12).
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Absent | Self::Null => false,
            Self::Bool(flag) => *flag,
            Self::Int(number) => *number != 0,
            Self::Float(number) => *number != 0.0 && !number.is_nan(),
            Self::Str(text) => !text.is_empty(),
            Self::Bytes(_) | Self::List(_) | Self::Map(_) => true,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::number(number)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(items)
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl<K: Into<String>, const N: usize> From<[(K, Value); N]> for Value {
    fn from(entries: [(K, Value); N]) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}
