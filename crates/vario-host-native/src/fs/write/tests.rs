use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use tempfile::TempDir;

use super::{NewFile, platform, write};
use crate::fs::resolve::{Place, resolve};

struct Folder(TempDir);

impl Folder {
    fn with(name: &str, content: &str, mode: u32) -> Self {
        let folder = Self(TempDir::new().unwrap());
        let path = folder.path(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn place(&self, name: &str) -> Place {
        resolve(&self.path(name), false, &mut |_| Ok(())).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().mode() & 0o7777
}

#[test]
fn the_mode_and_the_owner_stay() {
    for kept in [0o600, 0o640, 0o666, 0o755, 0o6755] {
        let folder = Folder::with("f", "old", kept);
        let path = folder.path("f");
        // Giving a file away is for the superuser; anybody else has one owner to test with.
        let other = chown(&path, Some(4321), Some(1234)).is_ok();
        fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
        let before = path.metadata().unwrap();
        write(&folder.place("f"), b"a longer text", NewFile::Usual).unwrap();
        let after = path.metadata().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "a longer text");
        assert_eq!(mode(&path), kept);
        assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
        assert!(!other || after.uid() == 4321);
        assert_ne!(after.ino(), before.ino(), "it was put in place as a whole");
        assert_eq!(folder.names(), ["f"]);
    }
}

#[test]
fn a_new_file_is_as_any_other_or_private() {
    let folder = Folder::with("usual", "", 0o600);
    fs::remove_file(folder.path("usual")).unwrap();
    fs::File::create(folder.path("by_others")).unwrap();
    write(&folder.place("usual"), b"x", NewFile::Usual).unwrap();
    write(&folder.place("private"), b"x", NewFile::Private).unwrap();
    assert_eq!(mode(&folder.path("usual")), mode(&folder.path("by_others")));
    assert_eq!(mode(&folder.path("private")), 0o600);
    assert_eq!(folder.names(), ["by_others", "private", "usual"]);
}

#[test]
fn a_disk_that_fills_up_leaves_the_old_file() {
    let folder = Folder::with("f", "old", 0o600);
    for name in ["f", "new"] {
        let failed =
            platform::write(&folder.place(name), b"0123456789", NewFile::Usual, &|f, c| {
                f.write_all(&c[..5])?;
                Err(Errno::NOSPC.into())
            });
        let error = failed.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(folder.names(), ["f"], "after {name}");
    }
    assert_eq!(fs::read_to_string(folder.path("f")).unwrap(), "old");
}

#[test]
fn all_names_of_a_file_get_the_new_content() {
    let folder = Folder::with("f", "something old", 0o600);
    fs::hard_link(folder.path("f"), folder.path("g")).unwrap();
    write(&folder.place("f"), b"new", NewFile::Usual).unwrap();
    assert_eq!(fs::read_to_string(folder.path("g")).unwrap(), "new");
    assert_eq!(folder.names(), ["f", "g"]);
}

#[test]
fn a_folder_that_takes_no_new_file_is_no_hindrance() {
    let folder = Folder::with("f", "something old", 0o600);
    let place = folder.place("f");
    // The superuser is stopped by no mode, so it is the temporary file that fails.
    let is_first = std::cell::Cell::new(true);
    platform::write(&place, b"new", NewFile::Usual, &|file, content| {
        if is_first.replace(false) { Err(Errno::ROFS.into()) } else { file.write_all(content) }
    })
    .unwrap();
    assert_eq!(fs::read_to_string(folder.path("f")).unwrap(), "new");
    assert_eq!(folder.names(), ["f"]);
}

#[test]
fn a_file_that_becomes_a_link_or_a_pipe_is_not_written() {
    let folder = Folder::with("secret", "secret", 0o600);
    for is_pipe in [false, true] {
        fs::write(folder.path("f"), "old").unwrap();
        let place = folder.place("f");
        fs::remove_file(folder.path("f")).unwrap();
        if is_pipe {
            let mkfifo = std::process::Command::new("mkfifo").arg(folder.path("f")).status();
            assert!(mkfifo.unwrap().success());
        } else {
            symlink("secret", folder.path("f")).unwrap();
        }
        write(&place, b"new", NewFile::Usual).unwrap_err();
        assert_eq!(fs::read_to_string(folder.path("secret")).unwrap(), "secret");
        assert_eq!(folder.names(), ["f", "secret"]);
        fs::remove_file(folder.path("f")).unwrap();
    }
    // In the place of a file that was not there a link is put aside, not followed.
    let place = folder.place("new");
    symlink("secret", folder.path("new")).unwrap();
    write(&place, b"new", NewFile::Usual).unwrap();
    assert_eq!(fs::read_to_string(folder.path("secret")).unwrap(), "secret");
    assert!(!folder.path("new").is_symlink());
}
