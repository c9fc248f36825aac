//! The crate as a whole: fixtures, schema, properties.

#![expect(clippy::disallowed_methods, reason = "tests use real files, threads and clocks")]

mod fixtures;
mod permissions;
mod property;
mod rules;
mod schema;
mod smartcars;
mod tables;

use crate::{Loaded, MemoryFolder, check};

/// A probe's manifest with these lines added before the closing bracket, and its files.
pub(crate) fn probe(extra: &str) -> MemoryFolder {
    let manifest = format!(
        r#"{{"schemaVersion": 1, "id": "p", "name": "P", "version": "1.0.0",
"entry": "p.js", "icon": "p.svg"{comma}{extra}}}"#,
        comma = if extra.is_empty() { "" } else { ",\n" },
    );
    folder(&manifest)
}

/// A folder with this manifest and the files that the tests name.
pub(crate) fn folder(manifest: &str) -> MemoryFolder {
    MemoryFolder::new()
        .with("plugin.json", manifest)
        .with("p.js", "probe")
        .with("p.lua", "probe")
        .with("p.svg", "<svg/>")
        .with("background/index.js", "code")
        .with("ui/index.js", "code")
}

/// Every problem as `severity path: message`, one a line.
pub(crate) fn problems(loaded: &Loaded) -> String {
    let line = |problem: &crate::Diagnostic| {
        format!("{} {}: {}", problem.severity.name(), problem.path, problem.message)
    };
    loaded.diagnostics.list().iter().map(line).collect::<Vec<_>>().join("\n")
}

#[track_caller]
pub(crate) fn expect_problems(folder: &MemoryFolder, expected: &[&str]) {
    assert_eq!(problems(&check(folder)), expected.join("\n"));
}
