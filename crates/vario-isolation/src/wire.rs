//! The compact form in which values cross the pipe.
//!
//! One tag byte per value, lengths and integers as variable-length numbers, floats as their bits.
//! What is read is hostile: a claimed length in bytes reserves nothing, text must be UTF-8, nesting
//! and the number of values are bounded, and keys of a map differ.

mod read;
mod write;

#[cfg(test)]
mod tests;

use vario_value::MAX_DEPTH;

pub(crate) use self::read::{BadBytes, Reader};
pub(crate) use self::write::{Unfit, Writer};

/// How deep a value may be nested. What a script made may be `MAX_DEPTH` deep, and a job or a
/// result wraps it in a few levels of its own.
const MAX_NESTING: usize = MAX_DEPTH + 8;

const ABSENT: u8 = 0;
const NULL: u8 = 1;
const FALSE: u8 = 2;
const TRUE: u8 = 3;
const INT: u8 = 4;
const FLOAT: u8 = 5;
const STR: u8 = 6;
const BYTES: u8 = 7;
const LIST: u8 = 8;
const MAP: u8 = 9;
