//! The lock on the state directory, and what its holder leaves there for others to find it.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::lock::try_lock;
use crate::paths::Paths;

#[cfg(test)]
mod tests;

/// The name of the socket in its folder.
const SOCKET: &str = "socket";

/// What the folder of a socket begins with where the state directory's own path is too long.
const SHORT_PREFIX: &str = "vario-";

/// Longer addresses are not ours.
const MAX_ADDRESS_BYTES: u64 = 4096;

/// The right to own the state directory, which one process at a time can have: it schedules runs
/// and answers the others. Dropping it takes the address back and gives the right back, in that
/// order; when the holder is killed the system gives it back and the address stays.
///
/// Only the holder writes below `owner` in the state directory.
#[derive(Debug)]
pub struct StateLock {
    folder: PathBuf,
    short: Option<PathBuf>,
    // Closing the file releases the lock, after all else was cleared away.
    _file: File,
}

impl StateLock {
    /// Takes the lock if nobody has it.
    ///
    /// # Errors
    /// If the state directory cannot be written, or its file system knows no locks.
    pub fn try_acquire(paths: &Paths) -> Result<Option<Self>, Error> {
        let folder = folder(paths);
        let Some(file) = try_lock(&folder.join("lock"))? else { return Ok(None) };
        make_private(&folder).map_err(|source| Error::write(&folder, source))?;
        let lock = Self { folder, short: None, _file: file };
        lock.clear();
        Ok(Some(lock))
    }

    /// A path for a socket in a folder that is for this user alone, of at most `max_bytes`: in the
    /// state directory, or in a folder of its own below `/tmp` when that is too deep.
    ///
    /// # Errors
    /// If no such folder can be made.
    pub fn socket_path(&mut self, max_bytes: usize) -> Result<PathBuf, Error> {
        let fits = |path: &Path| path.to_str().is_some_and(|text| text.len() <= max_bytes);
        let near = self.folder.join(SOCKET);
        if fits(&near) {
            return Ok(near);
        }
        let root = Path::new("/tmp");
        let mut builder = tempfile::Builder::new();
        builder.prefix(SHORT_PREFIX);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let made = builder.tempdir_in(root).map_err(|source| Error::write(root, source))?;
        let made = made.keep();
        let path = made.join(SOCKET);
        self.short = Some(made);
        Ok(path)
    }

    /// Makes a socket that is there now for this user alone.
    ///
    /// # Errors
    /// The system's.
    pub fn protect(&self, socket: &Path) -> Result<(), Error> {
        set_mode(socket, 0o600).map_err(|source| Error::write(socket, source))
    }

    /// Tells others where the holder is to be found.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn publish(&self, address: &str) -> Result<(), Error> {
        crate::atomic::replace(&self.folder.join("address"), address.as_bytes())
    }

    /// What the last holder published, who may be dead.
    pub fn address(paths: &Paths) -> Option<String> {
        read_address(&folder(paths))
    }

    /// Takes away what a holder has left: its address and its socket.
    fn clear(&self) {
        let old = read_address(&self.folder);
        let short = old.as_deref().and_then(short_folder).or_else(|| self.short.clone());
        let _not_there = fs::remove_file(self.folder.join("address"));
        let _not_there = fs::remove_file(self.folder.join(SOCKET));
        if let Some(short) = short {
            let _not_there = fs::remove_file(short.join(SOCKET));
            // Whatever else is in it is not ours, and keeps it.
            let _not_there = fs::remove_dir(short);
        }
    }
}

impl Drop for StateLock {
    fn drop(&mut self) {
        self.clear();
    }
}

fn folder(paths: &Paths) -> PathBuf {
    paths.state_dir().join("owner")
}

fn read_address(folder: &Path) -> Option<String> {
    let file = File::open(folder.join("address")).ok()?;
    let mut text = String::new();
    file.take(MAX_ADDRESS_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}

/// The folder below `/tmp` that an address names, if it can be one that we made.
fn short_folder(address: &str) -> Option<PathBuf> {
    let start = address.find("/tmp/vario-")?;
    let rest = &address[start..];
    let end = rest.find("/socket")?;
    let path = Path::new(&rest[..end]);
    let is_plain = path.parent() == Some(Path::new("/tmp"));
    is_plain.then(|| path.to_owned())
}

/// An older or careless version may have made the folder for everyone.
fn make_private(folder: &Path) -> std::io::Result<()> {
    crate::make_folder(folder)?;
    set_mode(folder, 0o700)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

/// Elsewhere what is below the user's own folders is the user's.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail on other systems")]
fn set_mode(_path: &Path, _mode: u32) -> std::io::Result<()> {
    Ok(())
}
