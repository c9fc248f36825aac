//! What goes into a program, and what comes out of it.

use std::io::{ErrorKind, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use process_wrap::std::ChildWrapper;
use vario_host::{Cancel, CancelGuard, HostError};

/// How many programs may run for all plugins together. What a program left running may hold its
/// pipes open for as long as it likes, and there is a thread at the other end.
const MAX_RUNNING: usize = 48;

static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// One of the two outputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Stdout,
    Stderr,
}

enum Piece {
    /// What was said; nothing is the end.
    Output(Which, Vec<u8>),
    /// Look whether the run is over.
    Wake,
}

/// The ends of a program's pipes that are ours.
pub(super) struct Pipes {
    sender: Option<Sender<Piece>>,
    pieces: Receiver<Piece>,
    stdout: Output,
    stderr: Output,
    /// How much is kept of each output.
    kept_bytes: usize,
    place: std::sync::Arc<Place>,
}

/// What is kept of an output.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) bytes: Vec<u8>,
    /// More was said than is kept.
    pub(crate) is_truncated: bool,
}

#[derive(Default)]
struct Output {
    said: Said,
    is_closed: bool,
}

impl Pipes {
    /// Nothing is connected yet.
    pub(super) fn new(kept_bytes: usize) -> Result<Self, HostError> {
        let place = Place::take().ok_or_else(|| HostError::failed("too many programs run"))?;
        let (sender, pieces) = bounded(16);
        Ok(Self {
            sender: Some(sender),
            pieces,
            stdout: Output::default(),
            stderr: Output::default(),
            kept_bytes,
            place: std::sync::Arc::new(place),
        })
    }

    /// Has [`Pipes::receive`] return when this fires.
    pub(super) fn wake_on(&self, cancel: &Cancel) -> Option<CancelGuard> {
        let sender = self.sender.clone()?;
        Some(cancel.on_cancel(move || {
            let _busy_means_awake = sender.try_send(Piece::Wake);
        }))
    }

    /// Begins to feed the program and to listen to it.
    pub(super) fn connect(
        &mut self,
        child: &mut dyn ChildWrapper,
        input: Option<Vec<u8>>,
    ) -> Result<(), HostError> {
        let Some(sender) = self.sender.take() else { return Ok(()) };
        if let Some(stdout) = child.stdout().take() {
            let sender = sender.clone();
            self.begin(move || pump(stdout, Which::Stdout, &sender))?;
        }
        if let Some(stderr) = child.stderr().take() {
            self.begin(move || pump(stderr, Which::Stderr, &sender))?;
        }
        if let (Some(mut stdin), Some(input)) = (child.stdin().take(), input) {
            // A program that does not read all of it is no failure.
            self.begin(move || drop(stdin.write_all(&input)))?;
        }
        Ok(())
    }

    fn begin(&self, work: impl FnOnce() + Send + 'static) -> Result<(), HostError> {
        let place = std::sync::Arc::clone(&self.place);
        let thread = std::thread::Builder::new().name("vario-program".to_owned());
        let begun = thread.spawn(move || {
            let _place = place;
            work();
        });
        begun.map(drop).map_err(|error| HostError::Failed(format!("no thread: {error}")))
    }

    /// Takes the next piece, if there is one until then.
    pub(super) fn receive(&mut self, until: Instant) -> Result<(), RecvTimeoutError> {
        match self.pieces.recv_deadline(until)? {
            Piece::Output(Which::Stdout, bytes) => self.stdout.take(&bytes, self.kept_bytes),
            Piece::Output(Which::Stderr, bytes) => self.stderr.take(&bytes, self.kept_bytes),
            Piece::Wake => {}
        }
        Ok(())
    }

    /// Whether nothing more can come.
    pub(super) fn are_closed(&self) -> bool {
        self.stdout.is_closed && self.stderr.is_closed
    }

    /// What was said, the ordinary output first.
    pub(super) fn into_said(self) -> [Said; 2] {
        [self.stdout.said, self.stderr.said]
    }
}

impl Output {
    fn take(&mut self, bytes: &[u8], kept_bytes: usize) {
        if bytes.is_empty() {
            self.is_closed = true;
        }
        let fits = bytes.len().min(kept_bytes - self.said.bytes.len());
        self.said.bytes.extend_from_slice(&bytes[..fits]);
        self.said.is_truncated |= fits < bytes.len();
    }
}

fn pump(mut output: impl Read, which: Which, sender: &Sender<Piece>) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let bytes = match output.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Ok(count) => buffer[..count].to_vec(),
            // As good as the end.
            Err(_) => Vec::new(),
        };
        let is_end = bytes.is_empty();
        if sender.send(Piece::Output(which, bytes)).is_err() || is_end {
            return;
        }
    }
}

/// One of the limited number of programs; given back when the last of its threads has ended.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        let before = RUNNING.fetch_add(1, Ordering::AcqRel);
        let place = Self;
        (before < MAX_RUNNING).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        RUNNING.fetch_sub(1, Ordering::AcqRel);
    }
}
