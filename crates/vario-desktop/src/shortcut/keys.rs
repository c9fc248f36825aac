//! What a shortcut is written as, and what it means.

mod named;

use std::fmt;

use crate::Error;

/// Some modifiers and one key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent of each other")]
pub(super) struct Keys {
    pub(super) ctrl: bool,
    pub(super) alt: bool,
    pub(super) shift: bool,
    /// Called Super, Win or Cmd, for what is printed on the key.
    pub(super) logo: bool,
    pub(super) key: Key,
}

/// A key by what it types, so that it is the same one on every layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// As the configuration writes it.
    name: String,
    /// Its xkbcommon name, without `XKB_KEY_`.
    pub(super) xkb: String,
    /// Its X11 keysyms. More than one where the number pad has it too.
    pub(super) keysyms: Vec<u32>,
}

impl Keys {
    /// Reads texts such as `Ctrl+Shift+U` or `F9`, in upper or lower case.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let bad = |reason| Error::BadShortcut { keys: text.to_owned(), reason };
        let mut keys = Self::none();
        let mut found = None;
        for word in text.split('+').map(str::trim) {
            if found.is_some() {
                return Err(bad("one key comes last, as in `Ctrl+Shift+U`"));
            }
            match word.to_ascii_lowercase().as_str() {
                "" => return Err(bad("write it as in `Ctrl+Shift+U`")),
                "ctrl" | "control" => keys.ctrl = true,
                "alt" | "option" => keys.alt = true,
                "shift" => keys.shift = true,
                "cmd" | "command" | "logo" | "meta" | "super" | "win" => keys.logo = true,
                lower => found = Some(Key::find(lower).ok_or_else(|| bad("no key is called so"))?),
            }
        }
        keys.key = found.ok_or_else(|| bad("it has no key beside Ctrl, Alt and the like"))?;
        if keys.ctrl || keys.alt || keys.logo || keys.key.is_function() {
            Ok(keys)
        } else {
            Err(bad("without Ctrl or Alt no other program could use that key"))
        }
    }

    /// As the desktop portals want it, such as `CTRL+SHIFT+u` (the XDG shortcuts specification).
    pub(super) fn trigger(&self) -> String {
        self.joined(["CTRL", "ALT", "SHIFT", "LOGO"], &self.key.xkb)
    }

    fn none() -> Self {
        let key = Key { name: String::new(), xkb: String::new(), keysyms: Vec::new() };
        Self { ctrl: false, alt: false, shift: false, logo: false, key }
    }

    fn joined(&self, names: [&str; 4], key: &str) -> String {
        let held = [self.ctrl, self.alt, self.shift, self.logo].into_iter().zip(names);
        let held = held.filter(|(is_held, _)| *is_held).map(|(_, name)| name);
        held.chain([key]).collect::<Vec<_>>().join("+")
    }
}

/// As the configuration writes it.
impl fmt::Display for Keys {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.joined(["Ctrl", "Alt", "Shift", "Super"], &self.key.name))
    }
}

impl Key {
    fn find(lower: &str) -> Option<Self> {
        let function = lower.strip_prefix('f').and_then(|number| number.parse().ok());
        match (lower.as_bytes(), function) {
            ([letter @ b'a'..=b'z'], _) => {
                Some(Self::new(&lower.to_ascii_uppercase(), lower, &[u32::from(*letter)]))
            }
            ([digit @ b'0'..=b'9'], _) => {
                let on_pad = named::PAD_0 + u32::from(digit - b'0');
                Some(Self::new(lower, lower, &[u32::from(*digit), on_pad]))
            }
            (_, Some(number @ 1..=35)) => {
                let name = format!("F{number}");
                Some(Self::new(&name, &name, &[named::F1 + number - 1]))
            }
            _ => {
                let is_it = |entry: &&named::Named| entry.0.eq_ignore_ascii_case(lower);
                let (name, xkb, keysyms) = named::NAMED.iter().find(is_it)?;
                Some(Self::new(name, xkb, keysyms))
            }
        }
    }

    fn new(name: &str, xkb: &str, keysyms: &[u32]) -> Self {
        Self { name: name.to_owned(), xkb: xkb.to_owned(), keysyms: keysyms.to_vec() }
    }

    /// Whether nothing is typed with it.
    fn is_function(&self) -> bool {
        self.keysyms.iter().any(|keysym| (named::F1..named::F1 + 35).contains(keysym))
    }
}

#[cfg(test)]
mod tests;
