use std::io::{self, Read, Write};
use std::time::Instant;

use crossbeam_channel::{Receiver, RecvTimeoutError, SendTimeoutError, Sender, bounded};

use super::{Moved, left};
use crate::frames::{CHUNK, Frames};

/// Chunks that may wait in each direction, so that a flood is held back.
const WAITING: usize = 2;

/// Both ends, each in the hands of a thread. The threads end when the worker is gone, or when this
/// is.
#[derive(Debug)]
pub(crate) struct Pipe {
    incoming: Incoming,
    outgoing: Outgoing,
}

/// The end that is read.
#[derive(Debug)]
pub(crate) struct Incoming {
    from: Receiver<Vec<u8>>,
}

/// The end that is written.
#[derive(Debug)]
pub(crate) struct Outgoing {
    to: Sender<Vec<u8>>,
}

impl Pipe {
    pub(crate) fn new(
        stdin: impl Write + Send + 'static,
        stdout: impl Read + Send + 'static,
    ) -> io::Result<Self> {
        let (to, outgoing) = bounded(WAITING);
        let (incoming, from) = bounded(WAITING);
        std::thread::Builder::new().spawn(move || write_all(stdin, &outgoing))?;
        std::thread::Builder::new().spawn(move || read_all(stdout, &incoming))?;
        Ok(Self { incoming: Incoming { from }, outgoing: Outgoing { to } })
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
    #[cfg_attr(unix, expect(dead_code, reason = "only its twin is split where this is a test"))]
    pub(crate) fn split(self) -> (Incoming, Outgoing) {
        (self.incoming, self.outgoing)
    }
}

impl Incoming {
    /// Reads what is there, or waits for something.
    pub(crate) fn read(&mut self, into: &mut Frames, until: Instant) -> Moved {
        match self.from.recv_timeout(left(until)) {
            Ok(bytes) => {
                into.extend(&bytes);
                Moved::Bytes(bytes.len())
            }
            Err(RecvTimeoutError::Timeout) => Moved::Late,
            Err(RecvTimeoutError::Disconnected) => Moved::Gone,
        }
    }
}

impl Outgoing {
    /// Hands bytes over to be written, or waits until they can be.
    pub(crate) fn write(&mut self, bytes: &[u8], until: Instant) -> Moved {
        let bytes = &bytes[..bytes.len().min(CHUNK)];
        match self.to.send_timeout(bytes.to_vec(), left(until)) {
            Ok(()) => Moved::Bytes(bytes.len()),
            Err(SendTimeoutError::Timeout(_)) => Moved::Late,
            Err(SendTimeoutError::Disconnected(_)) => Moved::Gone,
        }
    }
}

fn write_all(mut stdin: impl Write, outgoing: &Receiver<Vec<u8>>) {
    while let Ok(bytes) = outgoing.recv() {
        if stdin.write_all(&bytes).and_then(|()| stdin.flush()).is_err() {
            return;
        }
    }
}

fn read_all(mut stdout: impl Read, incoming: &Sender<Vec<u8>>) {
    let mut chunk = vec![0; CHUNK];
    loop {
        match stdout.read(&mut chunk) {
            Ok(0) => return,
            Ok(count) if incoming.send(chunk[..count].to_vec()).is_ok() => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(_) | Err(_) => return,
        }
    }
}
