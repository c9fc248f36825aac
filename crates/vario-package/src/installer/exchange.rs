//! Two folders that change places at once.

use std::io;
use std::path::Path;

/// Lets two folders of one file system change places, so that nobody ever sees one missing. Gives
/// whether the system can do that; if not, nothing was done.
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    #[cfg(test)]
    if IS_MISSING.get() {
        return Ok(false);
    }
    system(one, other)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn system(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        // An old kernel, or a file system without it.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn system(_one: &Path, _other: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
thread_local! {
    static IS_MISSING: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// From now on this thread is on a system that cannot do it.
#[cfg(test)]
pub(crate) fn without_exchange() {
    IS_MISSING.set(true);
}
