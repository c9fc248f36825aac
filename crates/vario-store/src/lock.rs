//! Locks between processes. The system releases them when their holder ends, however it ends.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::Error;
use crate::paths::{Paths, file_name};

#[cfg(test)]
mod tests;

/// How long to wait before looking at a held lock again.
const PAUSE: Duration = Duration::from_millis(15);

/// How much of an id counts in the name of its lock.
const MAX_NAME: usize = 200;

/// The right to run one plugin, which one process and one thread at a time can have. Dropping it
/// gives it back.
#[derive(Debug)]
pub struct RunLock {
    // Closing the file releases the lock.
    file: File,
}

impl RunLock {
    /// Takes the lock if nobody has it.
    ///
    /// # Errors
    /// If the state directory cannot be written, or its file system knows no locks. A plugin can
    /// be run all the same, but a second process may run it at the same time.
    pub fn try_acquire(paths: &Paths, plugin: &str) -> Result<Option<Self>, Error> {
        let file = try_lock(&Self::path(paths, plugin))?;
        Ok(file.map(|file| Self { file }))
    }

    /// Waits for the lock; nothing if someone still has it at `deadline`.
    ///
    /// # Errors
    /// As for [`RunLock::try_acquire`].
    pub fn acquire(paths: &Paths, plugin: &str, deadline: Instant) -> Result<Option<Self>, Error> {
        let file = lock_until(&Self::path(paths, plugin), deadline)?;
        Ok(file.map(|file| Self { file }))
    }

    /// Notes that the plugin is asked now. That needs no database and no room on the disk, so it is
    /// known even where no answer can be kept.
    pub fn note_use(&self, now: SystemTime) {
        let _known_less_well = self.file.set_modified(now);
    }

    /// When [`RunLock::note_use`] was last called; a new lock's file counts as well.
    pub fn last_use(paths: &Paths, plugin: &str) -> Option<SystemTime> {
        Self::path(paths, plugin).metadata().and_then(|metadata| metadata.modified()).ok()
    }

    fn path(paths: &Paths, plugin: &str) -> PathBuf {
        // Names of files have an end. Two ids that differ only after it share a lock, which costs
        // time and nothing else; the cut name is plain ASCII.
        let mut name = file_name(plugin);
        name.truncate(MAX_NAME);
        paths.state_dir().join("locks").join(format!("{name}.lock"))
    }
}

/// What one process of a state directory at a time can have. Dropping it gives it back.
#[derive(Debug)]
pub struct SoleLock {
    // Closing the file releases the lock.
    _file: File,
}

/// What [`SoleLock`] is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sole {
    /// The right to open the window.
    Window,
    /// The right to run what prompts did not wait for.
    Prompt,
}

impl SoleLock {
    /// Takes the lock if nobody has it.
    ///
    /// # Errors
    /// If the state directory cannot be written, or its file system knows no locks.
    pub fn try_acquire(paths: &Paths, sole: Sole) -> Result<Option<Self>, Error> {
        let name = match sole {
            Sole::Window => "window.lock",
            Sole::Prompt => "prompt.lock",
        };
        let file = try_lock(&paths.state_dir().join(name))?;
        Ok(file.map(|file| Self { _file: file }))
    }
}

/// The locked file, or nothing while someone else has locked it. The file is made if missing and
/// never deleted: whoever waits for a deleted file waits for nobody.
pub(crate) fn try_lock(path: &Path) -> Result<Option<File>, Error> {
    let file = open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(Error::write(path, source)),
    }
}

/// As [`try_lock`], but keeps trying. The system's own waiting cannot be given a deadline.
pub(crate) fn lock_until(path: &Path, deadline: Instant) -> Result<Option<File>, Error> {
    loop {
        let file = try_lock(path)?;
        if file.is_some() || !pause_until(deadline) {
            return Ok(file);
        }
    }
}

/// Lets a moment pass before another try. Gives whether there is time for one.
pub(crate) fn pause_until(deadline: Instant) -> bool {
    let left = deadline.saturating_duration_since(Instant::now());
    thread::sleep(PAUSE.min(left));
    !left.is_zero()
}

fn open(path: &Path) -> Result<File, Error> {
    if let Some(folder) = path.parent() {
        crate::make_folder(folder).map_err(|source| Error::write(folder, source))?;
    }
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path).map_err(|source| Error::write(path, source))
}
