//! Starting other programs, Cargo first of all.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// A Cargo command at the workspace's root, without what Cargo told us about ourselves.
pub(crate) fn cargo(root: &Path, args: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.args(args);
    at(root, command)
}

/// Any other program at the workspace's root.
pub(crate) fn program(root: &Path, name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(args);
    at(root, command)
}

/// Some build scripts ask to be run again when a variable such as `CARGO_PKG_NAME` changes. We have
/// our own, because Cargo started us; handing them on would rebuild half the tree for nothing.
fn at(root: &Path, mut command: Command) -> Command {
    const OURS: &[&str] =
        &["CARGO_BIN_", "CARGO_CRATE_", "CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_PRIMARY_"];
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| OURS.iter().any(|prefix| name.starts_with(prefix))) {
            command.env_remove(name);
        }
    }
    command.current_dir(root);
    command
}

/// Runs a command to its end; its output goes where ours goes.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let text = describe(&command);
    let status = command.status().with_context(|| format!("cannot start `{text}`"))?;
    if !status.success() {
        bail!("`{text}` failed: {status}");
    }
    Ok(())
}

/// Runs a command and returns what it wrote on stdout.
pub(crate) fn output(mut command: Command) -> Result<Vec<u8>> {
    let text = describe(&command);
    command.stderr(std::process::Stdio::inherit());
    let output = command.output().with_context(|| format!("cannot start `{text}`"))?;
    if !output.status.success() {
        bail!("`{text}` failed: {}", output.status);
    }
    Ok(output.stdout)
}

/// Whether a command starts and succeeds; what it prints is dropped.
pub(crate) fn succeeds(mut command: Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Builds the command line of this workspace and returns its path.
///
/// The whole workspace is selected although one program is wanted: features are chosen for the
/// selected packages together, so this shares its dependencies with the tests instead of building
/// a second set.
pub(crate) fn vario(root: &Path) -> Result<PathBuf> {
    let messages = output(cargo(
        root,
        &[
            "build",
            "--bin=vario",
            "--locked",
            "--message-format=json-render-diagnostics",
            "--quiet",
            "--workspace",
        ],
    ))?;
    executable(&String::from_utf8_lossy(&messages), "vario")
        .context("cargo built no program named `vario`; apps/vario should hold it")
}

/// Builds one package's program of the same name with a profile, and returns its path.
#[cfg(target_os = "linux")]
pub(crate) fn build(root: &Path, name: &str, profile: &str) -> Result<PathBuf> {
    let mut command = cargo(
        root,
        &["build", "--locked", "--message-format=json-render-diagnostics", "--profile", profile],
    );
    // As its users build it; but what only checks shares what the tests are made of, as above.
    if profile == "dev" {
        command.arg("--workspace");
    } else {
        command.args(["--package", name]);
    }
    command.args(["--bin", name]);
    executable(&String::from_utf8_lossy(&output(command)?), name)
        .with_context(|| format!("cargo built no program named `{name}`"))
}

/// The path of a program in Cargo's messages, one JSON object a line.
fn executable(messages: &str, name: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let mut text = program.to_string_lossy().into_owned();
    for arg in command.get_args() {
        text.push(' ');
        text.push_str(&arg.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{cargo, describe, executable, program, run};

    #[test]
    fn the_executable_is_found_among_the_messages() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"vario"},"executable":null}
not json
{"reason":"compiler-artifact","target":{"name":"other"},"executable":"/t/other"}
{"reason":"compiler-artifact","target":{"name":"vario"},"executable":"/t/vario"}"#;
        assert_eq!(executable(messages, "vario"), Some(PathBuf::from("/t/vario")));
        assert_eq!(executable("", "vario"), None);
    }

    #[test]
    fn failures_name_the_command() {
        let command = program(Path::new("."), "no-such-program-here", &["--flag"]);
        let error = run(command).expect_err("no such program");
        assert_eq!(error.to_string(), "cannot start `no-such-program-here --flag`");
    }

    #[test]
    fn what_cargo_says_about_us_is_not_handed_on() {
        let command = cargo(Path::new("."), &["--version"]);
        let removed: Vec<_> =
            command.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        assert!(removed.contains(&"CARGO_PKG_NAME".as_ref()), "{removed:?}");
        assert_eq!(describe(&command), "cargo --version");
    }
}
