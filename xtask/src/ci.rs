//! `cargo xtask ci`: everything that CI runs, fastest first.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::{codegen, fixtures, no_arguments, process, readme, rows, setup, tidy};

/// The packages whose features `lua` and `js` choose the engines; the tests of no other change.
const FEATURE_PACKAGES: &[&str] = &["vario", "vario-bootstrap", "vario-tests"];

/// Measures both engines, so it switches both on for whoever is built with it.
const NEEDS_BOTH_ENGINES: &str = "vario-bench";

/// One step: its name in the log, and what it runs.
type Step = (&'static str, fn(&Path) -> Result<()>);

const STEPS: &[Step] = &[
    ("fmt", |root| process::run(process::cargo(root, &["fmt", "--all", "--check"]))),
    ("tidy", |root| tidy::run(root, &[])),
    ("deny", deny),
    ("codegen", |root| codegen::run(root, &check())),
    ("fixtures", |root| fixtures::run(root, &check())),
    ("clippy", clippy),
    ("test", test),
    ("rows", rows::check_last),
    #[cfg(target_os = "linux")]
    ("consumers", |root| crate::consumers::run(root, &[])),
    #[cfg(target_os = "linux")]
    ("screenshots", screenshots),
    ("doc", doc),
    ("without js", |root| feature(root, "lua")),
    ("without lua", |root| feature(root, "js")),
];

/// Runs every step, says how long each took and stops at the first that fails.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<()> {
    no_arguments("ci", args)?;
    let lock = lock_file(root)?;
    let start = Instant::now();
    for (name, step) in STEPS {
        println!("==> {name}");
        let started = Instant::now();
        let result = step(root);
        let verdict = if result.is_ok() { "ok" } else { "failed" };
        println!("==> {name}: {verdict} in {}", seconds(started.elapsed()));
        result.with_context(|| format!("ci stopped at `{name}`"))?;
    }
    if lock_file(root)? != lock {
        bail!("a step changed Cargo.lock; commit the change or pass `--locked` in that step");
    }
    println!("==> ci: ok in {}", seconds(start.elapsed()));
    Ok(())
}

fn check() -> [String; 1] {
    [String::from("--check")]
}

/// Licences, sources and bans. Advisories need the network and change under an unchanged tree, so
/// they are not part of a reproducible check.
fn deny(root: &Path) -> Result<()> {
    if !setup::has_deny(root) {
        bail!("cargo-deny is not installed; run `cargo xtask setup`");
    }
    let args = ["deny", "--locked", "check", "bans", "licenses", "sources"];
    process::run(process::cargo(root, &args))
}

fn clippy(root: &Path) -> Result<()> {
    let mut clippy = process::cargo(root, &["clippy", "--all-targets", "--locked", "--workspace"]);
    #[cfg(target_os = "linux")]
    clippy.args(["--features", crate::consumers::FEATURE]);
    clippy.args(["--", "--deny=warnings"]);
    process::run(clippy)
}

/// Runs what the README tells its reader to run.
fn test(root: &Path) -> Result<()> {
    let text = std::fs::read_to_string(root.join("README.md")).context("cannot read README.md")?;
    let script = readme::command(&text, "test")?;
    println!("{script}");
    let shell = if cfg!(windows) {
        process::program(root, "cmd", &["/C", &script])
    } else {
        process::program(root, "sh", &["-e", "-c", &script])
    };
    process::run(shell)
}

/// The real window, built as the tests were.
#[cfg(target_os = "linux")]
fn screenshots(root: &Path) -> Result<()> {
    let arguments = ["--check", "--profile", "dev"].map(String::from);
    crate::screenshots::run(root, &arguments)
}

fn doc(root: &Path) -> Result<()> {
    let mut command = process::cargo(root, &["doc", "--locked", "--no-deps", "--workspace"]);
    command.env("RUSTDOCFLAGS", "--deny=warnings");
    process::run(command)
}

/// Lints and tests with one engine only.
///
/// The whole workspace is selected, because features are chosen for all selected packages together:
/// so only the packages that change are built again, and none of what they depend on.
fn feature(root: &Path, feature: &str) -> Result<()> {
    let select = |args: &[&str]| {
        let mut command = process::cargo(root, args);
        command.args(["--locked", "--workspace", "--exclude", NEEDS_BOTH_ENGINES]);
        command.args(["--no-default-features", "--features", feature]);
        command
    };
    let mut clippy = select(&["clippy", "--all-targets"]);
    clippy.args(["--", "--deny=warnings"]);
    process::run(clippy)?;
    if !setup::has_nextest(root) {
        return process::run(select(&["test"]));
    }
    // Whole-product tests run the program, and this selection makes it without building what
    // it stands on once more.
    process::run(select(&["build", "--bin", "vario", "--quiet"]))?;
    let mut test = select(&["nextest", "run"]);
    test.arg("--filterset").arg(filterset());
    process::run(test)
}

/// The tests of the packages that change, in nextest's language.
fn filterset() -> String {
    let packages = FEATURE_PACKAGES.iter().map(|package| format!("package(={package})"));
    packages.collect::<Vec<_>>().join(" + ")
}

fn lock_file(root: &Path) -> Result<Vec<u8>> {
    std::fs::read(root.join("Cargo.lock")).context("cannot read Cargo.lock")
}

fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds >= 60 {
        format!("{} min {} s", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{STEPS, filterset, seconds};

    #[test]
    fn durations_are_short_to_read() {
        let cases =
            [(0, "0.0 s"), (59_940, "59.9 s"), (60_000, "1 min 0 s"), (754_000, "12 min 34 s")];
        for (milliseconds, expected) in cases {
            assert_eq!(seconds(Duration::from_millis(milliseconds)), expected);
        }
    }

    #[test]
    fn the_filterset_names_the_packages() {
        assert_eq!(
            filterset(),
            "package(=vario) + package(=vario-bootstrap) + package(=vario-tests)"
        );
    }

    #[test]
    fn nothing_that_ci_promises_is_left_out() {
        let names: Vec<_> = STEPS.iter().map(|(name, _)| *name).collect();
        let promised = ["fmt", "tidy", "deny", "codegen", "fixtures", "clippy", "test", "doc"];
        for name in promised.into_iter().chain(["without js", "without lua"]) {
            assert!(names.contains(&name), "{name}");
        }
    }
}
