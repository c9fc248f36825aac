//! Validates what a probe returned and turns it into text for people.
//!
//! An engine reads a probe's result by [`OUTPUT_SHAPE`]; [`validate()`] turns that reading into an
//! [`Output`] by section 3 of the probe contract, with every check, order and text of it. Whatever
//! comes in, what comes out is valid, or says in an error line what was wrong. [`present`] holds
//! section 7 as pure functions, so that window, terminal and status bar say the same. [`Threshold`]
//! says whether enough of a quota is left.
//!
//! Start at [`validate()`], [`Output`] and [`Line`]; for showing one, at [`present`].
//!
//! This crate runs nothing and reads no clock, locale or time zone: they are passed in. It draws
//! nothing either; a front decides where a text goes.

#![warn(clippy::disallowed_methods, reason = "rules of presentation touch no system")]

mod limits;
mod output;
pub mod present;
mod rfc3339;
mod schema;
mod shape;
mod threshold;
mod validate;

#[cfg(test)]
mod tests;

pub use crate::limits::{MAX_LINES, MAX_POINTS, OutputLimits};
pub use crate::output::{
    BadgeLine, BarChartLine, ERROR_COLOR, ERROR_LABEL, Format, Line, Output, Point, ProgressLine,
    TextLine,
};
pub use crate::rfc3339::{parse_rfc3339_ms, rfc3339_utc};
pub use crate::schema::schema;
pub use crate::shape::OUTPUT_SHAPE;
pub use crate::threshold::{Amount, Threshold};
pub use crate::validate::{NON_OBJECT_TEXT, Validated, validate, validate_detached};
