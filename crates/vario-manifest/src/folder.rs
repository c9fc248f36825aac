//! The plugin's folder as the reader sees it.

mod disk;
mod memory;

#[cfg(test)]
mod tests;

pub use crate::folder::disk::DiskFolder;
pub use crate::folder::memory::MemoryFolder;

use crate::error::Error;

/// What stands at a path, after following symbolic links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Entry {
    /// A regular file and its size in bytes.
    File {
        /// Bytes.
        size: u64,
    },
    /// A folder.
    Directory,
}

/// One plugin's folder. Paths are relative and use `/`.
///
/// An implementation never answers for anything outside of the folder: `..` and symbolic links
/// that lead out are [`Error::Outside`], whether or not something is there.
pub trait Folder {
    /// What stands at `path`. Reads metadata only.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Outside`], [`Error::Unreadable`], and [`Error::NotRegular`]
    /// for pipes, sockets and devices.
    fn look_up(&self, path: &str) -> Result<Entry, Error>;

    /// The bytes of the regular file at `path`, at most `cap` of them.
    ///
    /// # Errors
    /// As [`Folder::look_up`], [`Error::NotRegular`] also for a folder, and [`Error::TooLarge`]
    /// when there are more than `cap` bytes.
    fn read(&self, path: &str, cap: u64) -> Result<Vec<u8>, Error>;
}

/// Whether the path names a place of its own rather than one below the folder, on any system.
pub(crate) fn is_absolute(path: &str) -> bool {
    let bytes = path.as_bytes();
    let drive = bytes.len() >= 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':';
    drive || path.starts_with(['/', '\\'])
}

/// Whether `..` in the path climbs above the folder, symbolic links left aside.
fn climbs_out(path: &str) -> bool {
    let mut depth = 0_i64;
    path.split(['/', '\\']).any(|part| {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        depth < 0
    })
}
