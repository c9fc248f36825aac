//! When something happened, where the user is.

use jiff::Timestamp;
use jiff::civil::DateTime;
use vario_output::present::{HourCycle, LocalTime};

/// The moment as calendars and clocks there show it; nothing for one that no calendar holds.
pub(super) fn local(at_ms: i64, local: &LocalTime) -> Option<DateTime> {
    Timestamp::from_millisecond(at_ms).ok().map(|instant| local.zone.to_datetime(instant))
}

/// `15:05:09` or `3:05:09 PM`.
pub(super) fn clock(time: Option<DateTime>, hours: HourCycle) -> String {
    let form = match hours {
        HourCycle::H24 => "%H:%M:%S",
        HourCycle::H12 => "%-I:%M:%S %p",
    };
    time.map_or_else(|| "?".to_owned(), |time| time.strftime(form).to_string())
}

/// `Today`, `Yesterday`, `March 4`, or with the year if it is another one.
pub(super) fn day(time: Option<DateTime>, now: Option<DateTime>) -> String {
    let (Some(time), Some(now)) = (time, now) else { return "Some day".to_owned() };
    let (day, today) = (time.date(), now.date());
    if day == today {
        "Today".to_owned()
    } else if today.yesterday().is_ok_and(|yesterday| yesterday == day) {
        "Yesterday".to_owned()
    } else if day.year() == today.year() {
        day.strftime("%B %-d").to_string()
    } else {
        day.strftime("%B %-d, %Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{DateTime, date};
    use vario_output::present::HourCycle;

    use super::{clock, day};

    #[test]
    fn clocks_and_days() {
        let now: DateTime = date(2026, 3, 5).at(15, 5, 9, 0);
        assert_eq!(clock(Some(now), HourCycle::H24), "15:05:09");
        assert_eq!(clock(Some(now), HourCycle::H12), "3:05:09 PM");
        assert_eq!(clock(None, HourCycle::H12), "?");
        let cases = [
            (date(2026, 3, 5), "Today"),
            (date(2026, 3, 4), "Yesterday"),
            (date(2026, 3, 3), "March 3"),
            (date(2025, 12, 31), "December 31, 2025"),
        ];
        for (then, expected) in cases {
            assert_eq!(day(Some(then.at(0, 0, 0, 0)), Some(now)), expected);
        }
        assert_eq!(day(None, Some(now)), "Some day");
    }
}
