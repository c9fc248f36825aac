use std::convert::Infallible;

use super::ShortcutEvent;
use crate::Error;

/// Keys that are heard wherever the user is. There are none on this platform yet.
///
/// Windows and macOS tell of them on the thread that runs the window's event loop, which this
/// crate does not know. The crate `global-hotkey` listens there, when the window starts to own it.
#[derive(Debug)]
pub struct Shortcuts(Infallible);

impl Shortcuts {
    /// None: keys outside of the window are not heard on this platform yet.
    pub fn start(on_event: impl Fn(ShortcutEvent) + Send + Sync + 'static) -> Option<Self> {
        drop(on_event);
        None
    }

    /// Chooses the keys.
    ///
    /// # Errors
    /// Never, since there is nobody to ask.
    pub fn set(&self, _keys: Option<&str>) -> Result<(), Error> {
        match self.0 {}
    }
}
