//! What host and worker say to each other.
//!
//! A frame is the length of what follows (four bytes, lowest first), one byte for the kind, and
//! the payload. The host sends [`Setup`], the worker its hello, the host a job, and from then on the
//! worker speaks and the host answers, until the worker's result ends it.
//!
//! A job without an end begins with `Stay` instead. Then both sides may speak at any time: the
//! worker makes calls, of which only the last waits for its answer, and the host sends messages.

mod host;
mod worker;

#[cfg(test)]
mod tests;

use crate::wire::{BadBytes, Unfit};

pub(crate) use self::host::{
    FromHost, Setup, Told, job, message, module_reply, reply, setup, stay,
};
pub(crate) use self::worker::{FromWorker, call, failed, hello, log, module, post, result};

/// How every hello begins; nothing else that a program prints by chance does.
const MAGIC: &[u8; 8] = b"vario\0wk";

/// Changes with every change of the frames.
const PROTOCOL: u32 = 2;

/// Host and worker are the same program, so they fit only if this is the same.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The largest frame from a worker: a file of 32 MiB to be written, and something around it.
pub(crate) const MAX_FROM_WORKER: usize = 40 << 20;

/// The largest frame from the host: a job with its source, an answer with a file.
pub(crate) const MAX_FROM_HOST: usize = 48 << 20;

/// The largest frame before a job: setup and hello.
pub(crate) const MAX_GREETING: usize = 64 << 10;

/// How many values one message from a worker may hold. Each costs the host about a hundred bytes.
const MAX_PARTS_FROM_WORKER: usize = 200_000;

/// How many values one message from the host may hold.
const MAX_PARTS_FROM_HOST: usize = 2_000_000;

/// The bytes before a frame's payload: its length, its kind.
pub(crate) const HEADER: usize = 5;

/// Room for the header, and the kind.
fn begin(kind: u8) -> Vec<u8> {
    vec![0, 0, 0, 0, kind]
}

/// Fills in the length.
fn seal(mut frame: Vec<u8>, max: usize) -> Result<Vec<u8>, Unfit> {
    let length = frame.len() - 4;
    match u32::try_from(length) {
        Ok(bytes) if length <= max => {
            frame[..4].copy_from_slice(&bytes.to_le_bytes());
            Ok(frame)
        }
        _ => Err(Unfit::Bytes(max)),
    }
}

/// The length a header claims and its kind, once all five bytes are there.
pub(crate) fn header(bytes: &[u8]) -> Option<(usize, u8)> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*length) as usize, *rest.first()?))
}

/// Why a frame cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadFrame {
    #[error("a message cannot be read: {0}")]
    Bytes(#[from] BadBytes),
    #[error("a message of kind {0} is unknown")]
    Kind(u8),
    #[error("a message has {0} bytes, more than allowed")]
    Long(usize),
    #[error("a call has the wrong number")]
    Number,
    #[error("a message is empty")]
    Empty,
    #[error("it does not speak the worker protocol")]
    Magic,
    #[error("it is of version {theirs}, and this is {VERSION}")]
    Version { theirs: String },
}

/// The greeting's first bytes, the same in both directions and in every version.
fn write_greeting(writer: &mut crate::wire::Writer) {
    writer.raw(MAGIC);
    writer.number(u64::from(PROTOCOL));
    writer.text(VERSION);
}

fn read_greeting(reader: &mut crate::wire::Reader<'_>) -> Result<(), BadFrame> {
    if reader.raw(MAGIC.len()).ok() != Some(MAGIC.as_slice()) {
        return Err(BadFrame::Magic);
    }
    let protocol = reader.small()?;
    let version = reader.text()?;
    if protocol == PROTOCOL && version == VERSION {
        return Ok(());
    }
    // It ends up in a message: a version is short, and has nothing that moves a terminal's cursor.
    let theirs: String = version.chars().filter(char::is_ascii_graphic).take(20).collect();
    Err(BadFrame::Version { theirs: format!("{theirs} (protocol {protocol})") })
}
