use std::collections::HashMap;

use crate::json::{Kind, Member, Mistake, Node, Span};

/// How deep arrays and objects may be nested.
const MAX_DEPTH: usize = 128;

/// After this many mistakes the text is given up: it is not meant to be JSON.
const MAX_MISTAKES: usize = 64;

/// What came of a text: a value unless the text had to be given up, and every mistake.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) root: Option<Node>,
    pub(crate) mistakes: Vec<Mistake>,
}

/// The text cannot be read further; the mistake is recorded.
#[derive(Debug)]
pub(super) struct GiveUp;

/// Reads one JSON value. A byte order mark must have been taken off.
pub(crate) fn parse(text: &str) -> Parsed {
    let mut parser = Parser { text, at: 0, mistakes: Vec::new() };
    let root = parser.document().ok();
    Parsed { root, mistakes: parser.mistakes }
}

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    mistakes: Vec<Mistake>,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<Node, GiveUp> {
        self.skip_blank()?;
        if self.at == self.text.len() {
            let span = Span { start: 0, end: 0 };
            return Err(self.give_up(span, "the file is empty", "expected `{`", None));
        }
        let root = self.value(0)?;
        self.skip_blank()?;
        if self.at < self.text.len() {
            let span = self.rest_of_line();
            self.mistake(span, "there is text after the end of the JSON", "not expected", None)?;
        }
        Ok(root)
    }

    fn value(&mut self, depth: usize) -> Result<Node, GiveUp> {
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{' | b'[') if depth == MAX_DEPTH => {
                let message = format!("nested deeper than {MAX_DEPTH} levels");
                let span = Span { start, end: start + 1 };
                return Err(self.give_up(span, message, "one level too many", None));
            }
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Kind::String(self.string(b'"')?),
            Some(b'\'') => {
                let text = self.string(b'\'')?;
                let span = Span { start, end: self.at };
                let help = Some("write \" instead of '");
                self.mistake(span, "a string in single quotes", "not JSON", help)?;
                Kind::String(text)
            }
            _ => self.word()?,
        };
        Ok(Node { span: Span { start, end: self.at }, kind })
    }

    fn array(&mut self, depth: usize) -> Result<Kind, GiveUp> {
        let open = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blank()?;
            match self.peek() {
                None => return Err(self.ends_inside("array", open)),
                Some(b']') => break,
                Some(b'}') => return Err(self.wrong_bracket("array", b']', open)),
                Some(_) => items.push(self.value(depth + 1)?),
            }
            if !self.separator(b']', "array", open)? {
                break;
            }
        }
        self.at += 1;
        Ok(Kind::Array(items))
    }

    fn object(&mut self, depth: usize) -> Result<Kind, GiveUp> {
        let open = self.at;
        self.at += 1;
        let mut members: Vec<Member> = Vec::new();
        let mut seen: HashMap<String, Span> = HashMap::new();
        loop {
            self.skip_blank()?;
            match self.peek() {
                None => return Err(self.ends_inside("object", open)),
                Some(b'}') => break,
                Some(b']') => return Err(self.wrong_bracket("object", b'}', open)),
                Some(_) => {
                    let member = self.member(depth, open)?;
                    if let Some(first) = seen.get(&member.key) {
                        let message = format!("the key {:?} is repeated", member.key);
                        let help = format!("it was first given on line {}", self.line_of(*first));
                        self.mistake(member.key_span, message, "repeated here", Some(&help))?;
                    } else {
                        seen.insert(member.key.clone(), member.key_span);
                        members.push(member);
                    }
                }
            }
            if !self.separator(b'}', "object", open)? {
                break;
            }
        }
        self.at += 1;
        Ok(Kind::Object(members))
    }

    fn member(&mut self, depth: usize, open: usize) -> Result<Member, GiveUp> {
        let start = self.at;
        let key = match self.peek() {
            Some(b'"') => self.string(b'"')?,
            Some(b'\'') => {
                let key = self.string(b'\'')?;
                let span = Span { start, end: self.at };
                let help = Some("write \" instead of '");
                self.mistake(span, "a key in single quotes", "not JSON", help)?;
                key
            }
            _ => {
                let word = self.take_word();
                let span = Span { start, end: self.at.max(start + self.char_len()) };
                let message = "a key must be a string in double quotes";
                if word.is_empty() {
                    return Err(self.give_up(span, message, "expected a key", None));
                }
                let help = format!("write \"{word}\"");
                self.mistake(span, message, "not quoted", Some(&help))?;
                word
            }
        };
        let key_span = Span { start, end: self.at };
        self.skip_blank()?;
        match self.peek() {
            Some(b':') => self.at += 1,
            None => return Err(self.ends_inside("object", open)),
            Some(_) => {
                let span = Span { start: self.at, end: self.at + self.char_len() };
                let message = format!("no `:` after the key {key:?}");
                return Err(self.give_up(span, message, "expected `:`", None));
            }
        }
        self.skip_blank()?;
        match self.peek() {
            None => return Err(self.ends_inside("object", open)),
            Some(b',' | b'}') => {
                let span = Span { start: self.at, end: self.at + 1 };
                let message = format!("the key {key:?} has no value");
                self.mistake(span, message, "expected a value", None)?;
                let value = Node { span: Span { start: self.at, end: self.at }, kind: Kind::Bad };
                return Ok(Member { key, key_span, value });
            }
            Some(_) => {}
        }
        Ok(Member { key, key_span, value: self.value(depth + 1)? })
    }

    /// Steps over the comma after an element. False when the closing bracket is next.
    fn separator(&mut self, close: u8, what: &str, open: usize) -> Result<bool, GiveUp> {
        let after = self.at;
        self.skip_blank()?;
        match self.peek() {
            None => Err(self.ends_inside(what, open)),
            Some(byte) if byte == close => Ok(false),
            Some(b',') => {
                let comma = Span { start: self.at, end: self.at + 1 };
                self.at += 1;
                self.skip_blank()?;
                if self.peek() == Some(close) {
                    let message = format!("a comma after the last element of an {what}");
                    self.mistake(comma, message, "remove it", None)?;
                    return Ok(false);
                }
                Ok(true)
            }
            Some(b']' | b'}') => Err(self.wrong_bracket(what, close, open)),
            Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z') => {
                let span = Span { start: after, end: after };
                let message = format!("no comma between two elements of an {what}");
                self.mistake(span, message, "expected `,`", None)?;
                Ok(true)
            }
            Some(_) => {
                let span = Span { start: self.at, end: self.at + self.char_len() };
                let message = format!("an unexpected character in an {what}");
                let label = format!("expected `,` or `{}`", char::from(close));
                Err(self.give_up(span, message, label, None))
            }
        }
    }

    /// Steps over white space, and over comments with a complaint.
    fn skip_blank(&mut self) -> Result<(), GiveUp> {
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                self.at += 1;
            }
            let rest = &self.text[self.at..];
            let length = if rest.starts_with("//") {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            } else {
                return Ok(());
            };
            let span = Span { start: self.at, end: self.at + length };
            self.at += length;
            self.mistake(span, "JSON has no comments", "remove it", None)?;
        }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// The length in bytes of the character at the cursor, 0 at the end.
    pub(super) fn char_len(&self) -> usize {
        self.text[self.at..].chars().next().map_or(0, char::len_utf8)
    }

    fn rest_of_line(&self) -> Span {
        let rest = &self.text[self.at..];
        Span { start: self.at, end: self.at + rest.find('\n').unwrap_or(rest.len()) }
    }

    fn line_of(&self, span: Span) -> usize {
        self.text[..span.start].matches('\n').count() + 1
    }

    fn ends_inside(&mut self, what: &str, open: usize) -> GiveUp {
        let line = self.line_of(Span { start: open, end: open });
        let end = self.text.trim_end().len();
        let message = format!("the file ends inside an {what}");
        let help = format!("the {what} starts on line {line}");
        self.give_up(Span { start: end, end }, message, "the end of the file", Some(&help))
    }

    fn wrong_bracket(&mut self, what: &str, close: u8, open: usize) -> GiveUp {
        let line = self.line_of(Span { start: open, end: open });
        let span = Span { start: self.at, end: self.at + 1 };
        let message = format!("the wrong bracket closes an {what}");
        let label = format!("expected `{}`", char::from(close));
        let help = format!("the {what} starts on line {line}");
        self.give_up(span, message, label, Some(&help))
    }

    /// Records a mistake after which reading goes on.
    pub(super) fn mistake(
        &mut self,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: Option<&str>,
    ) -> Result<(), GiveUp> {
        let full = self.mistakes.len() >= MAX_MISTAKES;
        let refused = self.give_up(span, message, label, help);
        if full { Err(refused) } else { Ok(()) }
    }

    /// Records a mistake after which nothing sensible can be read.
    pub(super) fn give_up(
        &mut self,
        span: Span,
        message: impl Into<String>,
        label: impl Into<String>,
        help: Option<&str>,
    ) -> GiveUp {
        self.mistakes.push(Mistake {
            span,
            message: message.into(),
            label: label.into(),
            help: help.map(str::to_owned),
        });
        GiveUp
    }
}
