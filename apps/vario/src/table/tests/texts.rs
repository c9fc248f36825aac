use super::super::text::{clean, fit, fit_end, width, wrap};

#[test]
fn cleaning() {
    let cases = [
        ("plain", "as it is", "as it is", "as it is"),
        ("white space is one space", " a\t b\r\n\n c ", "a b c", "a b c"),
        ("Unicode white space", "a\u{a0}\u{3000}b\u{2028}c\u{85}d", "a b c d", "a b c d"),
        ("an escape sequence", "\x1b[31mred\x1b[0m", "\u{fffd}[31mred\u{fffd}[0m", "?[31mred?[0m"),
        ("an 8-bit one", "a\u{9b}31m", "a\u{fffd}31m", "a?31m"),
        ("a title, a bell", "\x1b]0;x\x07", "\u{fffd}]0;x\u{fffd}", "?]0;x?"),
        ("backspace, delete, nul", "a\x08\x7f\0", "a\u{fffd}\u{fffd}\u{fffd}", "a???"),
        ("group separators", "a\x1c\x1fb", "a\u{fffd}\u{fffd}b", "a??b"),
        ("direction", "a\u{202e}b\u{2066}c\u{200f}", "abc", "abc"),
        ("nothing to see", "a\u{200b}b\u{feff}c\u{ad}d\u{e0041}", "abcd", "abcd"),
        ("only that", "\u{200b} \n", "", ""),
        ("an emoji of several", "👩\u{200d}💻", "👩\u{200d}💻", "???"),
        ("a combined letter", "e\u{301}", "e\u{301}", "e?"),
        ("typography", "“a” – b… ·", "“a” – b… ·", "\"a\" - b... *"),
    ];
    for (name, text, unicode, ascii) in cases {
        assert_eq!(clean(text, true), unicode, "{name}");
        assert_eq!(clean(text, false), ascii, "{name}, ASCII");
    }
    let pile = format!("a{}b", "\u{301}".repeat(1000));
    assert_eq!(clean(&pile, true), "ab", "a pile of marks");
}

#[test]
fn fitting() {
    let cases = [
        ("it fits", "abc", 3, "abc", "abc"),
        ("cut", "abcdef", 4, "abc…", "…def"),
        ("no space at the cut", "abc def", 5, "abc…", "…def"),
        ("one column", "abc", 1, "…", "…"),
        ("no column", "abc", 0, "", ""),
        ("wide letters", "日本語です", 6, "日本…", "…です"),
        ("half a letter is none", "日本語です", 5, "日本…", "…です"),
        ("a family is one", "👨\u{200d}👩\u{200d}👧abc", 4, "👨\u{200d}👩\u{200d}👧a…", "…abc"),
        ("empty", "", 0, "", ""),
    ];
    for (name, text, room, expected, expected_end) in cases {
        assert_eq!(fit(text, room, "…"), expected, "{name}");
        assert_eq!(fit_end(text, room, "…"), expected_end, "{name}, its end");
        assert!(width(&fit(text, room, "…")) <= room, "{name}");
    }
    assert_eq!(fit_end("/home/user/plugins/a", 14, "…"), "…/plugins/a", "whole folders");
    assert_eq!(fit("abcdef", 5, "..."), "ab...");
    assert_eq!(fit("abcdef", 2, "..."), "", "no room for the ellipsis");
}

#[test]
fn wrapping() {
    let cases: &[(&str, &str, usize, usize, &[&str])] = &[
        ("it fits", "one two", 7, 9, &["one two"]),
        ("at a space", "one two three", 8, 9, &["one two", "three"]),
        ("a word ends with the row", "one two", 3, 9, &["one", "two"]),
        ("a long word", "abcdefgh i", 3, 9, &["abc", "def", "gh", "i"]),
        ("too many rows", "one two three four", 5, 2, &["one", "two…"]),
        ("wide letters", "日本語です", 5, 9, &["日本", "語で", "す"]),
        ("no room at all", "日", 1, 9, &[]),
        ("empty", "", 5, 9, &[]),
    ];
    for (name, text, room, max_rows, expected) in cases {
        assert_eq!(wrap(text, *room, *max_rows, "…"), *expected, "{name}");
    }
}
