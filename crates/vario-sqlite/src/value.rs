/// A value in a cell or for a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum SqlValue {
    /// `NULL`.
    Null,
    /// A signed 64-bit integer.
    Integer(i64),
    /// A double.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// A Rust type that a cell can be read as, see [`Row::get`](crate::Row::get).
pub trait FromSqlValue: Sized {
    /// The value in this type, or `None` if it is of another. Nothing is converted.
    fn from_sql(value: SqlValue) -> Option<Self>;
}

macro_rules! conversions {
    ($($rust:ty => $variant:ident),* $(,)?) => {$(
        impl From<$rust> for SqlValue {
            fn from(value: $rust) -> Self {
                Self::$variant(value.into())
            }
        }

        impl FromSqlValue for $rust {
            fn from_sql(value: SqlValue) -> Option<Self> {
                if let SqlValue::$variant(value) = value { value.try_into().ok() } else { None }
            }
        }
    )*};
}

conversions! {
    String => Text,
    Vec<u8> => Blob,
    f64 => Real,
    i64 => Integer,
    u32 => Integer,
}

impl From<&str> for SqlValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// Truth values are stored as 0 and 1.
impl From<bool> for SqlValue {
    fn from(value: bool) -> Self {
        Self::Integer(value.into())
    }
}

impl FromSqlValue for bool {
    fn from_sql(value: SqlValue) -> Option<Self> {
        match value {
            SqlValue::Integer(0) => Some(false),
            SqlValue::Integer(1) => Some(true),
            _ => None,
        }
    }
}

impl<T: Into<SqlValue>> From<Option<T>> for SqlValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: FromSqlValue> FromSqlValue for Option<T> {
    fn from_sql(value: SqlValue) -> Option<Self> {
        if value == SqlValue::Null { Some(None) } else { T::from_sql(value).map(Some) }
    }
}

impl FromSqlValue for SqlValue {
    fn from_sql(value: SqlValue) -> Option<Self> {
        Some(value)
    }
}

impl rusqlite::ToSql for SqlValue {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::ValueRef;
        let value = match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        };
        Ok(rusqlite::types::ToSqlOutput::Borrowed(value))
    }
}
