use crate::present::{cooldown_text, footer_text, groups, overview, updated_text};
use crate::{BadgeLine, Line, TextLine};

fn text(label: &str) -> Line {
    Line::Text(TextLine { label: label.to_owned(), ..TextLine::default() })
}

fn badge(label: &str) -> Line {
    Line::Badge(BadgeLine { label: label.to_owned(), ..BadgeLine::default() })
}

#[test]
fn the_overview_goes_by_label() {
    let lines = [text("B"), badge("A"), text("model"), Line::error("x"), text("B")];
    let shown = |wanted: &[&str]| -> Vec<String> {
        overview(&lines, wanted).into_iter().map(|line| line.label().to_owned()).collect()
    };
    assert_eq!(shown(&["A", "B"]), ["B", "A", "B"], "any type, the plugin's order, duplicates");
    assert_eq!(shown(&["b"]), Vec::<String>::new(), "exact label");
    assert_eq!(shown(&[]), Vec::<String>::new(), "nothing in scope");
}

#[test]
fn text_lines_in_a_row_are_one_group() {
    let lines = [text("1"), text("2"), badge("3"), badge("4"), text("5"), Line::error("6")];
    let sizes: Vec<usize> = groups(&lines).map(<[Line]>::len).collect();
    assert_eq!(sizes, [2, 1, 1, 1, 1]);
    let filtered: Vec<&Line> = vec![&lines[0], &lines[4]];
    assert_eq!(groups(&filtered).count(), 1, "neighbours after filtering");
    assert_eq!(groups::<Line>(&[]).count(), 0);
}

#[test]
fn updated() {
    let cases = [
        ("in the future", -5_000, "Updated just now"),
        ("now", 0, "Updated just now"),
        ("59.999 s", 59_999, "Updated just now"),
        ("60 s", 60_000, "Updated 1m ago"),
        ("59.9 min", 3_599_999, "Updated 59m ago"),
        ("an hour", 3_600_000, "Updated 1h ago"),
        ("23.9 h", 86_399_999, "Updated 23h ago"),
        ("a day", 86_400_000, "Updated 1d ago"),
        ("40 days", 40 * 86_400_000, "Updated 40d ago"),
    ];
    for (name, ago, expected) in cases {
        assert_eq!(updated_text(1_000_000_000_000, 1_000_000_000_000 + ago), expected, "{name}");
    }
    assert_eq!(updated_text(i64::MAX, i64::MIN), "Updated just now", "no overflow");
}

#[test]
fn cooldown() {
    let cases = [
        ("over", 0, None),
        ("long over", -5, None),
        ("a moment", 1, Some("Available in 1s")),
        ("seconds rounded up", 58_001, Some("Available in 59s")),
        ("rounded up to a minute", 59_001, Some("Available in 1m 0s")),
        ("minutes", 250_000, Some("Available in 4m 10s")),
        ("all of it", 300_000, Some("Available in 5m 0s")),
    ];
    for (name, left, expected) in cases {
        assert_eq!(cooldown_text(left).as_deref(), expected, "{name}");
    }
}

#[test]
fn footer() {
    let cases = [
        ("no timer", None, "Paused"),
        ("minutes", Some(900_000), "Next update in 15m"),
        ("minutes rounded up", Some(840_001), "Next update in 15m"),
        ("a minute", Some(60_000), "Next update in 1m"),
        ("just over a minute", Some(61_000), "Next update in 2m"),
        ("seconds", Some(40_000), "Next update in 40s"),
        ("due", Some(0), "Next update in 0s"),
        ("overdue", Some(-5_000), "Next update in 0s"),
    ];
    for (name, left, expected) in cases {
        assert_eq!(footer_text(left), expected, "{name}");
    }
}
