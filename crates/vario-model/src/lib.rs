//! The records every front shares: snapshots, run events and plugin states.
//!
//! A run of a plugin ends in a [`Snapshot`], told with the other [`RunEvent`]s while it goes on.
//! Of each plugin a front keeps a [`PluginState`], whose transitions are those of the probe
//! contract's section 5.3. [`cooldown_left_ms`] and [`AutoUpdate`] say when a plugin may and must
//! run again (section 5.4).
//!
//! What fronts show of a long-lived plugin is [`BackgroundInfo`]. What a plugin was refused is a [`Need`], and each of its host calls an [`AuditEntry`].
//!
//! Start at [`Snapshot`] and [`PluginState`]. Times are milliseconds since the epoch and are
//! passed in. Nothing here runs, stores or draws anything; texts for people are in `vario-output`.

#![warn(clippy::disallowed_methods, reason = "records touch no system")]

mod background;
mod event;
mod rights;
mod schedule;
mod snapshot;
mod state;

#[cfg(test)]
mod tests;

pub use crate::background::{BackgroundInfo, BackgroundState, MenuCommand, RouteInfo};
pub use crate::event::{RunEvent, RunTrigger};
pub use crate::rights::{AuditEntry, Need, NeedReason};
pub use crate::schedule::{AutoUpdate, COOLDOWN_MS, UpdateInterval, auto_due, cooldown_left_ms};
pub use crate::snapshot::{Cause, Snapshot, snapshot_schema};
pub use crate::state::{Card, PluginState, Refusal};
