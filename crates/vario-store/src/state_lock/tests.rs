use vario_test_support::TempHome;

use crate::{Paths, StateLock};

#[test]
fn the_state_directory_has_one_holder() {
    let home = TempHome::new();
    let paths = Paths::below(home.path());
    assert_eq!(StateLock::address(&paths), None);
    let held = StateLock::try_acquire(&paths).unwrap().unwrap();
    assert!(StateLock::try_acquire(&paths).unwrap().is_none());
    held.publish("here").unwrap();
    assert_eq!(StateLock::address(&paths).as_deref(), Some("here"));
    drop(held);
    assert_eq!(StateLock::address(&paths), None, "whoever goes takes the address along");
    assert!(StateLock::try_acquire(&paths).unwrap().is_some());
}

#[test]
fn what_a_dead_holder_left_is_cleared_away() {
    let home = TempHome::new();
    let paths = Paths::below(home.path());
    home.write("state/owner/address", "nobody");
    home.write("state/owner/socket", "");
    let _held = StateLock::try_acquire(&paths).unwrap().unwrap();
    assert_eq!(home.names("state/owner"), ["lock"]);
}

#[test]
fn a_state_directory_that_cannot_be_written_has_no_holder() {
    let home = TempHome::new();
    home.write("state", "a file where the folder should be");
    let error = StateLock::try_acquire(&Paths::below(home.path())).unwrap_err();
    assert!(error.to_string().starts_with("cannot write "), "{error}");
}

#[cfg(unix)]
#[test]
fn a_socket_has_a_short_path_in_a_private_folder() {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let home = TempHome::new();
    let paths = Paths::below(home.path());
    let mut lock = StateLock::try_acquire(&paths).unwrap().unwrap();
    let near = lock.socket_path(4096).unwrap();
    assert_eq!(near, paths.state_dir().join("owner/socket"));
    assert_eq!(mode(near.parent().unwrap()), 0o700);
    let short = lock.socket_path(30).unwrap();
    let folder = short.parent().unwrap().to_owned();
    assert!(short.to_str().unwrap().len() <= 30, "{short:?}");
    assert_eq!(mode(&folder), 0o700);
    std::fs::write(&short, "").unwrap();
    lock.protect(&short).unwrap();
    assert_eq!(mode(&short), 0o600);
    // As if it had been killed: only the address tells where the folder is.
    let text = serde_json::json!({ "socket": short, "pid": 1 }).to_string();
    lock.publish(&text).unwrap();
    lock.short = None;
    drop(lock);
    assert!(!folder.exists());
}

#[test]
fn only_folders_of_our_own_making_are_cleared() {
    let of = super::short_folder;
    assert!(of(r#"{"socket":"/tmp/vario-a1/socket"}"#).is_some());
    for other in ["", "/tmp/other/socket", "/tmp/vario-a/../../home/socket", "/tmp/vario-a"] {
        assert_eq!(of(other), None, "{other}");
    }
}
