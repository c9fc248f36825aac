//! The neutral value that crosses between scripts, host and output.
//!
//! Every engine turns its own values into [`Value`] and back, so that one host function, one
//! validator and one cassette serve Lua and JavaScript alike. A [`Shape`] says which parts of a
//! script object are wanted, so that an engine reads those and never walks the rest.
//!
//! This crate knows no engine and does no I/O. It does not validate: `vario-output` does.

#![warn(clippy::disallowed_methods, reason = "values touch no system")]

mod json;
mod log_level;
mod shape;
mod value;

#[cfg(test)]
mod tests;

pub use crate::json::JsonError;
pub use crate::log_level::LogLevel;
pub use crate::shape::Shape;
pub use crate::value::{MAX_DEPTH, Map, TypeName, Value};
