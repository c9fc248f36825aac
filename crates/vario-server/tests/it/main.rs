//! The server over real sockets on loopback, with a site made for tests.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bus;
mod client;
mod events;
mod hostile;
mod ipc;
mod life;
mod limits;
mod manage;
mod metrics;
mod origins;
mod pages;
mod routes;
mod site;
mod usage;
