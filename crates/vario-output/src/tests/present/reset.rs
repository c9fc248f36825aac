use jiff::tz::{Offset, TimeZone};

use super::MINUTE;
use crate::parse_rfc3339_ms;
use crate::present::{
    HourCycle, LocalTime, ResetDisplay, TimeFormat, absolute_reset_text, duration_text,
    relative_reset_text, reset_text,
};

const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn ms(text: &str) -> i64 {
    parse_rfc3339_ms(text).expect("RFC 3339")
}

fn utc(hours: HourCycle) -> LocalTime {
    LocalTime { zone: TimeZone::UTC, hours }
}

#[test]
fn durations() {
    let cases = [
        ("zero", 0.0, None),
        ("negative", -1.0, None),
        ("NaN", f64::NAN, None),
        ("infinite", f64::INFINITY, None),
        ("a millisecond", 1.0, Some("<1m")),
        ("nearly a minute", 59_999.0, Some("<1m")),
        ("a minute", 60_000.0, Some("1m")),
        ("nearly an hour", 3_599_999.0, Some("59m")),
        ("an hour", 3_600_000.0, Some("1h 0m")),
        ("an hour and a half", 5_400_000.0, Some("1h 30m")),
        ("nearly a day", 86_399_999.0, Some("23h 59m")),
        ("a day", 86_400_000.0, Some("1d 0h")),
        ("days", 187_200_000.0, Some("2d 4h")),
    ];
    for (name, ms, expected) in cases {
        assert_eq!(duration_text(ms).as_deref(), expected, "{name}");
    }
}

#[test]
fn relative() {
    let now = ms("2026-03-04T12:00:00Z");
    let cases = [
        ("past", -HOUR, "Resets soon"),
        ("now", 0, "Resets soon"),
        ("less than five minutes", 5 * MINUTE - 1, "Resets soon"),
        ("exactly five minutes", 5 * MINUTE, "Resets in 5m"),
        ("hours", 2 * HOUR + 5 * MINUTE, "Resets in 2h 5m"),
        ("days", 3 * DAY + 4 * HOUR, "Resets in 3d 4h"),
    ];
    for (name, left, expected) in cases {
        assert_eq!(relative_reset_text(now + left, now), expected, "{name}");
    }
    assert_eq!(relative_reset_text(i64::MIN, i64::MAX), "Resets soon", "no overflow");
}

#[test]
fn absolute() {
    let now = "2026-03-04T12:00:00Z";
    let cases = [
        ("past", "2026-03-04T11:00:00Z", "Resets soon"),
        ("now", now, "Resets soon"),
        ("in a second", "2026-03-04T12:00:01Z", "Resets today at 12:00"),
        ("later today", "2026-03-04T23:59:59Z", "Resets today at 23:59"),
        ("tomorrow at midnight", "2026-03-05T00:00:00Z", "Resets tomorrow at 00:00"),
        ("tomorrow evening", "2026-03-05T23:59:00Z", "Resets tomorrow at 23:59"),
        ("the day after", "2026-03-06T09:05:00Z", "Resets Mar 6 at 09:05"),
        ("next year", "2027-01-31T09:05:00Z", "Resets Jan 31 at 09:05"),
        ("in December", "2026-12-01T09:05:00Z", "Resets Dec 1 at 09:05"),
        ("another zone in the text", "2026-03-05T01:00:00+05:00", "Resets today at 20:00"),
    ];
    for (name, reset, expected) in cases {
        let text = absolute_reset_text(ms(reset), ms(now), &utc(HourCycle::H24));
        assert_eq!(text.as_deref(), Some(expected), "{name}");
    }
    assert_eq!(absolute_reset_text(i64::MAX, 0, &utc(HourCycle::H24)), None, "no such date");
}

#[test]
fn absolute_in_the_local_zone() {
    let east = TimeZone::fixed(Offset::constant(9));
    let local = LocalTime { zone: east, hours: HourCycle::H24 };
    let now = ms("2026-03-04T14:00:00Z");
    let cases = [
        ("same UTC day, next local day", "2026-03-04T15:30:00Z", "Resets tomorrow at 00:30"),
        ("next UTC day, next local day", "2026-03-05T14:59:00Z", "Resets tomorrow at 23:59"),
        ("next UTC day, later local day", "2026-03-05T15:00:00Z", "Resets Mar 6 at 00:00"),
    ];
    for (name, reset, expected) in cases {
        assert_eq!(
            absolute_reset_text(ms(reset), now, &local).as_deref(),
            Some(expected),
            "{name}"
        );
    }
}

#[test]
fn absolute_over_a_clock_change() {
    // Clocks go forward on 29 March 2026 at 01:00 UTC: a local day of 23 hours.
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a POSIX zone");
    let local = LocalTime { zone, hours: HourCycle::H24 };
    let text = absolute_reset_text(ms("2026-03-29T22:30:00Z"), ms("2026-03-28T23:30:00Z"), &local);
    assert_eq!(text.as_deref(), Some("Resets tomorrow at 00:30"));
}

#[test]
fn hours_of_the_day() {
    let now = ms("2026-03-04T00:00:00Z") - 1;
    let cases = [
        ("midnight", "00:00", "12:00 AM", "00:00"),
        ("morning", "09:05", "9:05 AM", "09:05"),
        ("noon", "12:00", "12:00 PM", "12:00"),
        ("afternoon", "15:05", "3:05 PM", "15:05"),
        ("last minute", "23:59", "11:59 PM", "23:59"),
    ];
    for (name, time, twelve, twenty_four) in cases {
        let reset = ms(&format!("2026-03-04T{time}:00Z"));
        for (hours, expected) in [(HourCycle::H12, twelve), (HourCycle::H24, twenty_four)] {
            let text = absolute_reset_text(reset, now, &utc(hours));
            assert_eq!(text, Some(format!("Resets tomorrow at {expected}")), "{name}");
        }
    }
}

#[test]
fn both_forms() {
    let (reset, now) = (2 * HOUR, HOUR);
    let local = utc(HourCycle::H24);
    let shown = ResetDisplay::Relative;
    assert_eq!(reset_text(shown, reset, now, &local).as_deref(), Some("Resets in 1h 0m"));
    assert_eq!(
        reset_text(shown.other(), reset, now, &local).as_deref(),
        Some("Resets today at 02:00")
    );
    assert_eq!(shown.other().other(), shown);
}

#[test]
fn time_formats() {
    let (twelve, twenty_four) = (HourCycle::H12, HourCycle::H24);
    for locale in [twelve, twenty_four] {
        assert_eq!(TimeFormat::Auto.hour_cycle(locale), locale);
        assert_eq!(TimeFormat::H12.hour_cycle(locale), twelve);
        assert_eq!(TimeFormat::H24.hour_cycle(locale), twenty_four);
    }
    let cases = [
        ("en_US.UTF-8", twelve),
        ("en-US", twelve),
        ("en_AU", twelve),
        ("en_CA", twelve),
        ("fr_CA", twenty_four),
        ("en_GB.UTF-8", twenty_four),
        ("de_DE@euro", twenty_four),
        ("zh-Hant-TW", twelve),
        ("C", twenty_four),
        ("C.UTF-8", twenty_four),
        ("", twenty_four),
    ];
    for (locale, expected) in cases {
        assert_eq!(HourCycle::of_locale(locale), expected, "{locale}");
    }
    for (format, text) in
        [(TimeFormat::Auto, "auto"), (TimeFormat::H12, "12h"), (TimeFormat::H24, "24h")]
    {
        assert_eq!(serde_json::to_value(format).expect("JSON"), text);
    }
}
