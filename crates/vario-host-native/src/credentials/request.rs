//! Recognising that a request sends a refresh token.

use vario_host::HttpRequest;

use super::forms::{self, LEAST_TOKEN, Leaf};

/// What a request sends that could be a token.
pub(super) struct Sending {
    /// Texts that it calls refresh tokens.
    pub(super) named: Vec<String>,
    /// Other long values of query and body.
    pub(super) others: Vec<String>,
    /// Whether it says itself that it exchanges a refresh token.
    pub(super) says_so: bool,
    /// Everything, as it is sent and decoded.
    all: Vec<String>,
}

impl Sending {
    pub(super) fn read(request: &HttpRequest) -> Self {
        let mut leaves = Vec::new();
        let url = request.url.split('#').next().unwrap_or_default();
        if let Some((_, query)) = url.split_once('?') {
            leaves.extend(form(query));
        }
        let body = request.body.as_deref().unwrap_or_default();
        let mut says_so = false;
        if body.trim_start().starts_with(['{', '[']) {
            leaves.extend(forms::leaves(body, None, &|_| Vec::new()));
        } else if !body.is_empty() {
            let fields = form(body);
            // Some other form of body, which would say it in its own way.
            says_so = fields.iter().all(|leaf| leaf.key.is_none()) && forms::is_refresh_key(body);
            leaves.extend(fields);
            leaves.extend(forms::leaves(body, None, &|_| Vec::new()));
        }
        let headers = request.headers.iter();
        let named_header = |(name, value): &(String, String)| {
            let leaf = Leaf::value(Some(name.clone()), value.clone());
            forms::is_refresh_key(name).then_some(leaf)
        };
        leaves.extend(headers.clone().filter_map(named_header));

        let is_grant = |leaf: &Leaf| {
            leaf.key.as_deref() == Some("grant_type") && leaf.text.contains("refresh_token")
        };
        says_so |= leaves.iter().any(is_grant);
        let is_named = |leaf: &&Leaf| leaf.is_refresh() && !leaf.text.trim().is_empty();
        let (named, others): (Vec<&Leaf>, Vec<&Leaf>) = leaves.iter().partition(is_named);
        let named = sorted(named);
        let mut others = sorted(others);
        others.retain(|text| text.len() >= LEAST_TOKEN);
        let mut all = vec![decoded(url), url.to_owned(), body.to_owned()];
        all.extend(headers.map(|(_, value)| value.clone()));
        all.extend(leaves.into_iter().map(|leaf| leaf.text));
        Self { named, others, says_so, all }
    }

    /// Whether this text is sent, wherever.
    pub(super) fn has(&self, token: &str) -> bool {
        self.all.iter().any(|text| text.contains(token))
    }
}

fn sorted(leaves: Vec<&Leaf>) -> Vec<String> {
    let mut texts: Vec<String> =
        leaves.into_iter().map(|leaf| leaf.text.trim().to_owned()).collect();
    texts.sort();
    texts.dedup();
    texts
}

/// The fields of a form or query. What has no `=` is a value without a name.
pub(super) fn form(text: &str) -> Vec<Leaf> {
    let fields = text.split('&').map(|field| match field.split_once('=') {
        Some((key, value)) => Leaf::value(Some(decoded(key)), decoded(value)),
        None => Leaf::value(None, decoded(field)),
    });
    fields.collect()
}

/// Without percent signs and pluses.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        let pair = bytes.get(at..at + 2).and_then(|pair| std::str::from_utf8(pair).ok());
        match (byte, pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (other, _) => out.push(*other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
