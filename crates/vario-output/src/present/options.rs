use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether quotas show what is used or what is left (contract section 7.10, `displayMode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum DisplayMode {
    /// What is used.
    Used,
    /// What is left.
    #[default]
    Left,
}

/// How a reset is told (contract section 7.10, `resetTimerDisplayMode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ResetDisplay {
    /// How long until then.
    #[default]
    Relative,
    /// When that is.
    Absolute,
}

impl ResetDisplay {
    /// The other form, which a tooltip shows.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Relative => Self::Absolute,
            Self::Absolute => Self::Relative,
        }
    }
}

/// How a time of day is written (contract section 7.10, `timeFormatMode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum TimeFormat {
    /// As the user's locale does.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// `3:05 PM`.
    #[serde(rename = "12h")]
    H12,
    /// `15:05`.
    #[serde(rename = "24h")]
    H24,
}

impl TimeFormat {
    /// The hours to count by, given what the locale does.
    #[must_use]
    pub fn hour_cycle(self, locale: HourCycle) -> HourCycle {
        match self {
            Self::Auto => locale,
            Self::H12 => HourCycle::H12,
            Self::H24 => HourCycle::H24,
        }
    }
}

/// Whether a day has 12 or 24 named hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HourCycle {
    /// `3:05 PM`.
    H12,
    /// `15:05`.
    #[default]
    H24,
}

impl HourCycle {
    /// What a locale such as `en_US.UTF-8` or `en-GB` does, by its region.
    ///
    /// Covers the regions where 12 hours are usual; any other, and a locale with no region such as
    /// `C`, counts to 24.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        const TWELVE: &[&str] = &[
            "AE", "AU", "BD", "BH", "CA", "CO", "DZ", "EG", "GH", "GR", "IN", "IQ", "JO", "KE",
            "KR", "KW", "LB", "LK", "LY", "MY", "NP", "NZ", "OM", "PH", "PK", "QA", "SA", "SD",
            "SG", "SY", "TN", "TW", "US", "YE",
        ];
        let name = locale.split(['.', '@']).next().unwrap_or_default();
        let mut parts = name.split(['_', '-']);
        // Canada writes 12 hours in English only.
        if parts.next() == Some("fr") {
            return Self::H24;
        }
        let twelve = parts.any(|part| TWELVE.contains(&part.to_ascii_uppercase().as_str()));
        if twelve { Self::H12 } else { Self::H24 }
    }
}
