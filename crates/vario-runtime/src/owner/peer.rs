//! One connection, as the owner sees it: what waits to be sent, and how much of it there may be.

use std::io;
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded, select};
use parking_lot::Mutex;
use vario_value::LogLevel;

use super::frame::{line, write_all};
use super::protocol::{Reply, Watch};
use super::transport::Stream;

/// How many messages may wait for one who does not read.
const MAX_WAITING: usize = 256;

/// How many bytes of them, unless a single one has more.
const MAX_WAITING_BYTES: usize = 8 * 1024 * 1024;

/// How often one who waits for a run is told that it goes on.
const ALIVE_EVERY: Duration = Duration::from_secs(1);

/// How often one who follows is told so when nothing else is.
const FOLLOWERS_ALIVE_EVERY: Duration =
    if cfg!(test) { Duration::from_millis(200) } else { Duration::from_secs(30) };

/// How long one who follows waits for that.
pub(super) const FOLLOWERS_SILENCE: Duration = FOLLOWERS_ALIVE_EVERY.saturating_mul(4);

/// What is sent to it waits here; one that does not read it is dropped, and costs nobody time.
pub(super) struct Peer {
    outbox: Sender<Arc<[u8]>>,
    waiting_bytes: AtomicUsize,
    /// How many requests to run are not done.
    pub(super) pending: AtomicUsize,
    /// What it watches, if it follows.
    pub(super) follows: Mutex<Option<Watch>>,
    /// Whether it has a window.
    pub(super) window: AtomicBool,
    /// The least level of the plugins' log lines that it wants, if it wants any.
    pub(super) log: Mutex<Option<LogLevel>>,
    is_closed: AtomicBool,
    stream: Stream,
}

/// What its writing thread takes along.
pub(super) struct Writer {
    peer: Arc<Peer>,
    stream: Stream,
    inbox: Receiver<Arc<[u8]>>,
}

impl Peer {
    pub(super) fn new(stream: &Stream) -> io::Result<(Arc<Self>, Writer)> {
        let (outbox, inbox) = bounded(MAX_WAITING);
        let peer = Arc::new(Self {
            outbox,
            waiting_bytes: AtomicUsize::new(0),
            pending: AtomicUsize::new(0),
            follows: Mutex::new(None),
            window: AtomicBool::new(false),
            log: Mutex::new(None),
            is_closed: AtomicBool::new(false),
            stream: stream.try_clone()?,
        });
        let writer = Writer { peer: Arc::clone(&peer), stream: stream.try_clone()?, inbox };
        Ok((peer, writer))
    }

    /// Whether it is gone or was sent away.
    pub(super) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Whether it wants log lines of this level.
    pub(super) fn wants(&self, level: LogLevel) -> bool {
        self.log.lock().is_some_and(|least| level >= least)
    }

    /// Sends something, later. One that has not read what came before is dropped.
    pub(super) fn send(&self, reply: &Reply) {
        match line(reply) {
            Ok(line) => self.send_line(&line.into()),
            // A snapshot that is no JSON: the other side finds out by itself.
            Err(_) => self.close(),
        }
    }

    /// As [`Peer::send`], for what it can do without when much is waiting.
    pub(super) fn send_if_there_is_room(&self, reply: &Reply) {
        let half = self.outbox.len() < MAX_WAITING / 2;
        if half && self.waiting_bytes.load(Ordering::Acquire) < MAX_WAITING_BYTES / 2 {
            self.send(reply);
        }
    }

    pub(super) fn send_line(&self, line: &Arc<[u8]>) {
        let before = self.waiting_bytes.fetch_add(line.len(), Ordering::AcqRel);
        let is_too_much = before > 0 && before + line.len() > MAX_WAITING_BYTES;
        let sent = if is_too_much {
            Err(TrySendError::Full(Arc::clone(line)))
        } else {
            self.outbox.try_send(Arc::clone(line))
        };
        if sent.is_err() {
            self.close();
        }
    }

    /// How long nothing may be sent.
    fn pause(&self) -> Duration {
        if self.pending.load(Ordering::Acquire) > 0 {
            ALIVE_EVERY
        } else if self.follows.lock().is_some() {
            FOLLOWERS_ALIVE_EVERY
        } else {
            Duration::MAX
        }
    }

    /// Ends the connection; the thread that reads from it takes it off the list.
    pub(super) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        let _already_closed = self.stream.shutdown(Shutdown::Both);
    }
}

impl Writer {
    /// Sends what is to be sent until the other side is `gone`.
    pub(super) fn run(mut self, gone: &Receiver<()>) {
        loop {
            let pause = self.peer.pause();
            let line = select! {
                recv(self.inbox) -> line => line.ok(),
                recv(gone) -> _ => None,
                default(pause) => line(&Reply::Alive).ok().map(Arc::from),
            };
            let Some(line) = line else { return };
            if write_all(&mut self.stream, &line).is_err() {
                return self.peer.close();
            }
            let bytes = &self.peer.waiting_bytes;
            let _old = bytes.fetch_update(Ordering::AcqRel, Ordering::Acquire, |waiting| {
                Some(waiting.saturating_sub(line.len()))
            });
        }
    }
}
