//! Changes the strings of a JSON text in place, so that white space, order, numbers and
//! duplicate keys stay as they are.

use std::fmt::Write as _;

use serde::de::IgnoredAny;

/// Where a string stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The nearest object key above it.
    pub(super) key: Option<&'a str>,
    /// Whether the string is itself a key.
    pub(super) is_key: bool,
}

/// Whether a text is one or several JSON values that can hold strings.
pub(super) fn is_json(text: &str) -> bool {
    if !text.trim_start().starts_with(['{', '[', '"']) {
        return false;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.all(|value| value.is_ok())
}

/// One object or array that is open.
struct Frame {
    is_object: bool,
    awaits_key: bool,
    key: Option<String>,
}

/// Hands every string of a JSON text to `change` and writes what it returns. The text must be
/// JSON; a changed string must have as many characters as before.
pub(super) fn map_strings(
    text: &str,
    mut change: impl FnMut(Place<'_>, &str) -> Option<String>,
) -> String {
    let mut written = String::with_capacity(text.len());
    let mut open: Vec<Frame> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        match byte {
            b'{' | b'[' => {
                let is_object = byte == b'{';
                let key = open.last().and_then(|frame| frame.key.clone());
                open.push(Frame { is_object, awaits_key: is_object, key });
            }
            b'}' | b']' => drop(open.pop()),
            b',' => {
                if let Some(frame) = open.last_mut() {
                    frame.awaits_key = frame.is_object;
                }
            }
            b'"' => {
                let end = string_end(text, at + 1);
                let inner = &text[at + 1..end];
                let content = decode(inner);
                let is_key = open.last().is_some_and(|frame| frame.awaits_key);
                let key = open.last().and_then(|frame| frame.key.as_deref());
                let new = change(Place { key, is_key }, &content);
                if let Some(frame) = open.last_mut().filter(|_| is_key) {
                    frame.awaits_key = false;
                    frame.key = Some(content.clone());
                }
                written.push('"');
                match new {
                    Some(new) if new != content => encode(inner, &content, &new, &mut written),
                    _ => written.push_str(inner),
                }
                written.push('"');
                at = end + 1;
                continue;
            }
            _ => {}
        }
        let length = text[at..].chars().next().map_or(1, char::len_utf8);
        written.push_str(&text[at..at + length]);
        at += length;
    }
    written
}

fn string_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// What a string says; as it stands when it cannot be text, as a lone surrogate.
fn decode(inner: &str) -> String {
    serde_json::from_str(&format!("\"{inner}\"")).unwrap_or_else(|_| inner.to_owned())
}

/// Writes a changed string character by character, with the escapes the old one had.
fn encode(inner: &str, old: &str, new: &str, written: &mut String) {
    let units = units(inner);
    if units.len() != old.chars().count() || units.len() != new.chars().count() {
        let json = serde_json::Value::from(new).to_string();
        written.push_str(&json[1..json.len() - 1]);
        return;
    }
    for ((unit, old), new) in units.iter().zip(old.chars()).zip(new.chars()) {
        if old == new {
            written.push_str(unit);
        } else if unit.starts_with("\\u") {
            let mut buffer = [0; 2];
            for code in new.encode_utf16(&mut buffer) {
                let _infallible = write!(written, "\\u{code:04x}");
            }
        } else if matches!(new, '"' | '\\' | '\0'..='\x1f') {
            let json = serde_json::Value::from(new.to_string()).to_string();
            written.push_str(&json[1..json.len() - 1]);
        } else {
            written.push(new);
        }
    }
}

/// The pieces of a JSON string that stand for one character each.
fn units(inner: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut rest = inner;
    while let Some(first) = rest.chars().next() {
        let length = match (first, rest.as_bytes().get(1)) {
            ('\\', Some(b'u')) if is_high_surrogate(rest) => 12,
            ('\\', Some(b'u')) => 6,
            ('\\', _) => 2,
            (first, _) => first.len_utf8(),
        };
        let Some((unit, after)) = rest.split_at_checked(length) else {
            units.push(rest);
            break;
        };
        units.push(unit);
        rest = after;
    }
    units
}

fn is_high_surrogate(escape: &str) -> bool {
    let code = escape.get(2..6).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    code.is_some_and(|code| (0xd800..0xdc00).contains(&code))
}
