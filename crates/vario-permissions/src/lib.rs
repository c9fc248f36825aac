//! What a plugin may do: the grammar of rights, and whether one covers what a call wants.
//!
//! A [`Permission`] is one right, written `net:api.example.com` or `read:~/.tool/**`; the same text
//! stands in manifests, in grants and on the command line. A [`PermissionSet`] is what a manifest
//! asks for, or what a user granted or denied. [`Rights`] put these together: a plugin may do what
//! was asked for **and** granted and not denied (design section 5).
//!
//! A call is checked as an [`Access`], which names what it wants in one spelling. This crate does
//! no I/O: it resolves no link and no name, and whoever asks must say what they resolve to
//! ([`Rights::check`] once for the name and once for what it led to, [`Rights::check_address`] for
//! every address). It knows no host function.

#![warn(clippy::disallowed_methods, reason = "rights are decided without touching the system")]

mod access;
mod address;
mod glob;
mod hints;
mod host;
mod path;
mod permission;
mod repair;
mod rights;
mod set;
mod words;

#[cfg(test)]
mod tests;

pub use crate::access::{Access, Bases, Reason, Refusal};
pub use crate::hints::{CONTRACT_VARIABLES, hints};
pub use crate::host::{Host, HostPattern};
pub use crate::path::PathPattern;
pub use crate::permission::{Error, Pattern, Permission};
pub use crate::repair::meant;
pub use crate::rights::Rights;
pub use crate::set::PermissionSet;
