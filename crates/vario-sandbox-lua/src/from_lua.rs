use std::ffi::c_void;

use mlua::{FromLua, Lua, LuaString, Table, Value as LuaValue};
use vario_value::{MAX_DEPTH, Map, Value};

use crate::control::Control;

/// What one item of a table weighs at most on this side, in bytes; text comes on top.
const ITEM_BYTES: usize = 64;

/// Why a value cannot leave Lua.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// It contains itself.
    Cycle,
    /// Nested deeper than `MAX_DEPTH`.
    Depth,
    /// Larger than the script's heap could be: shared parts count every time.
    Size,
    /// The run is over.
    Stopped,
    /// Lua's own words; out of memory as a rule.
    Lua(mlua::Error),
}

impl ReadError {
    /// The failure in words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Cycle => "it contains itself".to_owned(),
            Self::Depth => format!("it is nested deeper than {MAX_DEPTH} levels"),
            Self::Size => "it is too large".to_owned(),
            Self::Stopped => "the run is over".to_owned(),
            Self::Lua(error) => error.to_string(),
        }
    }
}

impl From<mlua::Error> for ReadError {
    fn from(error: mlua::Error) -> Self {
        Self::Lua(error)
    }
}

/// Takes values out of Lua without running any script code: metatables are not asked.
pub(crate) struct Reader<'a> {
    control: &'a Control,
    empty_array: &'a Table,
    budget: usize,
    parents: Vec<*const c_void>,
    /// The names of shapes as Lua strings: every line of a result asks for the same few.
    names: Vec<(&'static str, LuaString)>,
}

impl<'a> Reader<'a> {
    /// `budget` bounds the result, in bytes.
    pub(crate) fn new(control: &'a Control, empty_array: &'a Table, budget: usize) -> Self {
        Self { control, empty_array, budget, parents: Vec::new(), names: Vec::new() }
    }

    /// Everything, deep; `None` for what has no value outside Lua: functions, coroutines,
    /// userdata.
    pub(crate) fn any(&mut self, value: &LuaValue) -> Result<Option<Value>, ReadError> {
        self.charge(ITEM_BYTES)?;
        Ok(Some(match value {
            LuaValue::Table(table) => self.table(table)?,
            LuaValue::Buffer(buffer) => {
                self.charge(buffer.len())?;
                Value::Bytes(buffer.to_vec())
            }
            other => match self.primitive(other)? {
                Some(primitive) => primitive,
                None => return Ok(None),
            },
        }))
    }

    /// The value of anything that is no object.
    #[expect(clippy::cast_precision_loss, reason = "it was a double before mlua saw an integer")]
    pub(crate) fn primitive(&mut self, value: &LuaValue) -> Result<Option<Value>, ReadError> {
        Ok(Some(match value {
            LuaValue::Nil => Value::Absent,
            LuaValue::Boolean(flag) => Value::Bool(*flag),
            LuaValue::Integer(number) => Value::number(*number as f64),
            LuaValue::Number(number) => Value::number(*number),
            LuaValue::String(text) => self.string(text)?,
            value if value.is_null() => Value::Null,
            _ => return Ok(None),
        }))
    }

    /// Whether all keys are 1 to the table's length. An empty table is a sequence too.
    pub(crate) fn is_sequence(&mut self, table: &Table) -> Result<bool, ReadError> {
        let length = table.raw_len();
        let (mut seen, mut stopped, mut sequence) = (0_u32, false, true);
        // The error ends the walk early and carries nothing.
        let _ended_early = table.for_each(|key: LuaValue, _: Ignored| {
            seen = seen.wrapping_add(1);
            stopped = seen.is_multiple_of(4096) && self.control.reason().is_some();
            sequence = is_index(&key, length);
            if stopped || !sequence { Err(mlua::Error::StackError) } else { Ok(()) }
        });
        if stopped { Err(ReadError::Stopped) } else { Ok(sequence) }
    }

    /// Whether it is a list where only the value itself can tell: it has items, or it is the
    /// empty array a host function made.
    pub(crate) fn looks_like_list(&mut self, table: &Table) -> Result<bool, ReadError> {
        if table.is_empty() {
            return Ok(table
                .metatable()
                .is_some_and(|meta| meta.to_pointer() == self.empty_array.to_pointer()));
        }
        Ok(table.raw_len() > 0 && self.is_sequence(table)?)
    }

    /// A shape's name as a Lua string.
    pub(crate) fn name(&mut self, lua: &Lua, name: &'static str) -> mlua::Result<&LuaString> {
        let known = self.names.iter().position(|(known, _)| std::ptr::eq(*known, name));
        let place = known.unwrap_or(self.names.len());
        if known.is_none() {
            self.names.push((name, lua.create_string(name)?));
        }
        Ok(&self.names[place].1)
    }

    /// Takes from the budget.
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.budget = self.budget.checked_sub(bytes).ok_or(ReadError::Size)?;
        Ok(())
    }

    fn string(&mut self, text: &LuaString) -> Result<Value, ReadError> {
        let bytes = text.as_bytes();
        self.charge(bytes.len())?;
        Ok(match std::str::from_utf8(&bytes) {
            Ok(text) => Value::Str(text.to_owned()),
            Err(_) => Value::Bytes(bytes.to_vec()),
        })
    }

    fn table(&mut self, table: &Table) -> Result<Value, ReadError> {
        let pointer = table.to_pointer();
        if self.parents.contains(&pointer) {
            return Err(ReadError::Cycle);
        }
        if self.parents.len() >= MAX_DEPTH {
            return Err(ReadError::Depth);
        }
        if self.control.reason().is_some() {
            return Err(ReadError::Stopped);
        }
        self.parents.push(pointer);
        let value = if self.looks_like_list(table)? {
            self.list(table).map(Value::List)
        } else {
            self.map(table).map(Value::Map)
        };
        self.parents.pop();
        value
    }

    fn list(&mut self, table: &Table) -> Result<Vec<Value>, ReadError> {
        let length = table.raw_len();
        self.charge(length.saturating_mul(ITEM_BYTES))?;
        let mut items = Vec::with_capacity(length);
        for index in 1..=length {
            items.push(self.any(&table.raw_get(index)?)?.unwrap_or_default());
        }
        Ok(items)
    }

    fn map(&mut self, table: &Table) -> Result<Map, ReadError> {
        // The flag sorts a string after the number of the same text, so that the string stays.
        let mut entries: Vec<(String, bool, Value)> = Vec::new();
        let mut failure = None;
        let walked = table.for_each(|key: LuaValue, value: LuaValue| {
            match self.entry(&key, &value) {
                Ok(Some(entry)) => entries.push(entry),
                Ok(None) => {}
                Err(error) => {
                    failure = Some(error);
                    return Err(mlua::Error::StackError);
                }
            }
            Ok(())
        });
        if let Some(failure) = failure {
            return Err(failure);
        }
        walked?;
        entries.sort_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
        Ok(entries.into_iter().map(|(key, _, value)| (key, value)).collect())
    }

    #[expect(clippy::cast_precision_loss, reason = "it was a double before mlua saw an integer")]
    fn entry(
        &mut self,
        key: &LuaValue,
        value: &LuaValue,
    ) -> Result<Option<(String, bool, Value)>, ReadError> {
        let (key, is_text) = match key {
            LuaValue::String(text) => (text.to_string_lossy(), true),
            LuaValue::Integer(number) => (number_text(*number as f64), false),
            LuaValue::Number(number) => (number_text(*number), false),
            _ => return Ok(None),
        };
        self.charge(key.len())?;
        Ok(self.any(value)?.map(|value| (key, is_text, value)))
    }
}

fn number_text(number: f64) -> String {
    match Value::number(number) {
        Value::Int(number) => number.to_string(),
        _ => number.to_string(),
    }
}

fn is_index(key: &LuaValue, length: usize) -> bool {
    matches!(key, LuaValue::Integer(index)
        if usize::try_from(*index).is_ok_and(|index| (1..=length).contains(&index)))
}

/// A value nobody looks at.
struct Ignored;

impl FromLua for Ignored {
    fn from_lua(_value: LuaValue, _lua: &Lua) -> mlua::Result<Self> {
        Ok(Self)
    }
}
