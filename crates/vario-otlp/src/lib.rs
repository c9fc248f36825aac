//! Sends quotas to an OpenTelemetry collector, and keeps them while it is away.
//!
//! [`Settings::from_env`] reads the standard `OTEL_*` variables; without an endpoint there is nothing
//! to send to, and nothing is sent. An [`Exporter`] turns new results of plugins into gauges
//! (`vario.quota.used`, `.limit`, `.reset_time`) and sends them by OTLP over HTTP, as protobuf or as
//! JSON. What cannot be delivered waits in a folder, bounded, and goes first next time.
//!
//! Who sends is a random number that is kept in that folder. No name of a user or a machine is sent,
//! and no text of a plugin but the labels of its quotas; `OTEL_RESOURCE_ATTRIBUTES` adds what the
//! user wants to be known.
//!
//! It starts no thread and knows no schedule: whoever calls decides when. gRPC is not spoken.

mod certificates;
mod exporter;
mod failure;
mod json;
mod message;
mod settings;
mod spool;

#[cfg(test)]
mod tests;

pub use crate::exporter::{Exported, Exporter};
pub use crate::settings::{Protocol, Settings, SettingsError};
