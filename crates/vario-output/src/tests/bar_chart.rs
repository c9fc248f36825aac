use serde_json::{Value as Json, json};
use vario_value::Value;

use super::{check, check_line, errors, inner, json, set, throw};
use crate::Line;

/// Contract section 3.2: what replaces the chart when no point is left.
#[test]
fn charts_without_points() {
    let none = "barChart line at index 0 has no valid points";
    let cases = [
        ("points missing", json!({}), vec!["barChart line at index 0 missing points"]),
        ("points null", json!({"points": null}), vec!["barChart line at index 0 missing points"]),
        (
            "points an object",
            json!({"points": {"0": {}}}),
            vec!["barChart line at index 0 missing points"],
        ),
        (
            "points a string",
            json!({"points": "abc"}),
            vec!["barChart line at index 0 missing points"],
        ),
        ("points empty", json!({"points": []}), vec![none]),
        (
            "point null",
            json!({"points": [null]}),
            vec!["barChart line at index 0 has invalid point at index 0", none],
        ),
        (
            "point a number",
            json!({"points": [5]}),
            vec!["barChart line at index 0 has invalid point at index 0", none],
        ),
        (
            "point an array",
            json!({"points": [[]]}),
            vec!["barChart line at index 0 has empty point label at index 0", none],
        ),
        (
            "label missing",
            json!({"points": [{"value": 1}]}),
            vec!["barChart line at index 0 has empty point label at index 0", none],
        ),
        (
            "label a number",
            json!({"points": [{"label": 1, "value": 1}]}),
            vec!["barChart line at index 0 has empty point label at index 0", none],
        ),
        (
            "label blank",
            json!({"points": [{"label": "  ", "value": 1}]}),
            vec!["barChart line at index 0 has empty point label at index 0", none],
        ),
        (
            "label before value",
            json!({"points": [{"label": "", "value": -1}]}),
            vec!["barChart line at index 0 has empty point label at index 0", none],
        ),
        (
            "value missing",
            json!({"points": [{"label": "a"}]}),
            vec!["barChart line at index 0 point 0 invalid value", none],
        ),
        (
            "value null",
            json!({"points": [{"label": "a", "value": null}]}),
            vec!["barChart line at index 0 point 0 invalid value", none],
        ),
        (
            "value a string",
            json!({"points": [{"label": "a", "value": "1"}]}),
            vec!["barChart line at index 0 point 0 invalid value", none],
        ),
        (
            "value negative",
            json!({"points": [{"label": "a", "value": -0.5}]}),
            vec!["barChart line at index 0 point 0 invalid value", none],
        ),
    ];
    for (name, mut line, expected) in cases {
        line["type"] = json!("barChart");
        let output = check(&json!({"lines": [line]})).output;
        assert_eq!(errors(&output), expected, "{name}");
        assert_eq!(output.lines.len(), expected.len(), "{name}");
    }
}

fn chart() -> Json {
    json!({"type": "barChart", "label": "A", "points": [{"label": "a", "value": 1, "valueLabel": "v"}], "note": "n"})
}

fn point(line: &mut Value) -> &mut Value {
    let Value::List(points) = inner(line, "points") else { panic!("points are a list") };
    &mut points[0]
}

#[test]
fn values_and_getters() {
    type Edit = fn(&mut Value);
    let invalid = "barChart line at index 0 point 0 invalid value";
    let empty = "barChart line at index 0 has empty point label at index 0";
    let cases: &[(&str, Edit, &str)] = &[
        ("value NaN", |line| set(point(line), "value", f64::NAN), invalid),
        ("value infinite", |line| set(point(line), "value", f64::INFINITY), invalid),
        ("value getter throws", |line| throw(point(line), "value"), invalid),
        ("label getter throws", |line| throw(point(line), "label"), empty),
        (
            "points getter throws",
            |line| throw(line, "points"),
            "barChart line at index 0 missing points",
        ),
    ];
    for (name, edit, expected) in cases {
        let output = check_line(&chart(), edit).output;
        assert_eq!(output.first_error(), Some(*expected), "{name}");
    }
}

#[test]
fn bad_points_stand_before_the_chart() {
    let output = check(&json!({"lines": [{"type": "text"}, {"type": "barChart", "label": "A", "points": [
        {"label": " a ", "value": 0}, 5, {"label": "b", "value": 2.5}, {"value": 1}, {"label": "c", "value": "x"},
    ]}, {"type": "text"}]}))
    .output;
    let labels: Vec<&str> = output.lines.iter().map(Line::label).collect();
    assert_eq!(labels, ["", "Error", "Error", "Error", "A", ""]);
    assert_eq!(
        errors(&output),
        [
            "barChart line at index 1 has invalid point at index 1",
            "barChart line at index 1 has empty point label at index 3",
            "barChart line at index 1 point 4 invalid value",
        ]
    );
    assert_eq!(
        json(&output)["lines"][4]["points"],
        json!([{"label": "a", "value": 0.0, "valueLabel": null}, {"label": "b", "value": 2.5, "valueLabel": null}])
    );
}

#[test]
fn optional_texts() {
    // (name, given, stored, warns)
    let cases = [
        ("undefined", Value::Absent, None, false),
        ("null", Value::Null, None, false),
        ("trimmed", Value::from(" x "), Some("x"), false),
        ("blank", Value::from("  "), None, false),
        ("a number", Value::from(5_i64), None, true),
        ("an array", Value::List(Vec::new()), None, true),
    ];
    for (name, given, stored, warns) in cases {
        let checked = check_line(&chart(), |line| set(line, "note", given.clone()));
        assert_eq!(json(&checked.output)["lines"][0]["note"], json!(stored), "note {name}");
        assert_eq!(checked.warnings.len(), usize::from(warns), "note {name}");
        let checked = check_line(&chart(), |line| set(point(line), "valueLabel", given));
        let label = &json(&checked.output)["lines"][0]["points"][0]["valueLabel"];
        assert_eq!(*label, json!(stored), "valueLabel {name}");
        assert_eq!(checked.warnings.len(), usize::from(warns), "valueLabel {name}");
    }
    let checked = check_line(&chart(), |line| throw(line, "note"));
    assert!(checked.output.is_ok() && checked.warnings.len() == 1, "note getter throws");
}

#[test]
fn only_366_points_are_looked_at() {
    for (count, kept, warns) in [(366, 366, 0), (367, 366, 1), (5000, 366, 1)] {
        let mut points = vec![json!({"label": "a", "value": 1}); count];
        if let Some(beyond) = points.get_mut(366) {
            *beyond = json!(null);
        }
        let checked = check(&json!({"lines": [{"type": "barChart", "points": points}]}));
        let [Line::BarChart(chart)] = checked.output.lines.as_slice() else { panic!("{count}") };
        assert_eq!((chart.points.len(), checked.warnings.len()), (kept, warns), "{count}");
    }
}

#[test]
fn warnings_are_bounded() {
    let points = vec![json!({"label": "a", "value": 1, "valueLabel": 5}); 366];
    let checked = check(&json!({"lines": [{"type": "barChart", "points": points}]}));
    assert_eq!(checked.warnings.len(), 100);
    assert_eq!(
        checked.warnings[1],
        "barChart line at index 0 point 1: valueLabel is ignored, it is not a string"
    );
    assert_eq!(checked.warnings[99], "further warnings are left out");
}
