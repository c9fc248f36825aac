//! Lines of limited length over a socket, in limited time.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use super::transport::Stream;

/// How long a line may take from its first byte to its last.
const LINE_TIME: Duration = Duration::from_secs(5);

/// How much is read at once.
const PIECE: usize = 16 * 1024;

/// Reads lines.
pub(super) struct Lines {
    stream: Stream,
    limit: usize,
    buffer: Vec<u8>,
    /// What was searched for the line's end.
    searched: usize,
}

impl Lines {
    /// Lines of at most `limit` bytes.
    pub(super) fn new(stream: Stream, limit: usize) -> Self {
        Self { stream, limit, buffer: Vec::new(), searched: 0 }
    }

    /// The next line; nothing at the end. Waits for it to begin for `idle` at most.
    ///
    /// # Errors
    /// `TimedOut` when it does not begin in time, `InvalidData` when it is too long, too slow or
    /// ends in its middle, and the system's.
    pub(super) fn next(&mut self, idle: Duration) -> io::Result<Option<Vec<u8>>> {
        let mut begun = (!self.buffer.is_empty()).then(Instant::now);
        let asked = Instant::now();
        loop {
            let line = self.take();
            if line.as_ref().map_or(self.buffer.len(), Vec::len) > self.limit {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a line is too long"));
            }
            if line.is_some() {
                return Ok(line);
            }
            let left = match begun {
                Some(begun) => left(begun, LINE_TIME).map_err(|_late| too_slow())?,
                None => left(asked, idle)?,
            };
            self.stream.set_read_timeout(Some(left))?;
            let old = self.buffer.len();
            self.buffer.resize(old + PIECE, 0);
            let read = self.stream.read(&mut self.buffer[old..]);
            self.buffer.truncate(old + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) if old == 0 => return Ok(None),
                Ok(0) => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "half a line"));
                }
                Ok(_) => _ = begun.get_or_insert_with(Instant::now),
                // A time-out is looked at above.
                Err(error) if is_pause(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn take(&mut self) -> Option<Vec<u8>> {
        let found = self.buffer[self.searched..].iter().position(|byte| *byte == b'\n');
        let Some(end) = found.map(|found| self.searched + found) else {
            self.searched = self.buffer.len();
            return None;
        };
        let rest = self.buffer.split_off(end + 1);
        let mut line = std::mem::replace(&mut self.buffer, rest);
        line.pop();
        self.searched = 0;
        Some(line)
    }
}

/// Writes all of it, in limited time however slowly it is read.
pub(super) fn write_all(stream: &mut Stream, bytes: &[u8]) -> io::Result<()> {
    let begun = Instant::now();
    let mut written = 0;
    while written < bytes.len() {
        stream.set_write_timeout(Some(left(begun, LINE_TIME)?))?;
        match stream.write(&bytes[written..]) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => written += count,
            Err(error) if is_pause(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// A message as a line.
pub(super) fn line(message: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    Ok(line)
}

fn too_slow() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a line takes too long")
}

fn is_pause(error: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | TimedOut | WouldBlock)
}

fn left(since: Instant, time: Duration) -> io::Result<Duration> {
    let left = time.saturating_sub(since.elapsed());
    // A socket takes no time-out of nothing.
    if left < Duration::from_millis(1) { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}
