//! `*` and `?` inside one name, and the escapes that take their meaning away.

/// One part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Token {
    /// This character.
    Char(char),
    /// One character, any.
    One,
    /// Any characters, or none.
    Any,
}

/// A pattern for one name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Glob(pub(crate) Vec<Token>);

impl Glob {
    /// Reads a pattern; `\` takes the meaning of the star, question mark or `\` behind it away.
    /// Before anything else it is a slip, such as a path of Windows, and there is no pattern.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut chars = text.chars();
        while let Some(character) = chars.next() {
            let token = match character {
                '*' => Token::Any,
                '?' => Token::One,
                '\\' => Token::Char(chars.next().filter(|next| matches!(next, '*' | '?' | '\\'))?),
                other => Token::Char(other),
            };
            // Several stars in a row mean no more than one.
            if token != Token::Any || tokens.last() != Some(&Token::Any) {
                tokens.push(token);
            }
        }
        Some(Self(tokens))
    }

    /// The pattern that is exactly this text.
    pub(crate) fn literal(text: &str) -> Self {
        Self(text.chars().map(Token::Char).collect())
    }

    /// Whether it matches a text as a whole. Looks at each pair of character and token about once:
    /// what a star took is given back only to the last star.
    pub(crate) fn matches(&self, text: &str, fold: bool) -> bool {
        let text: Vec<char> = text.chars().collect();
        self.run(text.len(), |token, at| match token {
            Token::Char(expected) => same(*expected, text[at], fold),
            Token::One | Token::Any => true,
        })
    }

    /// Whether everything that the other pattern matches is matched by this one.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.run(other.0.len(), |token, at| match (token, other.0[at]) {
            (Token::Any, _) => true,
            (Token::One, found) => found != Token::Any,
            (Token::Char(expected), found) => found == Token::Char(*expected),
        })
    }

    fn run(&self, length: usize, fits: impl Fn(&Token, usize) -> bool) -> bool {
        let (mut token, mut at) = (0, 0);
        let mut star: Option<(usize, usize)> = None;
        while at < length {
            match self.0.get(token) {
                Some(Token::Any) => {
                    star = Some((token, at));
                    token += 1;
                }
                Some(found) if fits(found, at) => {
                    token += 1;
                    at += 1;
                }
                _ => match star {
                    Some((star_token, used)) => {
                        star = Some((star_token, used + 1));
                        token = star_token + 1;
                        at = used + 1;
                    }
                    None => return false,
                },
            }
        }
        self.0[token..].iter().all(|rest| *rest == Token::Any)
    }
}

impl std::fmt::Display for Glob {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use std::fmt::Write as _;
        for token in &self.0 {
            match token {
                Token::Any => formatter.write_char('*')?,
                Token::One => formatter.write_char('?')?,
                Token::Char(special @ ('*' | '?' | '\\')) => write!(formatter, "\\{special}")?,
                Token::Char(other) => formatter.write_char(*other)?,
            }
        }
        Ok(())
    }
}

/// Whether two texts are the same, to `fold` also if only capital and small letters differ.
pub(crate) fn same_text(one: &str, other: &str, fold: bool) -> bool {
    let (mut one, mut other) = (one.chars(), other.chars());
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if same(one, other, fold) => {}
            _ => return false,
        }
    }
}

/// Systems differ in what they take for the same letter, so either way of folding is enough.
fn same(one: char, other: char, fold: bool) -> bool {
    let folded = || {
        one.to_lowercase().eq(other.to_lowercase()) || one.to_uppercase().eq(other.to_uppercase())
    };
    one == other || (fold && folded())
}
