//! Whether the desktop is dark or light, where the window system itself does not say.

#[cfg(not(any(target_os = "macos", windows)))]
mod portal;

#[cfg(not(any(target_os = "macos", windows)))]
pub use self::portal::{prefers_dark, watch};

/// None: the window system says it on this platform.
#[cfg(any(target_os = "macos", windows))]
pub fn prefers_dark() -> Option<bool> {
    None
}

/// Does nothing: the window system says it on this platform.
#[cfg(any(target_os = "macos", windows))]
pub fn watch(on_change: impl FnMut(bool) -> bool + Send + 'static) {
    drop(on_change);
}
