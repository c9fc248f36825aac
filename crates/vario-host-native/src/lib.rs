//! The real host: files, network, keychain, databases and processes, for plugins that may use them.
//!
//! [`NativeHost`] answers every call of [`vario_host::FUNCTIONS`]; each family is a module of its
//! own with the contract's section 4 as its specification. [`NativeConfig`] says where the home
//! is, what the environment holds, which proxy and which keychain are used, so that a test needs
//! none of the real ones.
//!
//! Nothing outside this crate touches disk, network, processes, clock or environment on a
//! plugin's behalf. It decides nothing about what a plugin may do: [`NativeHost`] has one entry
//! for all families, and that is where permissions are asked. It knows no script engine.

mod ccusage;
mod config;
mod crypto;
mod env;
mod fs;
mod host;
mod http;
mod keychain;
mod ls;
mod paths;
mod process;
mod secrets;
mod sqlite;
mod system;
mod wait;

#[cfg(test)]
mod tests;

pub use crate::config::{Environment, NativeConfig, ProcessEnvironment};
pub use crate::env::{LoginShells, ShellAnswer, ShellLookup};
pub use crate::host::NativeHost;
pub use crate::secrets::{MemorySecrets, NoSecrets, PlatformSecrets, SecretError, SecretStore};
