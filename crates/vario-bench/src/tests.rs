use std::time::Duration;

use vario_output::{ERROR_LABEL, Line, Output};
use vario_sandbox::Language;

use crate::measure::part;
use crate::ours::Ours;
use crate::{floor, probes};

const BOTH: [Language; 2] = [Language::JavaScript, Language::Lua];

/// Type, label and error of each line.
const LINES: [(&str, &str, &str); probes::LINES] = [
    ("text", "Stock", ""),
    ("text", "Gate", ""),
    ("progress", "North hall", ""),
    ("progress", "Fuel budget", ""),
    ("progress", "Crates", ""),
    ("progress", "South hall", ""),
    ("progress", "Yard", ""),
    ("progress", "Pallets", ""),
    ("badge", "Error", "progress line at index 8: percent format requires limit=100 (got 1000)"),
    ("badge", "Error", "progress line at index 9 invalid used: -1"),
    ("badge", "Error", "progress line at index 10 missing format"),
    ("badge", "Error", "progress line at index 11: count format suffix must be non-empty"),
    ("badge", "Ilse", ""),
    ("badge", "Bram", ""),
    ("badge", "Noor", ""),
    ("badge", "Teun", ""),
    ("barChart", "Deliveries", ""),
    ("badge", "Error", "barChart line at index 17 missing points"),
    ("text", "Empty", ""),
    ("text", "Number", ""),
    ("text", "Depot", ""),
    ("badge", "Error", "unknown line type at index 21: sparkline"),
    ("progress", "Rush orders", ""),
    ("text", "Note", ""),
];

fn outline(line: &Line) -> (&str, &str, &str) {
    let kind = match line {
        Line::Text(_) => "text",
        Line::Badge(_) => "badge",
        Line::Progress(_) => "progress",
        Line::BarChart(_) => "barChart",
    };
    (kind, line.label(), line.error_text().unwrap_or_default())
}

fn ours(language: Language) -> Output {
    let report = Ours::new(language, probes::depot(language)).frozen().run();
    assert_eq!(report.failure, None, "{language:?}");
    report.output
}

#[test]
fn the_probes_return_the_lines_they_are_meant_to() {
    for language in BOTH {
        let output = ours(language);
        assert_eq!(output.plan.as_deref(), Some("Depot Plus"), "{language:?}");
        let lines: Vec<_> = output.lines.iter().map(outline).collect();

        assert_eq!(lines, LINES, "{language:?}");
    }
}

#[test]
fn both_languages_give_the_same() {
    assert_eq!(ours(Language::JavaScript), ours(Language::Lua));
}

#[test]
fn the_floor_reads_the_same_lines() {
    let bytecode = floor::js::compile(probes::DEPOT_JS).expect("it parses");
    let js = floor::js::run(&bytecode).expect("it runs");
    let bytecode = floor::lua::compile(probes::DEPOT_LUA).expect("it parses");
    let lua = floor::lua::run(&bytecode).expect("it runs");
    for (name, read) in [("js", &js), ("lua", &lua)] {
        assert_eq!(read.plan.as_deref(), Some("Depot Plus"), "{name}");
        assert_eq!(read.lines.len(), probes::LINES, "{name}");
        for (read, checked) in read.lines.iter().zip(&ours(Language::Lua).lines) {
            if checked.label() != ERROR_LABEL {
                assert_eq!(outline_of_read(read), checked.label(), "{name}");
            }
        }
    }
}

fn outline_of_read(line: &floor::Line) -> &str {
    let label = match line {
        floor::Line::Text(line) | floor::Line::Badge(line) => &line.label,
        floor::Line::Progress(line) => &line.label,
        floor::Line::Chart(line) => &line.label,
        floor::Line::Other(_) => &None,
    };
    label.as_deref().unwrap_or_default()
}

#[test]
fn the_program_that_calls_the_host_ends_well() {
    for language in BOTH {
        for (really, value) in [(true, "0"), (false, "1000")] {
            let report = Ours::new(language, &crate::ours::calling(language, really)).run();
            let [Line::Text(line)] = report.output.lines.as_slice() else {
                panic!("{language:?}: {report:?}");
            };
            assert_eq!(line.value, value, "{language:?}");
        }
    }
}

#[test]
fn parts_of_durations() {
    let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
    for (wanted, expected) in [(0.0, 1), (0.5, 100), (0.99, 198), (1.0, 200), (9.0, 200)] {
        assert_eq!(part(&times, wanted), Duration::from_millis(expected), "{wanted}");
    }
    assert_eq!(part(&[], 0.5), Duration::ZERO);
}
