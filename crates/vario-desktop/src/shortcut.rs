//! Keys that are heard wherever the user is, such as those that open the window.

#[cfg(not(any(target_os = "macos", windows)))]
mod keys;
#[cfg(any(target_os = "macos", windows))]
mod nowhere;
#[cfg(not(any(target_os = "macos", windows)))]
mod portal;
#[cfg(not(any(target_os = "macos", windows)))]
mod session;
#[cfg(not(any(target_os = "macos", windows)))]
mod x11;

#[cfg(any(target_os = "macos", windows))]
pub use self::nowhere::Shortcuts;
#[cfg(not(any(target_os = "macos", windows)))]
pub use self::session::Shortcuts;
use crate::Error;

/// What became of the keys.
#[derive(Debug)]
#[non_exhaustive]
pub enum ShortcutEvent {
    /// They were pressed. Keys that are held down count once.
    Pressed,
    /// They do not work, or no longer do. Comes where [`Shortcuts::set`] could not wait to know.
    Failed(Error),
}
