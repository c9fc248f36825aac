use vario_output::present::{DisplayMode, ResetDisplay};

use super::samples::{all, card, cards, chart, in_period, percent, snapshot, text};
use super::*;
use vario_output::{BarChartLine, Line, Point, TextLine};

fn drawn(view: &View<'_>) -> String {
    let snapshots = all();
    render(view, &cards(&snapshots))
}

/// Each card on its own and all together, so that both shared and own columns are seen.
#[test]
fn widths() {
    for width in [40, 60, 80, 120] {
        insta::assert_snapshot!(format!("width_{width}"), drawn(&view(width)));
    }
}

#[test]
fn below_the_supported_widths() {
    insta::assert_snapshot!("width_24", drawn(&view(24)));
    assert_eq!(drawn(&view(0)), drawn(&view(super::super::MIN_WIDTH)), "no width at all");
    let widest = super::super::MAX_WIDTH;
    assert_eq!(drawn(&view(500)), drawn(&view(widest)), "a wide screen is not filled");
}

#[test]
fn ascii() {
    let text = drawn(&View { unicode: false, ..view(80) });
    assert!(text.is_ascii());
    insta::assert_snapshot!("ascii", text);
}

#[test]
fn used_and_absolute() {
    let view = View { mode: DisplayMode::Used, reset: ResetDisplay::Absolute, ..view(80) };
    let snapshots = all();
    insta::assert_snapshot!("used_and_absolute", render(&view, &cards(&snapshots[..2])));
}

#[test]
fn colours() {
    let snapshots = all();
    for (name, style) in [("ansi", ANSI), ("true_colour", TRUE_COLOUR)] {
        let view = View { style, ..view(80) };
        let text = render(&view, &cards(&snapshots[..4]));
        insta::assert_snapshot!(name, text.replace('\x1b', "␛"));
    }
}

/// Colours change nothing but colours, pace signs and the backticks of errors.
#[test]
fn colours_do_not_move_text() {
    let snapshots = vec![snapshot(
        "Claude",
        Some("Max"),
        vec![
            Line::Progress(percent("Extra", 30.0)),
            Line::BarChart(chart("Tokens", &[1.0, 2.0])),
            Line::Text(text("Today", "5")),
            Line::error("No luck"),
        ],
    )];
    let plain = render(&view(60), &cards(&snapshots));
    let coloured = render(&View { style: TRUE_COLOUR, ..view(60) }, &cards(&snapshots));
    assert_ne!(plain, coloured);
    // A bar is a line in colours, and blocks without them; all else is the same.
    let without_bars = |text: &str| text.replace(['█', '░', '▎', '━', '╸', '▊', '▍'], "#");
    assert_eq!(without_bars(&plain), without_bars(&stripped(&coloured)));
}

#[test]
fn no_cards() {
    assert_eq!(render(&view(80), &[]), "");
}

#[test]
fn columns_are_shared_by_cards_where_there_is_room() {
    let one = snapshot("One", None, vec![Line::Progress(percent("A", 30.0))]);
    let two = snapshot("Two", None, vec![Line::Progress(percent("Longer label", 30.0))]);
    let starts = |width: usize| -> Vec<usize> {
        let text = render(&view(width), &[card(&one), card(&two)]);
        let bar_of = |line: &str| line.chars().position(|c| c == '█');
        text.lines().filter_map(bar_of).collect()
    };
    assert_eq!(starts(80), [16, 16], "shared");
    assert_eq!(starts(40), [5, 16], "each its own");
}

#[test]
fn bars() {
    let row = |used: f64| {
        let snapshot = snapshot("A", None, vec![Line::Progress(percent("A", used))]);
        let view = View { mode: DisplayMode::Used, ..view(37) };
        let text = render(&view, &[card(&snapshot)]);
        text.lines().nth(1).unwrap().trim().to_owned()
    };
    let cases = [
        (0.0, "A  ░░░░░░░░░░░░░░░  0%  100% cap"),
        (0.01, "A  ▏░░░░░░░░░░░░░░  0%  100% cap"),
        (50.0, "A  ███████▌░░░░░░  50%  100% cap"),
        (99.99, "A  █████████████▉  100%  100% cap"),
        (100.0, "A  █████████████  100%  100% cap"),
        (250.0, "A  █████████████  250%  100% cap"),
    ];
    for (used, expected) in cases {
        let cells = |text: &str| text.chars().filter(|c| "░▏▎▍▌▋▊▉█".contains(*c)).count();
        let found = row(used);
        assert!(cells(&found) >= 10, "{found}");
        let squeezed = |text: &str| {
            let first = text.chars().find(|c| "░▏▎▍▌▋▊▉█".contains(*c));
            let last = text.chars().rfind(|c| "░▏▎▍▌▋▊▉█".contains(*c));
            let end = text.rsplit("  ").nth(1).unwrap_or_default().to_owned();
            (first, last, end)
        };
        assert_eq!(squeezed(&found), squeezed(expected), "{used}: {found}");
    }
}

#[test]
fn the_marker_stands_where_time_is() {
    let snapshot = snapshot("A", None, vec![in_period(percent("A", 80.0), 10, 5.0)]);
    let row = |mode| {
        let text = render(&View { mode, ..view(80) }, &[card(&snapshot)]);
        let line = text.lines().nth(1).unwrap().to_owned();
        let bar: Vec<char> = line.chars().filter(|c| "│░▏▎▍▌▋▊▉█".contains(*c)).collect();
        (bar.iter().position(|c| *c == '│').unwrap(), bar.len())
    };
    for mode in [DisplayMode::Used, DisplayMode::Left] {
        let (at, cells) = row(mode);
        assert!(at.abs_diff(cells / 2) <= 1, "{mode:?}: {at} of {cells}");
    }
}

#[test]
fn charts() {
    let row = |line: BarChartLine, width: usize| -> Vec<String> {
        let snapshot = snapshot("A", None, vec![Line::BarChart(line)]);
        let text = render(&view(width), &[card(&snapshot)]);
        text.lines().skip(1).map(|line| line.trim().to_owned()).collect()
    };
    let spark = |rows: &[String]| -> String {
        rows[0].chars().filter(|c| ('▁'..='█').contains(c)).collect()
    };
    let rising: Vec<f64> = (1..=8).map(f64::from).collect();
    assert_eq!(spark(&row(chart("C", &rising), 60)), "▁▁▂▂▃▃▄▄▅▅▆▆▇▇██", "wide bars");
    assert_eq!(spark(&row(chart("C", &rising), 30)), "▁▂▃▄▅▆▇█", "narrow bars");

    let mut spike = vec![0.0; 400];
    spike[201] = 10.0;
    let rows = row(chart("C", &spike), 40);
    assert_eq!(spark(&rows).matches('█').count(), 1, "a lone peak survives: {rows:?}");
    assert!(rows[0].ends_with("peak 10"), "{rows:?}");

    let bad = Point { label: "x".into(), value: f64::NAN, value_label: None };
    let undrawable = BarChartLine { points: vec![bad], ..chart("C", &[]) };
    assert!(row(undrawable, 60).is_empty(), "nothing to draw");
}

#[test]
fn narrow_values_go_below_their_label() {
    let line = TextLine { subtitle: Some("Sub".into()), ..text("Label", "0123456789012345") };
    let bar = percent("A label of some length", 10.0);
    let snapshot = snapshot("A", None, vec![Line::Text(line), Line::Progress(bar)]);
    let text = render(&view(20), &[card(&snapshot)]);
    assert!(text.contains("\n  Label\n    0123456789012345\n    Sub\n"), "{text}");
}
