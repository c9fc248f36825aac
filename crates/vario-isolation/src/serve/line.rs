use std::fs::File;
use std::io::{self, Read, Write};
use std::time::Duration;
#[cfg(unix)]
use std::time::Instant;

use crate::frames::{CHUNK, Frames};
use crate::message::{FromHost, MAX_FROM_HOST, MAX_GREETING};

/// The child's ends of the pipes. They block: there is nothing to do but wait for the host.
pub(super) struct Line {
    from: File,
    to: File,
    frames: Frames,
    chunk: Vec<u8>,
}

impl Line {
    pub(super) fn new(from: File, to: File) -> Self {
        Self { from, to, frames: Frames::default(), chunk: vec![0; CHUNK] }
    }

    pub(super) fn send(&mut self, frame: &[u8]) -> io::Result<()> {
        self.to.write_all(frame)
    }

    /// The first message.
    pub(super) fn greeting(&mut self) -> io::Result<FromHost> {
        self.next(MAX_GREETING)
    }

    /// The next message that has arrived by then; none if nothing has.
    #[cfg(unix)]
    pub(super) fn receive_within(
        &mut self,
        wait: Option<Duration>,
    ) -> io::Result<Option<FromHost>> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};

        let until = wait.and_then(|wait| Instant::now().checked_add(wait));
        loop {
            let frame = self.frames.next(|_kind| MAX_FROM_HOST).map_err(io::Error::other)?;
            if let Some((kind, payload)) = frame {
                return FromHost::parse(kind, payload).map(Some).map_err(io::Error::other);
            }
            let left = until.map(|until| until.saturating_duration_since(Instant::now()));
            // A time too long for the system is as good as for ever.
            let timeout = left.and_then(|left| Timespec::try_from(left).ok());
            match poll(&mut [PollFd::new(&self.from, PollFlags::IN)], timeout.as_ref()) {
                Ok(0) => return Ok(None),
                Ok(_) => self.fill()?,
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Where nothing can be waited for with a bound, timers are late: they wait for a message.
    #[cfg(not(unix))]
    pub(super) fn receive_within(
        &mut self,
        wait: Option<Duration>,
    ) -> io::Result<Option<FromHost>> {
        if wait.is_some() {
            return Ok(None);
        }
        self.receive().map(Some)
    }

    pub(super) fn receive(&mut self) -> io::Result<FromHost> {
        self.next(MAX_FROM_HOST)
    }

    fn next(&mut self, max_bytes: usize) -> io::Result<FromHost> {
        loop {
            let frame = self.frames.next(|_kind| max_bytes).map_err(io::Error::other)?;
            if let Some((kind, payload)) = frame {
                return FromHost::parse(kind, payload).map_err(io::Error::other);
            }
            self.fill()?;
        }
    }

    /// Reads once.
    fn fill(&mut self) -> io::Result<()> {
        match self.from.read(&mut self.chunk) {
            Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                self.frames.extend(&self.chunk[..count]);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(error),
        }
    }
}
