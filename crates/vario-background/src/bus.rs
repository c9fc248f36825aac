use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::RwLock;
use serde_json::Value as Json;

/// One event, the same for every dialect and every client (references of smartCARS, section 6,
/// and Mudstack, section 5).
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// A random UUID.
    pub id: String,
    /// Its type, for instance `flight:phase`.
    pub kind: String,
    /// `core`, `external` or the id of the plugin that sent it.
    pub source: String,
    /// Anything.
    pub payload: Json,
    /// Milliseconds since the epoch.
    pub timestamp_ms: i64,
    /// How long the payload is as JSON, in bytes.
    pub bytes: usize,
}

impl Event {
    /// An event with an id of its own.
    pub(crate) fn new(kind: &str, source: &str, payload: Json, now_ms: i64) -> Self {
        Self {
            id: random_uuid(),
            kind: kind.to_owned(),
            source: source.to_owned(),
            bytes: length(&payload),
            payload,
            timestamp_ms: now_ms,
        }
    }
}

/// Whether a subscriber wants more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It does.
    Yes,
    /// It is gone or too slow, and is forgotten.
    No,
}

type Listener = dyn Fn(&Arc<Event>) -> Keep + Send + Sync;

struct Entry {
    number: u64,
    listener: Arc<Listener>,
}

#[derive(Default)]
struct Shared {
    entries: RwLock<Vec<Entry>>,
    next: AtomicU64,
}

impl Shared {
    fn forget(&self, number: u64) {
        self.entries.write().retain(|entry| entry.number != number);
    }
}

/// The event bus of one owner: every subscriber hears every event and picks what it wants.
///
/// A subscriber is called on the publisher's thread and must not block; it hands the event on to
/// a queue of its own, which it bounds.
#[derive(Clone, Default)]
pub struct Bus(Arc<Shared>);

impl Bus {
    /// A bus without subscribers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends an event to everybody, the sender included.
    pub fn publish(&self, kind: &str, source: &str, payload: Json, now_ms: i64) -> Arc<Event> {
        let event = Arc::new(Event::new(kind, source, payload, now_ms));
        self.send(&event);
        event
    }

    /// The same for an event whose id was to be known before.
    pub(crate) fn send(&self, event: &Arc<Event>) {
        // Called without the lock: a subscriber may subscribe, publish or go.
        let listeners: Vec<(u64, Arc<Listener>)> = {
            let entries = self.0.entries.read();
            entries.iter().map(|entry| (entry.number, Arc::clone(&entry.listener))).collect()
        };
        for (number, listener) in listeners {
            if listener(event) == Keep::No {
                self.0.forget(number);
            }
        }
    }

    /// Hears every event until the listener says no.
    pub fn listen(&self, listener: impl Fn(&Arc<Event>) -> Keep + Send + Sync + 'static) {
        // What ends a subscription is dropping it; this one is never dropped.
        std::mem::forget(self.subscribe(listener));
    }

    /// Hears every event until the subscription is dropped or the listener says no.
    pub fn subscribe(
        &self,
        listener: impl Fn(&Arc<Event>) -> Keep + Send + Sync + 'static,
    ) -> Subscription {
        let number = self.0.next.fetch_add(1, Ordering::Relaxed);
        self.0.entries.write().push(Entry { number, listener: Arc::new(listener) });
        Subscription { shared: Arc::downgrade(&self.0), number }
    }
}

/// Ends a subscription when it is dropped.
pub struct Subscription {
    shared: Weak<Shared>,
    number: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.forget(self.number);
        }
    }
}

/// How long a value is as JSON, without making the text.
fn length(payload: &Json) -> usize {
    struct Count(usize);

    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let mut count = Count(0);
    // A value of JSON can be written, and counting never fails.
    let _always = serde_json::to_writer(&mut count, payload);
    count.0
}

/// A version 4 UUID (RFC 9562, section 5.4).
pub(crate) fn random_uuid() -> String {
    let mut bytes = [0_u8; 16];
    // Without randomness the id is poor, and nothing depends on it being unguessable.
    let _poorer = getrandom::fill(&mut bytes);
    let number = u128::from_be_bytes(bytes);
    let number = (number & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{number:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
