//! When to draw.

use std::time::{Duration, Instant};

use winit::event_loop::ControlFlow;

/// A window that is not seen is not asked more often.
const OUT_OF_SIGHT: Duration = Duration::from_millis(100);

/// How long to wait for the window system to ask for the picture we want to draw. Wayland does not
/// ask a window that is covered, and what the window is told has to be heard all the same.
const MISSED: Duration = Duration::from_millis(250);

/// What is to come.
#[derive(Debug, Default)]
pub(super) struct Schedule {
    /// The next frame.
    next: Option<Instant>,
    /// When we no longer wait for the window system.
    missed: Option<Instant>,
}

impl Schedule {
    /// Draws then, if not sooner.
    pub(super) fn at(&mut self, when: Instant) {
        self.next = Some(self.next.map_or(when, |next| next.min(when)));
    }

    /// Whether a frame is due; it is no longer to come then.
    pub(super) fn take_due(&mut self, now: Instant) -> bool {
        self.next.take_if(|next| *next <= now).is_some()
    }

    /// The window system was asked for a picture.
    pub(super) fn await_redraw(&mut self, now: Instant) {
        self.missed.get_or_insert(now + MISSED);
    }

    /// The window system has asked for it.
    pub(super) fn redraw_came(&mut self) {
        self.missed = None;
    }

    /// Whether it has not asked in time; we no longer wait for it then.
    pub(super) fn take_missed(&mut self, now: Instant) -> bool {
        self.missed.take_if(|missed| *missed <= now).is_some()
    }

    /// A frame that is to come may come a little later.
    pub(super) fn slow_down(&mut self, now: Instant) {
        self.next = self.next.map(|next| next.max(now + OUT_OF_SIGHT));
    }

    /// How long to sleep.
    pub(super) fn control_flow(&self) -> ControlFlow {
        let first = [self.next, self.missed].into_iter().flatten().min();
        first.map_or(ControlFlow::Wait, ControlFlow::WaitUntil)
    }
}

/// When a window that is not seen draws.
pub(super) fn slowly(when: Instant) -> Instant {
    when.max(Instant::now() + OUT_OF_SIGHT)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use winit::event_loop::ControlFlow;

    use super::{MISSED, OUT_OF_SIGHT, Schedule};

    #[test]
    fn the_first_moment_counts_and_nothing_is_polled_for() {
        let now = Instant::now();
        let later = now + Duration::from_secs(1);
        let mut schedule = Schedule::default();
        assert_eq!(schedule.control_flow(), ControlFlow::Wait);
        schedule.at(later);
        schedule.at(later + MISSED);
        assert!(!schedule.take_due(now));
        assert_eq!(schedule.control_flow(), ControlFlow::WaitUntil(later));
        assert!(schedule.take_due(later));
        assert_eq!(schedule.control_flow(), ControlFlow::Wait);
        schedule.at(now);
        schedule.slow_down(now);
        assert_eq!(schedule.control_flow(), ControlFlow::WaitUntil(now + OUT_OF_SIGHT));
    }

    #[test]
    fn a_picture_that_is_not_asked_for_is_given_up() {
        let now = Instant::now();
        let mut schedule = Schedule::default();
        schedule.await_redraw(now);
        schedule.await_redraw(now + MISSED);
        assert!(!schedule.take_missed(now));
        assert!(schedule.take_missed(now + MISSED));
        assert!(!schedule.take_missed(now + MISSED));
        schedule.await_redraw(now);
        schedule.redraw_came();
        assert!(!schedule.take_missed(now + MISSED));
    }
}
