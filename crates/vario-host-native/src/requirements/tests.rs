use std::fs;
use std::path::Path;

use super::{Sought, library_is_there, program_is_there};

/// A folder with a program `tool`, a file `plain` and a folder `dir`.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ending = if cfg!(windows) { ".exe" } else { "" };
    for name in [format!("tool{ending}"), "plain".to_owned()] {
        fs::write(folder.path().join(name), "").unwrap();
    }
    fs::create_dir(folder.path().join("dir")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let tool = folder.path().join("tool");
        fs::set_permissions(tool, fs::Permissions::from_mode(0o755)).unwrap();
    }
    folder
}

#[test]
fn ms_20_a_program_is_found_by_path_by_variable_and_by_name() {
    let folder = folder();
    let ending = if cfg!(windows) { ".exe" } else { "" };
    let place = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let tool = place(&format!("tool{ending}"));
    let (missing, dir) = (place("missing"), place("dir"));
    let home_path = format!("~/tool{ending}");
    let rows = [
        ("x", Some(tool.as_str()), None, "", true),
        ("x", Some(home_path.as_str()), None, "", true),
        ("x", Some("tool"), None, "", false),
        ("x", Some(missing.as_str()), None, "", false),
        ("x", Some(dir.as_str()), None, "", false),
        ("x", Some(missing.as_str()), Some("TOOL"), "", true),
        ("x", None, Some("UNSET"), "", false),
        ("x", None, Some("EMPTY"), "", false),
        ("tool", None, None, "on", true),
        ("tool", Some(missing.as_str()), Some("UNSET"), "on", true),
        ("tool", None, None, "", false),
        ("tool", None, None, "relative", false),
        ("dir", None, None, "on", false),
        ("./tool", None, None, "on", false),
        ("", None, None, "on", false),
        ("..", None, None, "on", false),
    ];
    for (name, path, variable, search, there) in rows {
        let environment = |asked: &str| match (asked, search) {
            ("TOOL", _) => Some(tool.clone()),
            ("EMPTY", _) => Some(String::new()),
            ("PATH", "on") => {
                let folders = [Path::new("/nowhere"), folder.path()];
                Some(std::env::join_paths(folders).unwrap().into_string().unwrap())
            }
            ("PATH", "relative") => Some(".".to_owned()),
            _ => None,
        };
        let home = Some(folder.path());
        let sought = Sought { path, variable, home };
        let found = program_is_there(name, sought, &environment);
        assert_eq!(found, there, "{name} {path:?} {variable:?} {search}");
    }
    #[cfg(unix)]
    {
        let plain = place("plain");
        let sought = Sought { path: Some(&plain), variable: None, home: None };
        assert!(!program_is_there("x", sought, &|_: &str| None), "nobody may start it");
    }
}

#[test]
fn ms_20_a_library_is_found_by_path_and_by_variable_only() {
    let folder = folder();
    let plain = folder.path().join("plain").to_string_lossy().into_owned();
    let environment = |asked: &str| (asked == "LIB").then(|| plain.clone());
    for (path, variable, there) in [
        (Some(plain.as_str()), None, true),
        (Some("~/dir"), None, true),
        (Some("plain"), None, false),
        (Some("/nowhere/x"), Some("LIB"), true),
        (None, Some("UNSET"), false),
        (None, None, false),
    ] {
        let sought = Sought { path, variable, home: Some(folder.path()) };
        assert_eq!(library_is_there(sought, &environment), there, "{path:?} {variable:?}");
    }
}
