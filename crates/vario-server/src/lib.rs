//! Serves what runs here on loopback: probe API, plugins' routes and pages, event bus and metrics.
//!
//! [`Server::start`] opens the ports of a [`Config`] and serves a [`Site`], which whoever joins the
//! parts implements. Only loopback addresses are bound, and every request is judged by its Host
//! and Origin before anything answers it; [`Surface`] and [`Caller`] say how.
//!
//! # Ports
//!
//! | port | what | who may |
//! |---|---|---|
//! | main (6736) | `/v1/usage`, `/v1/usage/ID` | anybody here; pages elsewhere cannot read it unless [`Config::cors_any`] |
//! | | `/metrics` | programs |
//! | | `/v1/events` (server-sent) | programs; anybody with the token |
//! | | `/v1/bus` (WebSocket) | a plugin's page; anybody with the token |
//! | | `/v1/manage` (POST) | programs with the token |
//! | | `/api/…` and Stratos' prefixes | programs; the page of the plugin that answers |
//! | main, Host `ID.localhost` | `/plugins/ID/…`, `/v1/ipc`, `/v1/bus`, own routes | that plugin's page |
//! | 7172 | smartCARS' routes and `/plugins/ID/…` | programs; pages on loopback; plugins' pages |
//! | 7173 | the bus, a WebSocket at `/` | the same |
//! | 2066 | Stratos' routes | the same |
//!
//! A *program* is what sends no Origin and no sign of a browser's foreign page (`Sec-Fetch-Site`).
//! On the three compatibility ports the vendors answer every page with `*`; here a page must come
//! from loopback (any port) or from a plugin's page, and a page of the outside is refused.
//!
//! A plugin's page has an origin of its own, [`page_host`]. Cookies ignore ports, so the ones that
//! a browser sends are not handed to plugins and the ones plugins set are not passed on.
//!
//! The text of `/metrics` is that of `vario_formats`.

mod app;
mod bus;
mod config;
mod connection;
mod error;
mod events;
mod fan;
mod files;
mod front;
mod gate;
mod ipc;
mod lanes;
mod listen;
mod manage;
mod names;
mod pages;
mod policy;
mod pool;
mod reply;
mod routes;
mod server;
mod site;
mod socket;
mod token;
mod usage;

pub use crate::config::{Config, Limits};
pub use crate::error::Error;
pub use crate::names::{page_address, page_host};
pub use crate::server::{Addresses, Server};
pub use crate::site::{
    Caller, Feed, IpcListener, IpcRespond, ManageError, PluginInfo, PluginKind, Route, Site,
    SnapshotListener, Surface, Ui, Usage,
};
pub use crate::token::Token;
