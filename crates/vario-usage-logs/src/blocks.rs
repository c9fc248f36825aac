//! Reads a file in blocks of whole lines, through one buffer, whatever the length of the lines.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::hash::Hasher;
use crate::stop::Stop;

/// What is read at once: large enough for few calls, small enough for the processor's cache.
const BLOCK: usize = 128 * 1024;

/// The longest line that is looked at, in bytes. Whole conversations with pictures in them are far
/// shorter, and a file that is one line must not fill the memory.
pub(crate) const LONGEST_LINE: usize = 16 * 1024 * 1024;

/// How much before the point that was reached must be as it was for a scan to continue there.
const CHECKED: usize = 1024;

/// A buffer that is used for one file after the other.
#[derive(Default)]
pub(crate) struct Blocks<'a> {
    buffer: Vec<u8>,
    stop: Stop<'a>,
}

/// A part of a file.
pub(crate) enum Block<'a> {
    /// One or more lines with their line ends.
    Lines(&'a [u8]),
    /// A line of more than [`LONGEST_LINE`] bytes, which is not kept.
    TooLong,
    /// What comes after the last line end. Its writer may not be done with it.
    Tail(&'a [u8]),
}

/// How far a file was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reached {
    /// Behind the last line end, in bytes.
    pub(crate) offset: u64,
    /// Stands for the last bytes before it.
    pub(crate) check: u128,
}

impl<'a> Blocks<'a> {
    pub(crate) fn new(stop: Stop<'a>) -> Self {
        Self { buffer: Vec::new(), stop }
    }

    /// Hands every part of the file from `from` on to `take`.
    ///
    /// A file that grows meanwhile is read as far as it goes at the end.
    pub(crate) fn read(
        &mut self,
        file: &mut File,
        from: u64,
        mut take: impl FnMut(Block<'_>),
    ) -> io::Result<Reached> {
        if from > 0 {
            file.seek(SeekFrom::Start(from))?;
        }
        if self.buffer.len() < BLOCK {
            self.buffer.resize(BLOCK, 0);
        }
        let mut offset = from;
        let mut filled = 0;
        let mut skipping = false;
        loop {
            if filled == self.buffer.len() {
                if filled >= LONGEST_LINE {
                    if !skipping {
                        take(Block::TooLong);
                    }
                    skipping = true;
                    offset += filled as u64;
                    filled = 0;
                } else {
                    self.buffer.resize(filled * 2, 0);
                }
            }
            if self.stop.is_set() {
                return Err(io::Error::other("nobody wants it any more"));
            }
            let count = match file.read(&mut self.buffer[filled..]) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if count == 0 {
                break;
            }
            let fresh = filled;
            filled += count;
            let Some(last) = memchr::memrchr(b'\n', &self.buffer[fresh..filled]) else { continue };
            let end = fresh + last + 1;
            let mut start = 0;
            if skipping {
                let first = memchr::memchr(b'\n', &self.buffer[..end]);
                start = first.map_or(end, |first| first + 1);
                skipping = false;
            }
            if start < end {
                take(Block::Lines(&self.buffer[start..end]));
            }
            offset += end as u64;
            self.buffer.copy_within(end..filled, 0);
            filled -= end;
        }
        if !skipping && filled > 0 {
            take(Block::Tail(&self.buffer[..filled]));
        }
        // A long line is over; the next files need no such buffer.
        self.buffer.truncate(BLOCK * 4);
        self.buffer.shrink_to(BLOCK * 4);
        // Within a line that is skipped there is no point to continue at.
        let offset = if skipping { 0 } else { offset };
        Ok(Reached { offset, check: check(file, offset)? })
    }
}

/// Opens a log file, and says whether what was counted of it is still its beginning.
pub(crate) fn open(path: &Path, reached: Reached) -> io::Result<(File, bool)> {
    let mut file = File::open(path)?;
    let same = reached.offset > 0 && check(&mut file, reached.offset)? == reached.check;
    if !same {
        file.seek(SeekFrom::Start(0))?;
    }
    Ok((file, same))
}

/// Stands for the bytes before `offset`; 0 when the file is shorter.
fn check(file: &mut File, offset: u64) -> io::Result<u128> {
    let count = offset.min(CHECKED as u64);
    file.seek(SeekFrom::Start(offset - count))?;
    let mut bytes = Vec::with_capacity(CHECKED);
    file.take(count).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < count {
        return Ok(0);
    }
    Ok(Hasher::new().bytes(&bytes).finish())
}

#[cfg(test)]
mod tests;
