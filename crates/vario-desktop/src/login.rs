//! Start on login.

#[cfg(not(any(target_os = "macos", windows)))]
mod autostart;
#[cfg(any(target_os = "macos", windows))]
mod native;

#[cfg(not(any(target_os = "macos", windows)))]
pub use self::autostart::Login;
#[cfg(any(target_os = "macos", windows))]
pub use self::native::Login;
