use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long after a successful manual refresh the next one is refused (contract section 5.4).
pub const COOLDOWN_MS: i64 = 5 * 60 * 1000;

/// How much of the cool-down is left; 0 when a manual refresh is welcome.
///
/// `last_manual_ok_ms` is the last **successful** manual refresh: failures and automatic updates
/// start no cool-down. If the clock was set back, what is left is never more than all of it.
pub fn cooldown_left_ms(last_manual_ok_ms: Option<i64>, now_ms: i64) -> i64 {
    last_manual_ok_ms.map_or(0, |last_ms| {
        COOLDOWN_MS.saturating_sub(now_ms.saturating_sub(last_ms)).clamp(0, COOLDOWN_MS)
    })
}

/// Whether something that last ran at `last_run_ms` must run again.
///
/// A last run in the future means that the clock was set back; it is due then, rather than waiting
/// for a time that may be years away.
pub fn auto_due(last_run_ms: Option<i64>, interval_ms: i64, now_ms: i64) -> bool {
    last_run_ms
        .is_none_or(|last_ms| last_ms > now_ms || now_ms.saturating_sub(last_ms) >= interval_ms)
}

/// How often plugins are updated without being asked (contract section 7.10). In JSON the number
/// of minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum UpdateInterval {
    /// Every 5 minutes.
    Five,
    /// Every 15 minutes.
    #[default]
    Fifteen,
    /// Every 30 minutes.
    Thirty,
    /// Every hour.
    Sixty,
}

impl UpdateInterval {
    /// Every choice, the shortest first.
    pub const ALL: [Self; 4] = [Self::Five, Self::Fifteen, Self::Thirty, Self::Sixty];

    /// The number of minutes.
    pub fn minutes(self) -> u8 {
        match self {
            Self::Five => 5,
            Self::Fifteen => 15,
            Self::Thirty => 30,
            Self::Sixty => 60,
        }
    }

    /// The number of milliseconds.
    pub fn ms(self) -> i64 {
        i64::from(self.minutes()) * 60_000
    }
}

impl From<UpdateInterval> for u8 {
    fn from(interval: UpdateInterval) -> Self {
        interval.minutes()
    }
}

impl TryFrom<u8> for UpdateInterval {
    type Error = String;

    fn try_from(minutes: u8) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|interval| interval.minutes() == minutes)
            .ok_or_else(|| format!("an update interval is 5, 15, 30 or 60 minutes, not {minutes}"))
    }
}

impl JsonSchema for UpdateInterval {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "UpdateInterval".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let minutes = Self::ALL.map(Self::minutes);
        schemars::json_schema!({
            "description": "How often plugins are updated without being asked, in minutes.",
            "type": "integer",
            "enum": minutes,
        })
    }
}

/// The timer of automatic updates. It starts anew with the settings that feed it and with each
/// manual refresh, and pauses while no plugin is enabled (contract section 5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AutoUpdate {
    interval: UpdateInterval,
    started_ms: i64,
}

impl AutoUpdate {
    /// A timer that starts now.
    pub fn start(interval: UpdateInterval, now_ms: i64) -> Self {
        Self { interval, started_ms: now_ms }
    }

    /// Starts it anew: after a manual refresh, after a change of settings, after it was due.
    pub fn restart(&mut self, now_ms: i64) {
        self.started_ms = now_ms;
    }

    /// How long until it is due, 0 when it is; nothing while no plugin is enabled.
    pub fn left_ms(&self, any_enabled: bool, now_ms: i64) -> Option<i64> {
        if !any_enabled {
            return None;
        }
        if auto_due(Some(self.started_ms), self.interval.ms(), now_ms) {
            return Some(0);
        }
        Some(self.interval.ms() - (now_ms - self.started_ms))
    }
}
