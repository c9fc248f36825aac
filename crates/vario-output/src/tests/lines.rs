use serde_json::{Value as Json, json};
use vario_value::Value;

use super::{check, check_line, errors, json, set, throw};
use crate::{Line, MAX_LINES, NON_OBJECT_TEXT, Output, OutputLimits, validate, validate_detached};

fn error_line(text: &str) -> Json {
    json!({"type": "badge", "label": "Error", "text": text, "color": "#ef4444", "subtitle": null})
}

/// Contract section 2.4, the rows about the result and its lines.
#[test]
fn results() {
    let text = json!({"type": "text", "label": "A", "value": "1"});
    let cases = [
        ("lines missing", json!({"plan": "Pro"}), "missing lines"),
        ("lines null", json!({"plan": "Pro", "lines": null}), "missing lines"),
        ("lines a string", json!({"plan": "Pro", "lines": "x"}), "missing lines"),
        ("lines an object", json!({"plan": "Pro", "lines": {"0": text}}), "missing lines"),
        ("lines empty", json!({"plan": "Pro", "lines": []}), "no lines returned"),
        ("element null", json!({"plan": "Pro", "lines": [text, null]}), "invalid line at index 1"),
        ("element a string", json!({"plan": "Pro", "lines": ["x"]}), "invalid line at index 0"),
        (
            "element a number",
            json!({"plan": "Pro", "lines": [text, text, 5]}),
            "invalid line at index 2",
        ),
        ("element true", json!({"plan": "Pro", "lines": [true]}), "invalid line at index 0"),
        (
            "two bad elements, first wins",
            json!({"plan": "Pro", "lines": [text, 1, 2]}),
            "invalid line at index 1",
        ),
        (
            "bad element after a bad line still wins",
            json!({"plan": "Pro", "lines": [{"type": "odd"}, null]}),
            "invalid line at index 1",
        ),
    ];
    for (name, result, expected) in cases {
        let output = check(&result).output;
        assert_eq!(
            json(&output),
            json!({"plan": "Pro", "lines": [error_line(expected)]}),
            "{name}"
        );
    }
}

#[test]
fn results_that_are_no_object() {
    for value in [json!(null), json!(5), json!("text"), json!(true)] {
        let output = check(&value).output;
        assert_eq!(output, Output::error(NON_OBJECT_TEXT), "{value}");
    }
    assert_eq!(check(&json!([])).output, Output::error("missing lines"), "an array is an object");
}

#[test]
fn throwing_getters_of_the_result() {
    let limits = OutputLimits::default();
    let both = validate(&Value::from([("x", Value::Null); 0]), &limits).output;
    assert_eq!(json(&both), json!({"plan": null, "lines": [error_line("missing lines")]}));
    let no_lines = validate(&Value::from([("plan", Value::from("Pro"))]), &limits).output;
    assert_eq!(json(&no_lines), json!({"plan": "Pro", "lines": [error_line("missing lines")]}));
}

#[test]
fn plans() {
    let cases = [
        ("text", json!("Pro"), json!("Pro")),
        ("blank is kept", json!("  "), json!("  ")),
        ("not trimmed", json!(" Pro "), json!(" Pro ")),
        ("empty", json!(""), json!(null)),
        ("null", json!(null), json!(null)),
        ("number", json!(5), json!(null)),
        ("object", json!({}), json!(null)),
        ("array", json!(["Pro"]), json!(null)),
    ];
    for (name, plan, expected) in cases {
        let output = check(&json!({"plan": plan, "lines": [{"type": "text"}]})).output;
        assert_eq!(json(&output)["plan"], expected, "{name}");
    }
}

#[test]
fn stored_shapes() {
    let empty_text =
        json!({"type": "text", "label": "", "value": "", "color": null, "subtitle": null});
    let empty_badge =
        json!({"type": "badge", "label": "", "text": "", "color": null, "subtitle": null});
    let cases = [
        (
            "text, everything",
            json!({"type": "text", "label": "A", "value": "1", "color": "red", "subtitle": "s"}),
            json!({"type": "text", "label": "A", "value": "1", "color": "red", "subtitle": "s"}),
        ),
        ("text, nothing", json!({"type": "text"}), empty_text.clone()),
        (
            "text, value a number is not converted",
            json!({"type": "text", "value": 5}),
            empty_text.clone(),
        ),
        (
            "text, label a number is not converted",
            json!({"type": "text", "label": 5}),
            empty_text.clone(),
        ),
        (
            "text, colour a number",
            json!({"type": "text", "color": 5, "subtitle": {}}),
            empty_text.clone(),
        ),
        (
            "text, all null",
            json!({"type": "text", "label": null, "value": null, "color": null, "subtitle": null}),
            empty_text.clone(),
        ),
        (
            "text, extra properties are dropped",
            json!({"type": "text", "text": "x", "used": 5, "other": {"deep": []}}),
            empty_text,
        ),
        (
            "text, nothing is trimmed, an empty colour is kept",
            json!({"type": "text", "label": " A ", "value": " 1 ", "color": "", "subtitle": ""}),
            json!({"type": "text", "label": " A ", "value": " 1 ", "color": "", "subtitle": ""}),
        ),
        (
            "badge, everything",
            json!({"type": "badge", "label": "A", "text": "1", "color": "nonsense", "subtitle": "s"}),
            json!({"type": "badge", "label": "A", "text": "1", "color": "nonsense", "subtitle": "s"}),
        ),
        ("badge, nothing", json!({"type": "badge"}), empty_badge.clone()),
        ("badge, text a number", json!({"type": "badge", "text": 5, "value": "x"}), empty_badge),
        (
            "progress, everything",
            json!({"type": "progress", "label": "A", "used": 42, "limit": 100, "format": {"kind": "percent"},
                   "resetsAt": "2026-01-01T00:00:00Z", "periodDurationMs": 1000, "color": "red", "subtitle": "no"}),
            json!({"type": "progress", "label": "A", "used": 42.0, "limit": 100.0, "format": {"kind": "percent"},
                   "resetsAt": "2026-01-01T00:00:00Z", "periodDurationMs": 1000, "color": "red"}),
        ),
        (
            "progress, the least",
            json!({"type": "progress", "used": 0, "limit": 0.5, "format": {"kind": "dollars"}}),
            json!({"type": "progress", "label": "", "used": 0.0, "limit": 0.5, "format": {"kind": "dollars"},
                   "resetsAt": null, "periodDurationMs": null, "color": null}),
        ),
        (
            "bar chart, everything",
            json!({"type": "barChart", "label": "A", "points": [{"label": "a", "value": 1, "valueLabel": "one", "x": 1}],
                   "note": "n", "color": "red", "subtitle": "no"}),
            json!({"type": "barChart", "label": "A", "points": [{"label": "a", "value": 1.0, "valueLabel": "one"}],
                   "note": "n", "color": "red"}),
        ),
        (
            "bar chart, the least",
            json!({"type": "barChart", "points": [{"label": "a", "value": 0}]}),
            json!({"type": "barChart", "label": "", "points": [{"label": "a", "value": 0.0, "valueLabel": null}],
                   "note": null, "color": null}),
        ),
        ("type unknown", json!({"type": "odd"}), error_line("unknown line type at index 0: odd")),
        ("type missing", json!({}), error_line("unknown line type at index 0: ")),
        ("type a number", json!({"type": 5}), error_line("unknown line type at index 0: ")),
        (
            "type in capitals",
            json!({"type": "Text"}),
            error_line("unknown line type at index 0: Text"),
        ),
        (
            "type with a space",
            json!({"type": "text "}),
            error_line("unknown line type at index 0: text "),
        ),
        (
            "type barchart",
            json!({"type": "barchart"}),
            error_line("unknown line type at index 0: barchart"),
        ),
        ("an array is an object", json!([1, 2]), error_line("unknown line type at index 0: ")),
    ];
    for (name, line, expected) in cases {
        let output = check(&json!({"lines": [line]})).output;
        assert_eq!(json(&output)["lines"], json!([expected]), "{name}");
    }
}

#[test]
fn floats_and_integers_as_text() {
    let line = json!({"type": "progress", "used": 42, "limit": 100, "format": {"kind": "percent"}, "periodDurationMs": 5});
    let text = serde_json::to_string(&check(&json!({"lines": [line]})).output).expect("JSON");
    assert_eq!(
        text,
        r#"{"plan":null,"lines":[{"type":"progress","label":"","used":42.0,"limit":100.0,"format":{"kind":"percent"},"resetsAt":null,"periodDurationMs":5,"color":null}]}"#
    );
}

#[test]
fn a_bad_line_leaves_the_others() {
    let output = check(&json!({"lines": [
        {"type": "text", "label": "A"}, {"type": "odd"}, {"type": "text", "label": "A"},
    ]}))
    .output;
    assert_eq!(errors(&output), ["unknown line type at index 1: odd"]);
    assert_eq!(output.lines.len(), 3, "duplicate labels are allowed");
}

#[test]
fn throwing_getters_of_a_line() {
    let full = json!({"type": "text", "label": "A", "value": "1", "color": "red", "subtitle": "s"});
    for (key, expected) in [
        (
            "label",
            json!({"type": "text", "label": "", "value": "1", "color": "red", "subtitle": "s"}),
        ),
        (
            "value",
            json!({"type": "text", "label": "A", "value": "", "color": "red", "subtitle": "s"}),
        ),
        (
            "color",
            json!({"type": "text", "label": "A", "value": "1", "color": null, "subtitle": "s"}),
        ),
        (
            "subtitle",
            json!({"type": "text", "label": "A", "value": "1", "color": "red", "subtitle": null}),
        ),
        ("type", error_line("unknown line type at index 0: ")),
    ] {
        let output = check_line(&full, |line| throw(line, key)).output;
        assert_eq!(json(&output)["lines"], json!([expected]), "{key}");
    }
}

#[test]
fn bytes_are_text_with_bad_ones_replaced() {
    let output = check_line(&json!({"type": "text"}), |line| {
        set(line, "label", Value::Bytes(vec![b'a', 0xff]));
        set(line, "type", Value::Bytes(b"text".to_vec()));
    })
    .output;
    assert_eq!(output.lines[0].label(), "a\u{fffd}");
}

#[test]
fn success_and_errors() {
    let badge =
        |label: &str| json!({"type": "badge", "label": label, "text": "t", "color": "green"});
    let text = json!({"type": "text", "label": "Error", "value": "v"});
    // (name, lines, is_ok, ui_error)
    let cases = [
        ("data", json!([text]), true, None),
        ("other badge", json!([badge("Status")]), true, None),
        ("error in small letters", json!([badge("error")]), true, None),
        ("its own error badge alone", json!([badge("Error")]), false, Some("t")),
        ("error badge among data", json!([text, badge("Error")]), false, None),
        ("two error badges", json!([badge("Error"), badge("Error")]), false, None),
        ("one bad line among data", json!([text, {"type": "odd"}]), false, None),
    ];
    for (name, lines, is_ok, ui_error) in cases {
        let output = check(&json!({"lines": lines})).output;
        assert_eq!((output.is_ok(), output.ui_error()), (is_ok, ui_error), "{name}");
        assert_eq!(output.first_error().is_none(), is_ok, "{name}");
    }
}

fn texts(count: usize) -> Json {
    json!({"lines": vec![json!({"type": "text"}); count]})
}

#[test]
fn too_many_lines_are_cut() {
    let limits = OutputLimits::default();
    let expected = "too many lines, only the first 256 are shown";
    assert_eq!(limits.too_many_lines_text(), expected);
    for (count, shown, error) in [
        (255, 255, None),
        (256, 256, None),
        (257, 257, Some(expected)),
        (9000, 257, Some(expected)),
    ] {
        let output = check(&texts(count)).output;
        assert_eq!((output.lines.len(), output.first_error()), (shown, error), "{count}");
    }
    let mut late = texts(300);
    late["lines"][280] = json!(null);
    assert_eq!(check(&late).output.lines.len(), 257, "what is cut is not looked at");
}

#[test]
fn error_lines_of_points_count_as_lines() {
    let chart = json!({"type": "barChart", "points": vec![json!(null); 366]});
    let output = check(&json!({"lines": [chart, chart, chart]})).output;
    assert_eq!(output.lines.len(), 257);
    assert_eq!(output.lines[256], Line::error(OutputLimits::default().too_many_lines_text()));
}

#[test]
fn a_line_limit_has_a_ceiling() {
    let limits = OutputLimits { lines: usize::MAX, ..OutputLimits::default() };
    let value = Value::from_json(&texts(5000));
    let output = validate_detached(&value, &limits).output;
    assert_eq!(output.lines.len(), MAX_LINES + 1);
    assert_eq!(output.first_error(), Some("too many lines, only the first 4096 are shown"));
}

#[test]
fn too_large_outputs_are_replaced() {
    let sizes = [(1 << 20, "1 MiB"), (3 << 19, "1536 KiB"), (1000, "1000 bytes"), (0, "0 bytes")];
    for (bytes, text) in sizes {
        let limits = OutputLimits { bytes, ..OutputLimits::default() };
        assert_eq!(limits.too_large_text(), format!("output exceeds {text}"));
    }
    let limits = OutputLimits { bytes: 20, ..OutputLimits::default() };
    let x = |count: usize| "x".repeat(count);
    // Each has 20 bytes of text; one more is too much.
    let cases = [
        ("plan", json!({"plan": x(20), "lines": [{"type": "text"}]})),
        (
            "text",
            json!({"lines": [{"type": "text", "label": x(5), "value": x(5), "color": x(5), "subtitle": x(5)}]}),
        ),
        (
            "badge",
            json!({"lines": [{"type": "badge", "label": x(5), "text": x(5), "color": x(5), "subtitle": x(5)}]}),
        ),
        (
            "progress",
            json!({"lines": [{"type": "progress", "label": x(10), "used": 1, "limit": 1, "format": {"kind": "count", "suffix": x(5)}, "color": x(5)}]}),
        ),
        (
            "reset",
            json!({"lines": [{"type": "progress", "used": 1, "limit": 1, "format": {"kind": "dollars"}, "resetsAt": "2026-01-01T00:00:00Z"}]}),
        ),
        (
            "chart",
            json!({"lines": [{"type": "barChart", "label": x(4), "note": x(4), "color": x(4), "points": [{"label": x(4), "value": 1, "valueLabel": x(4)}]}]}),
        ),
        ("error text", json!({"lines": [{"type": "text", "label": x(20)}]})),
        (
            "two lines",
            json!({"lines": [{"type": "text", "label": x(10)}, {"type": "text", "value": x(10)}]}),
        ),
    ];
    for (name, result) in cases {
        let value = Value::from_json(&result);
        assert!(validate_detached(&value, &limits).output.is_ok(), "{name}");
        let less = OutputLimits { bytes: 19, ..limits };
        let output = validate_detached(&value, &less).output;
        assert_eq!(output, Output::error("output exceeds 19 bytes"), "{name}");
    }
}
