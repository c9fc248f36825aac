use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::duration::duration_text;
use super::options::{HourCycle, ResetDisplay};

/// Nearer than this a relative reset is `Resets soon`.
const SOON_MS: i64 = 5 * 60 * 1000;

const SOON_TEXT: &str = "Resets soon";

/// How the user's place writes a time.
#[derive(Debug, Clone)]
pub struct LocalTime {
    /// The local zone.
    pub zone: TimeZone,
    /// 12 or 24 hours, see [`TimeFormat::hour_cycle`](super::TimeFormat::hour_cycle).
    pub hours: HourCycle,
}

impl LocalTime {
    fn at(&self, ms: i64) -> Option<DateTime> {
        let instant = Timestamp::from_millisecond(ms).ok()?;
        Some(self.zone.to_datetime(instant))
    }

    fn clock_text(&self, time: DateTime) -> String {
        let (hour, minute) = (time.hour(), time.minute());
        match self.hours {
            HourCycle::H24 => format!("{hour:02}:{minute:02}"),
            HourCycle::H12 => {
                let half = if hour < 12 { "AM" } else { "PM" };
                let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
                format!("{hour}:{minute:02} {half}")
            }
        }
    }
}

/// The reset in one form or the other. Nothing for an instant no calendar holds.
pub fn reset_text(
    display: ResetDisplay,
    resets_at_ms: i64,
    now_ms: i64,
    local: &LocalTime,
) -> Option<String> {
    match display {
        ResetDisplay::Relative => Some(relative_reset_text(resets_at_ms, now_ms)),
        ResetDisplay::Absolute => absolute_reset_text(resets_at_ms, now_ms, local),
    }
}

/// `Resets in 2h 5m`; less than five minutes away or past: `Resets soon` (contract section 7.5).
#[expect(clippy::cast_precision_loss, reason = "minutes are shown, not milliseconds")]
pub fn relative_reset_text(resets_at_ms: i64, now_ms: i64) -> String {
    let left_ms = resets_at_ms.saturating_sub(now_ms);
    if left_ms < SOON_MS {
        return SOON_TEXT.to_owned();
    }
    duration_text(left_ms as f64)
        .map_or_else(|| SOON_TEXT.to_owned(), |duration| format!("Resets in {duration}"))
}

/// `Resets today at 15:05`, `Resets tomorrow at …`, `Resets Mar 4 at …`; now or past:
/// `Resets soon` (contract section 7.5). Nothing for an instant no calendar holds.
pub fn absolute_reset_text(resets_at_ms: i64, now_ms: i64, local: &LocalTime) -> Option<String> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    if resets_at_ms <= now_ms {
        return Some(SOON_TEXT.to_owned());
    }
    let reset = local.at(resets_at_ms)?;
    let today = local.at(now_ms)?.date();
    let time = local.clock_text(reset);
    // A zone may go back over midnight, so that a later instant has an earlier date.
    if reset.date() <= today {
        return Some(format!("Resets today at {time}"));
    }
    if today.tomorrow().is_ok_and(|tomorrow| tomorrow == reset.date()) {
        return Some(format!("Resets tomorrow at {time}"));
    }
    let month = usize::try_from(reset.month() - 1).ok().and_then(|index| MONTHS.get(index))?;
    Some(format!("Resets {month} {} at {time}", reset.day()))
}
