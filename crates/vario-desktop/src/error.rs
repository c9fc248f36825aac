use std::path::PathBuf;

/// Why something could not be asked of the desktop.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Earlier notifications are still being delivered.
    #[error("the notification service is busy; the notification was dropped")]
    NotificationsBusy,
    /// The thread that delivers notifications is gone.
    #[error("notifications cannot be delivered any more; restart the program")]
    NotificationsStopped,
    /// There is neither a configuration folder nor a home folder.
    #[error("the user's configuration folder is unknown; set HOME or XDG_CONFIG_HOME")]
    NoConfigFolder,
    /// The program's path cannot stand in an autostart entry.
    #[error("{program:?} cannot be started on login: {reason}")]
    BadProgram {
        /// The path or the argument.
        program: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The autostart entry could not be read or written.
    #[error("cannot {what} the autostart entry {}: {source}", path.display())]
    Autostart {
        /// `read`, `write` or `remove`.
        what: &'static str,
        /// The entry's file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system's own way of starting programs on login failed.
    #[error("start on login could not be asked or changed: {0}")]
    System(String),
}
