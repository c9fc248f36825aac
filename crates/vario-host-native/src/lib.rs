//! The real host: files, network, keychain, databases and processes, for plugins that may use them.
//!
//! [`NativeHost`] answers every call of [`vario_host::FUNCTIONS`], and of those of a background
//! plugin the ones that touch the machine; each family is a module of its
//! own with the contract's section 4 as its specification. [`NativeConfig`] says where the home
//! is, what the environment holds, which proxy and which keychain are used and who counts tokens, so that a test
//! needs none of the real ones.
//!
//! Nothing outside this crate touches disk, network, processes, clock or environment on a
//! plugin's behalf. It does not decide what a plugin may do, but it is where that is enforced:
//! [`NativeHost`] has one entry for all families, which asks the run's rights before anything is
//! touched and tells the run's witness of every call. It knows no script engine.

mod access;
mod ccusage;
mod config;
mod credentials;
mod crypto;
mod database;
mod env;
mod fs;
mod host;
mod http;
mod keychain;
mod ls;
mod paths;
mod process;
mod program;
mod refusal;
mod requirements;
mod secrets;
mod sqlite;
mod system;
mod wait;

#[cfg(test)]
mod tests;

pub use crate::ccusage::{UsageConfig, UsageQuery, UsageSource, UsageTurns};
pub use crate::config::{Environment, NativeConfig, ProcessEnvironment};
pub use crate::env::{LoginShells, ShellAnswer, ShellLookup};
pub use crate::host::NativeHost;
pub use crate::requirements::{Sought, library_is_there, program_is_there};
pub use crate::secrets::{MemorySecrets, NoSecrets, PlatformSecrets, SecretError, SecretStore};
