//! The other side: what a plain program on the bare engine needs for the same probe.
//!
//! It creates the engine's world, sets a memory limit, a stack limit and an interrupt with a
//! deadline, loads the probe's bytecode, calls it and reads the typed lines. It has no host, no
//! prelude, no checks of what comes back and no words for what goes wrong.

pub mod js;
pub mod lua;

use std::time::Duration;

/// Wall-clock time of one run.
pub const WALL: Duration = Duration::from_secs(30);
/// Heap of one run, in bytes.
pub const HEAP: usize = 64 * 1024 * 1024;
/// Stack of one run, in bytes.
pub const STACK: usize = 1024 * 1024;

/// A result, as a program would keep it that trusts its probes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Read {
    /// `plan`.
    pub plan: Option<String>,
    /// `lines`.
    pub lines: Vec<Line>,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// `text`.
    Text(Small),
    /// `badge`.
    Badge(Small),
    /// `progress`.
    Progress(Progress),
    /// `barChart`.
    Chart(Chart),
    /// A type the program does not know.
    Other(String),
}

/// A text or a badge.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Small {
    /// `label`.
    pub label: Option<String>,
    /// `value` or `text`.
    pub value: Option<String>,
    /// `color`.
    pub color: Option<String>,
    /// `subtitle`.
    pub subtitle: Option<String>,
}

/// A quota.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// `label`.
    pub label: Option<String>,
    /// `used`.
    pub used: Option<f64>,
    /// `limit`.
    pub limit: Option<f64>,
    /// `format.kind` and `format.suffix`.
    pub format: Option<(Option<String>, Option<String>)>,
    /// `resetsAt`.
    pub resets_at: Option<String>,
    /// `periodDurationMs`.
    pub period_ms: Option<f64>,
    /// `color`.
    pub color: Option<String>,
}

/// A series.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// `label`.
    pub label: Option<String>,
    /// `points`: label, value, value as text.
    pub points: Vec<(Option<String>, Option<f64>, Option<String>)>,
    /// `note`.
    pub note: Option<String>,
    /// `color`.
    pub color: Option<String>,
}
