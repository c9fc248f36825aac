use vario_value::{Map, Value};

use super::{ABSENT, BYTES, FALSE, FLOAT, INT, LIST, MAP, MAX_NESTING, NULL, STR, TRUE};

/// Why bytes are not what they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadBytes {
    #[error("it ends too early")]
    Short,
    #[error("bytes are left over")]
    Rest,
    #[error("a number is too large")]
    Number,
    #[error("a tag is unknown")]
    Tag,
    #[error("text is not UTF-8")]
    Text,
    #[error("a map has a key twice")]
    Key,
    #[error("it is nested too deeply")]
    Depth,
    #[error("it has too many parts")]
    Parts,
}

/// Takes one message apart.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    parts_left: usize,
}

impl<'a> Reader<'a> {
    /// `max_parts` bounds how many values are made in all.
    pub(crate) fn new(bytes: &'a [u8], max_parts: usize) -> Self {
        Self { bytes, parts_left: max_parts }
    }

    /// Nothing may be left at the end.
    pub(crate) fn finish(self) -> Result<(), BadBytes> {
        if self.bytes.is_empty() { Ok(()) } else { Err(BadBytes::Rest) }
    }

    pub(crate) fn byte(&mut self) -> Result<u8, BadBytes> {
        let (first, rest) = self.bytes.split_first().ok_or(BadBytes::Short)?;
        self.bytes = rest;
        Ok(*first)
    }

    pub(crate) fn raw(&mut self, length: usize) -> Result<&'a [u8], BadBytes> {
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or(BadBytes::Short)?;
        self.bytes = rest;
        Ok(taken)
    }

    pub(crate) fn number(&mut self) -> Result<u64, BadBytes> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                return Err(BadBytes::Number);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(BadBytes::Number)
    }

    pub(crate) fn small(&mut self) -> Result<u32, BadBytes> {
        self.number()?.try_into().map_err(|_too_large| BadBytes::Number)
    }

    /// A length in bytes or items. Each takes a byte at least, so what is left bounds it.
    pub(crate) fn length(&mut self) -> Result<usize, BadBytes> {
        let length = self.number()?.try_into().map_err(|_too_large| BadBytes::Short)?;
        if length > self.bytes.len() { Err(BadBytes::Short) } else { Ok(length) }
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, BadBytes> {
        let length = self.length()?;
        std::str::from_utf8(self.raw(length)?).map_err(|_where| BadBytes::Text)
    }

    pub(crate) fn value(&mut self) -> Result<Value, BadBytes> {
        self.pay(1)?;
        self.nested(MAX_NESTING)
    }

    fn nested(&mut self, depth: usize) -> Result<Value, BadBytes> {
        let inner = || depth.checked_sub(1).ok_or(BadBytes::Depth);
        Ok(match self.byte()? {
            ABSENT => Value::Absent,
            NULL => Value::Null,
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            INT => {
                let number = self.number()?;
                Value::Int((number >> 1).cast_signed() ^ -((number & 1).cast_signed()))
            }
            FLOAT => {
                let bits = self.raw(8)?.try_into().map_err(|_length| BadBytes::Short)?;
                Value::Float(f64::from_bits(u64::from_le_bytes(bits)))
            }
            STR => Value::Str(self.text()?.to_owned()),
            BYTES => {
                let length = self.length()?;
                Value::Bytes(self.raw(length)?.to_vec())
            }
            LIST => self.list(inner()?)?,
            MAP => self.map(inner()?)?,
            _ => return Err(BadBytes::Tag),
        })
    }

    /// Takes values from what the message may hold when they are claimed, not when they are there:
    /// so room can be made for them, and all the room of a message together has a bound.
    fn pay(&mut self, parts: usize) -> Result<usize, BadBytes> {
        self.parts_left = self.parts_left.checked_sub(parts).ok_or(BadBytes::Parts)?;
        Ok(parts)
    }

    fn list(&mut self, depth: usize) -> Result<Value, BadBytes> {
        let count = self.length().and_then(|count| self.pay(count))?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(self.nested(depth)?);
        }
        Ok(Value::List(items))
    }

    fn map(&mut self, depth: usize) -> Result<Value, BadBytes> {
        let count = self.length().and_then(|count| self.pay(count))?;
        let mut map = Map::with_capacity(count);
        for _ in 0..count {
            let key = self.text()?.to_owned();
            let value = self.nested(depth)?;
            if map.insert(key, value).is_some() {
                return Err(BadBytes::Key);
            }
        }
        Ok(Value::Map(map))
    }
}
