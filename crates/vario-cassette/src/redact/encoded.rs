//! Texts that are other texts in base64 or hex.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use regex::Regex;

use super::tokens::regex;

/// What may be base64 or hex.
pub(super) static RUN: LazyLock<Regex> = LazyLock::new(|| regex(r"[A-Za-z0-9+/_\-]{8,}={0,2}"));

/// Shorter printable pieces of binary data are chance.
const PRINTABLE_PIECE: usize = 8;

/// In less binary data than this, printable pieces of any length are chance.
const SHORTEST_BINARY: usize = 96;

#[derive(Debug, Clone, Copy)]
enum Coding {
    Base64 { url_safe: bool, padded: bool },
    Hex { upper: bool },
}

/// A decoded text, which can be encoded again as it was.
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    coding: Coding,
}

impl Decoded {
    /// Encodes other bytes the same way; as long as before when they are as many.
    pub(super) fn encode(&self, bytes: &[u8]) -> String {
        self.coding.encode(bytes)
    }

    /// The text, when it is text that people or programs wrote.
    pub(super) fn text(&self) -> Option<&str> {
        let text = std::str::from_utf8(&self.bytes).ok()?;
        let is_odd = |letter: char| letter.is_control() && !letter.is_whitespace();
        (!text.is_empty() && !text.contains(is_odd)).then_some(text)
    }

    /// The printable pieces of binary data, when they are too many for chance.
    pub(super) fn pieces(&self) -> Vec<&str> {
        let is_printable = |byte: &u8| (b' '..=b'~').contains(byte);
        let pieces: Vec<&str> = self
            .bytes
            .split(|byte| !is_printable(byte))
            .filter(|piece| piece.len() >= PRINTABLE_PIECE)
            .filter_map(|piece| std::str::from_utf8(piece).ok())
            .collect();
        let printable: usize = pieces.iter().map(|piece| piece.len()).sum();
        let is_chance = self.bytes.len() < SHORTEST_BINARY || printable * 4 < self.bytes.len();
        if is_chance { Vec::new() } else { pieces }
    }

    /// Whether there is more in it than random bytes.
    pub(super) fn is_meaningful(&self) -> bool {
        self.text().is_some() || !self.pieces().is_empty()
    }
}

impl Coding {
    fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Base64 { url_safe, padded } => engine(url_safe, padded).encode(bytes),
            Self::Hex { upper } => {
                let digits = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
                let pairs = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
                pairs.map(|digit| char::from(digits[usize::from(digit)])).collect()
            }
        }
    }
}

fn engine(url_safe: bool, padded: bool) -> GeneralPurpose {
    let alphabet: &Alphabet = if url_safe { &URL_SAFE } else { &STANDARD };
    let config = GeneralPurposeConfig::new()
        .with_encode_padding(padded)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config)
}

/// Every way to read a run that leads back to it.
pub(super) fn readings(run: &str) -> Vec<Decoded> {
    let hex = decode_hex(run);
    let url_safe = run.contains(['-', '_']);
    let padded = run.ends_with('=') || run.len().is_multiple_of(4);
    let base64 = engine(url_safe, padded)
        .decode(run)
        .ok()
        .map(|bytes| Decoded { bytes, coding: Coding::Base64 { url_safe, padded } });
    let leads_back = |decoded: &Decoded| decoded.encode(&decoded.bytes) == run;
    hex.into_iter().chain(base64).filter(leads_back).collect()
}

/// The reading that makes sense, if one does.
pub(super) fn meaning(run: &str) -> Option<Decoded> {
    let is_run = RUN.find(run).is_some_and(|found| found.len() == run.len());
    if !is_run {
        return None;
    }
    readings(run).into_iter().find(Decoded::is_meaningful)
}

/// A run and its parts: a slash, a dash or an underscore is part of a code as often as not.
pub(super) fn parts(run: &str) -> Vec<(usize, &str)> {
    let mut parts = vec![(0, run)];
    for separators in [&['/'][..], &['/', '-', '_', '+'][..]] {
        if !run.contains(separators) {
            continue;
        }
        let mut start = 0;
        for part in run.split(separators) {
            if part.len() >= 8 {
                parts.push((start, part));
            }
            start += part.len() + 1;
        }
    }
    parts
}

fn decode_hex(run: &str) -> Option<Decoded> {
    let upper = run.bytes().any(|byte| byte.is_ascii_uppercase());
    let digits: Vec<u8> = run
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let bytes = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    Some(Decoded { bytes, coding: Coding::Hex { upper } })
}
