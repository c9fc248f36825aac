//! Finds many secrets in one text.

use std::fmt::Write as _;
use std::ops::Range;

use aho_corasick::{AhoCorasick, Input, MatchKind};

/// How a secret is written where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    /// As `encodeURIComponent` writes it; digits in this case.
    Percent {
        upper: bool,
    },
    /// As a form has it, with `+` for a space.
    PlusForSpace,
    /// Inside a JSON string.
    Json,
    /// As a user's folder, after this.
    Folder(&'static str),
}

/// What must not stand beside a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Any,
    /// Letters and digits.
    Letters,
    /// These, and what joins words to names and paths.
    Word,
    /// The end of a folder's name; before it anything.
    FolderEnd,
}

#[derive(Debug)]
pub(super) struct Matcher {
    automaton: AhoCorasick,
    patterns: Vec<(String, Form, Edge)>,
}

impl Form {
    /// The forms in which a secret is not what it is plainly, and that.
    pub(super) fn all_of(secret: &str) -> impl Iterator<Item = Self> {
        let percent = [Self::Percent { upper: true }, Self::Percent { upper: false }];
        let others = percent.into_iter().chain([Self::PlusForSpace, Self::Json]);
        let secret = secret.to_owned();
        let differs = move |form: &Self| form.write(&secret) != secret;
        std::iter::once(Self::Plain).chain(others.filter(differs))
    }

    /// All ways to name a user's folder.
    pub(super) fn folders() -> impl Iterator<Item = Self> {
        const BEGINNINGS: &[&str] = &[
            "/home/",
            "/Users/",
            "\\home\\",
            "\\Users\\",
            "\\\\home\\\\",
            "\\\\Users\\\\",
            "%2Fhome%2F",
            "%2FUsers%2F",
            "%2fhome%2f",
            "%2fUsers%2f",
            "%5CUsers%5C",
            "%5cUsers%5c",
            "-home-",
            "-Users-",
        ];
        BEGINNINGS.iter().copied().map(Self::Folder)
    }

    /// A text in this form.
    pub(super) fn write(self, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Percent { upper } => percent(text, upper, "%20"),
            Self::PlusForSpace => percent(text, true, "+"),
            Self::Json => {
                let json = serde_json::Value::from(text).to_string();
                json[1..json.len() - 1].to_owned()
            }
            Self::Folder(before) => format!("{before}{text}"),
        }
    }
}

fn percent(text: &str, upper: bool, space: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b' ' => written.push_str(space),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                written.push(char::from(byte));
            }
            _ => {
                let _infallible = if upper {
                    write!(written, "%{byte:02X}")
                } else {
                    write!(written, "%{byte:02x}")
                };
            }
        }
    }
    written
}

impl Matcher {
    pub(super) fn new(patterns: Vec<(String, Form, Edge)>) -> Self {
        let texts = patterns.iter().map(|(secret, form, _)| form.write(secret));
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(texts)
            .expect("the secrets of a cassette are shorter than two gigabytes");
        Self { automaton, patterns }
    }

    /// The secrets in a part of a text, from left to right.
    pub(super) fn find(&self, text: &[u8], range: Range<usize>) -> Vec<(Range<usize>, &str, Form)> {
        let mut found = Vec::new();
        let mut at = range.start;
        while let Some(hit) = self.automaton.find(Input::new(text).range(at..range.end)) {
            let (secret, form, edge) = &self.patterns[hit.pattern().as_usize()];
            if edge.allows(text, hit.range()) {
                found.push((hit.range(), secret.as_str(), *form));
                at = hit.end();
            } else {
                at = hit.start() + 1;
            }
        }
        found
    }
}

impl Edge {
    fn allows(self, text: &[u8], range: Range<usize>) -> bool {
        let after = text.get(range.end).copied();
        match self {
            Self::Any => true,
            Self::FolderEnd => !after.is_some_and(|byte| is_letter(byte) || b"_.".contains(&byte)),
            Self::Letters => {
                !before(text, range.start).is_some_and(is_letter) && !after.is_some_and(is_letter)
            }
            Self::Word => {
                let joins = |byte| is_letter(byte) || b"-_./\\~".contains(&byte);
                !before(text, range.start).is_some_and(joins) && !after.is_some_and(joins)
            }
        }
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// The byte before a place, unless it ends a percent escape.
fn before(text: &[u8], at: usize) -> Option<u8> {
    let is_escape = at.checked_sub(3).is_some_and(|start| {
        text[start] == b'%' && text[start + 1..at].iter().all(u8::is_ascii_hexdigit)
    });
    if is_escape { None } else { text.get(at.checked_sub(1)?).copied() }
}
