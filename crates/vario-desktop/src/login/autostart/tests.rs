use std::fs;
use std::path::Path;

use super::Login;
use super::entry::{is_active, text};

/// The `Exec` line of an entry.
fn command(program: &str, arguments: &[&str]) -> Result<String, String> {
    let text = text(Path::new(program), arguments).map_err(|error| error.to_string())?;
    let line = text.lines().find_map(|line| line.strip_prefix("Exec="));
    Ok(line.expect("every entry has one").to_owned())
}

#[test]
fn commands_are_quoted_by_the_specification() {
    for (name, program, arguments, expected) in [
        ("simple", "/usr/bin/vario-viewer", &[][..], "/usr/bin/vario-viewer"),
        ("arguments", "/usr/bin/v", &["--hidden", "a b"], r#"/usr/bin/v --hidden "a b""#),
        ("an empty argument", "/usr/bin/v", &[""], r#"/usr/bin/v """#),
        ("spaces", "/opt/My Apps/v", &[], r#""/opt/My Apps/v""#),
        ("a field code", "/opt/100%u/v", &[], "/opt/100%%u/v"),
        ("quotes", r#"/opt/"v""#, &[], r#""/opt/\\"v\\"""#),
        ("what shells expand", "/opt/$HOME`v`", &[], r#""/opt/\\$HOME\\`v\\`""#),
        ("a backslash", r"/opt/a\b", &[], r#""/opt/a\\\\b""#),
        ("other letters", "/opt/größe/表", &[], "/opt/größe/表"),
        ("a tilde", "/opt/~v", &[], r#""/opt/~v""#),
    ] {
        assert_eq!(command(program, arguments).as_deref(), Ok(expected), "{name}");
    }
}

#[test]
fn what_no_entry_can_hold_is_refused() {
    for (program, arguments, reason) in [
        ("vario-viewer", &[][..], "is not absolute"),
        ("/opt/a=b/v", &[], "equals sign"),
        ("/opt/a\nExec=evil", &[], "equals sign"),
        ("/opt/a\nb", &[], "control characters"),
        ("/opt/v", &["a\nb"], "control characters"),
    ] {
        let error = command(program, arguments).expect_err(program);
        assert!(error.contains(reason), "{program:?}: {error}");
    }
}

#[test]
fn entries_that_are_obeyed() {
    for (name, text, expected) in [
        ("ours", "[Desktop Entry]\nExec=v\nX-GNOME-Autostart-enabled=true\n", true),
        ("spaces around", "[Desktop Entry]\n Exec = v \nHidden = false", true),
        ("hidden", "[Desktop Entry]\nExec=v\nHidden=true\n", false),
        ("switched off", "[Desktop Entry]\nExec=v\nX-GNOME-Autostart-enabled=false\n", false),
        ("in another group", "[Desktop Entry]\nExec=v\n[Other]\nHidden=true\n", true),
        ("a comment", "[Desktop Entry]\n#Hidden=true\nExec=v\n", true),
        ("no command", "[Desktop Entry]\nName=Vario\n", false),
        ("an empty command", "[Desktop Entry]\nExec=\n", false),
        ("empty", "", false),
        ("rubbish", "\u{fffd}\0=[\n=\n", false),
    ] {
        assert_eq!(is_active(text), expected, "{name}");
    }
}

#[test]
fn is_switched_on_and_off() {
    let home = tempfile::tempdir().expect("a temporary folder");
    let login = Login::in_config_folder(&home.path().join("not there yet"));
    let program = Path::new("/opt/My Apps/v");
    let is_on = || login.is_enabled().expect("can be read");

    login.set(false, program, &[]).expect("off already");
    assert!(!is_on());
    for _ in 0..2 {
        login.set(true, program, &["--hidden"]).expect("is written");
        assert!(is_on());
    }
    let written = fs::read_to_string(&login.path).expect("can be read");
    assert_eq!(
        written,
        "[Desktop Entry]\nType=Application\nVersion=1.5\nName=Vario\n\
         Comment=Shows usage and limits\nIcon=vario\nTryExec=/opt/My Apps/v\n\
         Exec=\"/opt/My Apps/v\" --hidden\nTerminal=false\nStartupNotify=false\n\
         X-GNOME-Autostart-enabled=true\n"
    );
    let folder = login.path.parent().expect("it has one");
    assert_eq!(fs::read_dir(folder).expect("is there").count(), 1, "nothing is left over");

    fs::write(&login.path, written.replace("enabled=true", "enabled=false")).expect("is written");
    assert!(!is_on(), "the desktop's own settings switched it off");
    login.set(true, program, &[]).expect("is written");
    assert!(is_on());
    login.set(false, program, &[]).expect("is removed");
    assert!(!is_on());
}

#[test]
fn failures_name_the_file() {
    let home = tempfile::tempdir().expect("a temporary folder");
    fs::write(home.path().join("autostart"), "a file where the folder should be").expect("written");
    let login = Login::in_config_folder(home.path());
    let error = login.set(true, Path::new("/opt/v"), &[]).expect_err("cannot be").to_string();
    assert!(error.starts_with("cannot write the autostart entry "), "{error}");
    assert!(error.contains("vario.desktop"), "{error}");
}
