/// Why the server did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program has the port.
    #[error("port {port} ({what}) is taken by another program; {help}")]
    Taken {
        /// The port.
        port: u16,
        /// What it is for.
        what: &'static str,
        /// What to do.
        help: &'static str,
    },
    /// The port cannot be opened.
    #[error("cannot listen on port {port} ({what}): {source}")]
    Bind {
        /// The port.
        port: u16,
        /// What it is for.
        what: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The server's threads cannot be started.
    #[error("cannot start the server's threads: {0}")]
    Threads(std::io::Error),
}
