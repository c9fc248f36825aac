//! Hosts long-lived plugins: one process each, supervised, with routes, an event bus and storage.
//!
//! A [`Supervisor`] keeps every background plugin of one owner in the state it should be in: it
//! starts them in the order of their dependencies, watches over them as the table of
//! `vario_dialects::supervision` says, restarts or gives up, and ends them. Start at its `Keeper`,
//! the one place where a plugin's state changes. A plugin's process is a worker of
//! `vario_isolation`; what it calls is answered here when it is about the plugin's own standing
//! (routes, the event [`Bus`], other plugins, its configuration and account), and by the host that
//! touches the machine otherwise.
//!
//! The crate opens no socket: `vario-server` does, and a plugin's own request to a route of another
//! one never leaves this process. It keeps nothing itself; see [`Parts`].

mod account;
mod answer;
mod assets;
mod bus;
mod core;
mod events;
mod http;
mod hub;
mod keeper;
mod kept;
mod memory;
mod native;
mod order;
mod parts;
mod pending;
mod process;
mod refused;
mod router;
mod routes;
mod session;
mod sockets;
mod supervisor;
mod timers;
mod witness;

pub use crate::answer::{Answer, CallError, Done};
pub use crate::bus::{Bus, Event, Keep, Subscription};
pub use crate::core::{holds_secrets, is_core};
pub use crate::http::{Body, Request, Respond, Response};
pub use crate::native::matches;
pub use crate::parts::{
    Account, AccountKind, Accounts, Parts, PluginSettings, Requirements, Storage,
};
pub use crate::sockets::{frame, read_frame};
pub use crate::supervisor::{IpcFeed, Supervisor};
