//! Hands one stream of frames on to many clients, each with a bounded queue of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::ws::Utf8Bytes;
use parking_lot::Mutex;
use tokio::sync::mpsc;

/// What clients are sent. Cloning shares the text.
#[derive(Clone)]
pub(crate) struct Frame {
    /// The event's id.
    pub(crate) id: Arc<str>,
    pub(crate) text: Utf8Bytes,
}

/// The clients. One that does not keep up is forgotten, which ends its stream.
pub(crate) struct Fan {
    clients: Mutex<Vec<Client>>,
    queue: usize,
    queue_bytes: usize,
}

struct Client {
    frames: mpsc::Sender<Frame>,
    held: Arc<AtomicUsize>,
}

/// A client's end.
pub(crate) struct Ear {
    frames: mpsc::Receiver<Frame>,
    held: Arc<AtomicUsize>,
}

impl Fan {
    pub(crate) fn new(queue: usize, queue_bytes: usize) -> Self {
        Self { clients: Mutex::default(), queue: queue.max(1), queue_bytes }
    }

    /// One more client.
    pub(crate) fn listen(&self) -> Ear {
        let (sender, frames) = mpsc::channel(self.queue);
        let held = Arc::new(AtomicUsize::new(0));
        self.clients.lock().push(Client { frames: sender, held: Arc::clone(&held) });
        Ear { frames, held }
    }

    /// Sends a frame, which is made only if somebody listens. Never blocks.
    pub(crate) fn send(&self, make: impl FnOnce() -> Frame) {
        let mut clients = self.clients.lock();
        clients.retain(|client| !client.frames.is_closed());
        if clients.is_empty() {
            return;
        }
        let frame = make();
        clients.retain(|client| client.offer(&frame, self.queue_bytes));
    }
}

impl Client {
    fn offer(&self, frame: &Frame, most: usize) -> bool {
        let length = frame.text.as_str().len();
        let held = self.held.fetch_add(length, Ordering::Relaxed);
        // One frame always fits, however long.
        let fits = held == 0 || held.saturating_add(length) <= most;
        fits && self.frames.try_send(frame.clone()).is_ok()
    }
}

impl Ear {
    /// The next frame; nothing when this client was too slow.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        let frame = self.frames.recv().await?;
        self.held.fetch_sub(frame.text.as_str().len(), Ordering::Relaxed);
        Some(frame)
    }
}
