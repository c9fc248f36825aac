//! The mouse and the keyboard, through the server's extension for tests.

use std::time::Duration;

use anyhow::{Context as _, Result};
use x11rb::CURRENT_TIME;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::wrapper::ConnectionExt as _;

use super::Screen;

/// A key by the number that X gives to what stands on it (its keysym). A letter that is in ASCII
/// is its own number.
pub(crate) type Key = u32;

/// The left Control key.
pub(crate) const CONTROL: Key = 0xffe3;

const LEFT: u8 = 1;

/// No person is quicker, and a program may look at its keys only once in a frame.
const HOLD: Duration = Duration::from_millis(50);

impl Screen {
    /// Presses keys one after the other and lets go in the opposite order: `[CONTROL, 'k' as u32]`.
    pub(crate) fn press(&self, keys: &[Key]) -> Result<()> {
        let codes: Vec<u8> = keys.iter().map(|key| self.code(*key)).collect::<Result<_>>()?;
        for code in &codes {
            self.fake(KEY_PRESS_EVENT, *code, 0, 0)?;
        }
        for code in codes.iter().rev() {
            self.fake(KEY_RELEASE_EVENT, *code, 0, 0)?;
        }
        Ok(())
    }

    /// Clicks into a window with the left button; the place counts from its top left corner.
    pub(crate) fn click(&self, window: Window, x: i16, y: i16) -> Result<()> {
        let at = self.connection.translate_coordinates(window, self.root, x, y)?.reply()?;
        self.fake(MOTION_NOTIFY_EVENT, 0, at.dst_x, at.dst_y)?;
        self.fake(BUTTON_PRESS_EVENT, LEFT, 0, 0)?;
        self.fake(BUTTON_RELEASE_EVENT, LEFT, 0, 0)
    }

    /// Moves the pointer to where it touches nothing.
    pub(crate) fn park_pointer(&self) -> Result<()> {
        let place = self.connection.get_geometry(self.root)?.reply()?;
        let last = |size: u16| i16::try_from(size.saturating_sub(1)).unwrap_or(i16::MAX);
        self.fake(MOTION_NOTIFY_EVENT, 0, last(place.width), last(place.height))
    }

    fn fake(&self, kind: u8, detail: u8, x: i16, y: i16) -> Result<()> {
        self.connection
            .xtest_fake_input(kind, detail, CURRENT_TIME, self.root, x, y, 0)?
            .check()?;
        self.connection.sync()?;
        std::thread::sleep(HOLD);
        Ok(())
    }

    /// Which key of the server's keyboard bears a symbol.
    fn code(&self, key: Key) -> Result<u8> {
        let setup = self.connection.setup();
        let first = setup.min_keycode;
        let count = setup.max_keycode - first + 1;
        let mapping = self.connection.get_keyboard_mapping(first, count)?.reply()?;
        let width = usize::from(mapping.keysyms_per_keycode).max(1);
        let index = mapping.keysyms.iter().position(|symbol| *symbol == key);
        let row = index.and_then(|index| u8::try_from(index / width).ok());
        row.map(|row| first + row).with_context(|| format!("no key bears the symbol {key:#x}"))
    }
}
