use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::bus::Event;

/// How many events wait for a plugin; of more, the oldest go (reference of Mudstack, section 5).
const MAX_WAITING: usize = 1000;

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
    in_flight: usize,
    is_open: bool,
    dropped: u64,
}

/// Events for one plugin, in the order they were emitted, as fast as it takes them.
#[derive(Default)]
pub(crate) struct EventQueue(Mutex<State>);

/// What is to be done after a change.
#[derive(Default)]
pub(crate) struct Next {
    /// To be sent now.
    pub(crate) send: Vec<Delivery>,
    /// The first event of a row was lost.
    pub(crate) began_to_drop: bool,
}

impl EventQueue {
    /// An event came.
    pub(crate) fn push(&self, delivery: Delivery) -> Next {
        let mut state = self.0.lock();
        let mut began_to_drop = false;
        if state.waiting.len() >= MAX_WAITING {
            state.waiting.pop_front();
            state.dropped += 1;
            began_to_drop = state.dropped == 1;
        }
        state.waiting.push_back(delivery);
        Next { send: state.take(), began_to_drop }
    }

    /// The plugin may have events from now on.
    pub(crate) fn open(&self) -> Next {
        let mut state = self.0.lock();
        state.is_open = true;
        Next { send: state.take(), began_to_drop: false }
    }

    /// The plugin has taken one.
    pub(crate) fn taken(&self) -> Next {
        let mut state = self.0.lock();
        state.in_flight = state.in_flight.saturating_sub(1);
        if state.waiting.is_empty() {
            state.dropped = 0;
        }
        Next { send: state.take(), began_to_drop: false }
    }
}

impl State {
    fn take(&mut self) -> Vec<Delivery> {
        if !self.is_open {
            return Vec::new();
        }
        let room = WINDOW.saturating_sub(self.in_flight).min(self.waiting.len());
        self.in_flight += room;
        self.waiting.drain(..room).collect()
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

    fn numbers(next: &Next) -> Vec<u64> {
        next.send.iter().filter_map(|delivery| delivery.subscription).collect()
    }

    #[test]
    fn events_wait_until_the_plugin_may_have_them_and_keep_their_order() {
        let queue = EventQueue::default();
        for number in 0..3 {
            assert!(queue.push(delivery(number)).send.is_empty());
        }
        assert_eq!(numbers(&queue.open()), [0, 1, 2]);
        assert_eq!(numbers(&queue.push(delivery(3))), [3]);
    }

    #[test]
    fn a_plugin_that_takes_none_loses_the_oldest_with_one_warning() {
        let queue = EventQueue::default();
        queue.open();
        let mut warnings = 0;
        for number in 0..2000 {
            warnings += u32::from(queue.push(delivery(number)).began_to_drop);
        }
        assert_eq!(warnings, 1);
        let window = WINDOW as u64;
        assert_eq!(numbers(&queue.taken()), [2000 - MAX_WAITING as u64]);
        assert!(window < 1000);
    }
}
