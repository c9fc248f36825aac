use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{ChildStdin, ChildStdout};
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::{Moved, left};
use crate::frames::{CHUNK, Frames};

/// Both ends, in non-blocking mode. That is ours alone: the worker's ends keep theirs.
#[derive(Debug)]
pub(crate) struct Pipe {
    incoming: Incoming,
    outgoing: Outgoing,
}

/// The end that is read.
#[derive(Debug)]
pub(crate) struct Incoming {
    from: OwnedFd,
    chunk: Box<[u8]>,
}

/// The end that is written.
#[derive(Debug)]
pub(crate) struct Outgoing {
    to: OwnedFd,
}

impl Pipe {
    pub(crate) fn new(stdin: ChildStdin, stdout: ChildStdout) -> io::Result<Self> {
        let (to, from) = (OwnedFd::from(stdin), OwnedFd::from(stdout));
        rustix::io::ioctl_fionbio(&to, true)?;
        rustix::io::ioctl_fionbio(&from, true)?;
        let incoming = Incoming { from, chunk: vec![0; CHUNK].into_boxed_slice() };
        Ok(Self { incoming, outgoing: Outgoing { to } })
    }

    /// As [`Incoming::read`].
    pub(crate) fn read(&mut self, into: &mut Frames, until: Instant) -> Moved {
        self.incoming.read(into, until)
    }

    /// As [`Outgoing::write`].
    pub(crate) fn write(&mut self, bytes: &[u8], until: Instant) -> Moved {
        self.outgoing.write(bytes, until)
    }

    /// The ends for two threads.
    pub(crate) fn split(self) -> (Incoming, Outgoing) {
        (self.incoming, self.outgoing)
    }
}

impl Incoming {
    /// Reads what is there, or waits for something.
    pub(crate) fn read(&mut self, into: &mut Frames, until: Instant) -> Moved {
        let moved = attempt(&self.from, PollFlags::IN, until, || {
            rustix::io::read(&self.from, &mut *self.chunk)
        });
        if let Moved::Bytes(count) = moved {
            into.extend(&self.chunk[..count]);
        }
        moved
    }
}

impl Outgoing {
    /// Writes as much as there is room for, or waits for room.
    pub(crate) fn write(&mut self, bytes: &[u8], until: Instant) -> Moved {
        attempt(&self.to, PollFlags::OUT, until, || rustix::io::write(&self.to, bytes))
    }
}

fn attempt(
    end: impl AsFd,
    ready: PollFlags,
    until: Instant,
    mut action: impl FnMut() -> rustix::io::Result<usize>,
) -> Moved {
    loop {
        match action() {
            Ok(0) => return Moved::Gone,
            Ok(count) => return Moved::Bytes(count),
            Err(Errno::AGAIN) => {}
            Err(Errno::INTR) => continue,
            // A broken pipe, above all.
            Err(_) => return Moved::Gone,
        }
        let left = left(until);
        if left.is_zero() {
            return Moved::Late;
        }
        // Any time too long for the system is as good as for ever.
        let timeout = Timespec::try_from(left).ok();
        match poll(&mut [PollFd::new(&end, ready)], timeout.as_ref()) {
            Ok(0) => return Moved::Late,
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return Moved::Gone,
        }
    }
}
