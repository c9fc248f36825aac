//! Writing a file so that there is the old content or the new one, and never a piece of either.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

use std::fs::File;
use std::io::{self, Write as _};

use super::resolve::Place;

#[cfg(not(unix))]
use self::other as platform;
#[cfg(unix)]
use self::unix as platform;

#[cfg(test)]
#[cfg(unix)]
mod tests;

/// Who may read a file that was not there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NewFile {
    /// Whoever the user lets read any new file.
    Usual,
    /// Nobody but the user.
    Private,
}

/// Puts `content` in place of whatever regular file is there.
pub(crate) fn write(place: &Place, content: &[u8], new: NewFile) -> io::Result<()> {
    platform::write(place, content, new, &|file, content| file.write_all(content))
}

/// How the content gets into an open file; tests have disks that fill up.
type Put<'a> = &'a dyn Fn(&mut File, &[u8]) -> io::Result<()>;
