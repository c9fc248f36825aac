use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::{Days, parse};

#[track_caller]
fn check(text: &str, expected: Option<&str>) {
    let expected = expected.map(|time| time.parse::<Timestamp>().unwrap().as_millisecond());
    assert_eq!(parse(text.as_bytes()), expected, "{text}");
}

#[test]
fn the_forms_that_are_known() {
    check("2026-01-31T12:00:00Z", Some("2026-01-31T12:00:00Z"));
    check("2026-01-31T12:00:00.123Z", Some("2026-01-31T12:00:00.123Z"));
    check("2026-01-31T12:00:00+02:00", Some("2026-01-31T10:00:00Z"));
    check("2026-01-31T23:30:00.500-03:30", Some("2026-02-01T03:00:00.500Z"));
    check("2024-02-29T00:00:00Z", Some("2024-02-29T00:00:00Z"));
    check("1969-12-31T23:59:59.999Z", Some("1969-12-31T23:59:59.999Z"));
}

#[test]
fn all_others_are_none() {
    for text in [
        "",
        "2026-01-31",
        "2026-01-31 12:00:00Z",
        "2026-01-31T12:00:00",
        "2026-01-31T12:00:00.12Z",
        "2026-01-31T12:00:00.123456Z",
        "2026-02-29T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-00-01T12:00:00Z",
        "2026-01-00T12:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:60:00Z",
        "2026-01-31T12:00:00+24:00",
        "2026-01-31T12:00:00x",
        "2o26-01-31T12:00:00Z",
    ] {
        check(text, None);
    }
}

proptest! {
    #[test]
    fn moments_are_those_of_jiff(moment in -2_000_000_000_000_i64..4_000_000_000_000) {
        let time = Timestamp::from_millisecond(moment).unwrap();
        prop_assert_eq!(parse(format!("{time:.3}").as_bytes()), Some(moment));
    }

    #[test]
    fn days_are_those_of_jiff_in_any_order(
        zone in prop::sample::select(&[
            "UTC", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Africa/Cairo",
            "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe",
        ][..]),
        moments in prop::collection::vec(1_000_000_000_000_i64..1_800_000_000_000, 1..40),
    ) {
        let zone = TimeZone::get(zone).unwrap();
        let mut days = Days::new(zone.clone());
        for moment in moments.iter().flat_map(|moment| [*moment, moment + 3_600_000]) {
            let time = Timestamp::from_millisecond(moment).unwrap();
            prop_assert_eq!(days.day(moment), zone.to_datetime(time).date());
        }
    }

    #[test]
    fn never_panics(text in prop::collection::vec(any::<u8>(), 0..32), moment in any::<i64>()) {
        let _ = parse(&text);
        let _ = Days::new(TimeZone::UTC).day(moment);
    }
}
