//! What each family of plugins expects of its host: preludes, entry points and failure texts.
//!
//! A dialect is data plus a script prelude. The probe dialects (`openusage`, with Pacebar, and
//! `vario`) share one prelude per language, which builds the `ctx` object of contract section 4
//! from the native functions of an engine. Start at [`ProbeJob`] and [`run_probe`], which does
//! the steps of contract section 2.1 and gives the texts of section 2.4.
//!
//! This is where script engines (`vario_sandbox`) and host calls (`vario_host`) meet; neither
//! knows the other. The crate does no I/O of its own: it works on the script text, the session
//! and the module source it is handed.

#![warn(clippy::disallowed_methods, reason = "dialects reach the system through the host only")]

mod bridge;
mod failure;
mod helpers;
mod prelude;
mod probe;

#[cfg(test)]
mod tests;

pub use crate::bridge::ModuleSource;
pub use crate::failure::{Failure, GENERIC_FAILURE};
pub use crate::probe::{AppInfo, ProbeDialect, ProbeJob, ProbeReport, run_probe, script_words};
