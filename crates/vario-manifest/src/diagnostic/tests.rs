use crate::diagnostic::{Diagnostic, Diagnostics, Excerpt, Part, Severity};
use crate::json::Span;

fn excerpt(text: &str, marked: &str) -> (usize, usize, Excerpt) {
    let start = text.find(marked).unwrap();
    let span = Span { start, end: start + marked.len() };
    let (position, excerpt) = Excerpt::new(text, span, String::new());
    (position.line, position.column, excerpt)
}

#[test]
fn the_mark_stands_under_its_place() {
    let (line, column, shown) = excerpt("{\r\n\t\"日本\": 5,\r\n}", "5");
    assert_eq!((line, column), (2, 8));
    assert_eq!(shown.text, " \"日本\": 5,");
    // Two wide characters take four columns.
    assert_eq!((shown.marked_from, shown.marked_width), (9, 1));
}

#[test]
fn a_long_line_is_cut_around_the_mark() {
    let text = format!("{}\"here\"{}", "x".repeat(5000), "y".repeat(5000));
    let (_, column, shown) = excerpt(&text, "\"here\"");
    assert_eq!(column, 5001);
    assert_eq!(shown.text.chars().count(), 100);
    assert!(shown.text.starts_with('…') && shown.text.ends_with('…'));
    let marked: String = shown.text.chars().skip(shown.marked_from).take(6).collect();
    assert_eq!((marked.as_str(), shown.marked_width), ("\"here\"", 6));
}

#[test]
fn a_mark_over_several_lines_ends_with_the_first() {
    let (line, _, shown) = excerpt("a\n[1,\n2]\n", "[1,\n2]");
    assert_eq!((line, shown.text.as_str(), shown.marked_width), (2, "[1,", 3));
}

#[test]
fn nothing_printed_can_steer_a_terminal() {
    let text = "\"\u{1b}[2J\u{202e}x\"";
    let (_, _, shown) = excerpt(text, "x");
    let mut problem = Diagnostic::of_file(Severity::Error, "plugin.json", "bad \u{1b}[2J\n", None);
    problem.excerpt = Some(shown);
    problem.path = "a\u{9b}b".into();
    let shown = problem.to_string();
    assert!(!shown.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{shown:?}");
    assert_eq!(shown.lines().count(), 5);
}

#[test]
fn parts_can_be_coloured() {
    let problem =
        Diagnostic::of_file(Severity::Warning, "a.json", "odd", Some("do not".to_owned()));
    let shown = problem.render(&|part, text| match part {
        Part::Severity(Severity::Warning) => format!("<{text}>"),
        Part::Help => format!("[{text}]"),
        _ => text.to_owned(),
    });
    assert_eq!(shown, "<warning>: odd\n --> a.json\n  = [help]: do not");
}

#[test]
fn only_so_many_problems_are_kept_but_all_are_counted() {
    let mut all = Diagnostics::default();
    for _ in 0..300 {
        all.push(Diagnostic::of_file(Severity::Warning, "a.json", "odd", None));
    }
    for _ in 0..130 {
        all.push(Diagnostic::of_file(Severity::Error, "a.json", "bad", None));
    }
    assert_eq!((all.list().len(), all.warnings(), all.errors()), (256, 300, 130));
    let errors = all.list().iter().filter(|problem| problem.severity == Severity::Error);
    assert_eq!(errors.count(), 128);
    assert!(all.to_string().ends_with("\n174 more problems are not shown\n"));
}
