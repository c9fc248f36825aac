//! The tray, notifications, shortcuts and the theme on a real session bus, with the other side
//! played here.
//!
//! Each test runs itself once more below `dbus-run-session`, which gives it a bus of its own that
//! ends with it and on which nothing of this machine can be started.
#![cfg(not(any(target_os = "macos", windows)))]

#[path = "bus/hanging.rs"]
mod hanging;
#[path = "bus/notifications.rs"]
mod notifications;
#[path = "bus/private.rs"]
mod private;
#[path = "bus/shortcuts.rs"]
mod shortcuts;
#[path = "bus/shortcuts_portal.rs"]
mod shortcuts_portal;
#[path = "bus/theme.rs"]
mod theme;
#[path = "bus/tray.rs"]
mod tray;
#[path = "bus/watcher.rs"]
mod watcher;
