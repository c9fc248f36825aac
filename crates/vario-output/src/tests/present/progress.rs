use jiff::tz::TimeZone;

use super::{MINUTE, count, percent, quota};
use crate::present::{
    DisplayMode, HourCycle, LocalTime, ResetDisplay, bar_percent, count_text, dollar_text,
    left_text, right_text, shown_value,
};
use crate::{Format, ProgressLine};

use DisplayMode::{Left, Used};

#[test]
fn values_and_bars() {
    // (name, line, mode, shown, bar)
    let third = quota(1.0, 3.0, Format::Dollars);
    let cases = [
        ("used", percent(42.0), Used, 42.0, 42.0),
        ("left", percent(42.0), Left, 58.0, 58.0),
        ("over the limit, used", percent(150.0), Used, 150.0, 100.0),
        ("over the limit, left", percent(150.0), Left, 0.0, 0.0),
        ("two decimals of a percent, used", third.clone(), Used, 1.0, 33.33),
        ("two decimals of a percent, left", third, Left, 2.0, 66.67),
        ("nothing used", percent(0.0), Used, 0.0, 0.0),
    ];
    for (name, line, mode, shown, bar) in cases {
        assert_eq!((shown_value(&line, mode), bar_percent(&line, mode)), (shown, bar), "{name}");
    }
}

#[test]
fn left_texts() {
    let cases = [
        ("percent used", percent(42.4), Used, "42%"),
        ("percent left", percent(42.4), Left, "58% left"),
        ("percent, half rounds up", percent(42.5), Used, "43%"),
        ("percent over the limit", percent(150.0), Left, "0% left"),
        ("dollars used", quota(1234.5, 2000.0, Format::Dollars), Used, "$1,234.50"),
        ("dollars left, whole", quota(1000.0, 2000.0, Format::Dollars), Left, "$1,000 left"),
        ("count used", quota(1234.567, 9999.0, count("requests")), Used, "1,234.57 requests"),
        ("count left", quota(3.0, 10.0, count("requests")), Left, "7 requests left"),
    ];
    for (name, line, mode, expected) in cases {
        assert_eq!(left_text(&line, mode), expected, "{name}");
    }
}

#[test]
fn right_texts() {
    let local = LocalTime { zone: TimeZone::UTC, hours: HourCycle::H24 };
    let without = |line| ProgressLine { resets_at: None, ..line };
    let unreadable = |line| ProgressLine { resets_at: Some("soon".into()), ..line };
    let (relative, absolute) = (ResetDisplay::Relative, ResetDisplay::Absolute);
    let cases = [
        ("relative reset", percent(1.0), relative, "Resets in 1h 0m"),
        ("absolute reset", percent(1.0), absolute, "Resets today at 01:40"),
        (
            "reset comes before the limit",
            quota(1.0, 5.0, Format::Dollars),
            relative,
            "Resets in 1h 0m",
        ),
        ("percent", without(percent(1.0)), relative, "100% cap"),
        ("dollars", without(quota(1.0, 2500.0, Format::Dollars)), relative, "$2,500 limit"),
        ("dollars, cents", without(quota(1.0, 2.5, Format::Dollars)), absolute, "$2.50 limit"),
        ("count", without(quota(1.0, 2500.5, count("calls"))), relative, "2,500.5 calls"),
        ("reset unreadable", unreadable(percent(1.0)), relative, "100% cap"),
    ];
    for (name, line, display, expected) in cases {
        assert_eq!(right_text(&line, display, 40 * MINUTE, &local), expected, "{name}");
    }
}

#[test]
fn numbers() {
    // (number, as a count, as dollars)
    let cases = [
        (0.0, "0", "0"),
        (-0.0, "0", "0"),
        (7.0, "7", "7"),
        (999.0, "999", "999"),
        (1000.0, "1,000", "1,000"),
        (1_234_567.0, "1,234,567", "1,234,567"),
        (0.5, "0.5", "0.50"),
        (1234.5, "1,234.5", "1,234.50"),
        (1234.567, "1,234.57", "1,234.57"),
        (1.005, "1.01", "1.01"),
        (1.004, "1", "1.00"),
        (999.999, "1,000", "1,000.00"),
        (0.001, "0", "0.00"),
        (-0.001, "0", "0.00"),
        (-1234.5, "-1,234.5", "-1,234.50"),
        (1e21, "1,000,000,000,000,000,000,000", "1,000,000,000,000,000,000,000"),
        (1e-7, "0", "0.00"),
        (f64::NAN, "0", "0"),
        (f64::INFINITY, "0", "0"),
    ];
    for (number, count, dollars) in cases {
        assert_eq!(count_text(number), count, "{number} as a count");
        assert_eq!(dollar_text(number), dollars, "{number} as dollars");
    }
}
