use super::{Alert, Alerts, Reading, Thresholds};

const RESET: Option<i64> = Some(1_000);

/// One line, seen at some time.
fn reading(used: f64) -> Reading<'static> {
    Reading { label: "Session", used, is_behind: false, resets_at_ms: None }
}

fn red(used: f64) -> Reading<'static> {
    Reading { is_behind: true, ..reading(used) }
}

fn until(resets_at_ms: Option<i64>, used: f64) -> Reading<'static> {
    Reading { resets_at_ms, ..reading(used) }
}

/// What is reported, short: the threshold in percent, and `!` for a red pace.
fn short(alerts: &[Alert]) -> String {
    let one = |alert: &Alert| {
        let crossed = alert.crossed.map(|crossed| format!("{}", crossed * 100.0));
        crossed.unwrap_or_default() + if alert.turned_red { "!" } else { "" }
    };
    alerts.iter().map(one).collect::<Vec<_>>().join(" ")
}

/// What it shows, what is read at which time, and what is reported each time.
type Case<'a> = (&'a str, &'a [(i64, Reading<'static>)], &'a [&'a str]);

#[test]
fn each_crossing_is_reported_once() {
    let at = |used| (0, reading(used));
    let cases: &[Case] = &[
        ("below", &[at(0.1), at(0.79)], &["", ""]),
        ("above from the start", &[at(0.9), at(0.95)], &["", ""]),
        ("at the limit from the start", &[at(1.0), at(1.0)], &["", ""]),
        ("exactly on it", &[at(0.79), at(0.8)], &["", "80"]),
        ("once", &[at(0.5), at(0.81), at(0.82), at(0.99)], &["", "80", "", ""]),
        ("one after the other", &[at(0.5), at(0.8), at(1.0), at(1.1)], &["", "80", "100", ""]),
        ("both at once", &[at(0.5), at(1.2)], &["", "100"]),
        ("again after it fell", &[at(0.5), at(0.9), at(0.7), at(0.9)], &["", "80", "", "80"]),
        ("only the upper again", &[at(0.5), at(1.0), at(0.9), at(1.0)], &["", "100", "", "100"]),
        ("pace", &[at(0.2), (0, red(0.3)), (0, red(0.4))], &["", "!", ""]),
        ("red from the start", &[(0, red(0.3)), (0, red(0.4))], &["", ""]),
        ("red again", &[at(0.2), (0, red(0.3)), at(0.4), (0, red(0.5))], &["", "!", "", "!"]),
        ("pace and threshold", &[at(0.2), (0, red(0.85))], &["", "80!"]),
        (
            "crossed again in the next period",
            &[(0, until(RESET, 0.5)), (900, until(RESET, 0.9)), (1_500, until(Some(2_000), 0.85))],
            &["", "80", "80"],
        ),
        (
            "high in both periods, never crossed before our eyes in the first",
            &[(0, until(RESET, 0.9)), (1_500, until(Some(2_000), 0.9))],
            &["", "80"],
        ),
        (
            "an old line after its reset",
            &[(0, until(RESET, 0.5)), (900, until(RESET, 0.9)), (1_500, until(RESET, 0.9))],
            &["", "80", ""],
        ),
        (
            "an old line at the start and then a new one",
            &[(1_500, until(RESET, 0.9)), (1_600, until(Some(2_000), 0.1))],
            &["", ""],
        ),
        (
            "a reset that is put off is no reset",
            &[(0, until(RESET, 0.5)), (10, until(RESET, 0.9)), (20, until(Some(2_000), 0.9))],
            &["", "80", ""],
        ),
        (
            "a reading without sense is passed over",
            &[at(0.5), at(f64::NAN), at(0.9), at(f64::INFINITY), at(0.9)],
            &["", "", "80", "", ""],
        ),
        ("no sense at first", &[at(f64::NAN), at(0.9)], &["", ""]),
        ("negative", &[at(-1.0), at(0.9)], &["", "80"]),
    ];
    for (name, readings, expected) in cases {
        let mut alerts = Alerts::default();
        let thresholds = Thresholds::default();
        let reported: Vec<String> = readings
            .iter()
            .map(|(now, reading)| short(&alerts.observe("a", &[*reading], &thresholds, *now)))
            .collect();
        assert_eq!(&reported, expected, "{name}");
    }
}

#[test]
fn thresholds_are_the_users() {
    for (name, thresholds, expected) in [
        ("none", Thresholds { used: vec![], pace: false }, ""),
        ("only the pace", Thresholds { used: vec![], pace: true }, "!"),
        ("no pace", Thresholds { used: vec![0.5], pace: false }, "50"),
        ("in any order", Thresholds { used: vec![0.9, 0.5, 0.7], pace: false }, "90"),
        ("without sense", Thresholds { used: vec![f64::NAN], pace: false }, ""),
    ] {
        let mut alerts = Alerts::default();
        alerts.observe("a", &[reading(0.1)], &thresholds, 0);
        let reported = alerts.observe("a", &[red(0.95)], &thresholds, 0);
        assert_eq!(short(&reported), expected, "{name}");
    }
}

#[test]
fn lines_and_plugins_are_told_apart() {
    let mut alerts = Alerts::default();
    let thresholds = Thresholds::default();
    let mut observe = |plugin, readings: &[Reading<'_>]| {
        let reported = alerts.observe(plugin, readings, &thresholds, 0);
        reported.into_iter().map(|alert| alert.label).collect::<Vec<_>>()
    };
    let weekly = |used| Reading { label: "Weekly", ..reading(used) };
    let none: [&str; 0] = [];

    assert_eq!(observe("a", &[reading(0.1), weekly(0.1)]), none);
    assert_eq!(observe("b", &[reading(0.1)]), none);
    assert_eq!(observe("a", &[weekly(0.9), reading(0.9)]), ["Weekly", "Session"]);
    assert_eq!(observe("b", &[reading(0.9)]), ["Session"]);

    // A label that stands twice would cross its threshold with every run.
    assert_eq!(observe("c", &[reading(0.9), reading(0.1)]), none);
    assert_eq!(observe("c", &[reading(0.9), reading(0.1)]), none);

    assert_eq!(observe("a", &[reading(0.1)]), none);
    assert_eq!(observe("a", &[reading(0.1), weekly(0.9)]), none, "it is seen for the first time");
}

#[test]
fn a_forgotten_plugin_begins_anew() {
    let mut alerts = Alerts::default();
    let thresholds = Thresholds::default();
    alerts.observe("a", &[reading(0.1)], &thresholds, 0);
    alerts.forget("a");
    assert!(alerts.observe("a", &[reading(0.9)], &thresholds, 0).is_empty());
}

#[test]
fn what_is_said() {
    let alert =
        |used, turned_red| Alert { label: "Session".to_owned(), used, crossed: None, turned_red };
    assert_eq!(alert(0.5, true).title("Claude"), "Claude · Session");
    for (used, turned_red, expected) in [
        (0.834, false, "83% used."),
        (0.31, true, "31% used. Will run out before it resets."),
        (0.999, false, "99% used."),
        (1.0, true, "Limit reached."),
        (3.0, false, "Limit reached."),
        (-0.5, true, "0% used. Will run out before it resets."),
    ] {
        assert_eq!(alert(used, turned_red).body(), expected, "{used} {turned_red}");
    }
}
