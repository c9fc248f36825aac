//! What a plugin read in this run, as far as it matters.

use sha2::{Digest as _, Sha256};

use super::forms::{self, LEAST_TOKEN};
use super::{Source, Store};

/// The longest content that is kept as it is; of a longer one its likely tokens are.
const MAX_TEXT: usize = 1024 * 1024;

/// How much text is kept in all.
const MAX_KEPT: usize = 8 * 1024 * 1024;

/// Kept of a content that is too long.
const MAX_PIECES: usize = 512;

/// The longest token.
const MAX_PIECE: usize = 8 * 1024;

/// How many encrypted texts are known.
const MAX_PLAIN: usize = 64;

/// Stands for a content.
pub(super) type Print = [u8; 32];

pub(super) fn print(content: &str) -> Print {
    Sha256::digest(content.as_bytes()).into()
}

/// The remembered contents.
#[derive(Default)]
pub(super) struct Memory {
    known: Vec<Known>,
    /// Envelopes and what is in them.
    plain: Vec<(String, String)>,
    /// The values in those.
    decrypted: Vec<Piece>,
    kept: usize,
}

struct Known {
    source: Source,
    print: Print,
    /// None when it was too long.
    text: Option<String>,
    pieces: Vec<Piece>,
}

/// A value, or a word of one.
struct Piece {
    text: String,
    role: Role,
}

/// What the value's name says. The order is that of importance.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Refresh,
    Other,
    /// It has none of its own.
    None,
}

impl Memory {
    /// Takes the place of what was read of the same source before.
    pub(super) fn remember(&mut self, source: Source, content: &str) {
        if let Some(at) = self.known.iter().position(|known| is_same(&known.source, &source)) {
            let old = self.known.swap_remove(at);
            self.kept -= old.text.map_or(0, |text| text.len());
        }
        let fits = content.len() <= MAX_TEXT && self.kept + content.len() <= MAX_KEPT;
        let text = fits.then(|| content.to_owned());
        self.kept += text.as_ref().map_or(0, String::len);
        let key = match &source.store {
            Store::Keychain { service, .. } => Some(service.as_str()),
            _ => None,
        };
        let pieces = self.pieces(key, content);
        self.known.push(Known { source, print: print(content), text, pieces });
    }

    pub(super) fn transformed(&mut self, envelope: &str, plain: &str) {
        let length = envelope.len() + plain.len();
        let is_small = envelope.len() >= LEAST_TOKEN && length <= MAX_TEXT;
        if is_small && self.plain.len() < MAX_PLAIN && self.kept + length <= MAX_KEPT {
            self.kept += length;
            self.decrypted.extend(self.pieces(None, plain));
            self.plain.push((envelope.to_owned(), plain.to_owned()));
        }
    }

    /// Whether `now` is what was read. Of what was not read nothing can have changed.
    pub(super) fn is_unchanged(&self, source: &Source, now: Option<&str>) -> bool {
        let now = now.map(print);
        self.print_of(source).is_none_or(|known| now == Some(known))
    }

    pub(super) fn print_of(&self, source: &Source) -> Option<Print> {
        self.known.iter().find(|known| is_same(&known.source, source)).map(|known| known.print)
    }

    /// Everything that was read of a store.
    pub(super) fn of_store(&self, store: &Store) -> Vec<Source> {
        self.sources(|known| known.source.store.is_same(store))
    }

    /// Where a token was read.
    pub(super) fn with(&self, token: &str) -> Vec<Source> {
        self.sources(|known| match &known.text {
            Some(text) => self.holds(text, token),
            None => known.pieces.iter().any(|piece| forms::is_part(&piece.text, token)),
        })
    }

    /// What could hold a secret: it has a value that looks like one.
    pub(super) fn suspects(&self) -> Vec<Source> {
        self.sources(|known| known.pieces.iter().any(|piece| looks_secret(&piece.text)))
    }

    /// Whether a text holds a token in some form.
    pub(super) fn holds(&self, text: &str, token: &str) -> bool {
        forms::holds(text, token, &|text| self.within(text))
    }

    /// Texts that were read as refresh tokens, and as nothing else: some tools have one token for
    /// all purposes.
    pub(super) fn refresh_tokens(&self) -> Vec<String> {
        let stored = || self.known.iter().flat_map(|known| &known.pieces);
        let all = || stored().chain(&self.decrypted);
        let of = |role| all().filter(move |piece| piece.role == role);
        let mut tokens: Vec<String> = of(Role::Refresh)
            .map(|piece| &piece.text)
            .filter(|text| !of(Role::Other).any(|other| other.text == **text))
            .cloned()
            .collect();
        tokens.sort();
        tokens.dedup();
        tokens
    }

    fn sources(&self, which: impl Fn(&Known) -> bool) -> Vec<Source> {
        let known = self.known.iter().filter(|known| which(known));
        known.map(|known| known.source.clone()).collect()
    }

    /// What is in the envelopes that a text holds.
    fn within(&self, text: &str) -> Vec<&str> {
        let held = self.plain.iter().filter(|(envelope, _)| text.contains(envelope.as_str()));
        held.map(|(_, plain)| plain.as_str()).collect()
    }

    fn pieces(&self, key: Option<&str>, content: &str) -> Vec<Piece> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut add = |text: &str, role| {
            if (LEAST_TOKEN..=MAX_PIECE).contains(&text.len()) {
                pieces.push(Piece { text: text.to_owned(), role });
            }
        };
        for leaf in forms::leaves(content, key, &|text| self.within(text)) {
            let role = match leaf.key {
                _ if leaf.is_refresh() => Role::Refresh,
                Some(_) => Role::Other,
                None => Role::None,
            };
            add(leaf.text.trim(), role);
            let is_between = |letter: char| letter.is_whitespace() || "\"',;".contains(letter);
            for word in leaf.text.split(is_between) {
                add(word, Role::None);
            }
        }
        pieces.sort_by_key(|piece| (piece.role, !looks_secret(&piece.text)));
        pieces.truncate(MAX_PIECES);
        pieces
    }
}

fn is_same(one: &Source, other: &Source) -> bool {
    let is_same_item = match (&one.store, &other.store) {
        // What a read without an account gives is another content.
        (Store::Keychain { account, .. }, Store::Keychain { account: other, .. }) => {
            account == other
        }
        _ => true,
    };
    is_same_item && one.sql == other.sql && one.store.is_same(&other.store)
}

/// Long, of letters and digits, and none of a name.
fn looks_secret(word: &str) -> bool {
    let has = |which: fn(&u8) -> bool| word.bytes().any(|byte| which(&byte));
    let is_opaque = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=.~:|$".contains(&byte);
    word.len() >= LEAST_TOKEN
        && word.bytes().all(is_opaque)
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
}
