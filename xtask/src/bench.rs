//! `cargo xtask bench`: the benchmark crate in release mode.

use std::path::Path;

use anyhow::Result;

use crate::process;

/// Runs `cargo bench` on `vario-bench`; every argument is passed on as it is.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    let mut command = process::cargo(root, &["bench", "--locked", "--package=vario-bench"]);
    command.args(args);
    process::run(command)
}
