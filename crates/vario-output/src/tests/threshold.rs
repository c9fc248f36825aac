use crate::{Amount, Format, ProgressLine, Threshold};

fn quota(used: f64, limit: f64) -> ProgressLine {
    ProgressLine {
        label: "Q".into(),
        used,
        limit,
        format: Format::Dollars,
        resets_at: None,
        period_duration_ms: None,
        color: None,
    }
}

#[test]
fn what_holds() {
    use Amount::{Percent, Units};
    use Threshold::{AnyLeft, Left, Used};

    let cases = [
        (AnyLeft, 9.99, 10.0, true),
        (AnyLeft, 10.0, 10.0, false),
        (AnyLeft, 12.0, 10.0, false),
        (Left(Percent(20.0)), 80.0, 100.0, true),
        (Left(Percent(20.0)), 80.1, 100.0, false),
        (Left(Percent(0.0)), 100.0, 100.0, true),
        (Left(Percent(0.0)), 101.0, 100.0, false),
        (Left(Percent(20.0)), 0.24, 0.3, true),
        (Left(Units(5.0)), 45.0, 50.0, true),
        (Left(Units(5.0)), 45.5, 50.0, false),
        (Left(Units(51.0)), 0.0, 50.0, false),
        (Used(Percent(80.0)), 40.0, 50.0, true),
        (Used(Percent(80.0)), 41.0, 50.0, false),
        (Used(Units(40.0)), 40.0, 50.0, true),
        (Used(Units(40.0)), 40.5, 50.0, false),
        (Used(Percent(30.0)), 0.1 + 0.2, 1.0, true),
    ];
    for (threshold, used, limit, expected) in cases {
        let found = threshold.holds(&quota(used, limit));
        assert_eq!(found, expected, "{threshold:?} of {used} of {limit}");
    }
}

#[test]
fn amounts_are_read_and_written() {
    for text in ["20%", "0%", "100%", "5", "0", "2.5", "1200"] {
        assert_eq!(text.parse::<Amount>().map(|amount| amount.to_string()).as_deref(), Ok(text));
    }
    for text in ["", "%", "-1", "-1%", "101%", "NaN", "inf", "a", "5 dollars", "20%%", "1,5"] {
        assert!(text.parse::<Amount>().is_err(), "{text}");
    }
}
