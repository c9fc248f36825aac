use std::sync::Arc;

use vario_manifest::MemoryFolder;

use super::rig::{GOOD, Rig, write_plugin};
use crate::{Bundled, Catalog, check_folders};

#[test]
fn bad_plugins_hide_no_others_and_are_told() {
    let rig = Rig::new();
    rig.js("good", GOOD);
    let dir = rig.plugins_dir();
    for (name, manifest) in [("broken", "{"), ("empty", "{}"), ("list", "[]")] {
        std::fs::create_dir(dir.join(name)).expect("a folder");
        std::fs::write(dir.join(name).join("plugin.json"), manifest).expect("a manifest");
    }
    std::fs::create_dir(dir.join("no-manifest")).expect("a folder");
    std::fs::write(dir.join("a-file"), "x").expect("a file");
    let catalog = rig.catalog();
    let ids: Vec<&str> = catalog.plugins.iter().map(|found| found.plugin.id.as_str()).collect();
    assert_eq!(ids, ["good"]);
    let mut names: Vec<_> =
        catalog.problems.iter().filter_map(|problem| problem.path.file_name()).collect();
    names.sort();
    assert_eq!(names, ["broken", "empty", "list"]);
    assert!(catalog.problems.iter().all(|problem| problem.diagnostics.errors() > 0));
}

#[test]
fn the_first_of_two_equal_ids_wins_and_both_are_told() {
    let rig = Rig::new();
    let dir = rig.plugins_dir();
    write_plugin(&dir.join("one"), "same", "plugin.js", "", "");
    write_plugin(&dir.join("two"), "same", "plugin.js", "", "");
    let catalog = rig.catalog();
    assert_eq!(catalog.plugins.len(), 1);
    assert_eq!(catalog.plugins[0].path.as_deref(), Some(dir.join("one").as_path()));
    let [problem] = catalog.problems.as_slice() else { panic!("{:?}", catalog.problems) };
    assert_eq!(problem.path, dir.join("two"));
    let message = &problem.diagnostics.list()[0].message;
    assert!(message.contains(dir.join("one").to_str().expect("UTF-8")), "{message}");

    let checked = check_folders(
        &rig.context.engines,
        &rig.context.isolation,
        &[dir.join("one"), dir.join("two")],
    );
    assert_eq!(checked.iter().map(|c| c.diagnostics.errors()).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn a_plugin_of_the_users_own_replaces_a_bundled_one() {
    let rig = Rig::new();
    rig.js("mine", GOOD);
    let manifest = std::fs::read(rig.plugins_dir().join("mine/plugin.json")).expect("a manifest");
    let bundled = MemoryFolder::new()
        .with("plugin.json", manifest)
        .with("plugin.js", "")
        .with("icon.svg", "<svg/>");
    let catalog = Catalog::discover(&[rig.plugins_dir()], &[Bundled { folder: Arc::new(bundled) }]);
    assert_eq!(catalog.plugins.len(), 1);
    assert!(catalog.plugins[0].path.is_some());
    assert!(catalog.problems.is_empty(), "{:?}", catalog.problems);
}

#[test]
fn folders_that_cannot_be_read_are_told() {
    let rig = Rig::new();
    let missing = rig.dir.path().join("missing");
    let catalog = Catalog::discover(&[missing.clone(), missing.clone()], &[]);
    let [searched] = catalog.searched.as_slice() else { panic!("{:?}", catalog.searched) };
    assert_eq!(searched.path, missing);
    assert!(searched.state.is_err());
}

#[cfg(unix)]
#[test]
fn symbolic_links_to_plugins_count_and_loops_do_not_hang() {
    use std::os::unix::fs::symlink;
    let rig = Rig::new();
    rig.js("real", GOOD);
    let dir = rig.plugins_dir();
    let elsewhere = rig.dir.path().join("elsewhere");
    write_plugin(&elsewhere, "linked", "plugin.js", "", "");
    symlink(&elsewhere, dir.join("link")).expect("a link");
    symlink(dir.join("loop-b"), dir.join("loop-a")).expect("a link");
    symlink(dir.join("loop-a"), dir.join("loop-b")).expect("a link");
    symlink(&dir, dir.join("self")).expect("a link");
    let catalog = rig.catalog();
    let ids: Vec<&str> = catalog.plugins.iter().map(|found| found.plugin.id.as_str()).collect();
    assert_eq!(ids, ["linked", "real"]);
}

#[test]
fn checking_finds_code_that_does_not_parse() {
    let rig = Rig::new();
    rig.js("good", GOOD);
    rig.js("bad", "return (");
    rig.lua("worse", "return (", "");
    let dir = rig.plugins_dir();
    let folders = ["good", "bad", "worse"].map(|name| dir.join(name));
    let checked = check_folders(&rig.context.engines, &rig.context.isolation, &folders);
    assert_eq!(checked.iter().map(|c| c.diagnostics.errors()).collect::<Vec<_>>(), [0, 1, 1]);
    let message = &checked[1].diagnostics.list()[0].message;
    assert!(message.contains("line 1"), "{message}");
}
