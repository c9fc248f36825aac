//! Replacing a file so that a crash, a full disk or a second writer leaves the old one or the new
//! one, never a part.

use std::fs::{self, File, Metadata};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::Error;

/// A chain of links longer than this is taken for a circle.
const MAX_LINKS: usize = 32;

/// What the name of a file ends with that will take the place of another.
const SUFFIX: &str = ".tmp";

/// Puts `bytes` in the place of what `path` holds. The mode stays; where `path` is a symlink, the
/// file it leads to is replaced and the link stays.
///
/// A file that its owner made read-only is not replaced, though a rename could.
///
/// # Errors
/// [`Error::Write`], also for what is no ordinary file; the old file is as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    try_replace(path, bytes).map_err(|source| Error::write(path, source))
}

fn try_replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = follow(path)?;
    let old = match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_file() => {
            return Err(io::Error::other("it is not an ordinary file"));
        }
        Ok(metadata) if metadata.permissions().readonly() => {
            let message = "it is read-only; make it writable first";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
        }
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let folder = target.parent().ok_or_else(|| io::Error::other("it has no folder"))?;
    // A rename is atomic within one file system only, so the new file is made beside the old one.
    // If anything fails, dropping it deletes it.
    let prefix = prefix(&target);
    let mut file = tempfile::Builder::new().prefix(&prefix).suffix(SUFFIX).tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(old) = old {
        keep_owner(file.as_file(), &old);
        file.as_file().set_permissions(old.permissions())?;
    }
    // Without this, a crash after the rename could leave an empty file on some file systems.
    file.as_file().sync_all()?;
    file.persist(&target)?;
    // The rename itself is made durable where folders can be synchronised; elsewhere a crash may
    // bring the old file back, which is whole too.
    if cfg!(unix)
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// A program that root runs must not take a user's file away. Who may not give files away has made
/// the file their own, as far as the folder lets them.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let differs = |new: Metadata| (new.uid(), new.gid()) != (old.uid(), old.gid());
    if file.metadata().is_ok_and(differs) {
        let _ = fchown(file, Some(old.uid()), Some(old.gid()));
    }
}

#[cfg(not(unix))]
fn keep_owner(_file: &File, _old: &Metadata) {}

/// Deletes what processes left behind that were killed while they replaced `path`. Only for the
/// holder of the lock that all who write this file take.
pub(crate) fn sweep(path: &Path) {
    let Ok(target) = follow(path) else { return };
    let Some(entries) = target.parent().and_then(|folder| fs::read_dir(folder).ok()) else {
        return;
    };
    let prefix = prefix(&target);
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let middle = name.strip_prefix(&prefix).and_then(|rest| rest.strip_suffix(SUFFIX));
        // One that cannot be deleted does no harm.
        if middle.is_some_and(|middle| !middle.is_empty() && !middle.contains('.')) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A hidden file beside `path` that belongs to it.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    path.with_file_name(format!("{}{suffix}", prefix(path)))
}

/// What the names of files begin with that belong to `path`; short enough to leave room.
fn prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!(".{}.", &name[..name.floor_char_boundary(100)])
}

/// Where a symlink leads, also when nothing is there yet.
fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_symlink() => {
                let next = fs::read_link(&target)?;
                // A relative link starts in the folder of the link.
                target = target.parent().map_or_else(|| next.clone(), |folder| folder.join(&next));
            }
            _ => return Ok(target),
        }
    }
    Err(io::Error::other("its symlinks go in a circle"))
}
