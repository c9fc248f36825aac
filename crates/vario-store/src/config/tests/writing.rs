use std::fs;
use std::thread;

use super::Fixture;

#[test]
fn a_broken_file_is_never_written() {
    for text in ["[app\n", "plugins = 3\n", "[plugins]\ndisabled = 'a'\n"] {
        let fixture = Fixture::new(text);
        let mut config = fixture.config();
        let refused = config.disable("x").unwrap_err().to_string();
        assert!(refused.contains("correct"), "{refused}");
        assert_eq!(fixture.text(), text);
    }
    // Broken after it was read, while we were running.
    let fixture = Fixture::new("");
    let mut config = fixture.config();
    fixture.home.write("config/config.toml", "[app\n");
    config.set("app.log_level", "info").unwrap_err();
    assert_eq!(fixture.text(), "[app\n");
    // Corrected meanwhile.
    fixture.home.write("config/config.toml", "");
    assert!(config.disable("x").unwrap());
    assert!(config.broken().is_none() && !config.is_enabled("x"));
}

#[test]
fn an_invalid_value_may_be_replaced() {
    let fixture = Fixture::new("[app]\nlog_level = 5 # number\n");
    let mut config = fixture.config();
    assert_eq!(config.problems().len(), 1);
    config.set("app.log_level", "info").unwrap();
    assert_eq!(fixture.text(), "[app]\nlog_level = \"info\" # number\n");
    assert!(config.problems().is_empty());
}

#[test]
fn changes_of_others_are_kept() {
    let fixture = Fixture::empty();
    let (mut one, mut other) = (fixture.config(), fixture.config());
    one.disable("a").unwrap();
    other.disable("b").unwrap();
    assert!(!other.is_enabled("a") && !other.is_enabled("b"));
    assert!(one.is_enabled("b"), "what was read stays until the next change");
    one.set("app.log_level", "info").unwrap();
    assert!(!one.is_enabled("b"));
}

#[test]
fn writers_at_the_same_time_lose_nothing() {
    let fixture = Fixture::empty();
    let names: Vec<String> = (0..24).map(|number| format!("p{number:02}")).collect();
    thread::scope(|scope| {
        for part in names.chunks(6) {
            let mut config = fixture.config();
            scope.spawn(move || {
                for name in part {
                    config.disable(name).unwrap();
                }
            });
        }
    });
    let mut found = fixture.config().settings().plugins.disabled.clone();
    found.sort();
    assert_eq!(found, names);
    assert_eq!(fixture.home.names("config"), [".config.toml.lock", "config.toml"]);
}

#[test]
fn a_read_only_file_or_a_folder_in_its_place_is_left_alone() {
    let fixture = Fixture::new("# mine\n");
    let path = fixture.paths.config_file();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let refused = fixture.config().disable("x").unwrap_err().to_string();
    assert_eq!(
        fixture.bare(&refused),
        "cannot write config.toml: it is read-only; make it writable first"
    );
    assert_eq!(fixture.text(), "# mine\n");

    // A file where the folder should be: nobody, not even root, can write there.
    let fixture = Fixture::empty();
    fixture.home.write("config", "");
    let refused = fixture.config().disable("x").unwrap_err().to_string();
    assert!(refused.starts_with("cannot write "), "{refused}");
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    use super::Fixture;

    #[test]
    fn the_mode_stays_and_a_new_file_is_private() {
        let mode = |fixture: &Fixture| {
            fs::metadata(fixture.paths.config_file()).unwrap().permissions().mode() & 0o777
        };
        let fixture = Fixture::empty();
        fixture.config().disable("x").unwrap();
        assert_eq!(mode(&fixture), 0o600);
        fs::set_permissions(fixture.paths.config_file(), fs::Permissions::from_mode(0o640))
            .unwrap();
        fixture.config().enable("x").unwrap();
        assert_eq!(mode(&fixture), 0o640);
    }

    #[test]
    fn a_symlink_stays_and_its_target_is_written() {
        let fixture = Fixture::empty();
        let target = fixture.home.write("dotfiles/vario.toml", "# mine\n");
        fixture.home.write("config/.keep", "");
        symlink("../dotfiles/link.toml", fixture.paths.config_file()).unwrap();
        symlink("vario.toml", fixture.home.path().join("dotfiles/link.toml")).unwrap();
        fixture.config().disable("x").unwrap();
        let expected = "# mine\n[plugins]\ndisabled = [\"x\"]\n";
        let found = fs::read_to_string(&target).unwrap();
        assert_eq!(found.replace("\n\n", "\n"), expected);
        assert!(fs::symlink_metadata(fixture.paths.config_file()).unwrap().is_symlink());
        assert_eq!(fixture.home.names("dotfiles"), ["link.toml", "vario.toml"]);

        fs::remove_file(&target).unwrap();
        fixture.config().disable("y").unwrap();
        assert_eq!(fs::read_to_string(&target).unwrap(), "[plugins]\ndisabled = [\"y\"]\n");
    }

    #[test]
    fn links_in_a_circle_and_links_to_folders_are_refused() {
        let fixture = Fixture::empty();
        fixture.home.write("config/.keep", "");
        symlink("config.toml", fixture.paths.config_file()).unwrap();
        fixture.config().disable("x").unwrap_err();

        let fixture = Fixture::empty();
        fixture.home.write("config/.keep", "");
        symlink("..", fixture.paths.config_file()).unwrap();
        fixture.config().disable("x").unwrap_err();
        assert_eq!(fixture.home.names(""), ["config"]);
    }

    /// The same test, run again where the system lets no file grow: writing fails for real, as on
    /// a full disk.
    #[test]
    fn a_full_disk_leaves_the_old_file() {
        const FOLDER: &str = "VARIO_TEST_FULL_DISK";
        const NAME: &str = "config::tests::writing::unix::a_full_disk_leaves_the_old_file";
        if let Some(folder) = std::env::var_os(FOLDER) {
            let paths = crate::Paths::below(folder.as_ref());
            let refused = crate::Config::load(&paths).disable("x").unwrap_err().to_string();
            assert!(refused.starts_with("cannot write "), "{refused}");
            return;
        }
        let fixture = Fixture::new("# mine\n");
        let limited = "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\"";
        let mut command = Command::new("sh");
        command.args(["-c", limited]).arg(std::env::current_exe().unwrap());
        command.args(["--exact", NAME]).env(FOLDER, fixture.home.path());
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && told.contains("1 passed"), "{output:?}");
        assert_eq!(fixture.text(), "# mine\n");
        assert_eq!(fixture.home.names("config"), [".config.toml.lock", "config.toml"]);
    }
}
