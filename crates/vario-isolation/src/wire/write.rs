use vario_value::Value;

use super::{ABSENT, BYTES, FALSE, FLOAT, INT, LIST, MAP, MAX_NESTING, NULL, STR, TRUE};

/// Why a value cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfit {
    #[error("the value is nested too deeply")]
    Depth,
    #[error("the value has too many parts (limit {0})")]
    Parts(usize),
    #[error("the value is too large (limit {0} bytes)")]
    Bytes(usize),
}

/// Appends to a buffer what a [`super::Reader`] with the same limit on parts takes apart.
pub(crate) struct Writer {
    bytes: Vec<u8>,
    parts_left: usize,
    max_parts: usize,
}

impl Writer {
    /// `bytes` is what comes before; `max_parts` bounds how many values may follow in all.
    pub(crate) fn new(bytes: Vec<u8>, max_parts: usize) -> Self {
        Self { bytes, parts_left: max_parts, max_parts }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Seven bits a byte, the lowest first; the top bit says that more follow.
    #[expect(clippy::cast_possible_truncation, reason = "masked to seven bits")]
    pub(crate) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    pub(crate) fn length(&mut self, length: usize) {
        self.number(length as u64);
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.raw(text.as_bytes());
    }

    pub(crate) fn value(&mut self, value: &Value) -> Result<(), Unfit> {
        self.nested(value, MAX_NESTING)
    }

    fn nested(&mut self, value: &Value, depth: usize) -> Result<(), Unfit> {
        self.parts_left = self.parts_left.checked_sub(1).ok_or(Unfit::Parts(self.max_parts))?;
        let inner = || depth.checked_sub(1).ok_or(Unfit::Depth);
        match value {
            Value::Absent => self.byte(ABSENT),
            Value::Null => self.byte(NULL),
            Value::Bool(flag) => self.byte(if *flag { TRUE } else { FALSE }),
            Value::Int(number) => {
                self.byte(INT);
                // Small magnitudes become small numbers, whatever their sign.
                self.number(((number << 1) ^ (number >> 63)).cast_unsigned());
            }
            Value::Float(number) => {
                self.byte(FLOAT);
                self.raw(&number.to_bits().to_le_bytes());
            }
            Value::Str(text) => {
                self.byte(STR);
                self.text(text);
            }
            Value::Bytes(bytes) => {
                self.byte(BYTES);
                self.length(bytes.len());
                self.raw(bytes);
            }
            Value::List(items) => {
                let depth = inner()?;
                self.byte(LIST);
                self.length(items.len());
                for item in items {
                    self.nested(item, depth)?;
                }
            }
            Value::Map(map) => {
                let depth = inner()?;
                self.byte(MAP);
                self.length(map.len());
                for (key, value) in map {
                    self.text(key);
                    self.nested(value, depth)?;
                }
            }
        }
        Ok(())
    }
}
