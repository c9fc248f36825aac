use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// The marker of a name that is not the id itself; no id is used as it is with a part like that.
const MARK: &str = "id--";

/// The name of the host that a plugin's page is served from; each id has its own.
///
/// It is `ID.localhost`, dots and all (`com.example.map.localhost`), which browsers take to
/// loopback by themselves. An id that is no such name (capital letters, an empty or overlong part,
/// one that looks like Punycode) has `id--` and 32 hexadecimal digits of its SHA-256 instead.
///
/// The origin is what keeps pages apart. Browsers see `com.a.x.localhost` and `org.b.x.localhost`
/// as one *site*: that matters to cookies alone, and the server neither reads nor sets any.
pub fn page_host(id: &str) -> String {
    if is_plain(id) { format!("{id}.localhost") } else { format!("{MARK}{}.localhost", digest(id)) }
}

/// Where a plugin's page is, for a browser; parameters such as `?darkmode=true` may follow.
/// `port` is the server's main port.
pub fn page_address(port: u16, id: &str) -> String {
    format!("http://{}:{port}/plugins/{id}/", page_host(id))
}

fn is_plain(id: &str) -> bool {
    id.len() <= 200 && id.split('.').all(is_plain_part)
}

fn is_plain_part(part: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    let is_marked = part.starts_with("xn--") || part.starts_with(MARK);
    !part.is_empty() && part.len() <= 63 && !is_marked && part.bytes().all(allowed)
}

fn digest(id: &str) -> String {
    let hash = Sha256::digest(id.as_bytes());
    hash.iter().take(16).fold(String::new(), |mut text, byte| {
        // Writing to a string does not fail.
        let _written = write!(text, "{byte:02x}");
        text
    })
}
