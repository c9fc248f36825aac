use std::fs::File;
use std::io::{self, Read, Write};

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

    pub(super) fn receive(&mut self) -> io::Result<FromHost> {
        self.next(MAX_FROM_HOST)
    }

    fn next(&mut self, max_bytes: usize) -> io::Result<FromHost> {
        loop {
            let frame = self.frames.next(|_kind| max_bytes).map_err(io::Error::other)?;
            if let Some((kind, payload)) = frame {
                return FromHost::parse(kind, payload).map_err(io::Error::other);
            }
            match self.from.read(&mut self.chunk) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => self.frames.extend(&self.chunk[..count]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}
