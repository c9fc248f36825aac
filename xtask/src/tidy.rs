//! `cargo xtask tidy`: the rules of this workspace that no compiler checks.
//!
//! `load` reads the workspace into a [`Workspace`], each other module is one group of rules over it
//! and knows no disk, so every rule is tested on a small workspace in memory that breaks it.

mod confinement;
mod front_page;
mod layers;
mod load;
mod manifests;
mod model;
mod opt_in;
mod texts;

#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Result, bail};

use crate::no_arguments;
use model::{Severity, Violation, Workspace};

/// Prints every violation as `path:line: message` and fails if one of them is an error.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    no_arguments("tidy", args)?;
    let violations = check(&load::workspace(root)?);
    for violation in &violations {
        println!("{violation}");
    }
    let errors = violations.iter().filter(|found| found.severity == Severity::Error).count();
    if errors > 0 {
        bail!("{errors} of the workspace's rules are broken");
    }
    Ok(())
}

/// Every violation, in the order of path and line.
fn check(workspace: &Workspace) -> Vec<Violation> {
    let mut found = Vec::new();
    layers::check(workspace, &layers::TABLE, &mut found);
    confinement::check(workspace, confinement::CONFINED, &mut found);
    front_page::check(workspace, &mut found);
    manifests::check(workspace, &mut found);
    opt_in::check(workspace, &mut found);
    texts::check(workspace, &mut found);
    found.sort();
    found
}
