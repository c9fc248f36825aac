//! Text on its way to another program, which may take it for markup or choke on it.

/// Without control characters but line breaks, and of at most so many characters.
pub(crate) fn plain(text: &str, most: usize) -> String {
    let clean = |letter: &char| *letter == '\n' || !letter.is_control();
    let mut letters = text.chars().filter(clean);
    let mut short: String = letters.by_ref().take(most).collect();
    if letters.next().is_some() {
        short.pop();
        short.push('…');
    }
    short
}

/// The same text where markup is understood.
#[cfg(any(not(windows), test))]
pub(crate) fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{escape_markup, plain};

    #[test]
    fn is_cut_and_cleaned() {
        for (name, text, most, expected) in [
            ("fits", "abc", 3, "abc"),
            ("too long", "abcd", 3, "ab…"),
            ("not cut inside a letter", "äöüß", 3, "äö…"),
            ("control characters", "a\u{7}b\0c\u{1b}[1m", 9, "abc[1m"),
            ("line breaks stay", "a\nb\rc", 9, "a\nbc"),
            ("empty", "", 3, ""),
        ] {
            assert_eq!(plain(text, most), expected, "{name}");
        }
    }

    #[test]
    fn markup_is_shown_and_not_obeyed() {
        assert_eq!(escape_markup("<b>A & B</b>"), "&lt;b&gt;A &amp; B&lt;/b&gt;");
    }
}
