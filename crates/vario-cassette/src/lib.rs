//! Records what a probe asked of the host, redacts it, and replays it offline.
//!
//! A [`Cassette`] is what one run asked, what the host answered and what came out. Start at
//! [`read`] and [`ReplayHost`] for replaying, [`RecordHost`] for recording and [`redact()`] for
//! taking secrets out while keeping a plugin on the same path.
//!
//! Both hosts are ordinary `vario_host::Host`s: a plugin cannot tell a replay from the world. A
//! call that finds no answer ends the run, whatever the plugin does about it. The crate opens no
//! file and runs no script; it is handed texts and calls.

#![warn(clippy::disallowed_methods, reason = "a replay touches no system")]

mod compare;
mod format;
mod record;
mod redact;
mod replay;

#[cfg(test)]
mod tests;

pub use crate::compare::{Difference, differences, same_output};
pub use crate::format::{AppRecord, Cassette, Error, RecordedCall, VERSION, read, schema};
pub use crate::record::RecordHost;
pub use crate::redact::{RedactOptions, Redaction, redact};
pub use crate::replay::{CallText, Mismatch, Order, ReplayHost};
