use std::fmt::Write as _;

use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::Error;

/// The text that `sqlite3 -json` prints, up to a limit.
pub(super) struct Output {
    text: String,
    limit: usize,
}

impl Output {
    pub(super) fn new(limit: usize) -> Self {
        Self { text: String::new(), limit }
    }

    /// Adds a row; the first of a statement opens its array.
    pub(super) fn row(&mut self, row: &Row<'_>, is_first: bool) -> Result<(), Error> {
        self.text.push_str(if is_first { "[" } else { ",\n" });
        let statement = row.as_ref();
        for index in 0..statement.column_count() {
            self.text.push(if index == 0 { '{' } else { ',' });
            // Both are in range and of a type that every value has.
            let name = statement.column_name(index).unwrap_or_default();
            let value = row.get_ref(index).unwrap_or(ValueRef::Null);
            self.string(name)?;
            self.text.push(':');
            self.value(value)?;
        }
        self.text.push('}');
        self.check()
    }

    /// Closes the array of a statement that had rows.
    pub(super) fn end_rows(&mut self) -> Result<(), Error> {
        self.text.push_str("]\n");
        self.check()
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn value(&mut self, value: ValueRef<'_>) -> Result<(), Error> {
        match value {
            ValueRef::Null => self.text.push_str("null"),
            ValueRef::Integer(number) => {
                // Writing to a `String` cannot fail.
                let _ = write!(self.text, "{number}");
            }
            ValueRef::Real(number) => write_real(&mut self.text, number),
            ValueRef::Text(bytes) => {
                // The program prints C strings: what follows a NUL is lost.
                let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
                return self.bytes(&bytes[..end]);
            }
            ValueRef::Blob(bytes) => return self.bytes(bytes),
        }
        self.check()
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        // Neither repairs nor escapes make it shorter, so what is too long need not be made.
        if bytes.len() > self.limit {
            return Err(Error::ResultTooLarge { limit: self.limit });
        }
        self.string(&String::from_utf8_lossy(bytes))
    }

    /// Escapes what JSON demands and nothing more: DEL and all beyond ASCII stay as they are.
    fn string(&mut self, value: &str) -> Result<(), Error> {
        self.text.push('"');
        for character in value.chars() {
            write_character(&mut self.text, character);
            // Escapes are up to six times as long as what they stand for.
            self.check()?;
        }
        self.text.push('"');
        self.check()
    }

    fn check(&self) -> Result<(), Error> {
        if self.text.len() > self.limit {
            return Err(Error::ResultTooLarge { limit: self.limit });
        }
        Ok(())
    }
}

/// The fewest digits that read back as the same number. The infinities are too large for JSON's
/// reader too, which turns them back into what they are; NaN is NULL in SQLite.
fn write_real(text: &mut String, number: f64) {
    if number == f64::INFINITY {
        text.push_str("1e999");
    } else if number == f64::NEG_INFINITY {
        text.push_str("-1e999");
    } else if number == 0.0 {
        text.push_str("0.0");
    } else {
        let _ = write!(text, "{number:?}");
    }
}

fn write_character(text: &mut String, character: char) {
    match character {
        '"' => text.push_str("\\\""),
        '\\' => text.push_str("\\\\"),
        '\u{8}' => text.push_str("\\b"),
        '\u{c}' => text.push_str("\\f"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        control if control < ' ' => {
            let _ = write!(text, "\\u{:04x}", u32::from(control));
        }
        other => text.push(other),
    }
}
