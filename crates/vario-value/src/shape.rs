use crate::value::{Map, Value};

/// Which parts of a script value are wanted, and what the reader makes of the others.
///
/// An engine that reads a result by its shape gets exactly the named properties, the way the
/// contract's original does (section 2.1 step 11): inherited ones and getters count, extra
/// properties are never touched, and hostile nesting is never entered.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A primitive as it is; an object of any kind as an empty map, an array as an empty list.
    Scalar,
    /// The named properties of an object (an array or a function is an object too). A property
    /// that is not there is [`Value::Absent`]; one whose getter throws has **no entry**. A
    /// primitive stays what it is.
    Object(&'static [(&'static str, Shape)]),
    /// The items of a true array, at most `max` of them (`usize::MAX` for all). Anything else is
    /// read as [`Shape::Scalar`].
    List {
        /// The shape of one item.
        item: &'static Shape,
        /// How many items are read at most.
        max: usize,
    },
    /// Everything, deep, with functions and symbols left out.
    Any,
}

impl Shape {
    /// Reads an already detached value by this shape, as an engine would read a live one.
    ///
    /// Never leaves an entry out: nothing in a detached value can throw.
    #[must_use]
    pub fn read(&self, value: &Value) -> Value {
        match (self, value) {
            (Self::Any, value) => value.clone(),
            (Self::Object(fields), Value::Map(map)) => Value::Map(read_fields(fields, Some(map))),
            (Self::Object(fields), Value::List(_)) => Value::Map(read_fields(fields, None)),
            (Self::List { item, max }, Value::List(items)) => {
                Value::List(items.iter().take(*max).map(|value| item.read(value)).collect())
            }
            (_, Value::Map(_)) => Value::Map(Map::new()),
            (_, Value::List(_)) => Value::List(Vec::new()),
            (_, primitive) => primitive.clone(),
        }
    }
}

fn read_fields(fields: &[(&'static str, Shape)], map: Option<&Map>) -> Map {
    fields
        .iter()
        .map(|(name, shape)| {
            let value = map.and_then(|map| map.get(*name)).unwrap_or(&Value::Absent);
            ((*name).to_owned(), shape.read(value))
        })
        .collect()
}
