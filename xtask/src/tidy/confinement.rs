//! Rule: some libraries are named by few crates, so that replacing one touches few crates.

use super::model::{Violation, Workspace};

/// A library, and the only crates that may name it, in any kind of dependency.
pub(crate) type Confined = (&'static str, &'static [&'static str]);

/// `vario-bench` may name the engines, because it compares us with the bare engine. What only a
/// crate to come may use is listed with no crate.
pub(crate) const CONFINED: &[Confined] = &[
    ("anyhow", &["vario", "vario-bench", "vario-tests", "xtask"]),
    ("auto-launch", &["vario-desktop"]),
    ("axum", &["vario-server"]),
    ("cargo_metadata", &["xtask"]),
    ("clap", &["vario", "vario-bench", "vario-viewer", "xtask"]),
    ("criterion", &["vario-bench"]),
    ("ctrlc", &["vario", "vario-viewer"]),
    ("eframe", &["vario-viewer"]),
    ("egui-winit", &["vario-viewer"]),
    ("egui_plot", &["vario-ui"]),
    ("egui_system_font_provider", &["vario-viewer"]),
    ("hyper", &["vario-server"]),
    ("keyring", &["vario-host-native"]),
    ("ksni", &["vario-desktop"]),
    ("landlock", &["vario-isolation"]),
    ("libc", &["vario-isolation"]),
    ("mimalloc", &["vario", "vario-bench", "vario-isolation", "vario-tests"]),
    ("mlua", &["vario-bench", "vario-sandbox-lua"]),
    ("notify", &["vario-bootstrap"]),
    ("notify-rust", &["vario-desktop"]),
    ("resvg", &["vario-ui"]),
    ("rfd", &["vario-viewer"]),
    ("rquickjs", &["vario-bench", "vario-sandbox-js"]),
    ("rusqlite", &["vario-sqlite"]),
    ("seccompiler", &["vario-isolation"]),
    ("softbuffer", &["vario-viewer"]),
    ("starship-battery", &["vario-host-native"]),
    ("sysinfo", &["vario-host-native"]),
    ("terminal_size", &["vario"]),
    ("tokio", &["vario-server"]),
    ("tower-http", &["vario-server"]),
    ("ureq", &["vario-http"]),
    ("winit", &["vario-viewer"]),
    ("x11rb", &["vario-desktop", "vario-tests", "vario-viewer", "xtask"]),
    ("zip", &["vario-package"]),
    // Whoever joins the parts decides which engines there are; in any other crate's graph this
    // would switch the features `lua` and `js` on behind the back of the builds without one.
    ("vario-bootstrap", &["vario", "vario-bench", "vario-tests", "vario-viewer"]),
];

pub(crate) fn check(workspace: &Workspace, confined: &[Confined], found: &mut Vec<Violation>) {
    for package in &workspace.packages {
        for dependency in &package.dependencies {
            let Some((name, allowed)) = confined.iter().find(|(name, _)| *name == dependency.name)
            else {
                continue;
            };
            if !allowed.contains(&package.name.as_str()) {
                let message = match allowed {
                    [] => format!("no crate of this workspace may name `{name}`"),
                    _ => format!("only {} may name `{name}`", allowed.join(", ")),
                };
                let line = workspace.dependency_line(package, name);
                found.push(Violation::error(&package.manifest(), line, message));
            }
        }
    }
}
