//! `cargo xtask hostile [--check]`: what becomes of the plugins in `fixtures/hostile`.

use std::path::Path;

use anyhow::Result;

use crate::{check_flag, process};

/// Runs the corpus through the program and writes the committed table; with `--check` fails if an
/// outcome is not the recorded one.
///
/// The tests know how to run the corpus, and they check the table whenever they run; so `ci` has no
/// step for it.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    let check = check_flag("hostile", args)?;
    // Whole-product tests run the program.
    process::vario(root)?;
    // The whole workspace is selected for the reason that `process::vario` has.
    let mut command = process::cargo(root, &["test", "--locked", "--workspace", "--test=it"]);
    command.args(["--", "hostile::"]);
    if !check {
        command.env("UPDATE", "1");
    }
    process::run(command)
}
