use encoding_rs::{Encoding, UTF_8};

/// A body as text: a byte-order mark decides, else the content type's charset, else UTF-8.
///
/// The mark itself is removed, and bytes that make no sense become U+FFFD.
pub(crate) fn decode(body: &[u8], content_type: Option<&str>) -> String {
    let encoding = content_type
        .and_then(charset)
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .unwrap_or(UTF_8);
    let (text, _, _) = encoding.decode(body);
    text.into_owned()
}

/// The `charset` parameter of `type/subtype; charset=x`, without its quotes.
///
/// Text that is no media type at all has no parameters either.
pub(crate) fn charset(content_type: &str) -> Option<&str> {
    let (media_type, parameters) = content_type.split_once(';')?;
    let (kind, subtype) = media_type.trim().split_once('/')?;
    if kind.is_empty() || subtype.is_empty() {
        return None;
    }
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"'))
    })
}
