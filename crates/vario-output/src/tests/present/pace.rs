use super::{MINUTE, count, percent, quota};
use crate::present::{DisplayMode, PaceContext, PaceStatus};
use crate::{Format, ProgressLine};

use DisplayMode::{Left, Used};
use PaceStatus::{Ahead, Behind, OnTrack};

/// `now` is in minutes; the period is 0 to 100.
fn at(line: &ProgressLine, now: f64) -> PaceContext<'_> {
    #[expect(clippy::cast_possible_truncation, reason = "small numbers")]
    PaceContext::of(line, (now * 60_000.0) as i64).expect("reset and period are set")
}

/// Contract section 11, the line `Pace`.
#[test]
fn contract_vectors() {
    // (name, used, now, status and projection to a tenth)
    let cases = [
        ("used 60 at 90 min", 60.0, 90.0, Some((Ahead, 66.7))),
        ("used 81 at 90", 81.0, 90.0, Some((OnTrack, 90.0))),
        ("used 95 at 90", 95.0, 90.0, Some((Behind, 105.6))),
        ("used 3 at 4 min", 3.0, 4.0, None),
        ("used 0", 0.0, 90.0, Some((Ahead, 0.0))),
        ("used 100", 100.0, 90.0, Some((Behind, 111.1))),
    ];
    for (name, used, now, expected) in cases {
        let line = percent(used);
        let pace = at(&line, now).pace();
        let rounded = pace.map(|pace| (pace.status, (pace.projected * 10.0).round() / 10.0));
        assert_eq!(rounded, expected, "{name}");
    }
    let line = percent(95.0);
    let behind = at(&line, 90.0);
    let eta_minutes = behind.eta_ms().map(|ms| (ms / 6_000.0).round() / 10.0);
    assert_eq!(eta_minutes, Some(4.7));
    assert_eq!(behind.detail_text(Left).as_deref(), Some("Limit in 4m"));
    assert_eq!(behind.runs_out_text().as_deref(), Some("Runs out in 4m"));
    assert_eq!(behind.deficit(), Some(5.0));
    let line = percent(100.0);
    assert_eq!(at(&line, 90.0).status_text(), Some("Limit reached"));
}

#[test]
fn borders() {
    // (name, used, now, status)
    let cases = [
        ("projected exactly 80 %", 40.0, 50.0, Some(Ahead)),
        ("projected just over 80 %", 40.1, 50.0, Some(OnTrack)),
        ("projected exactly the limit", 50.0, 50.0, Some(OnTrack)),
        ("projected just over the limit", 50.1, 50.0, Some(Behind)),
        ("5 % passed", 10.0, 5.0, Some(Behind)),
        ("less than 5 % passed", 10.0, 4.99, None),
        ("less than 5 % passed, nothing used", 0.0, 1.0, Some(Ahead)),
        ("less than 5 % passed, limit reached", 100.0, 1.0, Some(Behind)),
        ("over the limit", 150.0, 50.0, Some(Behind)),
        ("at the start", 50.0, 0.0, None),
        ("before the start", 50.0, -10.0, None),
        ("at the reset", 50.0, 100.0, None),
        ("after the reset", 50.0, 110.0, None),
        ("used not finite", f64::NAN, 50.0, None),
    ];
    for (name, used, now, expected) in cases {
        let line = percent(used);
        assert_eq!(at(&line, now).pace().map(|pace| pace.status), expected, "{name}");
    }
    let zero_limit = quota(1.0, 0.0, Format::Dollars);
    assert_eq!(at(&zero_limit, 50.0).pace(), None, "limit 0");
    let zero_period = ProgressLine { period_duration_ms: Some(0), ..percent(50.0) };
    assert_eq!(at(&zero_period, 50.0).pace(), None, "period 0");
}

#[test]
fn no_context() {
    let cases = [
        ("no reset", ProgressLine { resets_at: None, ..percent(50.0) }),
        ("reset unreadable", ProgressLine { resets_at: Some("soon".into()), ..percent(50.0) }),
        ("no period", ProgressLine { period_duration_ms: None, ..percent(50.0) }),
    ];
    for (name, line) in cases {
        assert!(PaceContext::of(&line, 50 * MINUTE).is_none(), "{name}");
    }
}

#[test]
fn tooltips() {
    // (name, used, now, first line, second line used, second line left)
    let cases = [
        (
            "ahead",
            30.0,
            50.0,
            Some("Plenty of room"),
            Some("60% used at reset"),
            Some("40% left at reset"),
        ),
        ("ahead, nothing used", 0.0, 50.0, Some("Plenty of room"), None, None),
        (
            "on track",
            45.0,
            50.0,
            Some("Right on target"),
            Some("90% used at reset"),
            Some("10% left at reset"),
        ),
        (
            "on track, rounded",
            45.3,
            50.0,
            Some("Right on target"),
            Some("91% used at reset"),
            Some("9% left at reset"),
        ),
        ("behind", 60.0, 50.0, Some("Will run out"), Some("Limit in 33m"), Some("Limit in 33m")),
        (
            "behind by a little",
            99.999,
            99.9,
            Some("Will run out"),
            Some("Limit in <1m"),
            Some("Limit in <1m"),
        ),
        ("limit reached", 100.0, 50.0, Some("Limit reached"), None, None),
        ("no status", 3.0, 4.0, None, None, None),
    ];
    for (name, used, now, status, detail_used, detail_left) in cases {
        let line = percent(used);
        let context = at(&line, now);
        assert_eq!(context.status_text(), status, "{name}");
        assert_eq!(context.detail_text(Used).as_deref(), detail_used, "{name}, used");
        assert_eq!(context.detail_text(Left).as_deref(), detail_left, "{name}, left");
    }
}

#[test]
fn runs_out() {
    let cases = [
        ("behind", 60.0, 50.0, Some("Runs out in 33m")),
        ("within the minute", 99.0, 50.0, Some("Runs out in <1m")),
        ("on track", 45.0, 50.0, None),
        ("ahead", 10.0, 50.0, None),
        ("limit reached", 100.0, 50.0, None),
        ("over the limit", 120.0, 50.0, None),
    ];
    for (name, used, now, expected) in cases {
        let line = percent(used);
        assert_eq!(at(&line, now).runs_out_text().as_deref(), expected, "{name}");
    }
}

#[test]
fn deficits() {
    let dollars = |used| quota(used, 20.0, Format::Dollars);
    let things = |used| quota(used, 1000.0, count("things"));
    // (name, line, now, left mode, used mode)
    let cases = [
        ("percent", percent(95.0), 90.0, Some("5% short"), Some("5% in deficit")),
        ("percent, half rounds up", percent(50.5), 50.0, Some("1% short"), Some("1% in deficit")),
        ("percent, rounds to nothing", percent(50.4), 50.0, None, None),
        ("dollars", dollars(11.5), 50.0, Some("$1.50 short"), Some("$1.50 in deficit")),
        ("dollars, whole", dollars(12.0), 50.0, Some("$2 short"), Some("$2 in deficit")),
        ("dollars, cents", dollars(10.014), 50.0, Some("$0.01 short"), Some("$0.01 in deficit")),
        ("dollars, less than a cent", dollars(10.004), 50.0, None, None),
        ("count", things(550.0), 50.0, Some("50 things short"), Some("50 things in deficit")),
        (
            "count, fraction",
            things(550.256),
            50.0,
            Some("50.26 things short"),
            Some("50.26 things in deficit"),
        ),
        ("count, rounds to nothing", things(500.004), 50.0, None, None),
        ("none", percent(50.0), 50.0, None, None),
        ("surplus", percent(10.0), 50.0, None, None),
        ("first 5 %", percent(50.0), 4.0, None, None),
        ("limit reached", percent(100.0), 50.0, None, None),
        ("after the reset", percent(95.0), 120.0, None, None),
    ];
    for (name, line, now, left, used) in cases {
        let context = at(&line, now);
        assert_eq!(context.deficit_text(Left).as_deref(), left, "{name}, left");
        assert_eq!(context.deficit_text(Used).as_deref(), used, "{name}, used");
    }
    let line = percent(100.0);
    assert_eq!(at(&line, 1.0).deficit(), Some(99.0), "limit reached in the first 5 %");
}

#[test]
fn a_shown_deficit_means_behind() {
    for used in 1..100 {
        for now in 1..100 {
            let line = percent(f64::from(used));
            let context = at(&line, f64::from(now));
            if context.deficit_text(Left).is_some() {
                let status = context.pace().map(|pace| pace.status);
                assert_eq!(status, Some(Behind), "used {used} at {now}");
            }
        }
    }
}

#[test]
fn markers() {
    // (name, used, now, used mode, left mode)
    let cases = [
        ("ahead", 30.0, 50.0, Some(50.0), Some(50.0)),
        ("behind", 60.0, 25.0, Some(25.0), Some(75.0)),
        ("on track", 45.0, 50.0, None, None),
        ("nothing used: empty or full bar", 0.0, 50.0, None, None),
        ("limit reached: full or empty bar", 100.0, 50.0, None, None),
        ("no status", 3.0, 4.0, None, None),
    ];
    for (name, used, now, in_used, in_left) in cases {
        let line = percent(used);
        let context = at(&line, now);
        assert_eq!(context.marker_percent(Used), in_used, "{name}, used");
        assert_eq!(context.marker_percent(Left), in_left, "{name}, left");
    }
}
