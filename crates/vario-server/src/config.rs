use std::time::Duration;

use crate::token::Token;

/// Which ports to open and how.
#[derive(Debug, Clone)]
pub struct Config {
    /// The main port; 0 takes any that is free.
    pub port: u16,
    /// The port of smartCARS' routes and pages (7172), if it is wanted.
    pub smartcars: Option<u16>,
    /// The port of smartCARS' bus (7173), if it is wanted.
    pub smartcars_bus: Option<u16>,
    /// The port of Stratos (2066), if it is wanted.
    pub stratos: Option<u16>,
    /// Whether any page may read `/v1/usage`: `Access-Control-Allow-Origin: *`.
    pub cors_any: bool,
    /// What management asks for; without one nobody manages.
    pub token: Option<Token>,
    /// What a client may take.
    pub limits: Limits,
}

impl Config {
    /// The main port of the probe contract.
    pub const PORT: u16 = 6736;
    /// smartCARS' routes and pages.
    pub const SMARTCARS: u16 = 7172;
    /// smartCARS' bus.
    pub const SMARTCARS_BUS: u16 = 7173;
    /// Stratos.
    pub const STRATOS: u16 = 2066;
}

impl Default for Config {
    /// The main port alone, closed to pages, without management.
    fn default() -> Self {
        Self {
            port: Self::PORT,
            smartcars: None,
            smartcars_bus: None,
            stratos: None,
            cors_any: false,
            token: None,
            limits: Limits::default(),
        }
    }
}

/// What a client may take. The defaults are for use; tests shorten the times.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at once, all ports together. One more takes the place of the one that has
    /// waited longest without a whole request; is there none, it is answered 503.
    pub connections: usize,
    /// Streams (WebSocket or server-sent events) at once; half of `connections` at most.
    pub streams: usize,
    /// Requests at once that wait for one plugin; one more is answered 503.
    pub per_plugin: usize,
    /// How long a connection may take to send a request's head, idle time before it included.
    pub head_time: Duration,
    /// How long it may take to send a body; then 408.
    pub body_time: Duration,
    /// How long a plugin may take to answer; then 504. The router's own 30 s come first.
    pub answer_time: Duration,
    /// How long a client may refuse to take what is sent to it.
    pub write_time: Duration,
    /// How often a WebSocket is pinged; one that was silent for two such times is closed.
    pub ping_time: Duration,
    /// The largest head, in bytes, at least 8192; then 431.
    pub head_bytes: usize,
    /// The most headers; then 431.
    pub headers: usize,
    /// The largest body and WebSocket message, in bytes; then 413 or the end.
    pub body_bytes: usize,
    /// Events that may wait for a WebSocket or an event stream; at one more it is dropped.
    pub queue: usize,
    /// The same in bytes.
    pub queue_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            streams: 96,
            per_plugin: 64,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(10),
            answer_time: Duration::from_secs(35),
            write_time: Duration::from_secs(10),
            ping_time: Duration::from_secs(30),
            head_bytes: 32 * 1024,
            headers: 100,
            body_bytes: 1024 * 1024,
            queue: 256,
            queue_bytes: 8 * 1024 * 1024,
        }
    }
}
