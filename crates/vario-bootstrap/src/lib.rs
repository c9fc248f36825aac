//! Joins engines, host, store and runtime once, for every app and for tests.
//!
//! Start at [`Vario::open`]: it finds where things are, reads the configuration and hands out the
//! rest on demand (plugins, a run context, the store), so that a command pays only for what it
//! uses. The features `lua` and `js` choose the engines; a third engine is one line in `engines`.
//!
//! This is the place where the process's environment is read and where the plugins that come with
//! the program live. It decides nothing that the crates below decide, and prints nothing.

mod accounts;
mod bundled;
mod configure;
mod engines;
mod folders;
mod hosting;
mod import;
mod known;
mod limits;
mod owning;
mod package;
mod pages;
mod pushing;
mod serving;
mod settings;
mod site;
mod tokens;
mod values;
mod vario;
mod zone;

#[cfg(test)]
mod tests;

pub use crate::accounts::{AccountBook, AccountRow, NewAccount, SecretState};
pub use crate::configure::SettingRow;
pub use crate::engines::{engines, serve_worker};
pub use crate::folders::FolderWatch;
pub use crate::hosting::Hosted;
pub use crate::limits::{inherit_nothing, outlive_file_limit};
pub use crate::owning::HostingFront;
pub use crate::pages::PageColours;
pub use crate::serving::{Serving, ServingOptions};
pub use crate::tokens::TokenQuestion;
pub use crate::vario::{Error, IsolationOption, Options, StoreState, SystemClock, Vario, WORKER};
pub use crate::zone::is_usable as time_zone_is_usable;
