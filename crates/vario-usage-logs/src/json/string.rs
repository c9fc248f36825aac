//! Strings inside a line: found quickly, decoded only when somebody asks.

use std::borrow::Cow;

use super::Seen;

/// How many bytes are looked at in one step: two vectors of what every 64-bit machine has.
const STEP: usize = 32;

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

/// The string whose inside begins `bytes`.
pub(super) fn scan<'a>(bytes: &'a [u8], seen: &mut Seen) -> Option<Text<'a>> {
    let mut at = 0;
    let mut escaped = false;
    loop {
        at += plain(&bytes[at..], seen);
        match bytes.get(at)? {
            b'"' => return Some(Text { raw: &bytes[..at], escaped }),
            b'\\' => {
                escaped = true;
                at += escape(&bytes[at..], seen)?;
            }
            // A control character must be escaped.
            _ => return None,
        }
    }
}

/// How many bytes come before a quote, a backslash or a control character.
fn plain(bytes: &[u8], seen: &mut Seen) -> usize {
    let ends = |byte: u8| byte == b'"' || byte == b'\\' || byte < 0x20;
    let (steps, _) = bytes.as_chunks::<STEP>();
    let mut high = 0;
    let mut at = 0;
    for step in steps {
        // Written without a branch, so that the compiler makes vectors of it.
        let mut end = 0_u8;
        let mut over = 0_u8;
        for &byte in step {
            end |= u8::from(byte == b'"') | u8::from(byte == b'\\') | u8::from(byte < 0x20);
            over |= byte;
        }
        if end != 0 {
            break;
        }
        high |= over;
        at += STEP;
    }
    let rest = &bytes[at..];
    let more = rest.iter().position(|&byte| ends(byte)).unwrap_or(rest.len());
    high |= rest[..more].iter().fold(0, |all, byte| all | byte);
    seen.non_ascii |= high > 0x7f;
    at + more
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
