use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{Paths, Platform, file_name};

fn lookup<'a>(variables: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<OsString> + 'a {
    |name| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| OsString::from(value))
    }
}

fn check(platform: Platform, variables: &[(&str, &str)], expected: [&str; 4]) {
    let paths = Paths::on(platform, lookup(variables)).unwrap();
    let found = [paths.config_dir(), paths.state_dir(), paths.data_dir(), paths.cache_dir()];
    assert_eq!(found, expected.map(Path::new), "{platform:?} {variables:?}");
}

#[test]
fn every_platform_has_its_folders() {
    check(
        Platform::Xdg,
        &[("HOME", "/h")],
        ["/h/.config/vario", "/h/.local/state/vario", "/h/.local/share/vario", "/h/.cache/vario"],
    );
    check(
        Platform::Xdg,
        &[
            ("XDG_CONFIG_HOME", "/c"),
            ("XDG_STATE_HOME", "/s"),
            ("XDG_DATA_HOME", "/d"),
            ("XDG_CACHE_HOME", "/k"),
        ],
        ["/c/vario", "/s/vario", "/d/vario", "/k/vario"],
    );
    check(
        Platform::Xdg,
        &[("HOME", "/h"), ("XDG_CONFIG_HOME", "relative"), ("XDG_DATA_HOME", "")],
        ["/h/.config/vario", "/h/.local/state/vario", "/h/.local/share/vario", "/h/.cache/vario"],
    );
    check(
        Platform::MacOs,
        &[("HOME", "/h"), ("XDG_CONFIG_HOME", "/c")],
        [
            "/h/Library/Application Support/vario",
            "/h/Library/Application Support/vario/state",
            "/h/Library/Application Support/vario",
            "/h/Library/Caches/vario",
        ],
    );
    check(
        Platform::Windows,
        &[("USERPROFILE", "/u"), ("APPDATA", "/r")],
        [
            "/r/vario",
            "/u/AppData/Local/vario/state",
            "/u/AppData/Local/vario/data",
            "/u/AppData/Local/vario/cache",
        ],
    );
}

#[test]
fn one_variable_moves_everything() {
    for platform in [Platform::Xdg, Platform::MacOs, Platform::Windows] {
        let root = if cfg!(windows) { "C:\\v" } else { "/v" };
        let variables = [("VARIO_HOME", root), ("HOME", "/h"), ("XDG_DATA_HOME", "/d")];
        let paths = Paths::on(platform, lookup(&variables)).unwrap();
        assert_eq!(paths.config_file(), Path::new(root).join("config/config.toml"));
        assert_eq!(paths.database(), Path::new(root).join("state/state.db"));
        assert_eq!(paths.plugins_dir(), Path::new(root).join("data/plugins"));
        assert_eq!(paths.cache_dir(), Path::new(root).join("cache"));
    }
    let paths = Paths::on(Platform::Xdg, lookup(&[("VARIO_HOME", "/v")])).unwrap();
    assert_eq!(paths, Paths::below(Path::new("/v")));
}

#[test]
fn a_missing_home_is_an_error_that_says_what_to_set() {
    let message = |platform, variables: &[(&str, &str)]| {
        Paths::on(platform, lookup(variables)).unwrap_err().to_string()
    };
    let expected = "there is no home folder: set `HOME`, or `VARIO_HOME`, to an absolute path";
    assert_eq!(message(Platform::Xdg, &[]), expected);
    assert_eq!(message(Platform::Xdg, &[("HOME", ""), ("XDG_DATA_HOME", "/d")]), expected);
    assert_eq!(message(Platform::Xdg, &[("HOME", "h")]), expected);
    assert!(message(Platform::Windows, &[("HOME", "/h")]).contains("`USERPROFILE`"));
    let relative = message(Platform::Xdg, &[("HOME", "/h"), ("VARIO_HOME", "v")]);
    assert_eq!(relative, "`VARIO_HOME` is `v`: set it to an absolute path");
}

#[test]
fn a_tilde_is_home_and_relative_paths_start_at_the_configuration() {
    let paths = Paths::on(Platform::Xdg, lookup(&[("HOME", "/h")])).unwrap();
    let rows = [
        ("~", "/h"),
        ("~/plugins", "/h/plugins"),
        ("/opt/plugins", "/opt/plugins"),
        ("plugins", "/h/.config/vario/plugins"),
        ("~other/x", "/h/.config/vario/~other/x"),
    ];
    for (text, expected) in rows {
        assert_eq!(paths.expand(text), PathBuf::from(expected), "{text}");
    }
}

#[test]
fn ids_become_names_that_stay_in_their_folder() {
    let rows = [
        ("claude", "claude"),
        ("com.example.x_1", "com.example.x_1"),
        ("claude:work", "claude%3awork"),
        ("..", "%2e."),
        ("../x", "%2e.%2fx"),
        (".hidden", "%2ehidden"),
        ("a%b", "a%25b"),
        ("ü", "%c3%bc"),
    ];
    for (id, expected) in rows {
        assert_eq!(file_name(id), expected);
    }
}
