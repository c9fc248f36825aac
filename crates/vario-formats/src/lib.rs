//! Snapshots as status bars, prompts and monitoring systems read them.
//!
//! Each consumer has a module that follows its own documentation: what it escapes, which fields it
//! knows, what it makes of a line. [`render`] gives one whole answer, [`Format::streams`] says whether
//! the consumer reads one after the other from a program that goes on.
//!
//! What a bar shows of a plugin is decided once, in [`Item`]: the quota that stands for it in the
//! tray stands for it here. Numbers and words are those of `vario_output::present`.
//!
//! Everything is a pure function of snapshots, settings and time. Nothing here runs, reads or prints
//! anything, and how old a snapshot may be is for whoever calls.

#![warn(clippy::disallowed_methods, reason = "formats are pure functions and touch no system")]

mod i3status;
mod item;
mod pango;
mod prometheus;
mod starship;
mod summary;
mod tmux;
mod waybar;
mod xbar;

#[cfg(test)]
mod tests;

use vario_output::present::{DisplayMode, LocalTime, ResetDisplay};

pub use crate::item::{Item, Level};
pub use crate::prometheus::{Exposition, exposition};

/// Who reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A custom module of Waybar with `"return-type": "json"`.
    Waybar,
    /// A custom block of i3status-rust with `json = true`.
    I3statusRust,
    /// A `#()` in the status line of tmux.
    Tmux,
    /// A custom module of Starship.
    Starship,
    /// A plugin of xbar or SwiftBar.
    Xbar,
    /// Prometheus' text format 0.0.4.
    Prometheus,
    /// OpenMetrics 1.0.
    Openmetrics,
}

impl Format {
    /// Whether its reader takes one answer after the other from a program that goes on.
    pub fn streams(self) -> bool {
        match self {
            Self::Waybar | Self::I3statusRust | Self::Tmux | Self::Xbar => true,
            Self::Starship | Self::Prometheus | Self::Openmetrics => false,
        }
    }
}

/// How the user wants numbers and times, and when it is.
#[derive(Debug, Clone)]
pub struct View {
    /// What is used, or what is left.
    pub mode: DisplayMode,
    /// Until a reset, or when it is.
    pub reset: ResetDisplay,
    /// How times of day are written.
    pub local: LocalTime,
    /// Now, in milliseconds since the epoch.
    pub now_ms: i64,
    /// Whether this is one of several answers, see [`Format::streams`].
    pub is_stream: bool,
}

/// What its reader is given, with the line break at the end that ends it. `items` come in the order
/// in which they are shown.
pub fn render(format: Format, items: &[Item<'_>], view: &View) -> String {
    match format {
        Format::Waybar => waybar::render(items, view),
        Format::I3statusRust => i3status::render(items, view),
        Format::Tmux => tmux::render(items, view),
        Format::Starship => starship::render(items, view),
        Format::Xbar => xbar::render(items, view),
        Format::Prometheus => exposition(snapshots(items), Exposition::Prometheus),
        Format::Openmetrics => exposition(snapshots(items), Exposition::Openmetrics),
    }
}

fn snapshots<'a>(items: &[Item<'a>]) -> impl Iterator<Item = &'a vario_model::Snapshot> {
    items.iter().map(|item| item.snapshot)
}
