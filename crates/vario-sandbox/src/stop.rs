use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::limits::Limits;

/// Why a run was ended from outside the script. A script cannot catch it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The wall-clock limit passed.
    Deadline,
    /// The heap limit was reached.
    Memory,
    /// The script's call stack was used up.
    Stack,
    /// Too many host calls.
    HostCalls,
    /// Too much log text.
    Log,
    /// The user or the host asked for an end.
    Cancelled,
    /// The host cannot go on, a replayed call that finds no answer for one; with its words.
    Halted(String),
}

impl StopReason {
    /// Its name, for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deadline => "deadline",
            Self::Memory => "memory",
            Self::Stack => "stack",
            Self::HostCalls => "hostCalls",
            Self::Log => "log",
            Self::Cancelled => "cancelled",
            Self::Halted(_) => "halted",
        }
    }

    /// The fixed text a card shows for this reason, the same in every engine.
    pub fn text(&self, limits: &Limits) -> String {
        match self {
            Self::Deadline => format!("probe timed out after {}", duration_text(limits.wall)),
            Self::Memory => {
                format!("plugin ran out of memory (limit {})", bytes_text(limits.heap_bytes))
            }
            Self::Stack => {
                format!("plugin ran out of stack (limit {})", bytes_text(limits.stack_bytes))
            }
            Self::HostCalls => {
                format!("plugin made too many host calls (limit {})", limits.host_calls)
            }
            Self::Log => format!("plugin logged too much (limit {})", bytes_text(limits.log_bytes)),
            Self::Cancelled => "probe was cancelled".to_owned(),
            Self::Halted(words) => words.clone(),
        }
    }
}

/// Why a script was ended that did not give way in time.
const ENDLESS: &str = "its code runs without a pause";

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// A duration as the contract writes it in time-out texts (section 2.4): whole seconds `Ns`,
/// under one second `Nms`, else three decimals `N.NNNs`.
pub fn duration_text(duration: Duration) -> String {
    if duration.subsec_millis() == 0 && duration.as_secs() > 0 {
        format!("{}s", duration.as_secs())
    } else if duration.as_secs() == 0 {
        format!("{}ms", duration.as_millis())
    } else {
        format!("{}.{:03}s", duration.as_secs(), duration.subsec_millis())
    }
}

fn bytes_text(bytes: usize) -> String {
    const KIB: usize = 1024;
    if bytes >= KIB * KIB && bytes.is_multiple_of(KIB * KIB) {
        format!("{} MiB", bytes / (KIB * KIB))
    } else if bytes >= KIB && bytes.is_multiple_of(KIB) {
        format!("{} KiB", bytes / KIB)
    } else {
        format!("{bytes} bytes")
    }
}

/// One run's deadline and its reason to end early. Shared between the engine, which polls it, and
/// whoever may end the run; the first reason stays.
///
/// A run that lives long is bounded turn by turn besides: see [`StopSignal::begin_turn`].
#[derive(Debug)]
pub struct StopSignal {
    deadline: Instant,
    made: Instant,
    /// When the turn must be over, in nanoseconds after `made`.
    turn_end: AtomicU64,
    reason: OnceLock<StopReason>,
}

/// No turn is bounded now.
const NO_TURN: u64 = u64::MAX;

impl StopSignal {
    /// A signal that fires by itself at `deadline`.
    pub fn new(deadline: Instant) -> Self {
        Self {
            deadline,
            made: Instant::now(),
            turn_end: AtomicU64::new(NO_TURN),
            reason: OnceLock::new(),
        }
    }

    /// From now on until [`StopSignal::end_turn`] the script may work for this long; then the run
    /// ends with [`StopReason::Halted`].
    pub fn begin_turn(&self, limit: Duration) {
        self.turn_end.store(self.nanos().saturating_add(nanos(limit)), Ordering::Relaxed);
    }

    /// The turn was over in time.
    pub fn end_turn(&self) {
        self.turn_end.store(NO_TURN, Ordering::Relaxed);
    }

    /// Does something that the script is not to blame for: its turn has that much more time.
    pub fn outside_turn<T>(&self, work: impl FnOnce() -> T) -> T {
        let end = self.turn_end.swap(NO_TURN, Ordering::Relaxed);
        let begun = self.nanos();
        let result = work();
        let end = end.saturating_add(self.nanos().saturating_sub(begun));
        self.turn_end.store(end, Ordering::Relaxed);
        result
    }

    fn nanos(&self) -> u64 {
        nanos(self.made.elapsed())
    }

    /// Ends the run, unless it was ended before.
    pub fn stop(&self, reason: StopReason) {
        let _first_wins = self.reason.set(reason);
    }

    /// The reason to end, if there is one by now; looks at the clock.
    pub fn poll(&self) -> Option<&StopReason> {
        if self.reason.get().is_none() {
            let turn_end = self.turn_end.load(Ordering::Relaxed);
            if Instant::now() >= self.deadline {
                self.stop(StopReason::Deadline);
            } else if turn_end != NO_TURN && self.nanos() >= turn_end {
                self.stop(StopReason::Halted(ENDLESS.to_owned()));
            }
        }
        self.reason.get()
    }

    /// The moment the run must be over.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }
}
