//! One installation at a time in one folder of plugins, over all processes.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(20);

/// Waits for the lock at most so long. Closing the file gives it back, and so does the system when
/// the process ends. The file is never deleted: whoever waits for a deleted file waits for nobody.
pub(super) fn acquire(path: &Path, wait: Duration) -> Result<File, Error> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.open(path).map_err(Error::io("write", path))?;
    let deadline = Instant::now() + wait;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", path)(error)),
            Err(TryLockError::WouldBlock) => {}
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(Error::Busy { what: "another plugin is being installed".to_owned() });
        }
        thread::sleep(PAUSE.min(left));
    }
}
