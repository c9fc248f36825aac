//! A message as far as it counts.

use std::borrow::Cow;

use crate::cache::{Reader, Writer};

/// What a line says of one message, before it is made small.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields<'a> {
    pub(crate) message: Option<Cow<'a, str>>,
    pub(crate) request: Option<Cow<'a, str>>,
    pub(crate) session: Option<Cow<'a, str>>,
    pub(crate) model: Option<Cow<'a, str>>,
    /// Milliseconds since the epoch.
    pub(crate) moment: i64,
    pub(crate) usage: Usage,
    /// In USD, when the log says it.
    pub(crate) cost: Option<f64>,
    pub(crate) flags: Flags,
}

/// The tokens of one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) input: u64,
    pub(crate) output: u64,
    /// Written to the cache for five minutes, or for a time that is not said.
    pub(crate) cache_write: u64,
    /// Written to the cache for an hour.
    pub(crate) cache_write_1h: u64,
    pub(crate) cache_read: u64,
}

impl Usage {
    pub(crate) fn cache_writes(self) -> u64 {
        self.cache_write.saturating_add(self.cache_write_1h)
    }

    pub(crate) fn total(self) -> u64 {
        [self.input, self.output, self.cache_writes(), self.cache_read]
            .into_iter()
            .fold(0, u64::saturating_add)
    }
}

/// Yes-or-no facts of a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flags(u8);

impl Flags {
    /// It is of a side chain.
    pub(crate) const SIDECHAIN: Self = Self(1);
    /// The log says at which speed it ran.
    pub(crate) const SPEED: Self = Self(1 << 1);
    /// That speed was the fast one.
    pub(crate) const FAST: Self = Self(1 << 2);
    /// The log says what it cost.
    pub(crate) const COST: Self = Self(1 << 3);
    /// It counts when rows are days.
    pub(crate) const DAILY: Self = Self(1 << 4);
    /// It counts when rows are sessions.
    pub(crate) const SESSION: Self = Self(1 << 5);

    pub(crate) fn with(self, other: Self, yes: bool) -> Self {
        if yes { Self(self.0 | other.0) } else { self }
    }

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A message, in a size that allows for millions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Record {
    /// Stands for message and request; 0 without a request.
    pub(crate) request: u128,
    /// Stands for message and session; 0 without a message id.
    pub(crate) message: u128,
    pub(crate) moment: i64,
    pub(crate) usage: Usage,
    /// In USD; means something with [`Flags::COST`] only.
    pub(crate) cost: f64,
    /// Which of the file's models, or [`Record::NO_MODEL`].
    pub(crate) model: u32,
    pub(crate) flags: Flags,
}

impl Record {
    pub(crate) const NO_MODEL: u32 = u32::MAX;

    /// The least bytes one takes in the cache.
    pub(crate) const SMALLEST: usize = 40;

    pub(crate) fn write(&self, out: &mut Writer) {
        out.wide(self.request);
        out.wide(self.message);
        out.signed(self.moment);
        let Usage { input, output, cache_write, cache_write_1h, cache_read } = self.usage;
        for tokens in [input, output, cache_write, cache_write_1h, cache_read] {
            out.number(tokens);
        }
        out.number(u64::from(self.model.wrapping_add(1)));
        out.byte(self.flags.0);
        if self.flags.has(Flags::COST) {
            out.float(self.cost);
        }
    }

    pub(crate) fn read(input: &mut Reader<'_>, models: usize) -> Option<Self> {
        let (request, message, moment) = (input.wide()?, input.wide()?, input.signed()?);
        let usage = Usage {
            input: input.number()?,
            output: input.number()?,
            cache_write: input.number()?,
            cache_write_1h: input.number()?,
            cache_read: input.number()?,
        };
        let model = u32::try_from(input.number()?).ok()?.wrapping_sub(1);
        (model == Self::NO_MODEL || (model as usize) < models).then_some(())?;
        let flags = Flags(input.byte()?);
        let cost = if flags.has(Flags::COST) { input.float()? } else { 0.0 };
        Some(Self { request, message, moment, usage, cost, model, flags })
    }
}
