//! Hosts long-lived plugins: one process each, supervised, with routes, an event bus and storage.
//!
//! The crate holds what background plugins of one owner share: the event [`Bus`] and the way from
//! a [`Request`] to the plugin that answers it. It opens no socket: `vario-server` does, and a
//! plugin's own request to a route of another one never leaves this process.

#![warn(clippy::disallowed_methods, reason = "plugins reach the system through the host only")]

mod bus;
mod http;

pub use crate::bus::{Bus, Event, Keep, Subscription};
pub use crate::http::{Body, Request, Respond, Response};
