use std::path::{Path, PathBuf};
use std::time::Duration;

use vario_store::Paths;
use vario_test_support::TempHome;

use super::zip::{Entry, zip};
use crate::{Candidate, Error, Installed, Installer, Limits};

/// A home folder with plugins in it.
pub(super) struct Rig {
    pub(super) home: TempHome,
}

impl Rig {
    pub(super) fn new() -> Self {
        Self { home: TempHome::new() }
    }

    pub(super) fn paths(&self) -> Paths {
        Paths::below(self.home.path())
    }

    pub(super) fn plugins(&self) -> PathBuf {
        self.paths().plugins_dir()
    }

    pub(super) fn installer(&self) -> Installer {
        Installer::new(self.paths(), self.plugins()).with_wait(Duration::ZERO)
    }

    /// Writes an archive and looks at it.
    pub(super) fn inspect(&self, bytes: &[u8]) -> Result<Candidate, Error> {
        crate::inspect(&self.home.write("plugin.zip", bytes), Limits::default())
    }

    pub(super) fn install(&self, version: &str) -> Installed {
        let mut candidate = self.inspect(&plugin_zip(version)).unwrap();
        self.installer().install(&mut candidate).unwrap()
    }

    /// Writes a version as an installation leaves it, but at once.
    pub(super) fn put(&self, version: &str, folder: &str) {
        let write = |name: &str, text: String| {
            self.home.write(&format!("data/plugins/{folder}/{name}"), text);
        };
        write("plugin.json", manifest(version, ""));
        for index in 0..PARTS {
            write(&part_name(index), part(version, index));
        }
    }

    /// Everything below the folder of plugins that is no lock, sorted; folders end in `/`.
    pub(super) fn tree(&self) -> Vec<String> {
        let mut found = Vec::new();
        tree(&self.plugins(), "", &mut found);
        found.retain(|path| path != ".installing/lock" && path != ".installing/");
        found.sort();
        found
    }

    /// The version that is installed, if every file of it is there and of that version.
    pub(super) fn version(&self) -> Option<String> {
        whole(&self.plugins().join("demo"))
    }

    pub(super) fn kept(&self) -> Option<String> {
        whole(&self.plugins().join(".previous/demo"))
    }
}

fn tree(folder: &Path, prefix: &str, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.map(Result::unwrap) {
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            found.push(format!("{name}/"));
            tree(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
}

/// How many files a version has besides its manifest.
const PARTS: usize = 3;

fn part(version: &str, index: usize) -> String {
    format!("-- {version} {index}\n").repeat(1000 + index)
}

/// The version in a folder; nothing if there is none. Half a version is a failure of the test.
#[track_caller]
fn whole(folder: &Path) -> Option<String> {
    if !folder.exists() {
        return None;
    }
    let text = std::fs::read_to_string(folder.join("plugin.json")).expect("it has a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let version = manifest["version"].as_str().unwrap().to_owned();
    let mut found = Vec::new();
    tree(folder, "", &mut found);
    found.retain(|path| !path.ends_with('/'));
    assert_eq!(found.len(), PARTS + 1, "{found:?}");
    for index in 0..PARTS {
        let text = std::fs::read_to_string(folder.join(part_name(index))).unwrap();
        assert_eq!(text, part(&version, index), "{version} {index}");
    }
    Some(version)
}

fn part_name(index: usize) -> String {
    if index == 0 { "plugin.lua".to_owned() } else { format!("lib/part{index}.lua") }
}

/// A plugin of several files that all differ between versions.
pub(super) fn plugin_zip(version: &str) -> Vec<u8> {
    let mut entries = vec![Entry::new("plugin.json", manifest(version, ""))];
    entries.extend((0..PARTS).map(|index| Entry::new(&part_name(index), part(version, index))));
    zip(&entries)
}

/// A manifest of the plugin `demo` with more keys, each followed by a comma.
pub(super) fn manifest(version: &str, keys: &str) -> String {
    format!(
        r#"{{ "schemaVersion": 1, "dialect": "vario", {keys} "id": "demo", "name": "Demo",
            "version": "{version}", "entry": "plugin.lua" }}"#
    )
}
