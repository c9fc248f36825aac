use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderMap, header};
use subtle::ConstantTimeEq as _;

/// The secret that management asks for. The caller makes it and keeps it in a file that only the
/// user can read.
#[derive(Clone)]
pub struct Token(Arc<str>);

impl Token {
    /// A token, or nothing if the text is no token: 16 to 512 visible ASCII characters.
    pub fn new(text: &str) -> Option<Self> {
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        (is_visible && (16..=512).contains(&text.len())).then(|| Self(text.into()))
    }

    /// Whether the headers hold it once, as `Authorization: Bearer …`. Takes equally long for
    /// every wrong one of its length.
    pub(crate) fn is_in(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return false;
        };
        let Some((scheme, given)) = split_once(value.as_bytes()) else {
            return false;
        };
        scheme.eq_ignore_ascii_case(b"bearer") && bool::from(self.0.as_bytes().ct_eq(given))
    }
}

fn split_once(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let space = value.iter().position(|byte| *byte == b' ')?;
    let (scheme, rest) = value.split_at(space);
    Some((scheme, rest.trim_ascii()))
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
