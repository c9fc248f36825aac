//! The path that runners get, on which they find their interpreter.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::config::small_text;

/// A program started from a desktop often has a short path, without what a shell's start-up files
/// add: so the usual folders of runners come before the old path.
pub(super) fn of_children(home: Option<&Path>, folders: &[PathBuf], old: Option<&str>) -> OsString {
    let mut all = Vec::new();
    if let Some(home) = home {
        all.extend([home.join(".bun/bin"), home.join(".nvm/current/bin")]);
        all.extend(nvm_default(home));
        all.push(home.join(".local/bin"));
    }
    all.extend_from_slice(folders);
    all.extend(old.map(std::env::split_paths).into_iter().flatten());
    let mut once: Vec<PathBuf> = Vec::with_capacity(all.len());
    for folder in all {
        // One with a separator in its name cannot be on a path.
        if !once.contains(&folder) && std::env::join_paths([&folder]).is_ok() {
            once.push(folder);
        }
    }
    std::env::join_paths(once).unwrap_or_default()
}

/// The programs of the version that nvm uses when nothing else is said.
fn nvm_default(home: &Path) -> Option<PathBuf> {
    let nvm = home.join(".nvm");
    let alias = small_text(&nvm.join("alias/default"))?;
    let version = alias.trim();
    if version.is_empty() {
        return None;
    }
    let name = if version.starts_with('v') { version.to_owned() } else { format!("v{version}") };
    Some(nvm.join("versions/node").join(name).join("bin"))
}
