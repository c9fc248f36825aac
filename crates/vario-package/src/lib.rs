//! Packs plugins, and installs, rolls back and removes them so that a failure changes nothing.
//!
//! Start at [`pack`], which makes one zip file of a folder, and at [`Installer`]:
//! [`Installer::inspect`] reads a folder or a zip file to its last byte and gives a [`Candidate`],
//! [`Installer::plan`] says what would change, and [`Installer::install`] does it.
//!
//! An archive is somebody else's word. [`Limits`] say how much comes out of it at most, and names,
//! kinds of files and the archive's own records are checked before a byte is written. Nothing but
//! plain files is ever made, none of them can be run as a program, and folders without a file are
//! left out. Where data, settings and grants are, an installation changes nothing.
//!
//! This crate asks nobody and grants nothing: a front shows the plan and the user decides. It
//! prints nothing, but for what npm says when a build is asked for.

mod archive;
mod candidate;
mod contents;
mod error;
mod installer;
mod layout;
mod limits;
mod meter;
mod names;
mod pack;
mod plan;
mod purge;
mod steps;
mod view;

#[cfg(test)]
mod tests;

pub use crate::candidate::{Candidate, inspect};
pub use crate::error::Error;
pub use crate::installer::{Installed, Installer};
pub use crate::limits::Limits;
pub use crate::pack::{Build, PackOptions, Packed, pack, prepare};
pub use crate::plan::{Current, Plan, Was, author, plan};
pub use crate::purge::purge;
