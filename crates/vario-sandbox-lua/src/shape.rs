use mlua::{Table, Value as LuaValue};
use vario_value::{Map, Shape, Value};

use crate::from_lua::{ReadError, Reader};
use crate::setup::World;

impl World {
    /// Reads a live value by a shape. Only [`Shape::Object`] runs script code, through `__index`.
    pub(crate) fn shaped(
        &self,
        reader: &mut Reader<'_>,
        value: &LuaValue,
        shape: &Shape,
    ) -> Result<Value, ReadError> {
        if let Shape::Any = shape {
            return Ok(reader.any(value)?.unwrap_or_default());
        }
        if let Some(primitive) = reader.primitive(value)? {
            return Ok(primitive);
        }
        match (shape, value) {
            (Shape::Object(fields), _) => self.fields(reader, value, fields),
            (Shape::List { item, max }, LuaValue::Table(table)) => {
                self.items(reader, table, item, *max)
            }
            (_, LuaValue::Table(table)) if reader.looks_like_list(table)? => {
                Ok(Value::List(Vec::new()))
            }
            _ => Ok(Value::Map(Map::new())),
        }
    }

    fn fields(
        &self,
        reader: &mut Reader<'_>,
        object: &LuaValue,
        fields: &[(&'static str, Shape)],
    ) -> Result<Value, ReadError> {
        let mut map = Map::with_capacity(fields.len());
        if let LuaValue::Table(table) = object
            && !table.has_metatable()
        {
            // Nothing here runs code, so the table stays without a metatable until the end.
            for (name, shape) in fields {
                reader.charge(name.len())?;
                let value: LuaValue = table.raw_get(reader.name(&self.lua, name)?)?;
                map.insert((*name).to_owned(), self.shaped(reader, &value, shape)?);
            }
            return Ok(Value::Map(map));
        }
        for (name, shape) in fields {
            reader.charge(name.len())?;
            // What `__index` throws leaves its entry out, unless it was the end of the run.
            let key = reader.name(&self.lua, name)?.clone();
            if let Ok(value) = self.property(object, key) {
                map.insert((*name).to_owned(), self.shaped(reader, &value, shape)?);
            }
            if self.control.reason().is_some() {
                return Err(ReadError::Stopped);
            }
        }
        Ok(Value::Map(map))
    }

    fn items(
        &self,
        reader: &mut Reader<'_>,
        table: &Table,
        item: &Shape,
        max: usize,
    ) -> Result<Value, ReadError> {
        if !reader.is_sequence(table)? {
            return Ok(Value::Map(Map::new()));
        }
        let length = table.raw_len().min(max);
        let mut items = Vec::new();
        for index in 1..=length {
            reader.charge(std::mem::size_of::<Value>())?;
            if self.control.reason().is_some() {
                return Err(ReadError::Stopped);
            }
            items.push(self.shaped(reader, &table.raw_get(index)?, item)?);
        }
        Ok(Value::List(items))
    }
}
