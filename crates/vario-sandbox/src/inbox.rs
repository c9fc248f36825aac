use std::time::Duration;

use vario_value::Value;

/// What a wait for the host's next message came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Inbound {
    /// A message.
    Message(Value),
    /// Nothing in the given time.
    Idle,
    /// The host will say nothing more.
    Closed,
}

/// Where a long-lived script hears from its host. What it says itself goes through
/// [`crate::Natives`].
pub trait Inbox: Send + Sync {
    /// The next message, in the order they were sent. `wait` bounds the time; without it that is
    /// for ever.
    fn next(&self, wait: Option<Duration>) -> Inbound;
}
