use std::borrow::Cow;

/// A path that SQLite takes for the name of a file, whatever it looks like.
///
/// The library reads names that start with `file:` as URLs, whose parameters could lift the
/// read-only mode, and `:memory:` and the empty name as databases without a file.
pub(crate) fn literal(path: &str) -> Cow<'_, str> {
    if path.starts_with("file:") || path.starts_with(':') || path.is_empty() {
        Cow::Owned(format!("./{path}"))
    } else {
        Cow::Borrowed(path)
    }
}

/// The URL that opens a file without locks and without looking for a write-ahead log.
pub(crate) fn immutable_url(path: &str) -> String {
    let encoded = literal(path)
        .replace('%', "%25")
        .replace(' ', "%20")
        .replace('#', "%23")
        .replace('?', "%3F");
    format!("file:{encoded}?immutable=1")
}
