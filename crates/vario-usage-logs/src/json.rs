//! Walks over one line of JSON without building anything.
//!
//! Log lines are long texts around a few numbers, so this is where the time goes: strings are
//! skipped many bytes at a time, and nothing is copied. What is accepted is what `serde_json` accepts,
//! which the tests check.

mod string;
#[cfg(test)]
mod tests;

pub(crate) use self::string::Text;

/// The deepest nesting that is followed, as in `serde_json`.
const DEEPEST: u8 = 127;

/// A position in one line. Every method gives `None` at the first thing that is not JSON.
pub(crate) struct Walker<'a> {
    line: &'a [u8],
    at: usize,
    depth: u8,
    /// What was passed on the way.
    pub(crate) seen: Seen,
    /// Whether there are control characters in the line, which strings must not hold.
    controls: bool,
    watched: &'static [&'static [u8]],
}

/// A number that is whole, though it is written as `1.0` or `1e3`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range")]
pub(crate) fn whole(number: &str) -> Option<u64> {
    let value: f64 = number.parse().ok()?;
    (value.fract() == 0.0 && (0.0..9e15).contains(&value)).then_some(value as u64)
}

/// What a walk came across that matters to one rule or the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// A byte above 127: the line may not be UTF-8.
    pub(crate) non_ascii: bool,
    /// An escaped half of a surrogate pair without its other half.
    pub(crate) lone_surrogate: bool,
    /// One of the watched names with `null` right behind its colon.
    pub(crate) watched_null: bool,
}

/// The kinds of values, told by their first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

impl<'a> Walker<'a> {
    pub(crate) fn new(line: &'a [u8]) -> Self {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (low, high) = string::extremes(line);
        let seen = Seen { non_ascii: high > 0x7f, ..Seen::default() };
        let controls = low < string::FIRST_PRINTABLE;
        Self { line, at: 0, depth: 0, seen, controls, watched: &[] }
    }

    /// A walk that notices when one of these members is null, at any depth.
    pub(crate) fn watching(line: &'a [u8], watched: &'static [&'static [u8]]) -> Self {
        Self { watched, ..Self::new(line) }
    }

    /// What comes next.
    pub(crate) fn kind(&mut self) -> Option<Kind> {
        Some(match self.peek()? {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::String,
            b'-' | b'0'..=b'9' => Kind::Number,
            b't' | b'f' => Kind::Bool,
            b'n' => Kind::Null,
            _ => return None,
        })
    }

    /// Whether nothing but white space is left, and all of it was UTF-8 as far as that was asked.
    pub(crate) fn end(&mut self) -> Option<()> {
        self.space();
        (self.at == self.line.len()).then_some(())
    }

    /// Calls `member` with each name of the object that comes next; it must take the value.
    pub(crate) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Text<'a>) -> Option<()>,
    ) -> Option<()> {
        self.open(b'{')?;
        if self.peek()? == b'}' {
            return self.close();
        }
        loop {
            (self.peek()? == b'"').then_some(())?;
            let name = self.string()?;
            self.expect(b':')?;
            self.watch(name);
            member(self, name)?;
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => return self.close(),
                _ => return None,
            }
        }
    }

    /// Calls `item` for each item of the array that comes next; it must take the value.
    pub(crate) fn array(&mut self, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.open(b'[')?;
        if self.peek()? == b']' {
            return self.close();
        }
        loop {
            item(self)?;
            match self.peek()? {
                b',' => self.at += 1,
                b']' => return self.close(),
                _ => return None,
            }
        }
    }

    /// Takes the value that comes next, whatever it is.
    pub(crate) fn skip(&mut self) -> Option<()> {
        match self.kind()? {
            Kind::Object => self.object(|walker, _| walker.skip()),
            Kind::Array => self.array(Self::skip),
            Kind::String => self.string().map(drop),
            Kind::Number => self.number().map(drop),
            Kind::Bool => self.bool().map(drop),
            Kind::Null => self.null(),
        }
    }

    pub(crate) fn bool(&mut self) -> Option<bool> {
        self.space();
        let rest = &self.line[self.at..];
        let value = rest.starts_with(b"true");
        (value || rest.starts_with(b"false")).then_some(())?;
        self.at += if value { 4 } else { 5 };
        Some(value)
    }

    pub(crate) fn null(&mut self) -> Option<()> {
        self.space();
        self.line[self.at..].starts_with(b"null").then(|| self.at += 4)
    }

    /// The number that comes next, as it is written.
    pub(crate) fn number(&mut self) -> Option<&'a str> {
        self.space();
        let start = self.at;
        self.at += usize::from(self.line.get(self.at) == Some(&b'-'));
        match self.line.get(self.at)? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.line.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.line.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.line.get(self.at), Some(b'+' | b'-')));
            self.digits()?;
        }
        str::from_utf8(&self.line[start..self.at]).ok()
    }

    /// The string that comes next.
    pub(crate) fn string(&mut self) -> Option<Text<'a>> {
        self.expect(b'"')?;
        let text = string::scan(&self.line[self.at..], self.controls, &mut self.seen)?;
        self.at += text.raw().len() + 1;
        Some(text)
    }

    /// Looks out for other names while `walk` goes on.
    pub(crate) fn watching_for<T>(
        &mut self,
        watched: &'static [&'static [u8]],
        walk: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = std::mem::replace(&mut self.watched, watched);
        let result = walk(self);
        self.watched = before;
        result
    }

    fn watch(&mut self, name: Text<'a>) {
        // Told by the raw bytes, and only right behind the colon, as ccusage tells it.
        if self.line[self.at..].starts_with(b"null") && self.watched.contains(&name.raw()) {
            self.seen.watched_null = true;
        }
    }

    fn digits(&mut self) -> Option<()> {
        let digits = self.line[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        (digits > 0).then_some(())
    }

    fn open(&mut self, bracket: u8) -> Option<()> {
        self.expect(bracket)?;
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())
    }

    #[expect(clippy::unnecessary_wraps, reason = "it ends methods that may fail")]
    fn close(&mut self) -> Option<()> {
        self.at += 1;
        self.depth -= 1;
        Some(())
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn peek(&mut self) -> Option<u8> {
        self.space();
        self.line.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.line.get(self.at) {
            self.at += 1;
        }
    }
}
