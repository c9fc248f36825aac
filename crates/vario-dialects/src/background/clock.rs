use std::time::Instant;

/// What timers go by.
pub trait Clock: Send + Sync {
    /// Milliseconds since a moment of its own; never goes back.
    fn now_ms(&self) -> f64;
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy)]
pub struct MonotonicClock(Instant);

impl MonotonicClock {
    /// A clock that begins now.
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for MonotonicClock {
    fn now_ms(&self) -> f64 {
        self.0.elapsed().as_secs_f64() * 1000.0
    }
}
