//! What a secret looks like where no name gives it away.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// A JWT, or an encrypted one with more parts.
pub(super) static JWT: LazyLock<Regex> =
    LazyLock::new(|| regex(r"eyJ[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+(?:\.[A-Za-z0-9_\-]*)+"));

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"[\p{L}\p{N}._+\-]*[\p{L}\p{N}_+\-](?:@|%40)[\p{L}\p{N}](?:[\p{L}\p{N}\-]*\.)+\p{L}{2,}")
});

static PREFIXED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:\b(?:[spr]k[\-_]|api_|key_|secret_|gh[a-z]_|github_pat_|glpat-|xox[a-z]-|ya29\.|AIza|GOCSPX-)|devin-session-token\$)[A-Za-z0-9_\-]{12,}",
    )
});

static UUID: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"));

static LONG_RUN: LazyLock<Regex> = LazyLock::new(|| regex(r"[A-Za-z0-9_\-+/]{24,}={0,2}"));

/// The user's folder, in whatever way a path is written.
static HOME: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"(?:/|\\{1,2}|%2[Ff]|%5[Cc])(?:home|Users)(?:/|\\{1,2}|%2[Ff]|%5[Cc])([^/\\\s"'%:,;<>|?*()]+)"#,
    )
});

/// What stands before the secret part of a token and tells which kind it is.
static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"^(?:[spr]k[\-_](?:(?:ant|proj|or|live|test|svcacct|admin|v\d|(?:oat|ort|api|sid)\d\d)[\-_])*",
        r"|(?:api|key|secret|user|org|acct|account|app|team|proj|sess|session|client)[\-_]",
        r"|gh[a-z]_|github_pat_|glpat-|xox[a-z]-|ya29\.|AIza|GOCSPX-",
        r"|go-keyring-(?:base64|encrypted):|devin-session-token\$",
        r"|(?:auth0|github|google-oauth2|windowslive)\|)+"
    ))
});

pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant of this module")
}

/// How long the telling beginning of a secret is; 0 when too little would be left to hide.
pub(super) fn prefix_length(text: &str) -> usize {
    let length = PREFIX.find(text).map_or(0, |found| found.end());
    let rest = &text[length..];
    let longest = rest.split(|letter: char| !letter.is_alphanumeric()).map(str::len).max();
    if longest.unwrap_or(0) < 6 { 0 } else { length }
}

/// E-mail addresses.
pub(super) fn emails(text: &str) -> impl Iterator<Item = &str> {
    let has_any = text.contains('@') || text.contains("%40");
    has_any.then(|| EMAIL.find_iter(text)).into_iter().flatten().map(|found| found.as_str())
}

/// User names in paths.
pub(super) fn home_users(text: &str) -> impl Iterator<Item = &str> {
    HOME.captures_iter(text).filter_map(|found| found.get(1)).map(|user| user.as_str())
}

/// Texts that look like tokens: known beginnings, UUIDs, long random runs.
pub(super) fn token_like(text: &str) -> Vec<&str> {
    let mut found: Vec<Range<usize>> = PREFIXED
        .find_iter(text)
        .filter(|found| has_digit(found.as_str()))
        .map(|f| f.range())
        .collect();
    found.extend(UUID.find_iter(text).map(|found| found.range()));
    for run in LONG_RUN.find_iter(text) {
        if is_random(run.as_str()) {
            found.push(run.range());
            continue;
        }
        // A path or an address: each part on its own.
        let mut start = run.start();
        for part in run.as_str().split('/') {
            if part.len() >= 24 && is_random(part) {
                found.push(start..start + part.len());
            }
            start += part.len() + 1;
        }
    }
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    found.into_iter().map(|range| &text[range]).collect()
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether a run of letters and digits is neither words nor a number, date or version.
pub(super) fn is_random(run: &str) -> bool {
    let has_letter = run.bytes().any(|byte| byte.is_ascii_alphabetic());
    if !has_letter || !has_digit(run) {
        return false;
    }
    let mut random = 0;
    let mut all = 0;
    for atom in run.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        all += atom.len();
        random += random_letters(atom);
    }
    random >= 8 && random * 5 >= all * 2
}

/// How many characters of an atom belong to no word, number or short mark such as `v2` or `70b`.
fn random_letters(atom: &str) -> usize {
    let is_number = atom.bytes().all(|byte| byte.is_ascii_digit());
    if atom.len() <= 4 || is_number {
        return 0;
    }
    pieces(atom).into_iter().filter(|piece| !is_word(piece) && !is_count(piece)).map(str::len).sum()
}

/// A part of a date or a count; in random letters so many digits do not stand together.
fn is_count(piece: &str) -> bool {
    piece.len() >= 6 && piece.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the part of a secret is one of a kind, so that it is replaced wherever it stands.
pub(super) fn is_distinctive(atom: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let changes =
        atom.as_bytes().windows(2).filter(|pair| is_digit(&pair[0]) != is_digit(&pair[1]));
    atom.len() >= 8 && changes.count() >= 2
}

/// An atom cut where a person would: `Manager2Beta` is `Manager`, `2`, `Beta`.
fn pieces(atom: &str) -> Vec<&str> {
    let kind = |byte: u8| (byte.is_ascii_digit(), byte.is_ascii_lowercase());
    let bytes = atom.as_bytes();
    let mut cuts = vec![0];
    for at in 1..bytes.len() {
        let (before, here) = (bytes[at - 1], bytes[at]);
        let starts_word = before.is_ascii_uppercase() && here.is_ascii_lowercase();
        if kind(before) != kind(here) && !starts_word {
            cuts.push(at);
        } else if starts_word && cuts.last().is_some_and(|cut| at - cut > 1) {
            cuts.push(at - 1);
        }
    }
    cuts.push(bytes.len());
    cuts.windows(2).map(|pair| &atom[pair[0]..pair[1]]).collect()
}

fn is_word(piece: &str) -> bool {
    let is_vowel = |letter: char| "aeiouyAEIOUY".contains(letter);
    let is_alphabetic = piece.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_alphabetic
        && piece.len() >= 4
        && piece.contains(is_vowel)
        && piece.split(is_vowel).all(|consonants| consonants.len() <= 4)
}
