//! What each family of plugins expects of its host: preludes, entry points and failure texts.
//!
//! A dialect is data plus a script prelude. The probe dialects (`openusage`, with Pacebar, and
//! `vario`) share one prelude per language, which builds the `ctx` object of contract section 4
//! from the native functions of an engine. Start at [`ProbeJob`] and [`run_probe`], which does
//! the steps of contract section 2.1 and gives the texts of section 2.4.
//!
//! This is where script engines (`vario_sandbox`) and host calls (`vario_host`) meet; neither
//! knows the other. The script's part of a run ([`run_script`]) and the host's ([`HostNatives`],
//! [`report`]) can be in two processes: job and end have a form as plain values for that.
//!
//! Background plugins live longer: [`run_background`] is the whole life of one, in its child
//! process, from a [`BackgroundJob`].
//!
//! The crate does no I/O of its own: it works on the script text, the session
//! and the module source it is handed.

#![warn(clippy::disallowed_methods, reason = "dialects reach the system through the host only")]

mod background;
mod bounds;
mod bridge;
mod failure;
mod helpers;
mod prelude;
mod probe;
mod supervision;
mod wire;

#[cfg(test)]
mod tests;

pub use crate::background::{
    BackgroundDialect, BackgroundEnd, BackgroundJob, Clock, MonotonicClock, is_posted,
    run_background, run_background_by,
};
pub use crate::bounds::end_bytes;
pub use crate::bridge::{HostNatives, ModuleSource};
pub use crate::failure::{DIED_TEXT, Failure, GENERIC_FAILURE};
pub use crate::probe::{
    AppInfo, ProbeDialect, ProbeJob, ProbeReport, ScriptEnd, report, run_last_script, run_probe,
    run_script, script_words,
};
pub use crate::supervision::{LateStart, Ready, Restart, Supervision, supervision};
