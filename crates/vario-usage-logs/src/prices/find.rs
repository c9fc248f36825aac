//! Which row of the table a model's name means.

use std::borrow::Cow;

use super::hours::Prices;
use super::{Price, PriceTable, Rows};
use crate::{RuleSet, Source};

/// The threshold of prices that say none.
pub(super) const DEFAULT_THRESHOLD: u64 = 200_000;

/// What the older release puts before a name to find it.
const CLAUDE_PREFIXES: &[&str] =
    &["", "anthropic/", "claude-3-5-", "claude-3-", "claude-", "openrouter/openai/"];
const CODEX_PREFIXES: &[&str] = &["", "openai/", "azure/", "openrouter/openai/"];

impl PriceTable {
    /// The price of a model, by the rules of the release: exactly its name, a name it stands for, or
    /// the one that fits best.
    ///
    /// Some models cost more at some hours: this is what counts where nothing else is said.
    pub fn find(&self, source: Source, model: &str) -> Option<&Price> {
        self.find_named(source, model, model)
    }

    /// What a model costs, whenever, when a user says that its name is meant to be another.
    pub(crate) fn prices(&self, source: Source, model: &str, meant: &str) -> Option<Prices> {
        let usual = *self.find_named(source, model, meant)?;
        let timed = |name| self.rows().timed.get(spelled(name).as_ref());
        let timed = timed(model).or_else(|| timed(meant));
        Some(Prices::new(usual, timed.map(Vec::as_slice).unwrap_or_default()))
    }

    fn find_named(&self, source: Source, model: &str, meant: &str) -> Option<&Price> {
        match (self.rules, source) {
            (RuleSet::Ccusage20, _) if model != meant => self.rows().newest_of_two(model, meant),
            (RuleSet::Ccusage20, _) => self.rows().newest(model),
            (RuleSet::Ccusage18, Source::Claude) => self.rows().prefixed(model, CLAUDE_PREFIXES),
            (RuleSet::Ccusage18, Source::Codex) => self.rows().codex_older(model),
        }
    }

    /// Above how many tokens a request to this model is a long one.
    pub(crate) fn split(&self, model: &str) -> u64 {
        let base = undated(model);
        let rows = self.rows();
        let known = rows.other(stands_for(base).unwrap_or(base)).or_else(|| rows.other(base));
        known.and_then(|price| price.threshold).unwrap_or(DEFAULT_THRESHOLD)
    }
}

impl Rows {
    fn newest(&self, model: &str) -> Option<&Price> {
        let alias = stands_for(model);
        self.exactly(model)
            .or_else(|| self.newest_fitting(model))
            .or_else(|| self.other(model))
            .or_else(|| alias.and_then(|alias| self.other_fitting(alias)))
            .or_else(|| self.other_fitting(model))
    }

    /// A model's own row wins over that of the model it is meant to be, and a row that fits either over
    /// one of `others`, where only the latter is looked for.
    fn newest_of_two(&self, model: &str, meant: &str) -> Option<&Price> {
        let with_alias = |name| std::iter::once(name).chain(stands_for(name));
        let mut names = with_alias(model).chain(with_alias(meant));
        let exactly = names.clone().find_map(|name| self.exactly(name));
        if names.any(|name| self.is_exact_only(name)) {
            return exactly
                .or_else(|| with_alias(meant).find_map(|name| self.other(name)))
                .or_else(|| self.other_spelled(meant));
        }
        exactly
            .or_else(|| self.newest_fitting(model))
            .or_else(|| self.newest_fitting(meant))
            .or_else(|| self.other(meant))
            .or_else(|| stands_for(meant).and_then(|alias| self.other_fitting(alias)))
            .or_else(|| self.other_fitting(meant))
    }

    fn newest_fitting(&self, model: &str) -> Option<&Price> {
        let alias = stands_for(model);
        alias.and_then(|alias| self.fitting(alias)).or_else(|| self.fitting(model))
    }

    fn fitting(&self, model: &str) -> Option<&Price> {
        self.exactly(model).or_else(|| {
            // Fast and other tiers have rows of their own, which the name of their model would hide.
            (!self.is_exact_only(model)).then(|| best(&self.models, model, |_| true)).flatten()
        })
    }

    fn other_fitting(&self, model: &str) -> Option<&Price> {
        if let Some(price) = self.other(model) {
            return Some(price);
        }
        if self.is_exact_only(model) {
            return self.other_spelled(model);
        }
        best(&self.others, model, |name| !self.exact.contains(name))
    }

    /// What a name with other separators means that only itself may match.
    fn other_spelled(&self, model: &str) -> Option<&Price> {
        self.other(self.exact_spelled.get(spelled(model).as_ref())?.as_ref()?)
    }

    fn is_exact_only(&self, model: &str) -> bool {
        self.exact.contains(model) || self.exact_spelled.contains_key(spelled(model).as_ref())
    }

    fn prefixed(&self, model: &str, prefixes: &[&str]) -> Option<&Price> {
        let named = prefixes.iter().find_map(|prefix| self.exactly(&format!("{prefix}{model}")));
        let lower = model.to_lowercase();
        let alike = |name: &str| {
            let name = name.to_lowercase();
            name.contains(&lower) || lower.contains(&name)
        };
        named.or_else(|| Some(&self.models.iter().find(|(name, _)| alike(name))?.1))
    }

    fn codex_older(&self, model: &str) -> Option<&Price> {
        let lower = model.trim().to_lowercase();
        if lower == "openrouter/free"
            || (lower.starts_with("openrouter/") && lower.ends_with(":free"))
        {
            return None;
        }
        let costs = |price: &&Price| {
            price.input > 0.0
                || price.output > 0.0
                || price.cache_read.is_some_and(|read| read > 0.0)
        };
        let own = self.prefixed(model, CODEX_PREFIXES);
        let alias = match model {
            "gpt-5-codex" => "gpt-5",
            "gpt-5.3-codex" => "gpt-5.2-codex",
            _ => return own,
        };
        own.filter(costs).or_else(|| self.prefixed(alias, CODEX_PREFIXES).filter(costs)).or(own)
    }
}

/// The longest name that is a part of the model's or the other way round; of several the first in
/// the alphabet.
fn best<'a>(
    rows: &'a [(String, Price)],
    model: &str,
    allowed: impl Fn(&str) -> bool,
) -> Option<&'a Price> {
    let spelled_model = spelled(model);
    let fits = |name: &str| {
        allowed(name)
            && (contains(model, name)
                || contains(name, model)
                || contains(&spelled_model, &spelled(name))
                || contains(&spelled(name), &spelled_model))
    };
    let fitting = rows.iter().filter(|(name, _)| fits(name));
    let best = fitting.max_by(|(a, _), (b, _)| a.len().cmp(&b.len()).then_with(|| b.cmp(a)))?;
    Some(&best.1)
}

/// Whether `part` is in `text` as whole words, and is not followed by the number of another version.
fn contains(text: &str, part: &str) -> bool {
    text.match_indices(part).any(|(at, _)| {
        let before = text[..at].bytes().next_back();
        let after = &text[at + part.len()..];
        before.is_none_or(|byte| !byte.is_ascii_alphanumeric())
            && after.bytes().next().is_none_or(|byte| !byte.is_ascii_alphanumeric())
            && !continues_version(part, after)
    })
}

fn continues_version(part: &str, after: &str) -> bool {
    if !part.ends_with(|last: char| last.is_ascii_digit()) || !after.starts_with(['-', '.']) {
        return false;
    }
    let digits = after[1..].bytes().take_while(u8::is_ascii_digit).count();
    let next = after.as_bytes().get(1 + digits);
    // Eight digits are the day of a release, not a version.
    let is_date = digits == 8 && next.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    digits > 0 && !is_date
}

/// A name with every separator a dash.
pub(super) fn spelled(name: &str) -> Cow<'_, str> {
    if name.contains(['.', '@']) {
        Cow::Owned(name.replace(['.', '@'], "-"))
    } else {
        Cow::Borrowed(name)
    }
}

/// The model that a name is short for.
fn stands_for(model: &str) -> Option<&'static str> {
    match model {
        "gpt-5.6" => Some("gpt-5.6-sol"),
        "gpt-5.3-spark" => Some("gpt-5.3-codex-spark"),
        _ => None,
    }
}

/// A name without the day of its release at the end.
fn undated(model: &str) -> &str {
    let ends = |shape: &str| {
        let start = model.len().checked_sub(shape.len()).filter(|start| *start > 0)?;
        let fits = model.as_bytes()[start..].iter().zip(shape.bytes()).all(|(byte, wanted)| {
            if wanted == b'0' { byte.is_ascii_digit() } else { *byte == wanted }
        });
        fits.then(|| &model[..start])
    };
    ends("-0000-00-00").or_else(|| ends("-00000000")).unwrap_or(model)
}
