use std::fs;

use super::rig::{Rig, manifest};
use crate::{Build, Error, PackOptions, pack};

const SMARTCARS: &str = r#"{ "id": "com.example.demo", "name": "Demo", "version": "1.2.3",
    "type": "user", "description": "", "availableSettings": {} }"#;

/// A smartCARS source tree, with what must not be packed beside what must.
fn sources(rig: &Rig) {
    let files = [
        ("plugin.json", SMARTCARS),
        ("pack.js", "throw 1"),
        (
            "background/package.json",
            r#"{ "dependencies": {}, "devDependencies": { "webpack": "5" } }"#,
        ),
        ("background/index.ts", "export = {}"),
        ("background/build/index.js", "module.exports = {}"),
        ("background/build/index.js.map", "{}"),
        ("background/node_modules/left-pad/index.js", "1"),
        ("background/node_modules/.package-lock.json", "{}"),
        ("ui/package.json", "{}"),
        ("ui/index.html", "<sources>"),
        ("ui/dist/index.html", "<built>"),
        ("ui/dist/assets/.hidden", "x"),
        ("ui/dist/assets/a.js", "2"),
        ("ui/node_modules/react/index.js", "3"),
    ];
    for (name, text) in files {
        rig.home.write(&format!("src/{name}"), text);
    }
}

fn options(rig: &Rig) -> PackOptions {
    PackOptions { out: Some(rig.home.path().join("out/new")), ..PackOptions::default() }
}

#[test]
fn smartcars_plugins_are_packed_as_their_own_script_does_it() {
    let rig = Rig::new();
    sources(&rig);
    let folder = rig.home.path().join("src");
    let packed = pack(&folder, &options(&rig)).unwrap();
    assert_eq!(packed.file, rig.home.path().join("out/new/com.example.demo-1.2.3.zip"));
    let ui = ["ui/assets/.hidden", "ui/assets/a.js", "ui/index.html"];
    let entries = |more: &[&'static str]| [more, &["plugin.json"], &ui].concat();
    assert_eq!(packed.entries, entries(&["background/index.js"]));

    rig.home.write("src/background/build/openapi.json", "{}");
    rig.home.write("src/background/package.json", r#"{ "dependencies": { "left-pad": "1" } }"#);
    let packed = pack(&folder, &options(&rig)).unwrap();
    let all = [
        "background/index.js",
        "background/node_modules/.package-lock.json",
        "background/node_modules/left-pad/index.js",
        "background/openapi.json",
    ];
    assert_eq!(packed.entries, entries(&all));
    let mut candidate = rig.installer().inspect(&packed.file).unwrap();
    assert_eq!(candidate.files, packed.entries.len());
    rig.installer().install(&mut candidate).unwrap();
    let built = rig.plugins().join("com.example.demo/ui/index.html");
    assert_eq!(fs::read_to_string(built).unwrap(), "<built>");

    // One that cannot be read has no dependencies; without modules there are none to pack.
    rig.home.write("src/background/package.json", "{");
    assert_eq!(pack(&folder, &options(&rig)).unwrap().entries.len(), 6);
    rig.home.write("src/background/package.json", r#"{ "dependencies": { "left-pad": "1" } }"#);
    fs::remove_dir_all(folder.join("background/node_modules")).unwrap();
    assert_eq!(pack(&folder, &options(&rig)).unwrap().entries.len(), 6);
    fs::remove_file(folder.join("ui/package.json")).unwrap();
    assert_eq!(pack(&folder, &options(&rig)).unwrap().entries.len(), 3);
    fs::remove_file(folder.join("background/package.json")).unwrap();
    // Nothing to build: the folder is taken for a plugin as it is installed.
    assert_eq!(pack(&folder, &options(&rig)).unwrap().entries[0], "background/build/index.js");
}

#[test]
fn what_is_not_built_is_said() {
    let rig = Rig::new();
    sources(&rig);
    let folder = rig.home.path().join("src");
    let error = |rig: &Rig| pack(&folder, &options(rig)).unwrap_err().to_string();
    fs::remove_dir_all(folder.join("ui/dist")).unwrap();
    assert!(error(&rig).starts_with("ui/dist is missing"), "{}", error(&rig));
    fs::remove_file(folder.join("background/build/index.js")).unwrap();
    assert!(error(&rig).starts_with("background/build/index.js is missing"));
    for (manifest, words) in [
        (SMARTCARS.replace("1.2.3", ""), "version"),
        (SMARTCARS.replace("com.example.demo", ""), "id"),
        ("{".to_owned(), ""),
    ] {
        rig.home.write("src/plugin.json", manifest);
        assert!(matches!(pack(&folder, &options(&rig)), Err(Error::Manifest { .. })));
        assert!(error(&rig).contains(words), "{}", error(&rig));
    }
    fs::remove_file(folder.join("plugin.json")).unwrap();
    assert!(error(&rig).contains("neither a `plugin.json`"), "{}", error(&rig));
    assert_eq!(rig.home.names("out/new"), Vec::<String>::new());
}

#[test]
fn other_plugins_are_packed_whole_but_for_what_is_hidden() {
    let rig = Rig::new();
    for (name, text) in [
        ("plugin.json", manifest("1.0.0", "")),
        ("plugin.lua", "return 1".to_owned()),
        ("lib/a.lua", String::new()),
        ("cassettes/a.json", "{}".to_owned()),
        ("node_modules/a/index.js", "1".to_owned()),
        ("node_modules/.bin/a", "1".to_owned()),
        (".git/config", "x".to_owned()),
        (".gitignore", "x".to_owned()),
        ("lib/.DS_Store", "x".to_owned()),
        ("demo-0.9.0.zip", "old".to_owned()),
        ("demo.zip", "old".to_owned()),
        ("data.zip", "mine".to_owned()),
    ] {
        rig.home.write(&format!("src/{name}"), text);
    }
    let folder = rig.home.path().join("src");
    let expected = [
        "cassettes/a.json",
        "data.zip",
        "lib/a.lua",
        "node_modules/a/index.js",
        "plugin.json",
        "plugin.lua",
    ];
    let first = pack(&folder, &PackOptions::default()).unwrap();
    assert_eq!(first.entries, expected);
    assert_eq!(first.file, folder.join("demo-1.0.0.zip"));
    let bytes = fs::read(&first.file).unwrap();
    // Later, with other dates, and beside what was packed before.
    fs::write(folder.join("lib/a.lua"), "").unwrap();
    let second = pack(&folder, &PackOptions::default()).unwrap();
    assert_eq!(second.entries, expected);
    assert!(fs::read(&second.file).unwrap() == bytes, "the same files give the same bytes");
    // A folder and what is packed of it are the same plugin.
    let [one, other] =
        [folder.as_path(), &first.file].map(|source| rig.installer().inspect(source));
    assert_eq!(one.unwrap().hash, other.unwrap().hash);
}

#[test]
fn versions_cannot_lead_out_of_the_folder() {
    let rig = Rig::new();
    rig.home.write("src/plugin.json", SMARTCARS.replace("1.2.3", "../../1 2"));
    let packed = pack(&rig.home.path().join("src"), &options(&rig)).unwrap();
    assert_eq!(packed.file, rig.home.path().join("out/new/com.example.demo-.._.._1_2.zip"));
}

#[test]
fn stratos_is_packed_from_its_build_output() {
    let rig = Rig::new();
    let manifest = r#"{ "id": "demo", "name": "Demo", "version": "1.0.0", "description": "d", "type": "user",
        "author": { "id": "a", "name": "A" }, "icon_light": "l.svg", "icon_dark": "d.svg" }"#;
    rig.home.write("src/plugin.json", manifest);
    rig.home.write("src/src/background/index.ts", "");
    let folder = rig.home.path().join("src");
    let error = pack(&folder, &options(&rig)).unwrap_err();
    assert!(matches!(error, Error::NotBuilt { missing: "dist/plugin.json", .. }), "{error}");
    rig.home.write("src/dist/plugin.json", manifest.replace("1.0.0", "0.9.0"));
    rig.home.write("src/dist/background/index.js", "export default {}");
    rig.home.write("src/dist/assets/a.mp3", "x");
    let packed = pack(&folder, &options(&rig)).unwrap();
    assert_eq!(packed.entries, ["assets/a.mp3", "background/index.js", "plugin.json"]);
    assert!(packed.warnings.iter().any(|warning| warning.contains("build it again")));
    assert_eq!(packed.file.file_name().unwrap(), "demo-0.9.0.zip");
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_and_refused_outside() {
    use std::os::unix::fs::symlink;
    let rig = Rig::new();
    rig.home.write("src/plugin.json", manifest("1.0.0", ""));
    rig.home.write("src/plugin.lua", "return 1");
    rig.home.write("src/real/a.lua", "1");
    rig.home.write("secret", "x");
    let folder = rig.home.path().join("src");
    symlink("real", folder.join("linked")).unwrap();
    let packed = pack(&folder, &options(&rig)).unwrap();
    assert_eq!(packed.entries, ["linked/a.lua", "plugin.json", "plugin.lua", "real/a.lua"]);
    for (to, words) in [("../secret", "leads out"), ("nowhere", "broken"), ("..", "leads out")] {
        symlink(to, folder.join("x")).unwrap();
        let error = pack(&folder, &options(&rig)).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        fs::remove_file(folder.join("x")).unwrap();
    }
    symlink(".", folder.join("x")).unwrap();
    assert!(pack(&folder, &options(&rig)).is_err(), "a circle ends");
}

#[cfg(unix)]
#[test]
fn a_build_runs_npm_as_the_script_of_the_examples_does() {
    use std::os::unix::fs::PermissionsExt as _;
    let rig = Rig::new();
    sources(&rig);
    fs::remove_dir_all(rig.home.path().join("src/ui/dist")).unwrap();
    let npm = rig.home.write(
        "npm",
        "#!/bin/sh\necho \"$(basename \"$PWD\") $*\" >> ../../said\n\
         if [ \"$1 $2 $(basename \"$PWD\")\" = 'run build ui' ]; then mkdir dist && echo x > dist/index.html; fi\n",
    );
    fs::set_permissions(&npm, fs::Permissions::from_mode(0o755)).unwrap();
    let build = |npm: &str| Some(Build { npm: npm.into(), is_shown: false });
    let folder = rig.home.path().join("src");
    let with = |npm: &str| PackOptions { build: build(npm), ..options(&rig) };
    let packed = pack(&folder, &with(npm.to_str().unwrap())).unwrap();
    assert_eq!(packed.entries, ["background/index.js", "plugin.json", "ui/index.html"]);
    let said = fs::read_to_string(rig.home.path().join("said")).unwrap();
    let expected = "background install --include=dev\nui install --include=dev\nbackground run build\nui run build\n";
    assert_eq!(said, expected);
    let error = pack(&folder, &with("no-such-npm")).unwrap_err().to_string();
    assert!(error.contains("npm is not there"), "{error}");
    let error = pack(&folder, &with("false")).unwrap_err().to_string();
    assert!(
        error.contains("`npm install --include=dev`") && error.contains("exit status"),
        "{error}"
    );
    rig.home.write("src/plugin.json", manifest("1.0.0", ""));
    rig.home.write("src/plugin.lua", "return 1");
    let error = pack(&folder, &with("false")).unwrap_err().to_string();
    assert!(error.contains("only smartCARS"), "{error}");
}
