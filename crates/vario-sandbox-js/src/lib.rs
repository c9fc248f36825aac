//! The QuickJS-ng engine behind the sandbox contract.
//!
//! Start at [`JsEngine`]; everything else is behind the traits of `vario-sandbox`. Each instance
//! is a runtime and a context of its own, with a heap and a stack limit and an interrupt that
//! polls the stop signal. Programs are compiled once and kept as bytecode, in memory only and
//! never from anywhere else, because the engine trusts bytecode blindly.
//!
//! Run instances on threads with 8 MiB of stack, or at least four times the stack limit: the
//! engine measures its own limit on the thread's stack, and parts of it run past the limit.
//!
//! What the interrupt cannot reach (one huge built-in call on a huge array) is not solved here:
//! a hard deadline needs a process that can be killed. Nor does this crate know any host function
//! by name: scripts see `console` and the groups of their `Natives`, nothing more.

#![warn(clippy::disallowed_methods, reason = "an engine does not touch the system")]

mod background;
mod cache;
mod clock;
mod console;
mod engine;
mod fault;
mod inspect;
mod instance;
mod make;
mod modules;
mod natives;
mod raw;
mod read;
mod state;
mod throw;

#[cfg(test)]
mod tests;

pub use crate::engine::JsEngine;
