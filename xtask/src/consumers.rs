//! `cargo xtask consumers`: the real programs that read what Vario prints, as its users have them.
//!
//! Bars, a prompt, shells and monitoring are got first; some of them take minutes to build, so
//! `cargo xtask test` leaves them out.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{no_arguments, process, setup};

/// What builds those tests.
pub(crate) const FEATURE: &str = "vario-tests/consumers";

/// Gets what is missing and runs the tests.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    no_arguments("consumers", args)?;
    setup::ensure(root, setup::Scope::Consumers)?;
    if !setup::has_nextest(root) {
        bail!("cargo-nextest is not installed; run `cargo xtask setup`");
    }
    process::vario(root)?;
    let mut command = process::cargo(root, &["nextest", "run", "--locked", "--workspace"]);
    command.args(["--features", FEATURE, "--test", "consumers"]);
    command.env("PATH", setup::path_with_tools(root)?);
    process::run(command)
}
