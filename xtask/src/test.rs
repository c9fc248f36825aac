//! `cargo xtask test`: every test of the workspace.

use std::path::Path;

use anyhow::Result;

use crate::{process, setup};

/// Installs what the tests need if it is missing, then runs them all.
///
/// cargo-nextest is used where it is installed, because it is faster and isolates tests; plain
/// `cargo test` runs the same tests on a machine that has only Rust.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    setup::ensure(root, setup::Scope::Tests)?;
    // Whole-product tests run the programs.
    process::vario(root)?;
    #[cfg(target_os = "linux")]
    process::build(root, "vario-viewer", "dev")?;
    let runner: &[&str] = if setup::has_nextest(root) { &["nextest", "run"] } else { &["test"] };
    let mut command = process::cargo(root, runner);
    command.args(["--locked", "--workspace"]).args(args);
    process::run(command)
}
