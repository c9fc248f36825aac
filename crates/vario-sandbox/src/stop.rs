use std::sync::OnceLock;
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
#[derive(Debug)]
pub struct StopSignal {
    deadline: Instant,
    reason: OnceLock<StopReason>,
}

impl StopSignal {
    /// A signal that fires by itself at `deadline`.
    pub fn new(deadline: Instant) -> Self {
        Self { deadline, reason: OnceLock::new() }
    }

    /// Ends the run, unless it was ended before.
    pub fn stop(&self, reason: StopReason) {
        let _first_wins = self.reason.set(reason);
    }

    /// The reason to end, if there is one by now; looks at the clock.
    pub fn poll(&self) -> Option<&StopReason> {
        if self.reason.get().is_none() && Instant::now() >= self.deadline {
            self.stop(StopReason::Deadline);
        }
        self.reason.get()
    }

    /// The moment the run must be over.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }
}
