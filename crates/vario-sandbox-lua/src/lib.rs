//! The Luau engine behind the sandbox contract.
//!
//! Start at [`LuaEngine`]: it compiles programs, keeps them by content in memory, and opens
//! instances, each a fresh Luau world with its own heap limit and an interrupt that polls the
//! run's stop signal. It is the only crate that names `mlua`, and it knows no host function.
//!
//! Plugins written for Lua 5.1 run as written: `unpack`, `loadstring`, `table.getn`,
//! `setfenv`, `_G` as a plain table, writable `string` and friends, `os.time` on local time.
//! Not there: `io`, `package`, `debug`, `os.execute` and its kin, `dofile`, `newproxy`, `goto`,
//! `module`, and bytecode. Different: `print` goes to the log, `require` loads the plugin's own
//! files only, `loadstring` takes 256 KiB at most, `collectgarbage` only counts,
//! `coroutine.wrap` adds no position to a message.
//!
//! Limits: the heap limit is exact; garbage is collected when the heap nears it. Luau keeps a
//! script's stack on that heap and allows 20,000 nested calls, 200 of them through C, which fits
//! a native stack of 2 MiB; `Limits::stack_bytes` has no further effect. Both ends are errors a
//! script can catch. The interrupt reaches loops, calls, returns and pattern matching; one call
//! of a library function (a sort without comparator, a `string.rep`) is bounded by the heap
//! limit only. Plain `string.find`, `string.split` and `table.move`, which Luau lets run for
//! minutes, are replaced where it matters.
//!
//! A yield ends what can be waited for: a call that yields, or a returned coroutine that does,
//! is pending. A returned coroutine that runs past the deadline is a stop, not pending.
//!
//! Keys of a table cross the border sorted, numbers as their text: Luau's own order depends on
//! memory. Integers beyond 2^53 lose digits, for Luau's numbers are doubles.
//!
//! This crate starts no thread and does no I/O; killing what no interrupt reaches is the
//! business of process isolation.

#![warn(clippy::disallowed_methods, reason = "an engine does not touch the system")]

mod cache;
mod callbacks;
mod compile;
mod control;
mod engine;
mod failure;
mod from_lua;
mod instance;
mod load;
mod modules;
mod setup;
mod shape;
mod to_lua;

#[cfg(test)]
mod tests;

pub use crate::engine::LuaEngine;
