//! Prices that depend on when a message came: from a day on, and at certain hours.

use super::{Above, Price};

const HOUR_MS: i64 = 3_600_000;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Whether a message came at the hours at which a model is dearer, where there are such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tariff {
    /// At these hours.
    Peak,
    /// At any other.
    OffPeak,
}

impl Tariff {
    /// `peak` or `off-peak`.
    pub fn text(self) -> &'static str {
        match self {
            Self::Peak => "peak",
            Self::OffPeak => "off-peak",
        }
    }
}

/// Hours of the week in UTC, as `mon-fri 01-04 06-10`: each from the first on up to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hours {
    /// A bit a day, from Monday.
    days: u8,
    /// A bit an hour.
    hours: u32,
}

impl Hours {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut found = Self { days: 0, hours: 0 };
        for word in text.split_whitespace() {
            let (first, last) = word.split_once('-')?;
            if let Some(first) = day(first) {
                let length = (day(last)? + 7 - first) % 7 + 1;
                (0..length).for_each(|step| found.days |= 1 << ((first + step) % 7));
            } else {
                let (first, last) = (hour(first).filter(|first| *first < 24)?, hour(last)?);
                let length = (last + 24 - first) % 24;
                let length = if length == 0 { 24 } else { length };
                (0..length).for_each(|step| found.hours |= 1 << ((first + step) % 24));
            }
        }
        if found.days == 0 {
            found.days = 0x7f;
        }
        (found.hours != 0).then_some(found)
    }

    /// Whether they hold this moment, in milliseconds since the epoch.
    fn contain(self, moment: i64) -> bool {
        let hour = moment.div_euclid(HOUR_MS);
        // The epoch began on a Thursday.
        let day = (hour.div_euclid(24) + 3).rem_euclid(7);
        self.days >> day & 1 == 1 && self.hours >> hour.rem_euclid(24) & 1 == 1
    }
}

fn day(text: &str) -> Option<usize> {
    DAYS.iter().position(|day| *day == text)
}

fn hour(text: &str) -> Option<usize> {
    let is_short = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|hour| is_short && *hour <= 24)
}

/// What takes the place of a model's usual prices at some time, in USD per token.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rates {
    pub(super) input: f64,
    pub(super) output: f64,
    pub(super) cache_write: Option<f64>,
    pub(super) cache_read: Option<f64>,
}

impl Rates {
    /// They hold for long requests, too.
    fn over(self, usual: Price) -> Price {
        let Self { input, output, cache_write, cache_read } = self;
        Price {
            input,
            output,
            cache_write,
            cache_write_1h: None,
            cache_read,
            above: Above { input: Some(input), output: Some(output), cache_write, cache_read },
            threshold: usual.threshold,
            fast: usual.fast,
        }
    }
}

/// Prices of a time. Of those of a model, the last that fits counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Timed {
    /// The first moment, in milliseconds since the epoch.
    pub(super) since: i64,
    /// `None` is any hour.
    pub(super) hours: Option<Hours>,
    pub(super) rates: Rates,
}

/// What one model costs, whenever.
#[derive(Clone, Debug)]
pub(crate) struct Prices {
    usual: Price,
    timed: Vec<(Timed, Price)>,
}

impl Prices {
    pub(super) fn new(usual: Price, timed: &[Timed]) -> Self {
        let timed = timed.iter().map(|timed| (*timed, timed.rates.over(usual))).collect();
        Self { usual, timed }
    }

    /// Which price counts at this moment, in milliseconds since the epoch.
    pub(crate) fn number(&self, moment: i64) -> usize {
        let fits = |(timed, _): &(Timed, Price)| {
            moment >= timed.since && timed.hours.is_none_or(|hours| hours.contain(moment))
        };
        self.timed.iter().rposition(fits).map_or(0, |place| place + 1)
    }

    /// The price of such a number.
    pub(crate) fn numbered(&self, number: usize) -> &Price {
        let timed = number.checked_sub(1).and_then(|place| self.timed.get(place));
        timed.map_or(&self.usual, |(_, price)| price)
    }

    pub(crate) fn at(&self, moment: i64) -> &Price {
        self.numbered(self.number(moment))
    }

    /// Whether that is a price of certain hours.
    pub(crate) fn tariff(&self, moment: i64) -> Option<Tariff> {
        let mut begun = self.timed.iter().filter(|(timed, _)| moment >= timed.since);
        begun.any(|(timed, _)| timed.hours.is_some()).then(|| {
            let place = self.number(moment).checked_sub(1);
            let hours = place.and_then(|place| self.timed[place].0.hours);
            if hours.is_some() { Tariff::Peak } else { Tariff::OffPeak }
        })
    }
}

#[cfg(test)]
mod tests;
