use super::samples::{all, card, cards, snapshot};
use super::*;
use vario_output::Line;

#[test]
fn causes_are_for_the_verbose() {
    let snapshots = all();
    let failed = &cards(&snapshots)[2..3];
    assert!(!render(&view(60), failed).contains("TypeError"));
    insta::assert_snapshot!("cause", render(&View { verbose: true, ..view(60) }, failed));
}

#[test]
fn details_of_a_pace_are_for_the_verbose() {
    let snapshots = all();
    let view = View { verbose: true, ..view(80) };
    insta::assert_snapshot!("verbose", render(&view, &cards(&snapshots)[..1]));
}

#[test]
fn code_in_errors() {
    let cases = [
        ("Run `a b` now", "␛[31mRun ␛[0m␛[1ma b␛[0m␛[31m now␛[0m"),
        ("`a` or `b`", "␛[1ma␛[0m␛[31m or ␛[0m␛[1mb␛[0m"),
        ("one ` alone", "␛[31mone ` alone␛[0m"),
        ("`a` and ` alone", "␛[1ma␛[0m␛[31m and ` alone␛[0m"),
        ("``", ""),
    ];
    for (text, expected) in cases {
        let snapshot = snapshot("A", None, vec![Line::error(text)]);
        let coloured = render(&View { style: ANSI, ..view(60) }, &[card(&snapshot)]);
        let row = coloured.lines().nth(1).unwrap().replace('\x1b', "␛");
        let expected = format!("  ␛[31m✗␛[0m {expected}");
        assert_eq!(row, expected.trim_end(), "{text}");
        let plain = render(&view(60), &[card(&snapshot)]);
        assert_eq!(plain.lines().nth(1), Some(format!("  ✗ {text}").as_str()), "kept as it is");
    }
}

/// Code that is broken over two rows is code in both.
#[test]
fn code_over_rows() {
    let snapshot = snapshot("A", None, vec![Line::error("Please run `first second third`")]);
    let text = render(&View { style: ANSI, ..view(22) }, &[card(&snapshot)]).replace('\x1b', "␛");
    let rows: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(
        rows,
        ["  ␛[31m✗␛[0m ␛[31mPlease run ␛[0m␛[1mfirst␛[0m", "    ␛[1msecond third␛[0m",]
    );
}

#[test]
fn errors_have_an_end() {
    let snapshot = snapshot("A", None, vec![Line::error("word ".repeat(10_000))]);
    let text = render(&view(60), &[card(&snapshot)]);
    assert_eq!(text.lines().count(), 7);
    assert!(text.trim_end().ends_with("word…"), "{text}");
}
