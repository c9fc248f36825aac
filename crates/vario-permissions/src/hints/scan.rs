//! Tokens of JavaScript and Lua, as far as it takes to tell a text from a comment.

/// The next most telling piece of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name or a number.
    Word(&'a str),
    /// A text. [`UNKNOWN`] stands for what only a run of the code can tell.
    Text(String),
    /// Anything else.
    Sign(u8),
}

/// In a text: some characters that are not in the source. No text of ours has it otherwise.
pub(super) const UNKNOWN: char = '\0';

/// Words after which a slash begins a regular expression rather than dividing.
const BEFORE_REGEX: &[&str] = &["return", "typeof", "case", "in", "of", "do", "else", "void"];

/// Cuts a source in pieces, looking at each character a fixed number of times. Nothing is an error: what is in no language of ours gives odd tokens.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut scanner = Scanner {
        source,
        at: 0,
        is_line_start: true,
        no_regex_until: 0,
        found: Vec::new(),
        templates: Vec::new(),
    };
    while scanner.at < source.len() {
        scanner.step();
    }
    scanner.found
}

struct Scanner<'a> {
    source: &'a str,
    /// Always at the beginning of a character.
    at: usize,
    /// Whether the line has had nothing but space so far.
    is_line_start: bool,
    /// Up to here, slashes were found to end nothing.
    no_regex_until: usize,
    found: Vec<Token<'a>>,
    /// Template texts that a `${` interrupts: what they are so far, and the braces open since.
    templates: Vec<(String, usize)>,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    fn step(&mut self) {
        let rest = &self.source[self.at..];
        let Some(first) = rest.chars().next() else { return };
        let was_line_start = self.is_line_start;
        self.is_line_start = first == '\n' || (was_line_start && first.is_whitespace());
        match first {
            '"' | '\'' => self.text(first),
            '`' => {
                self.at += 1;
                self.template(String::new());
            }
            '/' if rest.starts_with("//") => self.skip_line(),
            '/' if rest.starts_with("/*") => self.skip_past("*/"),
            '/' if self.at >= self.no_regex_until && self.is_regex() => self.regex(),
            '-' if rest.starts_with("--") && (was_line_start || self.is_comment()) => {
                if rest.starts_with("--[[") { self.skip_past("]]") } else { self.skip_line() }
            }
            '}' if self.templates.last().is_some_and(|(_, open)| *open == 0) => {
                self.at += 1;
                let (text, _) = self.templates.pop().unwrap_or_default();
                self.template(text);
            }
            _ if is_word(first) => {
                let end = rest.find(|next| !is_word(next)).unwrap_or(rest.len());
                self.found.push(Token::Word(&rest[..end]));
                self.at += end;
            }
            _ => {
                if let Some((_, open)) = self.templates.last_mut() {
                    match first {
                        '{' => *open += 1,
                        '}' => *open -= 1,
                        _ => {}
                    }
                }
                if first.is_ascii() && !first.is_ascii_whitespace() {
                    self.found.push(Token::Sign(first as u8));
                }
                self.at += first.len_utf8();
            }
        }
    }

    fn skip_line(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn skip_past(&mut self, end: &str) {
        self.at += self.rest().find(end).map_or(self.rest().len(), |at| at + end.len());
    }

    /// Two dashes take one away in JavaScript and begin a comment in Lua. A comment has space
    /// before it, and after it neither a name nor a bracket that could be counted down.
    fn is_comment(&self) -> bool {
        let before = self.source[..self.at].chars().next_back();
        let after = self.rest()[2..].chars().next();
        before.is_none_or(char::is_whitespace)
            && after.is_none_or(|next| !is_word(next) && next != '(')
    }

    fn is_regex(&self) -> bool {
        match self.found.last() {
            None => true,
            Some(Token::Sign(sign)) => !matches!(sign, b')' | b']' | b'}'),
            Some(Token::Word(word)) => BEFORE_REGEX.contains(word),
            Some(Token::Text(_)) => false,
        }
    }

    /// A regular expression, up to its slash; only a slash if the line has no other.
    fn regex(&mut self) {
        let mut in_class = false;
        let mut end = self.rest().len();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\n' => {
                    end = at;
                    break;
                }
                '\\' => drop(characters.next()),
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => {
                    self.at += at + 1;
                    // What is divided next is a value.
                    self.found.push(Token::Text(String::from(UNKNOWN)));
                    return;
                }
                _ => {}
            }
        }
        self.no_regex_until = self.at + end;
        self.at += 1;
    }

    /// A text in quotes. One that its line does not end is none, and nor is the rest of the line.
    fn text(&mut self, quote: char) {
        let rest = &self.source[self.at + 1..];
        let mut text = String::new();
        let mut characters = rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\n' => break,
                '\\' => text.push(characters.next().map_or(UNKNOWN, |(_, next)| escaped(next))),
                end if end == quote => {
                    self.at += 1 + at + 1;
                    self.found.push(Token::Text(text));
                    return;
                }
                other => text.push(other),
            }
        }
        self.skip_line();
    }

    /// The rest of a template text, up to its end or to the next code in it.
    fn template(&mut self, mut text: String) {
        let rest = &self.source[self.at..];
        let mut characters = rest.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => text.push(characters.next().map_or(UNKNOWN, |(_, next)| escaped(next))),
                '`' => {
                    self.at += at + 1;
                    self.found.push(Token::Text(text));
                    return;
                }
                '$' if characters.peek().is_some_and(|(_, next)| *next == '{') => {
                    self.at += at + 2;
                    text.push(UNKNOWN);
                    self.templates.push((text, 0));
                    return;
                }
                // Luau's way to put code into a text. JavaScript's texts seldom have the brace.
                '{' => text.push(UNKNOWN),
                other => text.push(other),
            }
        }
        self.at = self.source.len();
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '$')
}

/// What a character means behind a backslash.
fn escaped(character: char) -> char {
    match character {
        // Line breaks, numbers: never part of what is looked for.
        'n' | 'r' | 't' | 'x' | 'u' | 'z' | '0'..='9' => UNKNOWN,
        other => other,
    }
}
