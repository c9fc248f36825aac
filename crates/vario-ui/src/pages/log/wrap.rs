//! Text in letters of one width, broken between words.

use crate::text;

/// Longer entries are read by copying them.
const MOST_LINES: usize = 12;
const MOST_CHARS: usize = 2000;

/// How wide a letter is, in cells. Those of other scripts are about twice as wide.
fn cells(letter: char) -> usize {
    if letter.is_ascii() { 1 } else { 2 }
}

/// The lines of a text in a column of so many cells. The last one ends in `…` where there is more.
pub(super) fn wrap(words: &str, room: usize) -> Vec<String> {
    let room = room.max(8);
    let mut lines: Vec<String> = Vec::new();
    for line in words.lines() {
        let clean = text::clean(line, MOST_CHARS);
        let mut rest = clean.trim_end();
        loop {
            if lines.len() == MOST_LINES {
                if let Some(last) = lines.last_mut() {
                    last.pop();
                    last.push('…');
                }
                return lines;
            }
            let (first, after) = rest.split_at(break_at(rest, room));
            lines.push(first.trim_end().to_owned());
            rest = after.trim_start();
            if rest.is_empty() {
                break;
            }
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// How many lines that are.
pub(super) fn count(words: &str, room: usize) -> usize {
    let fits = words.len() <= room && words.is_ascii() && !words.contains('\n');
    if fits { 1 } else { wrap(words, room).len() }
}

/// Where the first line ends: after its last blank, or within a word that is a line itself.
fn break_at(line: &str, room: usize) -> usize {
    let mut used = 0;
    let mut blank = None;
    // Blanks at the beginning are the line's own.
    let indent = line.len() - line.trim_start().len();
    for (at, letter) in line.char_indices() {
        used += cells(letter);
        if used > room {
            if letter == ' ' && at > indent {
                return at;
            }
            return blank.unwrap_or(at);
        }
        if letter == ' ' && at >= indent {
            blank = Some(at + 1);
        }
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::{MOST_LINES, count, wrap};

    #[test]
    fn lines_end_between_words() {
        let cases: [(&str, usize, &[&str]); 8] = [
            ("", 10, &[""]),
            ("one two", 10, &["one two"]),
            ("one two three", 9, &["one two", "three"]),
            ("one two three", 7 + 1, &["one two", "three"]),
            ("abcdefghijklmnop", 10, &["abcdefghij", "klmnop"]),
            ("one\ntwo", 10, &["one", "two"]),
            ("at\n    main (1)", 20, &["at", "    main (1)"]),
            ("日本語日本語", 8, &["日本語日", "本語"]),
        ];
        for (words, room, expected) in cases {
            assert_eq!(wrap(words, room), expected, "{words:?} in {room}");
            assert_eq!(count(words, room), expected.len(), "{words:?} in {room}");
        }
    }

    #[test]
    fn too_much_is_cut() {
        let found = wrap(&"word ".repeat(500), 20);
        assert_eq!(found.len(), MOST_LINES);
        assert!(found.last().is_some_and(|last| last.ends_with('…')));
    }
}
