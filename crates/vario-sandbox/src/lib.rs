//! The contract every script engine fulfils: instances, handles, limits and one script error.
//!
//! Start at [`Engine`] (makes instances), [`Instance`] (one script world that evaluates, calls
//! and reads) and [`ScriptError`] (what went wrong, the same for every language). What a script
//! may call back is a [`Natives`]: a neutral table of named functions, so that an engine never
//! knows a host function by name and a host function never knows an engine.
//!
//! An engine interrupts a script by itself, through the [`StopSignal`], wherever the engine can;
//! engines have operations that no interrupt reaches, and killing those is the business of
//! process isolation, not of this crate.
//!
//! This crate starts no thread, does no I/O and names no engine. Every engine crate passes the
//! suite in `vario-conformance`.

#![warn(clippy::disallowed_methods, reason = "contracts do not touch the system")]

mod engine;
mod error;
mod inbox;
mod language;
mod limits;
mod module_path;
mod natives;
mod stop;

#[cfg(test)]
mod tests;

pub use crate::engine::{
    Engine, Handle, Instance, InstanceSpec, Kind, Settled, Source, SourceKind,
};
pub use crate::error::{ErrorKind, Location, ScriptError};
pub use crate::inbox::{Inbound, Inbox};
pub use crate::language::Language;
pub use crate::limits::Limits;
pub use crate::module_path::{ModulePathError, resolve_module};
pub use crate::natives::{NativeError, NativeFunction, NativeGroup, Natives};
pub use crate::stop::{StopReason, StopSignal, duration_text};
pub use vario_value::LogLevel;
