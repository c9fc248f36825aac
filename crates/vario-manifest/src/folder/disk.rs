//! The only file of this crate that touches a disk.

#![expect(clippy::disallowed_methods, reason = "a real folder is read here and nowhere else")]

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::folder::{Entry, Folder, climbs_out, is_absolute};

/// A folder on disk. The folder itself may be a symbolic link.
#[derive(Debug, Clone)]
pub struct DiskFolder {
    root: PathBuf,
}

impl DiskFolder {
    /// Opens a folder.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Unreadable`], or [`Error::NotRegular`] if it is no folder.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let shown = path.display().to_string();
        let root = fs::canonicalize(path).map_err(|error| io_error(&shown, &error))?;
        if root.is_dir() { Ok(Self { root }) } else { Err(Error::NotRegular { path: shown }) }
    }

    /// The folder's real path, symbolic links resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The real path of what stands at `path`, which is inside of the folder.
    fn resolve(&self, path: &str) -> Result<PathBuf, Error> {
        if is_absolute(path) || climbs_out(path) {
            return Err(Error::Outside { path: path.to_owned() });
        }
        let real =
            fs::canonicalize(self.root.join(path)).map_err(|error| io_error(path, &error))?;
        if real.starts_with(&self.root) {
            Ok(real)
        } else {
            Err(Error::Outside { path: path.to_owned() })
        }
    }
}

impl Folder for DiskFolder {
    fn look_up(&self, path: &str) -> Result<Entry, Error> {
        entry_at(path, &self.resolve(path)?)
    }

    fn read(&self, path: &str, cap: u64) -> Result<Vec<u8>, Error> {
        let real = self.resolve(path)?;
        // Asked before opening: opening a pipe would wait for its writer.
        let size = match entry_at(path, &real)? {
            Entry::File { size } => size,
            Entry::Directory => return Err(Error::NotRegular { path: path.to_owned() }),
        };
        let too_large = || Error::TooLarge { path: path.to_owned(), cap };
        if size > cap {
            return Err(too_large());
        }
        let file = File::open(&real).map_err(|error| io_error(path, &error))?;
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        // The file may have grown since, so the cap holds for what is read as well.
        file.take(cap.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| io_error(path, &error))?;
        let within = u64::try_from(bytes.len()).is_ok_and(|length| length <= cap);
        if within { Ok(bytes) } else { Err(too_large()) }
    }
}

fn entry_at(path: &str, real: &Path) -> Result<Entry, Error> {
    let metadata = fs::metadata(real).map_err(|error| io_error(path, &error))?;
    if metadata.is_file() {
        Ok(Entry::File { size: metadata.len() })
    } else if metadata.is_dir() {
        Ok(Entry::Directory)
    } else {
        Err(Error::NotRegular { path: path.to_owned() })
    }
}

fn io_error(path: &str, error: &std::io::Error) -> Error {
    let path = path.to_owned();
    match error.kind() {
        // `index.js/x` is missing, too: a file stands where a folder would have to be.
        ErrorKind::NotFound | ErrorKind::NotADirectory => Error::Missing { path },
        ErrorKind::PermissionDenied => Error::Unreadable { path, reason: "no permission".into() },
        _ => Error::Unreadable { path, reason: error.to_string() },
    }
}
