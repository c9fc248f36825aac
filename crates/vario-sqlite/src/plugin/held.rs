#![expect(unsafe_code, reason = "SQLite takes a file system as a table of C functions only")]

//! Files in a folder that is held open, whatever its path leads to by now.
//!
//! SQLite opens files by path and follows its links itself. Between the judgement of a path and
//! that moment somebody may put a link in the place of a folder. Linux knows a name for an open
//! folder, `/proc/self/fd/N`; what is opened below it is in that very folder. SQLite would turn
//! the name back into the path, so it gets a file system that takes names as they are.

use std::ffi::{CStr, c_char, c_int};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rusqlite::ffi;

/// What the file system is called.
pub(super) const FILE_SYSTEM: &CStr = c"vario-held";

/// The name of the file that the path ends with, in the folder.
pub(super) fn name_in(folder: &OwnedFd, path: &Path) -> Option<PathBuf> {
    Some(Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(path.file_name()?))
}

/// Makes the file system known to SQLite. Gives whether that went well.
pub(super) fn is_known() -> bool {
    static KNOWN: OnceLock<bool> = OnceLock::new();
    *KNOWN.get_or_init(register)
}

fn register() -> bool {
    // SAFETY: no name asks for the default file system; SQLite gives a pointer to a table that
    // lives as long as the process, or none.
    let Some(default) = (unsafe { ffi::sqlite3_vfs_find(std::ptr::null()).as_ref() }) else {
        return false;
    };
    let own = ffi::sqlite3_vfs {
        zName: FILE_SYSTEM.as_ptr(),
        pNext: std::ptr::null_mut(),
        xFullPathname: Some(as_it_is),
        ..*default
    };
    let own = Box::into_raw(Box::new(own));
    // SAFETY: the table is never freed, as SQLite demands. Its functions are those of the default
    // one, with its data, but for one that keeps to its contract; it is not made the default.
    unsafe { ffi::sqlite3_vfs_register(own, 0) == ffi::SQLITE_OK }
}

/// Copies a name.
///
/// # Safety
/// `name` is a C string and `out` has room for `size` bytes: SQLite calls it so.
unsafe extern "C" fn as_it_is(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    size: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: the caller's promise.
    let name = unsafe { CStr::from_ptr(name) }.to_bytes_with_nul();
    if usize::try_from(size).is_ok_and(|size| name.len() <= size) {
        // SAFETY: there is room, and SQLite's own buffer does not overlap with the name.
        unsafe { std::ptr::copy_nonoverlapping(name.as_ptr().cast(), out, name.len()) };
        ffi::SQLITE_OK
    } else {
        ffi::SQLITE_CANTOPEN
    }
}
