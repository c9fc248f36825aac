//! What a call is about, as the audit log shows it.

use std::path::Path;

use vario_host::redact;

use crate::paths;

/// More than this of a target helps nobody, and a plugin may give any text as one.
const MAX_BYTES: usize = 300;

/// A path, with `~` for the home.
pub(super) fn path(path: &Path, home: Option<&Path>) -> String {
    let below = home.and_then(|home| path.strip_prefix(home).ok());
    let text = match below.map(paths::text) {
        Some(rest) if rest.is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{rest}"),
        None => paths::text(path),
    };
    cut(segments(&text))
}

/// A name: a variable, a keychain's service, a program, a setting.
pub(super) fn name(name: &str) -> String {
    cut(redact::log_text(name).into_owned())
}

/// An address, without credentials, without what is never sent, and with its telling parts masked.
pub(super) fn url(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let (start, query) = url.split_once('?').map_or((url, None), |(a, b)| (a, Some(b)));
    let (scheme, rest) = start.split_once("://").map_or(("", start), |(a, b)| (a, b));
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    // Nobody's password has to be guessed at: what is before the last `@` is not the host.
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let mut shown = String::new();
    if !scheme.is_empty() {
        shown.push_str(scheme);
        shown.push_str("://");
    }
    shown.push_str(host);
    shown.push_str(&segments(path));
    if let Some(query) = query {
        shown.push('?');
        shown.push_str(query);
    }
    cut(redact::without_values(&shown))
}

/// Masks tokens between slashes; the rule about personal paths must not see the slashes.
fn segments(path: &str) -> String {
    let masked: Vec<_> = path.split('/').map(redact::log_text).collect();
    masked.join("/")
}

fn cut(mut text: String) -> String {
    if text.len() > MAX_BYTES {
        text.truncate(text.floor_char_boundary(MAX_BYTES));
        text.push('\u{2026}');
    }
    text
}
