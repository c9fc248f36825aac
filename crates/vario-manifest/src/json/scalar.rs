use serde_json::Number;

use crate::json::parser::{GiveUp, Parser};
use crate::json::{Kind, Span};

impl Parser<'_> {
    /// A number, `true`, `false`, `null`, or a word that only looks like a value.
    pub(super) fn word(&mut self) -> Result<Kind, GiveUp> {
        let start = self.at;
        let word = self.take_word();
        if word.is_empty() {
            let span = Span { start, end: start + self.char_len() };
            return Err(self.give_up(span, "expected a value", "not a JSON value", None));
        }
        let span = Span { start, end: self.at };
        match word.as_str() {
            "true" => return Ok(Kind::Bool(true)),
            "false" => return Ok(Kind::Bool(false)),
            "null" => return Ok(Kind::Null),
            _ => {}
        }
        if is_number(&word) {
            if let Ok(number) = word.parse::<Number>() {
                return Ok(Kind::Number(number));
            }
            self.mistake(span, "the number is too large", "out of range", None)?;
            return Ok(Kind::Bad);
        }
        let help = match word.to_ascii_lowercase().as_str() {
            "true" => Some("write `true`".to_owned()),
            "false" => Some("write `false`".to_owned()),
            "none" | "nil" | "undefined" | "null" => Some("write `null`".to_owned()),
            "nan" | "infinity" | "-infinity" | "+infinity" => {
                Some("JSON knows finite numbers only".to_owned())
            }
            other if other.starts_with(|c: char| c.is_ascii_alphabetic()) => {
                Some(format!("a string needs double quotes: \"{word}\""))
            }
            _ => None,
        };
        self.mistake(span, format!("`{word}` is not JSON"), "not a value", help.as_deref())?;
        Ok(Kind::Bad)
    }

    /// Takes the run of letters, digits and number signs at the cursor.
    pub(super) fn take_word(&mut self) -> String {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '_' | '$')))
            .unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }

    /// A string, the cursor standing on its opening quote.
    pub(super) fn string(&mut self, quote: u8) -> Result<String, GiveUp> {
        let open = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let start = self.at;
            let Some(c) = self.text[start..].chars().next() else {
                return Err(self.not_closed(open));
            };
            self.at += c.len_utf8();
            match c {
                '\n' => {
                    self.at = start;
                    return Err(self.not_closed(open));
                }
                _ if c == char::from(quote) => return Ok(text),
                '\\' => self.escape(start, &mut text)?,
                '\0'..='\u{1f}' => {
                    let span = Span { start, end: self.at };
                    let message = "a raw control character in a string";
                    let help = format!("write it as `\\u{:04x}`", u32::from(c));
                    self.mistake(span, message, "not allowed", Some(&help))?;
                }
                _ => text.push(c),
            }
        }
    }

    fn escape(&mut self, start: usize, text: &mut String) -> Result<(), GiveUp> {
        let Some(c) = self.text[self.at..].chars().next() else {
            // The loop of `string` sees the end and reports the string as not closed.
            return Ok(());
        };
        self.at += c.len_utf8();
        match c {
            '"' | '\\' | '/' => text.push(c),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'u' => return self.unicode_escape(start, text),
            '\n' => self.at -= 1,
            _ => {
                let span = Span { start, end: self.at };
                let message = "an escape that JSON does not know";
                self.mistake(span, message, "unknown escape", None)?;
            }
        }
        Ok(())
    }

    fn unicode_escape(&mut self, start: usize, text: &mut String) -> Result<(), GiveUp> {
        let first = self.hex4();
        let decoded = match first {
            Some(high @ 0xd800..=0xdbff) if self.text[self.at..].starts_with("\\u") => {
                self.at += 2;
                self.hex4()
                    .filter(|low| (0xdc00..=0xdfff).contains(low))
                    .map(|low| 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
            }
            other => other,
        };
        if let Some(c) = decoded.and_then(char::from_u32) {
            text.push(c);
            return Ok(());
        }
        let span = Span { start, end: self.at };
        self.mistake(span, "an escape that names no character", "invalid `\\u` escape", None)
    }

    fn hex4(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    fn not_closed(&mut self, open: usize) -> GiveUp {
        let span = Span { start: open, end: self.at };
        self.give_up(span, "a string is not closed", "starts here", None)
    }
}

/// Whether the word follows JSON's grammar for numbers.
fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = digits
        .split_once(['e', 'E'])
        .map_or((digits, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
    let (whole, fraction) = mantissa
        .split_once('.')
        .map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(all_digits)
        && exponent.is_none_or(|text| all_digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}
