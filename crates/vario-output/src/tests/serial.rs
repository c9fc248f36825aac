use serde_json::json;

use crate::{Format, Line, Output};

/// A cassette's expected output: an absent key and null are equal.
#[test]
fn absent_keys_and_null_are_equal() {
    let short = json!({"lines": [
        {"type": "text", "label": "A", "value": "1"},
        {"type": "badge", "label": "B", "text": "2"},
        {"type": "progress", "label": "C", "used": 1, "limit": 2, "format": {"kind": "count", "suffix": "x"}},
        {"type": "barChart", "label": "D", "points": [{"label": "p", "value": 1}]},
    ]});
    let long = json!({"plan": null, "lines": [
        {"type": "text", "label": "A", "value": "1", "color": null, "subtitle": null},
        {"type": "badge", "label": "B", "text": "2", "color": null, "subtitle": null},
        {"type": "progress", "label": "C", "used": 1.0, "limit": 2.0, "format": {"kind": "count", "suffix": "x"},
         "resetsAt": null, "periodDurationMs": null, "color": null},
        {"type": "barChart", "label": "D", "points": [{"label": "p", "value": 1.0, "valueLabel": null}], "note": null, "color": null},
    ]});
    let from_short: Output = serde_json::from_value(short).expect("absent keys");
    let from_long: Output = serde_json::from_value(long.clone()).expect("null keys");
    assert_eq!(from_short, from_long);
    assert_eq!(serde_json::to_value(&from_short).expect("JSON"), long);
    let Line::Progress(progress) = &from_short.lines[2] else { panic!("a progress line") };
    assert_eq!(progress.format, Format::Count { suffix: "x".to_owned() });
}

#[test]
fn schemas_know_every_line() {
    let schema = schemars::schema_for!(Output).to_value().to_string();
    for word in [
        "text",
        "badge",
        "progress",
        "barChart",
        "percent",
        "dollars",
        "count",
        "periodDurationMs",
        "valueLabel",
    ] {
        assert!(schema.contains(&format!("\"{word}\"")), "{word} in {schema}");
    }
}
