use std::fs;

use super::{file_names, first_of};

#[track_caller]
fn called(program: &str, extensions: Option<&str>, expected: &[&str]) {
    assert_eq!(file_names(program, extensions), expected);
}

#[test]
fn a_program_is_called_by_what_the_system_tries() {
    called("npx", None, &["npx"]);
    called(
        "npx",
        Some(".COM;.EXE;.BAT;.CMD;.VBS;.JS"),
        &["npx.com", "npx.exe", "npx.bat", "npx.cmd"],
    );
    called("npx", Some(" .CMD ; .EXE"), &["npx.cmd", "npx.exe"]);
    called("npx.cmd", Some(".EXE;.CMD"), &["npx.cmd"]);
    called("npx.cmd", Some(".EXE"), &["npx.cmd.exe"]);
    called("NPX.Exe", Some(".EXE"), &["NPX.Exe"]);
    called("node18.1", Some(".EXE"), &["node18.1.exe"]);
    // What cannot be started is as good as nothing.
    let all = ["npx.com", "npx.exe", "npx.bat", "npx.cmd"];
    called("npx", Some(""), &all);
    called("npx", Some(".PS1;.VBS"), &all);
}

#[test]
fn the_first_folder_wins_and_then_the_first_name() {
    let root = tempfile::tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| root.path().join(name));
    for (folder, names) in [(&one, &["npx", "npx.cmd"][..]), (&two, &["npx.cmd", "npx.exe"])] {
        fs::create_dir(folder).unwrap();
        for name in names {
            fs::write(folder.join(name), "").unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = fs::Permissions::from_mode(0o755);
                fs::set_permissions(folder.join(name), mode).unwrap();
            }
        }
    }
    let names = file_names("npx", Some(".EXE;.CMD"));
    let path = std::env::join_paths([&one, &two]).unwrap();
    assert_eq!(first_of(&names, &path), Some(one.join("npx.cmd")));
    assert_eq!(first_of(&names, &two), Some(two.join("npx.exe")));
    assert_eq!(first_of(&file_names("pnpm", Some(".EXE")), &path), None);
    assert_eq!(first_of(&names, "one"), None);
}
