//! One count of tokens.

use crate::cache::{Reader, Writer};
use crate::prices::Bucket;

/// Tokens as Codex counts them: what came from the cache is part of the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Raw {
    pub(crate) input: u64,
    pub(crate) cached: u64,
    pub(crate) cache_write: u64,
    pub(crate) output: u64,
    pub(crate) reasoning: u64,
    pub(crate) total: u64,
}

impl Raw {
    /// What came on top of an earlier total.
    pub(super) fn since(self, earlier: Option<Self>) -> Self {
        let before = earlier.unwrap_or_default();
        Self {
            input: self.input.saturating_sub(before.input),
            cached: self.cached.saturating_sub(before.cached),
            cache_write: self.cache_write.saturating_sub(before.cache_write),
            output: self.output.saturating_sub(before.output),
            reasoning: self.reasoning.saturating_sub(before.reasoning),
            total: self.total.saturating_sub(before.total),
        }
    }

    /// No more from the cache than there was input.
    pub(super) fn normal(mut self) -> Self {
        self.cached = self.cached.min(self.input);
        self.cache_write = self.cache_write.min(self.input - self.cached);
        self
    }

    pub(super) fn counts_nothing(self) -> bool {
        Self { total: 0, ..self } == Self::default()
    }

    pub(super) fn bucket(self) -> Bucket {
        Bucket {
            input: self.input,
            cached: self.cached,
            cache_write: self.cache_write,
            output: self.output,
        }
    }

    pub(super) fn write(self, out: &mut Writer) {
        let Self { input, cached, cache_write, output, reasoning, total } = self;
        for tokens in [input, cached, cache_write, output, reasoning, total] {
            out.number(tokens);
        }
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            input: from.number()?,
            cached: from.number()?,
            cache_write: from.number()?,
            output: from.number()?,
            reasoning: from.number()?,
            total: from.number()?,
        })
    }
}

/// At which speed a turn ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tier {
    Standard,
    Fast,
}

impl Tier {
    /// The tier of that name, if it is one of these.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "default" | "standard" => Some(Self::Standard),
            "fast" | "priority" => Some(Self::Fast),
            _ => None,
        }
    }

    /// What holds for two copies of one event: the cheaper one, if any says something.
    pub(super) fn of_both(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(Self::Standard), _) | (_, Some(Self::Standard)) => Some(Self::Standard),
            (one, other) => one.or(other),
        }
    }

    pub(super) fn write(tier: Option<Self>, out: &mut Writer) {
        out.byte(match tier {
            None => 0,
            Some(Self::Standard) => 1,
            Some(Self::Fast) => 2,
        });
    }

    #[expect(clippy::option_option, reason = "the outer one is whether the bytes are sound")]
    pub(super) fn read(input: &mut Reader<'_>) -> Option<Option<Self>> {
        match input.byte()? {
            0 => Some(None),
            1 => Some(Some(Self::Standard)),
            2 => Some(Some(Self::Fast)),
            _ => None,
        }
    }
}

/// What one turn took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// Milliseconds since the epoch.
    pub(crate) moment: i64,
    /// Which of the file's models.
    pub(crate) model: u32,
    pub(crate) used: Raw,
    pub(crate) tier: Option<Tier>,
    /// The log names no model.
    pub(crate) assumed: bool,
}

impl Event {
    /// The least bytes one takes in the cache.
    pub(super) const SMALLEST: usize = 10;

    pub(super) fn write(&self, out: &mut Writer) {
        out.signed(self.moment);
        out.number(u64::from(self.model));
        self.used.write(out);
        Tier::write(self.tier, out);
        out.byte(u8::from(self.assumed));
    }

    pub(super) fn read(input: &mut Reader<'_>, models: usize) -> Option<Self> {
        let moment = input.signed()?;
        let model = u32::try_from(input.number()?).ok()?;
        ((model as usize) < models).then_some(())?;
        let (used, tier) = (Raw::read(input)?, Tier::read(input)?);
        Some(Self { moment, model, used, tier, assumed: input.byte()? != 0 })
    }
}
