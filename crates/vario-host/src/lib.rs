//! The host-call contract: which functions a plugin may call, with what, and what comes back.
//!
//! [`FUNCTIONS`] is the one visible list of host functions (contract section 4, and ours on top);
//! long-lived background plugins have those of [`BACKGROUND_FUNCTIONS`] as well.
//! A [`Host`] answers a [`Call`]; the real one is `vario-host-native`, a cassette is another. A
//! [`Session`] stands between one run of one plugin and its host: it checks arguments to the
//! letter of the contract, counts calls and log bytes, keeps the log and makes the raw natives out
//! of the friendly ones.
//!
//! A host function knows no engine: arguments and answers are `vario_value::Value`s. Nothing here
//! touches files, network or processes. Redaction of whatever reaches a log is in [`redact`].

#![warn(clippy::disallowed_methods, reason = "contracts do not touch the system")]

mod call;
mod cancel;
mod check;
mod functions;
pub mod redact;
mod request;
mod session;

#[cfg(test)]
mod tests;

pub use crate::call::{
    Call, Host, HostError, LogEntry, LogOrigin, LogSink, NoWitness, Reply, RunId, Scope,
    SettingsSource, Witness, Witnessed,
};
pub use crate::cancel::{Cancel, CancelGuard};
pub use crate::check::{ScriptWords, check_args};
pub use crate::functions::{
    BACKGROUND_FUNCTIONS, FIRST_BACKGROUND, FUNCTIONS, FunctionSpec, Mode, Param, ParamType,
    background_functions, find_background_function, find_function,
};
pub use crate::request::{
    DiscoverOptions, FetchRequest, HttpRequest, ProgramRequest, Redirect, UsageOptions,
    UsageProvider,
};
pub use crate::session::{Session, SessionError, SessionLimits};
