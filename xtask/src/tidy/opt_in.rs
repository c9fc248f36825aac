//! Rule: crates away from the edge of the world have clippy refuse what reaches into it.
//!
//! `.clippy.toml` lists the calls and why each is refused. The lint is off in the workspace's table,
//! because a table cannot be changed by one crate; so each crate switches it on in its `lib.rs`.

use super::model::{Package, Violation, Workspace, line_where};

/// The crates that may open files, read the environment, start threads or ask the time.
const AT_THE_EDGE: &[&str] = &[
    "vario",
    // It has threads: one for each plugin's process.
    "vario-background",
    "vario-bench",
    // It reads the process's environment, once, for everyone.
    "vario-bootstrap",
    "vario-conformance",
    // It speaks with the desktop.
    "vario-desktop",
    "vario-host-native",
    "vario-http",
    "vario-isolation",
    // It keeps in a folder what could not be delivered.
    "vario-otlp",
    "vario-package",
    "vario-runtime",
    // It listens on loopback and sends files.
    "vario-server",
    "vario-sqlite",
    "vario-store",
    "vario-test-support",
    "vario-tests",
    // It reads log files on several threads.
    "vario-usage-logs",
    "vario-viewer",
    "xtask",
];

/// Single files in the other crates that may, each with `#![expect(…)]` and its reason.
const FILES_AT_THE_EDGE: &[&str] = &[
    // A plugin's folder is read through a trait; this is its implementation for a real folder.
    "crates/vario-manifest/src/folder/disk.rs",
];

const LINT: &str = "clippy::disallowed_methods";

pub(crate) fn check(workspace: &Workspace, found: &mut Vec<Violation>) {
    for package in &workspace.packages {
        if AT_THE_EDGE.contains(&package.name.as_str()) {
            continue;
        }
        if !opts_in(workspace.text(&package.front_page)) {
            let message = format!("add `#![warn({LINT}, reason = \"…\")]`");
            found.push(Violation::error(&package.front_page, 1, message));
        }
        check_opt_outs(workspace, package, found);
    }
}

/// Whether an inner attribute of the crate warns of the lint or denies it.
fn opts_in(page: &str) -> bool {
    let packed: String = page
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(str::chars)
        .filter(|letter| !letter.is_whitespace())
        .collect();
    packed.split("#![").skip(1).any(|attribute| {
        let attribute = attribute.split(")]").next().unwrap_or_default();
        let levels = ["warn(", "deny(", "forbid("];
        levels.iter().any(|level| attribute.contains(&format!("{level}{LINT}")))
    })
}

/// Elsewhere in such a crate the lint may be named only by the files in the list, and by tests.
fn check_opt_outs(workspace: &Workspace, package: &Package, found: &mut Vec<Violation>) {
    let sources = format!("{}/src/", package.folder);
    for file in workspace.files.iter().filter(|file| file.path.starts_with(&sources)) {
        let is_free = file.path == package.front_page
            || FILES_AT_THE_EDGE.contains(&file.path.as_str())
            || super::texts::is_test(&file.path);
        if !is_free && file.text.contains(LINT) {
            let line = line_where(&file.text, |line| line.contains(LINT));
            let message = format!(
                "switches `{LINT}` off; move the call to a crate at the edge, or add the file to \
                 FILES_AT_THE_EDGE in xtask/src/tidy/opt_in.rs"
            );
            found.push(Violation::error(&file.path, line, message));
        }
    }
}
