//! Finds `name = value` in texts that are not JSON: addresses, forms, configuration files, source.

use std::sync::LazyLock;

use regex::Regex;

use super::tokens::regex;

/// `name=value` of an address, a form or a line of an environment file.
static PARAMETER: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"([A-Za-z_][\w.\-\[\]]*)=([^&\s"'#;,<>]+)"#));

/// `name = "value"`, `'name': 'value'`.
static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"([A-Za-z_][\w.\-]*)["']?\s*[:=]\s*(?:"([^"\n\\]{1,4096})"|'([^'\n\\]{1,4096})')"#)
});

/// `\"name\":\"value\"`: JSON inside a string of something else.
static ESCAPED: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"\\"([A-Za-z_][\w.\-]*)\\"\s*:\s*\\"([^"\\]+)\\""#));

/// `name: value` on a line of its own.
static LINE: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"(?m)^\s*(?:export\s+)?([A-Za-z_][\w.\-]*)\s*[:=]\s*([^\s"']+)\s*$"#));

/// `https://user:password@host`.
static USER_INFO: LazyLock<Regex> = LazyLock::new(|| regex(r"://([^/\s:@?#]+):([^/\s@?#]+)@"));

/// How a value was found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// In an address or a form.
    Parameter,
    /// As a parameter, but among other text, where it may be code.
    Loose,
    /// Quoted, escaped, or on a line of its own.
    Value,
}

/// Every name with its value.
pub(super) fn assignments(text: &str) -> Vec<(Found, &str, &str)> {
    let mut all = Vec::new();
    if text.contains('=') {
        let kind = if text.contains(char::is_whitespace) { Found::Loose } else { Found::Parameter };
        all.extend(pairs(&PARAMETER, text).map(|(name, value)| (kind, name, value)));
    }
    if text.contains(['=', ':']) {
        let values = pairs(&QUOTED, text).chain(pairs(&ESCAPED, text)).chain(pairs(&LINE, text));
        all.extend(values.map(|(name, value)| (Found::Value, name, value)));
    }
    all
}

/// Passwords in addresses, with the user they belong to.
pub(super) fn user_info(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.contains("://").then(|| pairs(&USER_INFO, text)).into_iter().flatten()
}

fn pairs<'a>(
    pattern: &'static Regex,
    text: &'a str,
) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    pattern.captures_iter(text).filter_map(|found| {
        let mut groups = found.iter().skip(1).flatten();
        Some((groups.next()?.as_str(), groups.next()?.as_str()))
    })
}

/// A text with its percent escapes read, if it has any and they are text.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escape = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = escape.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let (b'%', Some(code)) = (first, code) {
            bytes.push(code);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok().filter(|decoded| decoded != text)
}
