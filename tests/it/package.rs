//! Packing, installing, rolling back and removing.

pub(crate) mod archive;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use self::archive::{names, zip};
use crate::rig::{LANGUAGES, Language, Ran, Rig};

const ID: &str = "com.example.demo";

fn smartcars(version: &str) -> String {
    format!(
        r#"{{ "id": "{ID}", "name": "The demo", "version": "{version}", "type": "user",
            "description": "", "organization": "Example", "availableSettings": {{}} }}"#
    )
}

fn stratos(version: &str) -> String {
    format!(
        r#"{{ "id": "demo", "name": "The demo", "version": "{version}", "description": "d",
            "type": "user", "author": {{ "id": "a", "name": "Ann" }}, "icon_light": "i.svg",
            "icon_dark": "i.svg",
            "availableSettings": [{{ "key": "callsign", "name": "Callsign", "type": "text",
                "scope": "user" }}] }}"#
    )
}

/// A smartCARS plugin as its own script packs it.
fn smartcars_zip(version: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let manifest = smartcars(version);
    let plain =
        [("plugin.json", manifest.as_str()), ("background/index.js", "module.exports = {};")];
    zip(&[&plain, more].concat())
}

fn install(rig: &Rig, bytes: &[u8]) -> Ran {
    let archive = rig.home.write("plugin.zip", bytes);
    rig.run(&["install", archive.to_str().expect("a plain path"), "--yes", "--json"])
}

fn read(rig: &Rig, path: &str) -> Option<String> {
    fs::read_to_string(rig.plugins().join(path)).ok()
}

/// The version of a plugin as `vario list` sees it.
fn listed(rig: &Rig, id: &str) -> Option<String> {
    let list = rig.run(&["list", "--json"]).json();
    let plugins = list.as_array().expect("a list of plugins");
    let found = plugins.iter().find(|plugin| plugin["id"] == id)?;
    found["version"].as_str().map(str::to_owned)
}

#[test]
fn sc_23_a_zip_without_folders_dates_and_attributes_installs() {
    let rig = Rig::new();
    let files =
        [("background/node_modules/a/index.js", "1"), ("ui/index.html", "<p>"), ("ui/empty", "")];
    let ran = install(&rig, &smartcars_zip("1.0.0", &files)).exits(0);
    let json = ran.json();
    assert_eq!((&json["id"], &json["dialect"]), (&json!(ID), &json!("smartcars")));
    assert_eq!((&json["files"], &json["installed"]), (&json!(5), &json!(true)));
    assert_eq!(listed(&rig, ID).as_deref(), Some("1.0.0"));
    for (name, text) in files {
        assert_eq!(read(&rig, &format!("{ID}/{name}")).as_deref(), Some(text), "{name}");
    }
}

/// The sources of a smartCARS plugin with their build output.
fn sources(rig: &Rig) -> PathBuf {
    for (name, text) in [
        ("plugin.json", smartcars("1.2.3").as_str()),
        ("pack.js", "throw 1"),
        ("background/package.json", r#"{ "devDependencies": { "webpack": "5" } }"#),
        ("background/index.ts", "export = {}"),
        ("background/build/index.js", "module.exports = {};"),
        ("background/node_modules/a/index.js", "1"),
        ("ui/package.json", "{}"),
        ("ui/dist/index.html", "<p>"),
        ("ui/dist/assets/a.js", "2"),
    ] {
        rig.home.write(&format!("src/{name}"), text);
    }
    rig.home.path().join("src")
}

#[test]
fn sc_24_the_layout_of_a_packed_plugin() {
    let rig = Rig::new();
    let folder = sources(&rig);
    let packed = |expected: &[&str]| {
        let ran = rig.run(&["pack", "src"]).exits(0);
        assert_eq!(ran.stdout, format!("src/{ID}-1.2.3.zip\n"));
        let bytes = fs::read(folder.join(format!("{ID}-1.2.3.zip"))).expect("it was written");
        assert_eq!(names(&bytes), expected);
        bytes
    };
    let ui = ["ui/assets/a.js", "ui/index.html"];
    packed(&["background/index.js", "plugin.json", ui[0], ui[1]]);
    rig.home.write("src/background/build/openapi.json", "{}");
    rig.home.write("src/background/package.json", r#"{ "dependencies": { "a": "1" } }"#);
    let modules = "background/node_modules/a/index.js";
    let all =
        ["background/index.js", modules, "background/openapi.json", "plugin.json", ui[0], ui[1]];
    let bytes = packed(&all);
    assert_eq!(packed(&all), bytes, "the same files give the same bytes");
    // What was packed is what is installed from the folder.
    install(&rig, &bytes).exits(0);
    let same = rig.run(&["install", "src"]).exits(0);
    assert!(same.stderr.contains("is installed already"), "{same}");
    fs::remove_dir_all(folder.join("ui/dist")).expect("it is there");
    let ran = rig.run(&["pack", "src"]).exits(1);
    assert!(ran.stderr.contains("ui/dist is missing"), "{ran}");
    fs::remove_file(folder.join("background/build/index.js")).expect("it is there");
    let ran = rig.run(&["pack", "src"]).exits(1);
    assert!(ran.stderr.contains("background/build/index.js is missing"), "{ran}");
    rig.home.write("src/plugin.json", smartcars(""));
    rig.run(&["pack", "src"]).exits(1);
    rig.run(&["pack", "nowhere"]).exits(2);
}

#[test]
fn sc_25_the_options_of_packing() {
    let rig = Rig::new();
    sources(&rig);
    let file = format!("{ID}-1.2.3.zip");
    let ran = rig.run(&["pack", "src", "--out", "out/of/it"]).exits(0);
    assert_eq!(ran.stdout, format!("out/of/it/{file}\n"));
    assert_eq!(rig.home.names("out/of/it"), [file]);
    let ran = rig.run(&["pack", "src", "--install", "--out", "other"]).exits(0);
    assert!(ran.stdout.is_empty() && ran.stderr.contains("--out does nothing"), "{ran}");
    assert_eq!(listed(&rig, ID).as_deref(), Some("1.2.3"));
    assert_eq!(rig.home.names("other"), Vec::<String>::new());
    // A search path with nothing on it; without any, the system's own would count.
    let mut command = rig.command(&["pack", "src", "--build"]);
    command.env("PATH", rig.home.path().join("nothing"));
    let ran = rig.finish(command).exits(1);
    assert!(ran.stderr.contains("npm is not there"), "{ran}");
}

/// Another program in the place of npm, which says what it is asked for and builds the pages.
#[cfg(unix)]
#[test]
fn sc_25_building_first() {
    use std::os::unix::fs::PermissionsExt as _;
    let rig = Rig::new();
    let folder = sources(&rig);
    let script = "#!/bin/sh\n/bin/echo \"${PWD##*/} $*\"\n[ \"$*\" != fail ] && \
                  { [ \"${PWD##*/} $*\" != 'ui run build' ] || { /bin/mkdir dist; echo new > dist/a; } }\n";
    let npm = rig.home.write("bin/npm", script);
    fs::set_permissions(npm, fs::Permissions::from_mode(0o755)).expect("it is ours");
    let build = |more: &[&str]| {
        fs::remove_dir_all(folder.join("ui/dist")).expect("it is there");
        let mut command = rig.command(&["pack", "src", "--build"]);
        command.args(more).arg("--plugins").arg(rig.plugins());
        command.env("PATH", rig.home.path().join("bin"));
        rig.finish(command)
    };
    let ran = build(&["--out", "out"]).exits(0);
    let steps = "background install --include=dev\nui install --include=dev\nbackground run build\nui run build\n";
    assert!(ran.stderr.contains(steps), "{ran}");
    assert_eq!(ran.stdout, format!("out/{ID}-1.2.3.zip\n"), "what npm says is no data");
    let bytes = fs::read(rig.home.path().join(format!("out/{ID}-1.2.3.zip"))).expect("it is there");
    assert_eq!(names(&bytes), ["background/index.js", "plugin.json", "ui/a"]);
    build(&["--install"]).exits(0);
    assert_eq!(read(&rig, &format!("{ID}/ui/a")).as_deref(), Some("new\n"));
}

/// What was granted to a plugin goes with it, what was denied to its name does not.
#[test]
fn other_code_does_not_inherit_from_what_was_removed() {
    let rig = Rig::new();
    install(&rig, &smartcars_zip("1.0.0", &[])).exits(0);
    rig.run(&["grant", ID, "routes"]).exits(0);
    rig.run(&["grant", ID, "--deny", "system"]).exits(0);
    let json = install(&rig, &smartcars_zip("1.1.0", &[])).exits(0).json();
    assert_eq!(json["hasAtOnce"], json!(["routes"]), "an update keeps them");
    rig.run(&["remove", ID, "--yes"]).exits(0);
    let json = install(&rig, &smartcars_zip("2.0.0", &[])).exits(0).json();
    assert_eq!(json["hasAtOnce"], json!([]));
    let grants = rig.run(&["grants", ID, "--json"]).exits(0).json();
    assert_eq!((&grants[0]["allow"], &grants[0]["deny"]), (&json!([]), &json!(["system"])));
}

#[test]
fn sc_26_an_update_replaces_all_and_a_failed_one_nothing() {
    let rig = Rig::new();
    install(&rig, &smartcars_zip("1.0.0", &[("ui/old.html", "1")])).exits(0);
    let json = install(&rig, &smartcars_zip("2.0.0", &[("ui/new.html", "2")])).exits(0).json();
    assert_eq!(json["replaces"]["version"], json!("1.0.0"));
    let whole = || {
        assert_eq!(listed(&rig, ID).as_deref(), Some("2.0.0"));
        assert_eq!(read(&rig, &format!("{ID}/ui/new.html")).as_deref(), Some("2"));
        assert_eq!(read(&rig, &format!("{ID}/ui/old.html")), None);
    };
    whole();
    let cut = smartcars_zip("3.0.0", &[]);
    let cases = [
        (smartcars_zip("3.0.0", &[("../evil.js", "x")]), "`.` or `..`"),
        (smartcars_zip("3.0.0", &[("ui/../../../evil.js", "x")]), "`.` or `..`"),
        (smartcars_zip("3.0.0", &[("/evil.js", "x")]), "absolute"),
        (smartcars_zip("3.0.0", &[("..\\evil.js", "x")]), "not `\\`"),
        (smartcars_zip("3.0.0", &[("UI/new.html", "x"), ("ui/new.html", "x")]), "same name"),
        (cut[..cut.len() - 9].to_vec(), "no zip file"),
        (zip(&[("plugin.json", "{}")]), ""),
        (smartcars_zip("", &[]), "version"),
    ];
    for (bytes, words) in cases {
        let ran = install(&rig, &bytes).exits(2);
        assert!(ran.stderr.contains(words) && ran.stdout.is_empty(), "{ran}");
        whole();
    }
    assert!(!rig.home.path().join("evil.js").exists());
    assert_eq!(rig.home.names("plugins"), [".installing", ".previous", ID]);
    rig.run(&["rollback", ID]).exits(0);
    assert_eq!(listed(&rig, ID).as_deref(), Some("1.0.0"));
    assert_eq!(read(&rig, &format!("{ID}/ui/old.html")).as_deref(), Some("1"));
    rig.run(&["rollback", ID]).exits(0);
    whole();
    rig.run(&["rollback", "com.example.other"]).exits(4);
}

#[test]
fn sc_32_nothing_is_installed_or_updated_without_consent() {
    let rig = Rig::new();
    for version in ["1.0.0", "2.0.0"] {
        rig.home.write("plugin.zip", smartcars_zip(version, &[]));
        let before = listed(&rig, ID);
        let ran = rig.run(&["install", "plugin.zip"]).exits(2);
        assert!(ran.stderr.contains("Nothing vouches for this code"), "{ran}");
        assert!(ran.stderr.contains("--yes installs it"), "{ran}");
        let json = rig.run(&["install", "plugin.zip", "--json"]).exits(2).json();
        assert_eq!((&json["verified"], &json["installed"]), (&json!(false), &json!(false)));
        assert_eq!(json["path"], Json::Null);
        assert_eq!(listed(&rig, ID), before);
        rig.run(&["install", "plugin.zip", "--yes"]).exits(0);
        assert_eq!(listed(&rig, ID).as_deref(), Some(version));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn sc_32_the_user_is_asked_on_a_terminal() {
    use crate::rig::{Does, on_terminal};
    let rig = Rig::new();
    rig.home.write("plugin.zip", smartcars_zip("1.0.0", &[]));
    for (typed, code) in [(&b"\n"[..], 1), (b"n\n", 1), (b"\x04", 1), (b"yes\n", 0)] {
        let steps = [("[y/N]", Does::Types(typed))];
        let args = ["install", "plugin.zip", "--color", "never"];
        let ran = on_terminal(&rig, &args, &steps).exits(code);
        assert!(ran.stdout.contains("The demo 1.0.0 (com.example.demo)"), "{ran}");
        assert!(ran.stdout.contains("by Example"), "{ran}");
        assert_eq!(listed(&rig, ID).is_some(), code == 0, "{ran}");
    }
    rig.home.write("plugin.zip", smartcars_zip("2.0.0", &[]));
    let steps = [("Update it? [y/N]", Does::Types(b"no\n"))];
    let ran = on_terminal(&rig, &["install", "plugin.zip"], &steps).exits(1);
    assert!(ran.stdout.contains("It replaces 1.0.0 by 2.0.0."), "{ran}");
    assert_eq!(listed(&rig, ID).as_deref(), Some("1.0.0"));
}

#[test]
fn st_30_an_update_keeps_data_and_settings() {
    let rig = Rig::new();
    let archive = |version: &str| {
        zip(&[("plugin.json", &stratos(version)), ("background/index.js", "export default {}")])
    };
    install(&rig, &archive("1.0.0")).exits(0);
    rig.run(&["config", "plugin", "demo", "callsign", "ABC1"]).exits(0);
    let data = rig.home.write("data/vario/plugins_data/demo/flights.db", "kept");
    assert!(!data.starts_with(rig.plugins()));
    install(&rig, &archive("2.0.0")).exits(0);
    rig.run(&["rollback", "demo"]).exits(0);
    rig.run(&["remove", "demo", "--yes"]).exits(0);
    install(&rig, &archive("3.0.0")).exits(0);
    assert_eq!(fs::read_to_string(&data).expect("it is there"), "kept");
    let ran = rig.run(&["config", "plugin", "demo", "callsign"]).exits(0);
    assert_eq!(ran.stdout.trim(), "ABC1");
    rig.run(&["remove", "demo"]).exits(2);
    rig.run(&["remove", "nobody"]).exits(4);
    rig.run(&["remove", "demo", "--purge", "--yes"]).exits(0);
    assert!(!data.exists());
    install(&rig, &archive("3.0.0")).exits(0);
    let ran = rig.run(&["config", "plugin", "demo", "callsign"]).exits(0);
    assert_ne!(ran.stdout.trim(), "ABC1");
}

#[test]
fn st_31_the_manifest_stands_at_the_root_or_in_one_folder() {
    let files = [
        ("plugin.json", stratos("1.0.0")),
        ("background/index.js", "export default {}".to_owned()),
    ];
    for (prefix, code) in [("", 0), ("demo-1.0.0/", 0), ("a/b/", 2), ("../", 2)] {
        let rig = Rig::new();
        let paths: Vec<(String, &str)> =
            files.iter().map(|(name, text)| (format!("{prefix}{name}"), text.as_str())).collect();
        let entries: Vec<(&str, &str)> =
            paths.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        install(&rig, &zip(&entries)).exits(code);
        let there = read(&rig, "demo/background/index.js").is_some();
        assert_eq!(there, code == 0, "{prefix:?}");
    }
    // What is packed of the sources is their build output.
    let rig = Rig::new();
    rig.home.write("src/plugin.json", stratos("1.0.0"));
    rig.home.write("src/src/background/index.ts", "");
    rig.run(&["pack", "src"]).exits(1);
    for (name, text) in &files {
        rig.home.write(&format!("src/dist/{name}"), text);
    }
    rig.run(&["pack", "src", "--out", "."]).exits(0);
    let bytes = fs::read(rig.home.path().join("demo-1.0.0.zip")).expect("it was written");
    assert_eq!(names(&bytes), ["background/index.js", "plugin.json"]);
}

/// A probe that says its version, packed.
fn probe_zip(version: &str, keys: &str) -> Vec<u8> {
    let language = LANGUAGES[0];
    let script = language.script(
        "demo",
        &format!(
            "return {{ lines = {{ ctx.line.text({{ label = 'V', value = '{version}' }}) }} }}"
        ),
        &format!("return {{ lines: [ctx.line.text({{ label: 'V', value: '{version}' }})] }}"),
    );
    let entry = if matches!(language, Language::Js) { "plugin.js" } else { "plugin.lua" };
    let manifest = format!(
        r#"{{ "schemaVersion": 1, "dialect": "vario", {keys} "id": "demo", "name": "Demo",
            "version": "{version}", "entry": "{entry}" }}"#
    );
    zip(&[("plugin.json", &manifest), (entry, &script)])
}

#[test]
fn an_installed_probe_runs_and_an_update_says_what_it_gets() {
    let rig = Rig::new();
    let says = || rig.run(&["probe", "demo", "--json"]).json()[0]["lines"][0]["value"].clone();
    install(&rig, &probe_zip("1.0.0", r#""permissions": { "system": true },"#)).exits(0);
    assert_eq!(says(), json!("1.0.0"));
    rig.run(&["grant", "demo", "--declared"]).exits(0);
    let keys = r#""permissions": { "system": true, "net": ["api.example.com"] },"#;
    let ran = install(&rig, &probe_zip("2.0.0", keys)).exits(0);
    let json = ran.json();
    assert_eq!(json["newPermissions"], json!(["net:api.example.com"]));
    assert_eq!(json["hasAtOnce"], json!(["system"]));
    assert!(ran.stderr.contains("It keeps the rights it was granted"), "{ran}");
    assert!(ran.stderr.contains("connect to"), "{ran}");
    assert_eq!(says(), json!("2.0.0"));
    rig.run(&["rollback", "demo"]).exits(0);
    assert_eq!(says(), json!("1.0.0"));
    rig.run(&["remove", "demo", "--yes"]).exits(0);
    rig.run(&["probe", "demo"]).exits(4);
    rig.run(&["remove", "demo", "--yes"]).exits(4);
    rig.run(&["remove", "demo", "--purge", "--yes"]).exits(0);
    assert!(rig.run(&["grants", "--json"]).exits(0).json().as_array().is_some_and(Vec::is_empty));
}

#[test]
fn what_a_killed_installation_left_is_brought_in_order_at_the_next_start() {
    let rig = Rig::new();
    install(&rig, &smartcars_zip("1.0.0", &[])).exits(0);
    // As it is where folders cannot change places, and the process died in between.
    let bench = rig.plugins().join(".installing").join(ID);
    fs::create_dir(&bench).expect("nobody is at work");
    fs::rename(rig.plugins().join(ID), bench.join("old")).expect("it is there");
    fs::create_dir(bench.join("new")).expect("it is ours");
    assert_eq!(listed(&rig, ID).as_deref(), Some("1.0.0"));
    assert!(!bench.exists());
}
