//! Fakes, fixture folders and snapshot filters for tests.
//!
//! [`TempHome`] is a home folder that nobody else has, with an environment that points into it.
//! [`Server`] answers HTTP on loopback from a script and tells what it was asked. [`filters`] makes
//! snapshots independent of folders and times. [`check_folder`] compares a folder of inputs with
//! the expectations beside them; `UPDATE=1` rewrites these.
//!
//! Start at whichever a test needs: they do not depend on each other. Only tests may depend on this
//! crate, and it depends on no other of the workspace, so that every one can use it.

mod filters;
mod fixtures;
mod home;
mod server;

#[cfg(test)]
mod tests;

pub use crate::filters::filters;
pub use crate::fixtures::check_folder;
pub use crate::home::TempHome;
pub use crate::server::{Received, Reply, Server};
