//! Puts placeholders where secrets stand, however they are written there.

mod matcher;

use std::collections::HashSet;

use serde_json::Value as Json;

use self::matcher::{Edge, Form, Matcher};
use super::collect::{DEPTH, Secrets};
use super::encoded::{self, Decoded, meaning};
use super::json_text::{is_json, map_strings};
use super::placeholder::Atoms;
use super::tokens::{JWT, is_distinctive};

/// Shorter secrets are replaced only where they are the whole text.
const SHORTEST_PART: usize = 6;

/// Replaces the secrets of one cassette in any text.
#[derive(Debug)]
pub struct Redaction {
    secrets: HashSet<String>,
    atoms: Atoms,
    /// Secrets that no other text is likely to contain.
    anywhere: Matcher,
    /// Secrets that are replaced only where they stand alone.
    alone: Matcher,
}

impl Redaction {
    pub(super) fn new(secrets: Secrets, public: &[String]) -> Self {
        let mut atoms = Atoms::default();
        for secret in secrets.texts.iter().chain(&secrets.users) {
            for (is_jwt, piece) in pieces(secret) {
                if !is_jwt {
                    atoms.add(piece);
                } else if has_claims(piece) {
                    piece.split('.').skip(2).for_each(|part| atoms.add(part));
                } else {
                    piece.split('.').skip(1).for_each(|part| atoms.add(part));
                }
            }
        }
        atoms.settle();
        let (mut anywhere, mut alone) = (Vec::new(), Vec::new());
        for secret in secrets.texts.iter().filter(|secret| secret.len() >= SHORTEST_PART) {
            let edge = edge(secret);
            let list = if edge == Edge::Any { &mut anywhere } else { &mut alone };
            list.extend(Form::all_of(secret).map(|form| (secret.clone(), form, edge)));
        }
        let is_public = |atom: &str| {
            secrets.public.iter().chain(public).any(|text: &String| text.contains(atom))
        };
        let telling = atoms.iter().filter(|atom| is_distinctive(atom));
        for atom in telling.filter(|atom| !is_public(atom)) {
            anywhere.push((atom.to_owned(), Form::Plain, Edge::Any));
        }
        for user in &secrets.users {
            anywhere.extend(Form::folders().map(|form| (user.clone(), form, Edge::FolderEnd)));
        }
        Self {
            secrets: secrets.texts.into_iter().collect(),
            atoms,
            anywhere: Matcher::new(anywhere),
            alone: Matcher::new(alone),
        }
    }

    /// The text with placeholders in place of secrets; as long as before.
    #[must_use]
    pub fn apply_text(&self, text: &str) -> String {
        self.text(text, DEPTH)
    }

    /// The same for every string and key of a JSON value.
    pub fn apply_json(&self, json: &mut Json) {
        match json {
            Json::String(text) => *text = self.apply_text(text),
            Json::Array(items) => items.iter_mut().for_each(|item| self.apply_json(item)),
            Json::Object(map) => {
                for (key, mut value) in std::mem::take(map) {
                    self.apply_json(&mut value);
                    map.insert(self.embedded(&key, DEPTH), value);
                }
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn text(&self, text: &str, depth: u8) -> String {
        let Some(deeper) = depth.checked_sub(1) else { return text.to_owned() };
        let trimmed = text.trim();
        if self.secrets.contains(trimmed) {
            return text.replacen(trimmed, &self.replacement(trimmed, depth), 1);
        }
        if is_json(text) {
            return map_strings(text, |place, content| {
                // A key is named, not told.
                let new = if place.is_key { Self::embedded } else { Self::text };
                Some(new(self, content, deeper))
            });
        }
        self.embedded(text, depth)
    }

    /// A text that is no secret itself.
    fn embedded(&self, text: &str, depth: u8) -> String {
        let mut written = String::with_capacity(text.len());
        let mut at = 0;
        for (range, secret, form) in self.anywhere.find(text.as_bytes(), 0..text.len()) {
            self.between(text, at..range.start, depth, &mut written);
            written.push_str(&form.write(&self.replacement(secret, depth)));
            at = range.end;
        }
        self.between(text, at..text.len(), depth, &mut written);
        written
    }

    /// Codes first, then secrets that stand alone.
    fn between(&self, text: &str, range: std::ops::Range<usize>, depth: u8, written: &mut String) {
        let mut at = range.start;
        for run in encoded::RUN.find_iter(&text[range.clone()]) {
            for (start, end, new) in self.coded(run.as_str(), depth) {
                let base = range.start + run.start();
                self.alone(text, at..base + start, depth, written);
                written.push_str(&new);
                at = base + end;
            }
        }
        self.alone(text, at..range.end, depth, written);
    }

    fn alone(&self, text: &str, range: std::ops::Range<usize>, depth: u8, written: &mut String) {
        let mut at = range.start;
        for (found, secret, form) in self.alone.find(text.as_bytes(), range.clone()) {
            written.push_str(&text[at..found.start]);
            written.push_str(&form.write(&self.replacement(secret, depth)));
            at = found.end;
        }
        written.push_str(&text[at..range.end]);
    }

    /// The parts of a run that are base64 or hex of something with a secret in it.
    fn coded(&self, run: &str, depth: u8) -> Vec<(usize, usize, String)> {
        let mut changed: Vec<(usize, usize, String)> = Vec::new();
        for (start, part) in encoded::parts(run) {
            let end = start + part.len();
            if changed.iter().any(|(from, to, _)| start < *to && *from < end) {
                continue;
            }
            if let Some(new) = self.recoded(part, depth) {
                changed.push((start, end, new));
            }
        }
        changed.sort_by_key(|(start, ..)| *start);
        changed
    }

    fn recoded(&self, code: &str, depth: u8) -> Option<String> {
        // Short codes without a meaning are words.
        let is_worth = |decoded: &Decoded| code.len() >= 24 || decoded.is_meaningful();
        encoded::readings(code).into_iter().filter(is_worth).find_map(|decoded| {
            let new = self.bytes(&decoded.bytes, depth.checked_sub(1)?);
            (new != decoded.bytes).then(|| decoded.encode(&new))
        })
    }

    fn bytes(&self, bytes: &[u8], depth: u8) -> Vec<u8> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return self.text(text, depth).into_bytes();
        }
        let once = self.raw(&self.anywhere, bytes, depth);
        self.raw(&self.alone, &once, depth)
    }

    fn raw(&self, matcher: &Matcher, bytes: &[u8], depth: u8) -> Vec<u8> {
        let mut written = Vec::with_capacity(bytes.len());
        let mut at = 0;
        for (range, secret, form) in matcher.find(bytes, 0..bytes.len()) {
            written.extend_from_slice(&bytes[at..range.start]);
            written.extend_from_slice(form.write(&self.replacement(secret, depth)).as_bytes());
            at = range.end;
        }
        written.extend_from_slice(&bytes[at..]);
        written
    }

    /// What stands for a secret.
    fn replacement(&self, secret: &str, depth: u8) -> String {
        let Some(deeper) = depth.checked_sub(1) else { return self.atoms.replace(secret) };
        if let Some(decoded) = meaning(secret) {
            let new = self.bytes(&decoded.bytes, deeper);
            if new != decoded.bytes {
                return decoded.encode(&new);
            }
        }
        pieces(secret)
            .into_iter()
            .map(
                |(is_jwt, piece)| {
                    if is_jwt { self.jwt(piece, deeper) } else { self.atoms.replace(piece) }
                },
            )
            .collect()
    }

    /// A JWT with the same header and other text claims.
    fn jwt(&self, jwt: &str, depth: u8) -> String {
        let keeps_claims = has_claims(jwt);
        let parts = jwt.split('.').enumerate().map(|(index, part)| match index {
            0 => part.to_owned(),
            1 if keeps_claims => self.recoded(part, depth).unwrap_or_else(|| part.to_owned()),
            _ => self.atoms.replace(part),
        });
        parts.collect::<Vec<_>>().join(".")
    }
}

/// A secret cut at the JWTs in it.
fn pieces(secret: &str) -> Vec<(bool, &str)> {
    let mut pieces = Vec::new();
    let mut at = 0;
    for jwt in JWT.find_iter(secret) {
        pieces.push((false, &secret[at..jwt.start()]));
        pieces.push((true, jwt.as_str()));
        at = jwt.end();
    }
    pieces.push((false, &secret[at..]));
    pieces
}

fn has_claims(jwt: &str) -> bool {
    let payload = jwt.split('.').nth(1).unwrap_or_default();
    encoded::readings(payload).iter().any(|reading| reading.text().is_some_and(is_json))
}

/// How much a secret must stand alone to be one and not a part of something else.
fn edge(secret: &str) -> Edge {
    let has = |test: fn(&char) -> bool| secret.chars().any(|letter| test(&letter));
    let is_one_word = !has(|letter| !letter.is_alphanumeric());
    let (letters, digits) = (has(|letter| letter.is_alphabetic()), has(char::is_ascii_digit));
    match (letters, digits) {
        (true, true) if secret.len() >= 8 => Edge::Any,
        (true, false) if is_one_word && secret.len() < 12 => Edge::Word,
        _ => Edge::Letters,
    }
}
