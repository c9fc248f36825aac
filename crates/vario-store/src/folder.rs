//! Making folders.

use std::fs::DirBuilder;
use std::io;
use std::path::Path;

/// Makes a folder and those above it, for this user alone: what the XDG base directory
/// specification asks of whoever makes a missing one. A folder that is there stays as it is.
///
/// # Errors
/// The system's.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::make_folder;

    #[test]
    fn new_folders_are_for_their_owner_and_old_ones_stay() {
        let dir = tempfile::tempdir().unwrap();
        let old = dir.path().join("old");
        fs::create_dir(&old).unwrap();
        fs::set_permissions(&old, Permissions::from_mode(0o755)).unwrap();
        make_folder(&old.join("new/er")).unwrap();
        make_folder(&old).unwrap();
        let mode = |name: &str| fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        let modes = ["old", "old/new", "old/new/er"].map(|name| mode(name) & 0o777);
        assert_eq!(modes, [0o755, 0o700, 0o700]);
    }
}
