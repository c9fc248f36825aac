use mlua::{Lua, Table, Value as LuaValue};
use vario_value::{MAX_DEPTH, Map, Value};

use crate::control::{Control, ended};

/// How many items are made between two looks at the clock.
const ITEMS_PER_LOOK: usize = 4096;

/// Why a value cannot be made in Lua.
pub(crate) enum MakeError {
    /// Nested deeper than `MAX_DEPTH`.
    Depth,
    /// Lua's own words; out of memory as a rule.
    Lua(mlua::Error),
}

impl From<mlua::Error> for MakeError {
    fn from(error: mlua::Error) -> Self {
        Self::Lua(error)
    }
}

/// Makes a Lua value. `empty_array` is the metatable that tells an empty list from an empty map.
pub(crate) fn to_lua(
    lua: &Lua,
    control: &Control,
    empty_array: &Table,
    value: &Value,
) -> Result<LuaValue, MakeError> {
    Maker { lua, control, empty_array }.value(value, MAX_DEPTH)
}

struct Maker<'a> {
    lua: &'a Lua,
    control: &'a Control,
    empty_array: &'a Table,
}

impl Maker<'_> {
    #[expect(clippy::cast_precision_loss, reason = "Luau's numbers are doubles; documented")]
    fn value(&self, value: &Value, depth: usize) -> Result<LuaValue, MakeError> {
        Ok(match value {
            Value::Absent => LuaValue::Nil,
            Value::Null => LuaValue::NULL,
            Value::Bool(flag) => LuaValue::Boolean(*flag),
            Value::Int(number) => LuaValue::Number(*number as f64),
            Value::Float(number) => LuaValue::Number(*number),
            Value::Str(text) => LuaValue::String(self.lua.create_string(text)?),
            Value::Bytes(bytes) => LuaValue::String(self.lua.create_string(bytes)?),
            Value::List(items) => self.list(items, inner(depth)?)?,
            Value::Map(map) => self.map(map, inner(depth)?)?,
        })
    }

    fn list(&self, items: &[Value], depth: usize) -> Result<LuaValue, MakeError> {
        if items.is_empty() {
            let table = self.lua.create_table()?;
            table.set_metatable(Some(self.empty_array.clone()))?;
            return Ok(LuaValue::Table(table));
        }
        let table = self.lua.create_table_with_capacity(items.len(), 0)?;
        for (index, item) in items.iter().enumerate() {
            self.go_on(index)?;
            table.raw_set(index + 1, self.value(item, depth)?)?;
        }
        Ok(LuaValue::Table(table))
    }

    fn map(&self, map: &Map, depth: usize) -> Result<LuaValue, MakeError> {
        let table = self.lua.create_table_with_capacity(0, map.len())?;
        for (index, (key, value)) in map.iter().enumerate() {
            self.go_on(index)?;
            if !matches!(value, Value::Absent) {
                table.raw_set(key.as_str(), self.value(value, depth)?)?;
            }
        }
        Ok(LuaValue::Table(table))
    }

    fn go_on(&self, index: usize) -> Result<(), MakeError> {
        if index % ITEMS_PER_LOOK == ITEMS_PER_LOOK - 1 && self.control.reason().is_some() {
            return Err(MakeError::Lua(ended()));
        }
        Ok(())
    }
}

fn inner(depth: usize) -> Result<usize, MakeError> {
    depth.checked_sub(1).ok_or(MakeError::Depth)
}
