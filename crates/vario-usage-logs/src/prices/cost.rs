//! What tokens cost, in the order of additions of the release, so that sums agree to the last digit.

use super::Price;
use super::find::DEFAULT_THRESHOLD;
use crate::claude::Usage;
use crate::question::Question;
use crate::{CodexSpeed, RuleSet};

/// An hour in the cache costs this many times what reading costs.
const HOUR: f64 = 2.0;

/// The cost of one Claude message in USD.
#[expect(clippy::cast_precision_loss, reason = "costs are floating point in the release, too")]
pub(crate) fn claude_cost(price: &Price, usage: Usage, fast: bool, rules: RuleSet) -> f64 {
    let factor = if fast { price.fast } else { 1.0 };
    let (write, read) = match rules {
        RuleSet::Ccusage20 => (
            price.cache_write.unwrap_or(price.input * 1.25),
            price.cache_read.unwrap_or(price.input * 0.1),
        ),
        RuleSet::Ccusage18 => (price.cache_write.unwrap_or(0.0), price.cache_read.unwrap_or(0.0)),
    };
    let hour = price.cache_write_1h.unwrap_or(price.input * HOUR);
    let above_hour = price.above.input.map(|input| input * HOUR);
    let kinds = [
        (usage.input, price.input, price.above.input),
        (usage.output, price.output, price.above.output),
        (usage.cache_write, write, price.above.cache_write),
        (usage.cache_write_1h, hour, above_hour),
        (usage.cache_read, read, price.above.cache_read),
    ];
    let cost = |(tokens, base, above): (u64, f64, Option<f64>)| match (price.threshold, above) {
        (Some(threshold), above) => {
            let read = usage.input.saturating_add(usage.cache_read);
            let context = read.saturating_add(usage.cache_writes());
            let rate = above.filter(|_| context > threshold).unwrap_or(base);
            tokens as f64 * rate
        }
        (None, Some(above)) if tokens > DEFAULT_THRESHOLD => {
            DEFAULT_THRESHOLD as f64 * base + (tokens - DEFAULT_THRESHOLD) as f64 * above
        }
        (None, _) => tokens as f64 * base,
    };
    kinds.into_iter().map(cost).sum::<f64>() * factor
}

/// Tokens of Codex that are charged alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// With what came from and went to the cache.
    pub(crate) input: u64,
    pub(crate) cached: u64,
    pub(crate) cache_write: u64,
    pub(crate) output: u64,
}

impl Bucket {
    pub(crate) fn add(&mut self, other: Self) {
        self.input = self.input.saturating_add(other.input);
        self.cached = self.cached.saturating_add(other.cached);
        self.cache_write = self.cache_write.saturating_add(other.cache_write);
        self.output = self.output.saturating_add(other.output);
    }

    fn less(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_sub(other.input),
            cached: self.cached.saturating_sub(other.cached),
            cache_write: self.cache_write.saturating_sub(other.cache_write),
            output: self.output.saturating_sub(other.output),
        }
    }
}

/// Short and long requests apart, since a long one costs more as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ByLength {
    pub(crate) all: Bucket,
    pub(crate) long: Bucket,
}

impl ByLength {
    pub(crate) fn add(&mut self, bucket: Bucket, long: bool) {
        self.all.add(bucket);
        if long {
            self.long.add(bucket);
        }
    }

    fn less(self, other: Self) -> Self {
        Self { all: self.all.less(other.all), long: self.long.less(other.long) }
    }
}

/// What a model of Codex did in one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CodexUsage {
    pub(crate) total: ByLength,
    /// As far as the log says that it was of the ordinary speed.
    pub(crate) standard: ByLength,
    /// As far as the log says that it was fast.
    pub(crate) fast: ByLength,
}

/// The cost of what a model of Codex did at one price, in USD.
pub(crate) fn codex_cost(price: &Price, usage: &CodexUsage, question: &Question<'_>) -> f64 {
    if question.rules == RuleSet::Ccusage18 {
        return older(price, usage.total.all);
    }
    let ordinary = newer(price, usage.total);
    let fast = match (question.speed, question.configured_fast) {
        (CodexSpeed::Standard, _) => return ordinary,
        (CodexSpeed::Fast, _) => usage.total,
        (CodexSpeed::Auto, false) => usage.fast,
        (CodexSpeed::Auto, true) => usage.total.less(usage.standard),
    };
    ordinary + newer(price, fast) * (price.fast - 1.0)
}

#[expect(clippy::cast_precision_loss, reason = "costs are floating point in the release, too")]
fn newer(price: &Price, usage: ByLength) -> f64 {
    let read = price.cache_read.unwrap_or(price.input);
    let write = price.cache_write.unwrap_or(price.input * 1.25);
    let above_input = price.above.input.unwrap_or(price.input);
    let above_output = price.above.output.unwrap_or(price.output);
    let above_read = match price.cache_read {
        Some(_) => price.above.cache_read.unwrap_or(read),
        None => above_input,
    };
    let above_write = price.above.cache_write.unwrap_or(write);
    let ByLength { all, long } = usage;
    let short = all.less(long);
    let fresh = |bucket: Bucket| {
        bucket.input.saturating_sub(bucket.cached.saturating_add(bucket.cache_write))
    };
    fresh(short) as f64 * price.input
        + short.cached as f64 * read
        + short.cache_write as f64 * write
        + short.output as f64 * price.output
        + fresh(long) as f64 * above_input
        + long.cached as f64 * above_read
        + long.cache_write as f64 * above_write
        + long.output as f64 * above_output
}

#[expect(clippy::cast_precision_loss, reason = "costs are floating point in the release, too")]
fn older(price: &Price, usage: Bucket) -> f64 {
    const MILLION: f64 = 1e6;
    let cached = usage.cached.min(usage.input);
    let read = price.cache_read.unwrap_or(price.input) * MILLION;
    (usage.input - cached) as f64 / MILLION * (price.input * MILLION)
        + cached as f64 / MILLION * read
        + usage.output as f64 / MILLION * (price.output * MILLION)
}
