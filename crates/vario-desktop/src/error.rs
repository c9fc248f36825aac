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
    /// The text names no keys that can be a shortcut.
    #[error("`{keys}` cannot be a shortcut: {reason}")]
    BadShortcut {
        /// The text.
        keys: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Nobody could press it.
    #[error("`{keys}` cannot be a shortcut: this keyboard has no such key")]
    NoSuchKey {
        /// The keys.
        keys: String,
    },
    /// Somebody else hears these keys.
    #[error("`{keys}` is taken by another program or by the desktop; choose other keys")]
    ShortcutTaken {
        /// The keys.
        keys: String,
    },
    /// The desktop or its user said no.
    #[error("the desktop does not give `{keys}` to this program; its settings may say why")]
    ShortcutRefused {
        /// The keys.
        keys: String,
    },
    /// The desktop could not be asked.
    #[error("`{keys}` could not be made a shortcut: {reason}")]
    ShortcutFailed {
        /// The keys.
        keys: String,
        /// What the desktop said.
        reason: String,
    },
    /// The X server or the session bus is gone.
    #[error("keys outside of the window are not heard any more; restart the program")]
    ShortcutsStopped,
}
