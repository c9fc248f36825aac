//! `vario check`: bad plugin folders are reported, and survived by everything else.

use std::path::Path;

use serde_json::json;

use crate::rig::{LANGUAGES, Rig, fixtures};

fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary path is UTF-8")
}

/// What is checked is written, checked, and listed beside a good plugin, which stays usable.
#[track_caller]
fn checked(name: &str, manifest: &[u8]) -> String {
    let rig = Rig::new();
    rig.says("good", "hello");
    rig.home.write("plugins/bad/plugin.json", manifest);
    let folder = rig.plugins().join("bad");
    let ran = rig.run_configured(&["check", text(&folder)]);
    assert_eq!(ran.code, Some(1), "{name}: {ran}");
    let list = rig.run(&["list", "--json"]).exits(0);
    assert_eq!(list.json()[0]["id"], json!("good"), "{name}: {list}");
    assert_eq!(list.json().as_array().map(Vec::len), Some(1), "{name}: {list}");
    rig.run(&["probe", "--quiet"]).exits(0);
    ran.stdout
}

#[test]
fn broken_manifests_are_shown_as_a_compiler_does() {
    let good = r#"{ "schemaVersion": 1, "dialect": "vario", "id": "bad", "name": "Bad", "version": "1", "entry": "plugin.lua" }"#;
    let with_mark = format!("\u{feff}{good}");
    let twice = good.replacen("\"version\": \"1\"", "\"version\": \"1\", \"version\": \"2\"", 1);
    let cases: [(&str, &[u8]); 7] = [
        ("truncated", &good.as_bytes()[..60]),
        ("byte order mark", with_mark.as_bytes()),
        ("repeated key", twice.as_bytes()),
        ("not UTF-8", b"{ \"id\": \"\xff\" }"),
        ("empty", b""),
        ("another type", b"[]"),
        ("no entry", good.as_bytes()),
    ];
    let mut all = String::new();
    for (name, manifest) in cases {
        all.extend(["== ", name, "\n", &checked(name, manifest), "\n"]);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_manifest_of_fifty_megabytes() {
    let mut manifest = br#"{ "schemaVersion": 1, "id": ""#.to_vec();
    manifest.resize(50 * 1024 * 1024, b'x');
    manifest.extend_from_slice(br#"" }"#);
    let said = checked("large", &manifest);
    assert!(said.len() < 4096, "{} bytes were said about it", said.len());
    insta::assert_snapshot!(said);
}

#[test]
fn json_names_file_path_line_and_column() {
    let folder = fixtures().join("manifests/bad-wrong-types");
    let rig = Rig::new();
    let report = rig.run_configured(&["check", "--json", text(&folder)]).exits(1).json();
    assert_eq!(report[0]["ok"], json!(false));
    let problems = report[0]["problems"].as_array().expect("problems");
    assert!(!problems.is_empty());
    for problem in problems {
        assert_eq!(problem["file"], json!("plugin.json"), "{problem}");
        assert!(
            problem["position"]["line"].is_u64() && problem["position"]["column"].is_u64(),
            "{problem}"
        );
        assert!(problem["path"].is_string() && problem["message"].is_string(), "{problem}");
    }
}

#[test]
fn good_plugins_are_ok() {
    let rig = Rig::new();
    for pair in std::fs::read_dir(fixtures().join("plugins")).expect("there are fixtures") {
        let pair = pair.expect("readable").path();
        if !pair.is_dir() {
            continue;
        }
        // Its code does not parse, and that is said too.
        let expected = i32::from(pair.ends_with("failure-syntax"));
        for language in LANGUAGES {
            let ran = rig.run_configured(&["check", text(&pair.join(language.name()))]);
            let warned = ran.stdout.contains("warning");
            assert!(ran.code == Some(expected) && !warned, "{}: {ran}", pair.display());
        }
    }
}

#[test]
fn syntax_errors_are_found_without_running_anything() {
    for language in LANGUAGES {
        let folder = fixtures().join("plugins/failure-syntax").join(language.name());
        let ran = Rig::new().run_configured(&["check", text(&folder)]).exits(1);
        let file = format!("plugin.{}", language.name());
        assert!(ran.stdout.contains(&file) && ran.stdout.contains("parse"), "{ran}");
    }
}

#[cfg(unix)]
#[test]
fn a_symlink_loop_and_a_link_outside() {
    use std::os::unix::fs::symlink;

    let rig = Rig::new();
    rig.says("good", "hello");
    symlink("loop", rig.plugins().join("loop")).expect("a link");
    symlink(".", rig.plugins().join("self")).expect("a link");
    let outside = rig.home.write("outside.lua", "return {}");
    let folder = rig.plugins().join("linked");
    std::fs::create_dir(&folder).expect("a new folder");
    symlink(outside, folder.join("plugin.lua")).expect("a link");
    rig.home.write(
        "plugins/linked/plugin.json",
        r#"{ "schemaVersion": 1, "id": "linked", "name": "L", "version": "1", "entry": "plugin.lua" }"#,
    );
    let ran = rig.run_configured(&["check", text(&folder)]).exits(1);
    assert!(ran.stdout.contains("outside"), "{ran}");
    let probed = rig.run(&["probe", "--json"]).exits(0);
    assert_eq!(probed.json().as_array().map(Vec::len), Some(1), "{probed}");
    // A folder that is a loop itself is said to be unreadable.
    let ran = rig.run_configured(&["list", "--plugins", text(&rig.plugins().join("loop"))]);
    let ran = ran.exits(4);
    assert!(ran.stderr.contains("[TEMP]/plugins/loop"), "{ran}");
}

#[cfg(unix)]
#[test]
fn an_unreadable_folder_hides_no_other() {
    use std::os::unix::fs::PermissionsExt as _;

    let rig = Rig::new();
    rig.says("good", "hello");
    let closed = rig.says("closed", "hello");
    let set = |mode| {
        std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(mode)).expect("own file");
    };
    set(0o000);
    let ran = rig.run(&["list", "--json"]);
    set(0o755);
    let ran = ran.exits(0);
    assert!(
        ran.json().as_array().is_some_and(|list| list.iter().any(|plugin| plugin["id"] == "good")),
        "{ran}"
    );
    if !crate::rig::is_root() {
        assert_eq!(ran.json().as_array().map(Vec::len), Some(1), "{ran}");
        assert!(ran.stderr.contains("[TEMP]/plugins/closed"), "{ran}");
    }
    // A file in place of a folder is one that nobody can read as a folder, root neither.
    rig.home.write("file", "not a folder");
    let mut command =
        rig.command(&["probe", "--json", "--plugins", "file", "--plugins", "plugins"]);
    command.arg("good");
    rig.finish(command).exits(0);
}
