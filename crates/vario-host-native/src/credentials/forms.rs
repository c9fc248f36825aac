//! The texts within a text: values of JSON, and what is hex or base64 of something readable.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use regex::Regex;
use serde_json::Value;

/// More values than any store of credentials has.
const MAX_LEAVES: usize = 20_000;

/// JSON in base64 in JSON, and then some.
const MAX_DEPTH: usize = 6;

/// A shorter text is found only as a whole value: it could be a part of anything.
const LEAST_PART: usize = 8;

/// A shorter text is no token that stands on its own.
pub(super) const LEAST_TOKEN: usize = 16;

const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

/// `refresh_token = "…"`, in whatever is not JSON.
static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)refresh[_-]?token["']?\s*[:=]\s*["']?([^\s"',;&]{8,})"#)
        .expect("the pattern is a constant of this module")
});

/// A value, and the name nearest to it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    pub(super) key: Option<String>,
    pub(super) text: String,
    /// Whether it has values in it that are leaves of their own.
    pub(super) has_parts: bool,
}

impl Leaf {
    /// One that has no others in it.
    pub(super) fn value(key: Option<String>, text: String) -> Self {
        Self { key, text, has_parts: false }
    }

    /// Whether its name says that it is a refresh token.
    pub(super) fn is_refresh(&self) -> bool {
        let Some(key) = &self.key else { return false };
        // The short name is also a flag's.
        is_refresh_key(key) || (key == "refresh" && self.text.len() >= LEAST_TOKEN)
    }

    /// Whether its name says that it is some other token.
    pub(super) fn is_access(&self) -> bool {
        let key = self.key.as_deref().map(plain_key).unwrap_or_default();
        ["accesstoken", "idtoken"].iter().any(|word| key.ends_with(word)) || key == "access"
    }
}

/// `refresh_token`, `refreshToken`, `cursor-refresh-token` …
pub(super) fn is_refresh_key(key: &str) -> bool {
    plain_key(key).contains("refreshtoken")
}

fn plain_key(key: &str) -> String {
    let letters = key.chars().filter(|letter| !matches!(letter, '_' | '-' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// Every value in a text, and the text itself. `within` knows what an envelope holds.
pub(super) fn leaves<'a>(
    text: &str,
    key: Option<&str>,
    within: &'a dyn Fn(&str) -> Vec<&'a str>,
) -> Vec<Leaf> {
    let mut todo = vec![(key.map(str::to_owned), text.to_owned(), 0)];
    let mut leaves = Vec::new();
    while let Some((key, text, depth)) = todo.pop() {
        if leaves.len() >= MAX_LEAVES {
            break;
        }
        let before = todo.len();
        let mut has_parts = false;
        if depth < MAX_DEPTH {
            let mut add = |key: Option<String>, text| todo.push((key, text, depth + 1));
            has_parts = json(&text, key.as_deref(), &mut add);
            if !has_parts {
                for found in ASSIGNED.captures_iter(&text) {
                    add(Some("refresh_token".to_owned()), found[1].to_owned());
                }
                if let Some(decoded) = decoded(text.trim()) {
                    add(key.clone(), decoded);
                }
            }
            for plain in within(&text) {
                add(None, plain.to_owned());
            }
        }
        has_parts |= todo.len() > before;
        leaves.push(Leaf { key, text, has_parts });
    }
    leaves
}

/// Whether `text` holds `token`, as it is or in one of its forms.
pub(super) fn holds<'a>(text: &str, token: &str, within: &'a dyn Fn(&str) -> Vec<&'a str>) -> bool {
    is_part(text, token) || leaves(text, None, within).iter().any(|leaf| is_part(&leaf.text, token))
}

/// Whether a token is a text, or surely a part of it.
pub(super) fn is_part(text: &str, token: &str) -> bool {
    (token.len() >= LEAST_PART && text.contains(token)) || text.trim() == token
}

/// The values of JSON, also of several one after another; whether it was JSON with values inside.
fn json(text: &str, key: Option<&str>, add: &mut dyn FnMut(Option<String>, String)) -> bool {
    if !text.trim_start().starts_with(['{', '[', '"']) {
        return false;
    }
    let mut is_json = false;
    for value in serde_json::Deserializer::from_str(text).into_iter() {
        let Ok(value) = value else { return is_json };
        is_json = true;
        values(&value, key, add);
    }
    is_json
}

fn values(value: &Value, key: Option<&str>, add: &mut dyn FnMut(Option<String>, String)) {
    match value {
        Value::String(text) => add(key.map(str::to_owned), text.clone()),
        Value::Array(items) => items.iter().for_each(|item| values(item, key, add)),
        Value::Object(map) => map.iter().for_each(|(key, value)| values(value, Some(key), add)),
        _ => {}
    }
}

/// Readable text in hex or base64, also as Go's keyring library marks it.
fn decoded(text: &str) -> Option<String> {
    let hex_marked = text.strip_prefix("go-keyring-encoded:");
    let marked = text.strip_prefix("go-keyring-base64:");
    if hex_marked.is_none() && marked.is_none() && text.len() < LEAST_TOKEN {
        return None;
    }
    let bytes = hex(hex_marked.unwrap_or(text)).or_else(|| {
        let text = marked.unwrap_or(text);
        // Most texts are not, and decoding would find that out late.
        let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=\r\n".contains(&byte);
        if !text.bytes().all(is_base64) {
            return None;
        }
        let text: String = text.split_ascii_whitespace().collect();
        STANDARD.decode(&text).or_else(|_| URL_SAFE.decode(&text)).ok()
    })?;
    String::from_utf8(bytes).ok()
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}
