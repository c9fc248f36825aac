use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::bus::Event;

/// How many events wait for a plugin; of more, the oldest go (reference of Mudstack, section 5).
const MAX_WAITING: usize = 1000;

/// How long their payloads may be together, in bytes; at least one waits, however long.
const MAX_WAITING_BYTES: usize = 16 << 20;

/// How many events a plugin is given before it has taken the first of them.
const WINDOW: usize = 32;

/// One event on its way to one subscription.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    /// The subscription's number; none for one of the manifest.
    pub(crate) subscription: Option<u64>,
    /// The method that the manifest names.
    pub(crate) handler: Option<String>,
    pub(crate) event: Arc<Event>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Delivery>,
    /// How long the payloads of those are together.
    waiting_bytes: usize,
    in_flight: usize,
    is_open: bool,
    /// Somebody is sending: two at once would lose the order.
    is_sending: bool,
    dropped: u64,
}

/// Events for one plugin, in the order they were emitted, as fast as it takes them.
#[derive(Default)]
pub(crate) struct EventQueue(Mutex<State>);

/// Whether an event that was lost is the first of a row, which is worth a word.
pub(crate) type BeganToDrop = bool;

/// After every change somebody sends what may be sent: [`EventQueue::begin`] until it gives nothing.
impl EventQueue {
    /// An event came.
    pub(crate) fn push(&self, delivery: Delivery) -> BeganToDrop {
        let mut state = self.0.lock();
        let mut began = false;
        while state.waiting.len() >= MAX_WAITING || state.waiting_bytes > MAX_WAITING_BYTES {
            let Some(oldest) = state.waiting.pop_front() else { break };
            state.waiting_bytes -= oldest.event.bytes;
            began |= state.drop_one();
        }
        state.waiting_bytes += delivery.event.bytes;
        state.waiting.push_back(delivery);
        began
    }

    /// The plugin may have events from now on.
    pub(crate) fn open(&self) {
        self.0.lock().is_open = true;
    }

    /// One that was to be sent could not be.
    pub(crate) fn lost(&self) -> BeganToDrop {
        let mut state = self.0.lock();
        state.in_flight = state.in_flight.saturating_sub(1);
        state.drop_one()
    }

    /// The plugin has taken one.
    pub(crate) fn taken(&self) {
        let mut state = self.0.lock();
        state.in_flight = state.in_flight.saturating_sub(1);
        if state.waiting.is_empty() {
            state.dropped = 0;
        }
    }

    /// What is to be sent now, to be followed by [`EventQueue::end`]; empty when that is nothing, or
    /// when somebody else is sending, who will look again.
    pub(crate) fn begin(&self) -> Vec<Delivery> {
        let mut state = self.0.lock();
        if !state.is_open || state.is_sending {
            return Vec::new();
        }
        let room = WINDOW.saturating_sub(state.in_flight).min(state.waiting.len());
        state.in_flight += room;
        state.is_sending = room > 0;
        let begun: Vec<Delivery> = state.waiting.drain(..room).collect();
        state.waiting_bytes -= begun.iter().map(|delivery| delivery.event.bytes).sum::<usize>();
        begun
    }

    /// All that was begun is sent.
    pub(crate) fn end(&self) {
        self.0.lock().is_sending = false;
    }
}

impl State {
    fn drop_one(&mut self) -> BeganToDrop {
        self.dropped += 1;
        self.dropped == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bus::Bus;

    fn delivery(number: u64) -> Delivery {
        let event = Bus::new().publish("e", "core", serde_json::Value::Null, 0);
        Delivery { subscription: Some(number), handler: None, event }
    }

    fn send(queue: &EventQueue) -> Vec<u64> {
        let sent = queue.begin().iter().filter_map(|delivery| delivery.subscription).collect();
        queue.end();
        sent
    }

    #[test]
    fn events_wait_until_the_plugin_may_have_them_and_keep_their_order() {
        let queue = EventQueue::default();
        for number in 0..3 {
            queue.push(delivery(number));
        }
        assert!(send(&queue).is_empty());
        queue.open();
        assert_eq!(send(&queue), [0, 1, 2]);
        queue.push(delivery(3));
        assert_eq!(send(&queue), [3]);
    }

    #[test]
    fn one_at_a_time_sends() {
        let queue = EventQueue::default();
        queue.open();
        queue.push(delivery(0));
        assert_eq!(queue.begin().len(), 1);
        queue.push(delivery(1));
        assert!(queue.begin().is_empty());
        queue.end();
        assert_eq!(send(&queue), [1]);
    }

    #[test]
    fn a_plugin_that_takes_none_loses_the_oldest_with_one_warning() {
        let queue = EventQueue::default();
        queue.open();
        let mut warnings = 0;
        let mut sent = Vec::new();
        for number in 0..2000 {
            warnings += u32::from(queue.push(delivery(number)));
            sent.extend(send(&queue));
        }
        assert_eq!((sent.len(), warnings), (WINDOW, 1));
        queue.taken();
        assert_eq!(send(&queue), [2000 - MAX_WAITING as u64]);
    }
}
