use crate::message::{BadFrame, HEADER, header};

/// How much is read at once; what a pipe holds.
pub(crate) const CHUNK: usize = 64 << 10;

/// Collects bytes until they are a frame. It grows with what arrives, never with what is claimed.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    bytes: Vec<u8>,
    /// Where the next frame begins.
    start: usize,
}

impl Frames {
    /// Takes bytes in.
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        if self.start == self.bytes.len() {
            self.bytes.clear();
            self.start = 0;
        } else if self.start > CHUNK {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Nothing has arrived beyond the frames that were taken.
    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.bytes.len()
    }

    /// The next frame's kind and payload, if all of it is there. `max_bytes` is asked as soon as
    /// the kind is known, before anything else has to arrive.
    pub(crate) fn next(
        &mut self,
        max_bytes: impl FnOnce(u8) -> usize,
    ) -> Result<Option<(u8, &[u8])>, BadFrame> {
        let Some((length, kind)) = header(&self.bytes[self.start..]) else { return Ok(None) };
        if length == 0 {
            return Err(BadFrame::Empty);
        }
        if length > max_bytes(kind) {
            return Err(BadFrame::Long(length));
        }
        // The length counts the kind, which is the header's last byte.
        let end = self.start + HEADER - 1 + length;
        if self.bytes.len() < end {
            return Ok(None);
        }
        let payload = self.start + HEADER..end;
        self.start = end;
        Ok(Some((kind, &self.bytes[payload])))
    }
}
