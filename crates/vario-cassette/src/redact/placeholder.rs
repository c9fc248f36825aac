//! What stands for a secret: as long, of the same kinds of characters, and made of nothing but its
//! place in the order of appearance.
//!
//! A secret is replaced atom by atom, an atom being a run of letters and digits. So what a plugin
//! cuts out of a secret at a dash or joins with a colon is the same as what was recorded.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::tokens::prefix_length;

/// More tries than a short atom has other forms.
const TRIES: u64 = 400;

/// Replacements of atoms.
#[derive(Debug, Clone, Default)]
pub(super) struct Atoms {
    known: IndexMap<String, String>,
}

/// A part of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Stays.
    Kept(&'a str),
    /// Is replaced.
    Atom(&'a str),
}

impl Atoms {
    /// Takes in the atoms of a secret.
    pub(super) fn add(&mut self, secret: &str) {
        for part in parts(secret) {
            if let Part::Atom(atom) = part {
                self.known.entry(atom.to_owned()).or_default();
            }
        }
    }

    /// Gives every atom its replacement. None is equal to another or to anything it replaces, as
    /// long as there are enough texts of its form.
    pub(super) fn settle(&mut self) {
        let originals: HashSet<String> = self.known.keys().cloned().collect();
        let mut used: HashSet<String> = HashSet::new();
        for (number, (atom, replacement)) in (0_u64..).zip(self.known.iter_mut()) {
            let mut tries = (0..TRIES).map(|again| fill(atom, number * TRIES + again));
            let is_free = |text: &String| !used.contains(text) && !originals.contains(text);
            let found = tries.find(is_free).or_else(|| {
                // All forms are taken: at least another one than itself.
                (0..TRIES).map(|again| fill(atom, number * TRIES + again)).find(|text| text != atom)
            });
            *replacement = found.unwrap_or_else(|| fill(atom, number));
            used.insert(replacement.clone());
        }
    }

    /// All atoms, in order of appearance.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.known.keys().map(String::as_str)
    }

    /// The replacement of a secret whose atoms were added.
    pub(super) fn replace(&self, secret: &str) -> String {
        parts(secret)
            .into_iter()
            .map(|part| match part {
                Part::Kept(text) => text.to_owned(),
                Part::Atom(atom) => {
                    self.known.get(atom).cloned().unwrap_or_else(|| fill(atom, u64::MAX))
                }
            })
            .collect()
    }
}

fn is_atom_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || !letter.is_ascii()
}

/// Cuts a secret into what is replaced and what stays: punctuation, percent escapes, the beginning
/// that tells the kind of token, the last part of an e-mail address.
fn parts(secret: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = secret;
    let mut at_start = true;
    while let Some(first) = rest.chars().next() {
        let prefix = if at_start { prefix_length(rest) } else { 0 };
        let (part, is_kept) = if prefix > 0 {
            (&rest[..prefix], true)
        } else if is_percent_escape(rest) {
            (&rest[..3], true)
        } else if is_atom_letter(first) {
            let end = rest.find(|letter| !is_atom_letter(letter)).unwrap_or(rest.len());
            (&rest[..end], false)
        } else {
            (&rest[..first.len_utf8()], true)
        };
        rest = &rest[part.len()..];
        at_start = is_kept && (part.ends_with(['|', ':', ';', ' ', ',']) || part.starts_with('%'));
        parts.push(if is_kept { Part::Kept(part) } else { Part::Atom(part) });
    }
    keep_top_level_domain(secret, &mut parts);
    parts
}

fn is_percent_escape(text: &str) -> bool {
    text.strip_prefix('%')
        .and_then(|rest| rest.get(..2))
        .is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn keep_top_level_domain(secret: &str, parts: &mut [Part<'_>]) {
    let is_email = super::tokens::emails(secret).any(|email| email.len() == secret.len());
    if let Some(Part::Atom(last)) = parts.last().copied().filter(|_| is_email)
        && let Some(part) = parts.last_mut()
    {
        *part = Part::Kept(last);
    }
}

/// A text of the same form as `atom`, from a number alone.
fn fill(atom: &str, number: u64) -> String {
    let is_hex_letter = |letter: char| !letter.is_ascii_alphabetic() || letter.is_ascii_hexdigit();
    let hex = atom.len() >= 4 && atom.chars().all(is_hex_letter);
    let mut state = number;
    atom.chars().map(|letter| same_kind(letter, hex, next(&mut state))).collect()
}

fn same_kind(letter: char, hex: bool, random: u64) -> char {
    let letters = if hex { 6 } else { 26 };
    let (first, count) = match letter {
        '0'..='9' => (u32::from('0'), 10),
        'a'..='z' => (u32::from('a'), letters),
        'A'..='Z' => (u32::from('A'), letters),
        letter => match (letter.len_utf8(), letter.is_uppercase()) {
            (2, true) => (0xc0, 22),
            (2, false) => (0xe0, 22),
            (3, _) => (0x4e00, 4096),
            _ => (0x2_0000, 4096),
        },
    };
    let offset = u32::try_from(random % count).unwrap_or(0);
    char::from_u32(first + offset).unwrap_or(letter)
}

/// `SplitMix64`: evenly spread, the same everywhere.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
