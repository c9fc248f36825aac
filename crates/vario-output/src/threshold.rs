//! How much of a quota must be left, or may be used.

use std::str::FromStr;

use crate::output::ProgressLine;

/// Sums of doubles that should be equal differ by less than this share.
const ROUNDING: f64 = 1e-9;

/// A part of a quota.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// Of the limit, 0 to 100.
    Percent(f64),
    /// In the quota's own unit.
    Units(f64),
}

impl Amount {
    fn of(self, limit: f64) -> f64 {
        match self {
            Self::Percent(percent) => limit * percent / 100.0,
            Self::Units(units) => units,
        }
    }
}

/// `20%`, or `5` in the quota's unit.
impl FromStr for Amount {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || format!("expected a share (`20%`) or a number (`5`), found `{text}`");
        let (number, is_percent) = match text.strip_suffix('%') {
            Some(number) => (number, true),
            None => (text, false),
        };
        let number: f64 = number.trim().parse().map_err(|_not_a_number| expected())?;
        if !number.is_finite() || number < 0.0 {
            return Err(expected());
        }
        match (is_percent, number <= 100.0) {
            (true, true) => Ok(Self::Percent(number)),
            (true, false) => Err(format!("expected at most `100%`, found `{text}`")),
            (false, _) => Ok(Self::Units(number)),
        }
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Percent(percent) => write!(formatter, "{percent}%"),
            Self::Units(units) => write!(formatter, "{units}"),
        }
    }
}

/// What is wanted of a quota.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Threshold {
    /// Something is left.
    AnyLeft,
    /// At least this is left.
    Left(Amount),
    /// At most this is used.
    Used(Amount),
}

impl Threshold {
    /// Whether a quota is as wanted.
    pub fn holds(self, line: &ProgressLine) -> bool {
        let slack = line.limit * ROUNDING;
        match self {
            Self::AnyLeft => line.used < line.limit,
            Self::Left(amount) => line.limit - line.used >= amount.of(line.limit) - slack,
            Self::Used(amount) => line.used <= amount.of(line.limit) + slack,
        }
    }
}
