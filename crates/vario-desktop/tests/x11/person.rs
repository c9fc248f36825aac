//! Somebody at the keyboard.

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, Keycode, Keysym,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

pub(crate) const CAPS_LOCK: Keysym = 0xffe5;
pub(crate) const CONTROL: Keysym = 0xffe3;
pub(crate) const NUM_LOCK: Keysym = 0xff7f;
pub(crate) const SHIFT: Keysym = 0xffe1;
pub(crate) const ALT: Keysym = 0xffe9;
pub(crate) const SUPER: Keysym = 0xffeb;

pub(crate) struct Person(RustConnection);

impl Person {
    pub(crate) fn new() -> Self {
        Self(RustConnection::connect(None).expect("there is a server").0)
    }

    /// Presses keys one after the other, and lets them go in the other order.
    pub(crate) fn press(&self, keys: &[Keysym]) {
        for key in keys {
            self.down(*key);
        }
        for key in keys.iter().rev() {
            self.up(*key);
        }
    }

    pub(crate) fn down(&self, key: Keysym) {
        self.fake(KEY_PRESS_EVENT, key);
    }

    pub(crate) fn up(&self, key: Keysym) {
        self.fake(KEY_RELEASE_EVENT, key);
    }

    /// Lets the key that types one of them type the other, and the other way round.
    pub(crate) fn swap(&self, one: Keysym, other: Keysym) {
        let keys = [self.keycode(one), self.keycode(other)];
        let rows = keys.map(|key| self.mapping(key, 1));
        for (key, (columns, row)) in keys.into_iter().zip(rows.into_iter().rev()) {
            let asked = self.0.change_keyboard_mapping(1, key, columns, &row);
            asked.expect("the server is there").check().expect("it can be changed");
        }
    }

    fn fake(&self, kind: u8, key: Keysym) {
        let asked = self.0.xtest_fake_input(kind, self.keycode(key), 0, 0, 0, 0, 0);
        asked.expect("the server is there").check().expect("it can be pressed");
    }

    fn keycode(&self, key: Keysym) -> Keycode {
        let (first, last) = (self.0.setup().min_keycode, self.0.setup().max_keycode);
        let (columns, keysyms) = self.mapping(first, last - first + 1);
        let rows = keysyms.chunks(usize::from(columns));
        let found = (first..=last).zip(rows).find(|(_, row)| row.first() == Some(&key));
        found.expect("the keyboard has it").0
    }

    fn mapping(&self, first: Keycode, count: u8) -> (u8, Vec<Keysym>) {
        let asked = self.0.get_keyboard_mapping(first, count).expect("the server is there");
        let mapping = asked.reply().expect("it answers");
        (mapping.keysyms_per_keycode, mapping.keysyms)
    }
}
