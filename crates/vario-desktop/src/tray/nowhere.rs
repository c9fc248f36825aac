use std::convert::Infallible;

use super::{TrayEvent, TrayView};

/// The tray icon. There is none on this platform yet.
///
/// Windows and macOS want their icon made on the thread that runs the window's event loop, which
/// this crate does not know. The crate `tray-icon` does it there; its icon can be made of
/// [`icon`](super::icon()) when the window starts to own it.
#[derive(Debug)]
pub struct Tray(Infallible);

impl Tray {
    /// None: there is no tray icon on this platform yet, so the window closes when it is closed.
    pub fn start(
        view: TrayView,
        on_event: impl Fn(TrayEvent) + Send + Sync + 'static,
    ) -> Option<Self> {
        drop((view, on_event));
        None
    }

    /// Shows something else.
    pub fn update(&self, _view: TrayView) {
        match self.0 {}
    }

    /// Whether people can see the icon.
    pub fn is_shown(&self) -> bool {
        match self.0 {}
    }
}

/// None: only Wayland has such tokens.
pub fn activation_token() -> Option<String> {
    None
}
