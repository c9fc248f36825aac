use std::path::Path;

use tempfile::TempDir;
use vario_manifest::Dialect;

use super::rig::write_plugin;
use crate::{Found, content_hash};

fn hash(folder: &Path) -> String {
    let found = Found::load(folder).expect("the plugin can be used");
    content_hash(&found).expect("its files can be read")
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}

#[test]
fn only_what_can_run_counts() {
    // The change, whether it counts for `openusage`, and for a dialect with modules.
    let cases = [
        ("the entry", "plugin.lua", true, true),
        ("a module", "lib/a.lua", false, true),
        ("data", "table.json", false, true),
        ("a cassette", "cassettes/one.json", false, false),
        ("a hidden file", ".git/index", false, false),
        ("a folder that is only called so", "lib/cassettes/a.lua", false, true),
    ];
    for (keys, dialect) in [("", Dialect::Openusage), (r#", "dialect": "vario""#, Dialect::Vario)] {
        for (name, file, in_openusage, in_vario) in cases {
            let dir = TempDir::new().expect("a temporary folder");
            let entry = if dialect == Dialect::Openusage { "plugin.js" } else { "plugin.lua" };
            let file = if file == "plugin.lua" { entry } else { file };
            write_plugin(dir.path(), "demo", entry, "return {}", keys);
            let before = hash(dir.path());
            assert_eq!(before, hash(dir.path()), "it is the same twice");
            write(dir.path(), file, "changed");
            let counts = if dialect == Dialect::Openusage { in_openusage } else { in_vario };
            assert_eq!(before != hash(dir.path()), counts, "{dialect:?}: {name}");
        }
    }
}

#[test]
fn names_and_contents_do_not_run_into_each_other() {
    let dir = TempDir::new().expect("a temporary folder");
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    for folder in [&one, &other] {
        write_plugin(folder, "demo", "plugin.lua", "return {}", r#", "dialect": "vario""#);
    }
    assert_eq!(hash(&one), hash(&other), "the place does not count");
    write(&one, "ab", "c");
    write(&other, "a", "bc");
    assert_ne!(hash(&one), hash(&other));
}
