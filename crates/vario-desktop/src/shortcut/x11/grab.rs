use std::sync::Arc;

use x11rb::connection::Connection as _;
use x11rb::errors::ReplyError;
use x11rb::protocol::ErrorKind;
use x11rb::protocol::xproto::{ConnectionExt as _, GrabMode, Keycode, ModMask, Window};
use x11rb::rust_connection::RustConnection;

use crate::Error;
use crate::shortcut::keys::{Key, Keys};

/// Caps Lock and Num Lock count as held while they are on, and a grab is for one exact state.
const LOCKS: [u16; 4] = [0, 1 << 1, 1 << 4, 1 << 1 | 1 << 4];

/// Keys that the server tells us of, and nobody else.
pub(super) struct Grab {
    connection: Arc<RustConnection>,
    root: Window,
    taken: Vec<(Keycode, ModMask)>,
}

impl Grab {
    pub(super) fn new(connection: Arc<RustConnection>, root: Window) -> Self {
        Self { connection, root, taken: Vec::new() }
    }

    /// Whether there are any.
    pub(super) fn is_taken(&self) -> bool {
        !self.taken.is_empty()
    }

    /// Takes all of them or none, in place of those before. Gives whether they are others.
    pub(super) fn take(&mut self, keys: &Keys) -> Result<bool, Error> {
        let wanted = self.wanted(keys);
        if wanted.as_ref().is_ok_and(|wanted| !wanted.is_empty() && *wanted == self.taken) {
            return Ok(false);
        }
        self.release();
        let wanted = wanted.map_err(|error| failed(keys, &error))?;
        if wanted.is_empty() {
            return Err(Error::NoSuchKey { keys: keys.to_string() });
        }
        match wanted.into_iter().try_for_each(|(keycode, held)| self.ask(keycode, held)) {
            Ok(()) => Ok(true),
            Err(error) => {
                self.release();
                Err(match error {
                    ReplyError::X11Error(error) if error.error_kind == ErrorKind::Access => {
                        Error::ShortcutTaken { keys: keys.to_string() }
                    }
                    error => failed(keys, &error),
                })
            }
        }
    }

    fn ask(&mut self, keycode: Keycode, held: ModMask) -> Result<(), ReplyError> {
        let how = GrabMode::ASYNC;
        self.connection.grab_key(false, self.root, held, keycode, how, how)?.check()?;
        self.taken.push((keycode, held));
        Ok(())
    }

    /// Gives them back to the others.
    pub(super) fn release(&mut self) {
        for (keycode, modifiers) in self.taken.drain(..) {
            if let Ok(asked) = self.connection.ungrab_key(keycode, self.root, modifiers) {
                asked.ignore_error();
            }
        }
        // If the server is gone, so are they.
        self.connection.flush().unwrap_or_default();
    }

    /// Every key that types it, with and without locks.
    fn wanted(&self, keys: &Keys) -> Result<Vec<(Keycode, ModMask)>, ReplyError> {
        let held = modifiers(keys);
        let keycodes = self.keycodes(&keys.key)?;
        let with_locks = |keycode| LOCKS.map(|locks| (keycode, ModMask::from(held | locks)));
        Ok(keycodes.into_iter().flat_map(with_locks).collect())
    }

    fn keycodes(&self, key: &Key) -> Result<Vec<Keycode>, ReplyError> {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let count = last.saturating_sub(first).saturating_add(1);
        let mapping = self.connection.get_keyboard_mapping(first, count)?.reply()?;
        let columns = usize::from(mapping.keysyms_per_keycode);
        let rows: Vec<&[u32]> = mapping.keysyms.chunks(columns.max(1)).collect();
        // What a key types by itself counts before what it types with Shift or in another layout.
        let find = |keysym: &u32| {
            let types_it = |column: usize| {
                (first..=last).zip(&rows).find(|(_, row)| row.get(column) == Some(keysym))
            };
            (0..columns).find_map(types_it).map(|(keycode, _)| keycode)
        };
        let mut keycodes: Vec<Keycode> = key.keysyms.iter().filter_map(find).collect();
        keycodes.sort_unstable();
        keycodes.dedup();
        Ok(keycodes)
    }
}

/// As every server has had it for decades: Alt is the first modifier, Super the fourth.
fn modifiers(keys: &Keys) -> u16 {
    [
        (keys.shift, ModMask::SHIFT),
        (keys.ctrl, ModMask::CONTROL),
        (keys.alt, ModMask::M1),
        (keys.logo, ModMask::M4),
    ]
    .into_iter()
    .filter(|(is_held, _)| *is_held)
    .fold(0, |held, (_, modifier)| held | u16::from(modifier))
}

fn failed(keys: &Keys, error: &ReplyError) -> Error {
    Error::ShortcutFailed { keys: keys.to_string(), reason: error.to_string() }
}
