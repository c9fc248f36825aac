//! Runs a plugin's script in a child process that has no rights, and answers it over a pipe.
//!
//! On the host's side, a [`WorkerCommand`] starts a [`Worker`], or a [`Pool`] has some ready;
//! [`Worker::run`] sends it one job, answers what it asks through [`vario_sandbox::Natives`], and
//! gives its result or says how it [`Ended`]. In the child, [`serve`] gives up every right the
//! system lets it give up (see [`Lockdown`]), does the job and ends. One worker serves one run.
//!
//! The host treats a worker as if its script had taken it over: sizes, nesting, numbers and order
//! of what comes out of the pipe are checked, and the first thing that makes no sense is its end,
//! as is the deadline. Nothing a worker does makes the host wait longer than [`HARD_GRACE`] beyond
//! that.
//!
//! Jobs, results and calls are plain values: this crate knows no engine, no dialect and no host
//! function, and does not decide what a plugin may do. It never runs a job in its own process.

mod command;
mod conversation;
mod ended;
mod error;
mod frames;
mod harden;
mod lockdown;
mod message;
mod pipe;
mod pool;
mod process;
mod serve;
mod stay;
mod wire;
mod worker;

pub use crate::command::WorkerCommand;
pub use crate::conversation::HARD_GRACE;
pub use crate::ended::Ended;
pub use crate::error::Error;
#[cfg(target_os = "linux")]
pub use crate::harden::inherit_nothing;
pub use crate::lockdown::{Lockdown, Measure};
pub use crate::pool::Pool;
pub use crate::process::Killer;
pub use crate::serve::{Work, serve};
pub use crate::stay::{Feed, FromPlugin, Link, LinkError};
pub use crate::worker::{RunLimits, Worker};
