//! What a window needs of the desktop around it: tray, notifications, start on login.
//!
//! Start at [`Tray`] for the icon near the clock, [`Notifier`] and [`Alerts`] for telling people
//! that a quota runs out, [`Shortcuts`] for keys that are heard anywhere, [`Login`] for starting
//! with the session, [`theme`] for dark or light and [`locale`] for 12 or 24 hours.
//!
//! Nothing here blocks its caller for longer than it says, and every part may be missing: a desktop
//! without a tray, a notification service or a settings portal is a desktop people use.
//!
//! This crate knows no window, no runtime and no store. What it shows is passed in as plain values,
//! and what the user does comes back through a callback.

mod error;
pub mod locale;
mod login;
mod notify;
mod shortcut;
mod text;
pub mod theme;
pub mod tray;

pub use crate::error::Error;
pub use crate::login::Login;
pub use crate::notify::{Alert, Alerts, Notifier, Reading, Thresholds};
pub use crate::shortcut::{ShortcutEvent, Shortcuts};
pub use crate::tray::{Tray, TrayEvent, TrayItem, TrayMask, TrayProvider, TrayStyle, TrayView};

/// The program's name for people.
pub const APP_NAME: &str = "Vario";

/// The program's name for the desktop: of its tray item, its `.desktop` file and its windows.
pub const APP_ID: &str = "vario";
