//! Replacing a file so that a crash, a full disk or a second writer leaves the old one or the new
//! one, never a part.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::Error;

/// A chain of links longer than this is taken for a circle.
const MAX_LINKS: usize = 32;

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
    let permissions = match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_file() => {
            return Err(io::Error::other("it is not an ordinary file"));
        }
        Ok(metadata) if metadata.permissions().readonly() => {
            let message = "it is read-only; make it writable first";
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
        }
        Ok(metadata) => Some(metadata.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let folder = target.parent().ok_or_else(|| io::Error::other("it has no folder"))?;
    // A rename is atomic within one file system only, so the new file is made beside the old one.
    // If anything fails, dropping it deletes it.
    let mut file = tempfile::Builder::new().prefix(".vario-").suffix(".tmp").tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
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
