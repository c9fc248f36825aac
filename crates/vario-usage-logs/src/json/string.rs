//! Strings inside a line: found quickly, decoded only when somebody asks.

use std::borrow::Cow;

use super::Seen;

/// The inside of a JSON string as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Text<'a> {
    raw: &'a [u8],
    escaped: bool,
}

impl<'a> Text<'a> {
    /// What stands between the quotes.
    pub(crate) fn raw(self) -> &'a [u8] {
        self.raw
    }

    /// Whether this is `text`, however it is escaped.
    pub(crate) fn is(self, text: &str) -> bool {
        if self.escaped {
            return self.decode().is_some_and(|own| own == text);
        }
        self.raw == text.as_bytes()
    }

    /// What the string says; `None` when it is not UTF-8 or ends in half a character.
    pub(crate) fn decode(self) -> Option<Cow<'a, str>> {
        let text = str::from_utf8(self.raw).ok()?;
        if !self.escaped {
            return Some(Cow::Borrowed(text));
        }
        serde_json::from_str(&format!("\"{text}\"")).ok().map(Cow::Owned)
    }

    /// As [`Text::decode`], with a replacement character for what is wrong.
    pub(crate) fn decode_lossy(self) -> Cow<'a, str> {
        self.decode().unwrap_or_else(|| String::from_utf8_lossy(self.raw))
    }
}

/// The string whose inside begins `bytes`. Where there are control characters in the line, it must not
/// be in the string.
pub(super) fn scan<'a>(bytes: &'a [u8], controls: bool, seen: &mut Seen) -> Option<Text<'a>> {
    let mut at = 0;
    let mut escaped = false;
    loop {
        let end = at + memchr::memchr2(b'"', b'\\', &bytes[at..])?;
        if controls && extremes(&bytes[at..end]).0 < FIRST_PRINTABLE {
            return None;
        }
        if bytes[end] == b'"' {
            return Some(Text { raw: &bytes[..end], escaped });
        }
        escaped = true;
        at = end + escape(&bytes[end..], seen)?;
    }
}

/// Bytes below are control characters, which must be escaped in a string.
pub(super) const FIRST_PRINTABLE: u8 = 0x20;

/// The smallest byte, and all of them laid over each other.
pub(super) fn extremes(bytes: &[u8]) -> (u8, u8) {
    // Written without a branch, so that the compiler makes vectors of it.
    bytes.iter().fold((u8::MAX, 0), |(low, high), &byte| (low.min(byte), high | byte))
}

/// The length of the escape at the start of `bytes`.
fn escape(bytes: &[u8], seen: &mut Seen) -> Option<usize> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' => {
            let unit = hex(bytes.get(2..6)?)?;
            match unit {
                0xd800..=0xdbff => {
                    let low = bytes
                        .get(6..12)
                        .filter(|next| next.starts_with(b"\\u"))
                        .and_then(|next| hex(&next[2..]));
                    if matches!(low, Some(0xdc00..=0xdfff)) {
                        return Some(12);
                    }
                    seen.lone_surrogate = true;
                }
                0xdc00..=0xdfff => seen.lone_surrogate = true,
                _ => {}
            }
            Some(6)
        }
        _ => None,
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| Some((value << 4) | char::from(digit).to_digit(16)?))
}
