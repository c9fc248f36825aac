use std::fs;
use std::path::{Path, PathBuf};

use crate::{DiskFolder, check, load};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/manifests")
}

/// Every case is a plugin's folder with an `expect.txt`: the plugin's summary, then what is shown.
///
/// `UPDATE=1` writes the expectations anew.
#[test]
fn every_case_reads_as_expected() {
    let mut cases: Vec<PathBuf> =
        fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.is_dir());
    cases.sort();
    assert!(cases.len() > 30, "only {} cases", cases.len());
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for case in cases {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let found = describe(&case);
        let good = name.starts_with("good-");
        assert_eq!(good, found.starts_with("ok\n"), "{name}: {found}");
        let expect = case.join("expect.txt");
        if update {
            fs::write(&expect, &found).unwrap();
        } else if fs::read_to_string(&expect).unwrap_or_default() != found {
            wrong.push(format!("{name}:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "not as in expect.txt (UPDATE=1 rewrites):\n{}", wrong.join("\n"));
}

fn describe(case: &Path) -> String {
    let folder = DiskFolder::open(case).unwrap();
    let loaded = check(&folder);
    let quick = load(&folder);
    assert!(loaded.plugin.is_none() || quick.plugin == loaded.plugin, "quick and full differ");
    let verdict = if loaded.plugin.is_some() { "ok" } else { "refused" };
    let plugin = loaded.plugin.as_ref().map_or_else(String::new, |plugin| {
        let mut json = serde_json::to_value(plugin).unwrap();
        // What is empty says nothing.
        json.as_object_mut().unwrap().retain(|_, value| {
            !value.is_null()
                && value.as_array().is_none_or(|list| !list.is_empty())
                && value.as_object().is_none_or(|map| map.values().any(|value| !value.is_null()))
                && value != ""
        });
        let primary = plugin.primary_candidates();
        let weekly = plugin.weekly_candidate();
        format!("{}\nprimary {primary:?} weekly {weekly:?}\n", pretty(&json))
    });
    let diagnostics = loaded.diagnostics.to_string();
    let gap = if diagnostics.is_empty() { "" } else { "\n" };
    format!("{verdict}\n{plugin}{gap}{diagnostics}")
}

fn pretty(json: &serde_json::Value) -> String {
    serde_json::to_string_pretty(json).unwrap()
}
