//! What is noticed about lines that become no record.

/// Why a line, or a message in it, does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// It is not about tokens.
    NoUsage,
    /// It is not JSON.
    Malformed,
    /// It holds bytes that are not UTF-8, or half a character.
    NotText,
    /// It is longer than 16 MiB.
    TooLong,
    /// It is the last one and has no end yet.
    Unfinished,
    /// A field that counts is missing or of a wrong kind.
    WrongShape,
    /// A field that must not be null is null.
    NullField,
    /// An id, a model or a version is empty or not of its form.
    InvalidField,
    /// It does not say when, or in no form that is known.
    NoTime,
    /// It repeats a total that was counted already, or counts no token.
    NoTokens,
    /// A forked session repeats what its parent used.
    Replayed,
    /// It says the same as a line that counts.
    Copy,
    /// Its day is not asked for.
    OutOfRange,
}

impl Reason {
    /// A few words for people.
    pub fn text(self) -> &'static str {
        match self {
            Self::NoUsage => "not about tokens",
            Self::Malformed => "not JSON",
            Self::NotText => "not UTF-8",
            Self::TooLong => "longer than 16 MiB",
            Self::Unfinished => "not finished yet",
            Self::WrongShape => "a field is missing or of a wrong kind",
            Self::NullField => "a field is null that must not be",
            Self::InvalidField => "an id, model or version is not valid",
            Self::NoTime => "no valid time",
            Self::NoTokens => "no new tokens",
            Self::Replayed => "repeats the session it was forked from",
            Self::Copy => "a copy",
            Self::OutOfRange => "outside the days asked for",
        }
    }
}

/// What is wrong with the lines of one file, and which reason each has when that is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    explain: bool,
    /// The number of the line that is being looked at, from 1, while explaining.
    pub(crate) line: u64,
    pub(crate) reasons: Vec<(u64, Reason)>,
    pub(crate) malformed: u64,
    pub(crate) too_long: u64,
    pub(crate) unfinished: bool,
}

impl Notes {
    pub(crate) fn new(explain: bool) -> Self {
        Self { explain, ..Self::default() }
    }

    /// Whether every line needs a reason.
    pub(crate) fn explains(&self) -> bool {
        self.explain
    }

    /// The line that is being looked at does not count. `matters` is whether that may be a problem.
    pub(crate) fn drop_line(&mut self, reason: Reason, matters: bool) {
        match reason {
            _ if !matters => {}
            Reason::Malformed | Reason::NotText | Reason::WrongShape => self.malformed += 1,
            Reason::TooLong => self.too_long += 1,
            Reason::Unfinished => self.unfinished = true,
            _ => {}
        }
        if self.explain {
            self.reasons.push((self.line, reason));
        }
    }

    /// Hands each line of a block to `take`, with its number where that is asked.
    pub(crate) fn each_line(&mut self, lines: &[u8], mut take: impl FnMut(&mut Self, &[u8])) {
        let mut rest = lines;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            self.line += 1;
            take(self, &rest[..end]);
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }
}
