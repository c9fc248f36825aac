use super::percent;
use crate::present::{
    BarFill, DisplayMode, MetricChoice, TooltipEntry, bar_fill, percent_text, primary_metric,
    tooltip_text,
};
use crate::{Line, ProgressLine, TextLine};

use MetricChoice::{Default as ByDefault, Weekly};

fn progress(label: &str, used: f64) -> Line {
    Line::Progress(ProgressLine { label: label.to_owned(), ..percent(used) })
}

type Found = Option<(&'static str, bool)>;
type Case = (&'static str, &'static [&'static str], Option<&'static str>, MetricChoice, Found);

#[test]
fn choices() {
    let lines = [
        Line::Text(TextLine { label: "Session".to_owned(), ..TextLine::default() }),
        progress("Week", 30.0),
        progress("Extra", 20.0),
        progress("Extra", 99.0),
    ];
    // (name, candidates, weekly, choice, label and whether it fell back)
    let cases: &[Case] = &[
        (
            "first candidate with data",
            &["Missing", "Extra", "Week"],
            None,
            ByDefault,
            Some(("Extra", false)),
        ),
        ("only progress lines count", &["Session", "Week"], None, ByDefault, Some(("Week", false))),
        ("no candidate has data", &["Missing"], None, ByDefault, None),
        ("no candidates", &[], None, ByDefault, None),
        ("no candidates, a weekly line", &[], Some("Week"), Weekly, None),
        ("weekly not asked for", &["Extra"], Some("Week"), ByDefault, Some(("Extra", false))),
        ("weekly", &["Extra"], Some("Week"), Weekly, Some(("Week", false))),
        (
            "weekly without data falls back",
            &["Extra"],
            Some("Missing"),
            Weekly,
            Some(("Extra", true)),
        ),
        ("no weekly candidate falls back", &["Extra"], None, Weekly, Some(("Extra", true))),
        ("weekly without any data", &["Missing"], Some("Missing"), Weekly, None),
    ];
    for (name, candidates, weekly, choice, expected) in cases {
        let metric = primary_metric(&lines, candidates, *weekly, *choice);
        let found = metric.map(|metric| (metric.line.label.as_str(), metric.fell_back));
        assert_eq!(found, *expected, "{name}");
    }
    let first = primary_metric(&lines, &["Extra"], None, ByDefault).map(|metric| metric.line.used);
    assert_eq!(first, Some(20.0), "the first of two lines with that label");
}

#[test]
fn fractions_and_percents() {
    let cases = [
        ("part", 42.0, 0.42, 0.58, "42%", "58%"),
        ("over the limit", 150.0, 1.0, 0.0, "100%", "0%"),
        ("nothing", 0.0, 0.0, 1.0, "0%", "100%"),
        ("not finite", f64::NAN, 0.0, 0.0, "0%", "0%"),
    ];
    for (name, used, in_used, in_left, text_used, text_left) in cases {
        let lines = [progress("A", used)];
        let metric = primary_metric(&lines, &["A"], None, ByDefault).expect("there is one");
        for (mode, fraction, text) in
            [(DisplayMode::Used, in_used, text_used), (DisplayMode::Left, in_left, text_left)]
        {
            let found = metric.fraction(mode);
            assert!((found - fraction).abs() < 1e-12, "{name}: {found}");
            assert_eq!(percent_text(Some(found)), text, "{name}");
        }
    }
    assert_eq!(percent_text(None), "--%");
}

#[test]
fn tooltips() {
    let lines = [progress("Week", 30.0), progress("Session", 60.0)];
    let metric = |weekly, choice| primary_metric(&lines, &["Session"], weekly, choice);
    let entry = |name, metric| TooltipEntry { name, metric };
    let used = DisplayMode::Used;
    let plain = [entry("A", metric(None, ByDefault)), entry("B", None)];
    assert_eq!(tooltip_text("Vario", &plain, used), "Vario\nA: 60%\nB: --%");
    let all_weekly = [entry("A", metric(Some("Week"), Weekly)), entry("B", None)];
    assert_eq!(tooltip_text("Vario", &all_weekly, used), "Vario\nA: 30%\nB: --%");
    let mixed = [
        entry("A", metric(Some("Week"), Weekly)),
        entry("B", metric(None, Weekly)),
        entry("C", None),
    ];
    assert_eq!(
        tooltip_text("Vario", &mixed, used),
        "Vario\nA: 30% · Week\nB: 60% · Session\nC: --%"
    );
    assert_eq!(tooltip_text("Vario", &vec![plain[0]; 25], used).lines().count(), 21);
    assert_eq!(tooltip_text("Vario", &[], used), "Vario");
}

#[test]
fn bars() {
    // (name, track, fraction, fill, remainder)
    let cases = [
        ("no data", 100.0, None, 0.0, 0.0),
        ("nothing", 100.0, Some(0.0), 0.0, 0.0),
        ("negative", 100.0, Some(-1.0), 0.0, 0.0),
        ("not finite", 100.0, Some(f64::NAN), 0.0, 0.0),
        ("full", 100.0, Some(1.0), 100.0, 0.0),
        ("over full", 100.0, Some(1.5), 100.0, 0.0),
        ("a trace is one pixel", 100.0, Some(0.001), 1.0, 99.0),
        ("half", 100.0, Some(0.5), 50.0, 50.0),
        ("70 % stays", 100.0, Some(0.7), 70.0, 30.0),
        ("71 % leaves 30 %", 100.0, Some(0.71), 70.0, 30.0),
        ("84 % leaves 30 %", 100.0, Some(0.84), 70.0, 30.0),
        ("85 % leaves 15 %, raised to 20 %", 100.0, Some(0.85), 80.0, 20.0),
        ("99 % leaves 15 %, raised to 20 %", 100.0, Some(0.99), 80.0, 20.0),
        ("a short track leaves 4 pixels", 10.0, Some(0.99), 6.0, 4.0),
        ("the shortest track", 1.0, Some(0.5), 1.0, 0.0),
    ];
    for (name, track, fraction, fill_px, remainder_px) in cases {
        assert_eq!(bar_fill(track, fraction), BarFill { fill_px, remainder_px }, "{name}");
    }
}
