use serde_json::{Value as Json, json};
use vario_value::Value;

use super::{check, check_line, errors, inner, json, set, throw};

fn valid() -> Json {
    json!({"type": "progress", "label": "A", "used": 5, "limit": 100, "format": {"kind": "percent"}})
}

fn count() -> Json {
    json!({"type": "progress", "used": 5, "limit": 7, "format": {"kind": "count", "suffix": "things"}})
}

type Edit = fn(&mut Value);

/// Contract section 3.1: the edit of a valid line and the text after `progress line at index 0`.
#[test]
fn checks() {
    let cases: &[(&str, Edit, &str)] = &[
        ("used absent", |line| set(line, "used", Value::Absent), " invalid used (expected number)"),
        ("used null", |line| set(line, "used", Value::Null), " invalid used (expected number)"),
        ("used a string", |line| set(line, "used", "5"), " invalid used (expected number)"),
        ("used true", |line| set(line, "used", true), " invalid used (expected number)"),
        ("used getter throws", |line| throw(line, "used"), " missing used"),
        (
            "limit absent",
            |line| set(line, "limit", Value::Absent),
            " invalid limit (expected number)",
        ),
        ("limit a string", |line| set(line, "limit", "100"), " invalid limit (expected number)"),
        ("limit getter throws", |line| throw(line, "limit"), " missing limit"),
        ("used NaN", |line| set(line, "used", f64::NAN), " invalid used: NaN"),
        ("used infinite", |line| set(line, "used", f64::INFINITY), " invalid used: inf"),
        ("used minus infinite", |line| set(line, "used", f64::NEG_INFINITY), " invalid used: -inf"),
        ("used negative", |line| set(line, "used", -1.0), " invalid used: -1"),
        ("used negative fraction", |line| set(line, "used", -0.5), " invalid used: -0.5"),
        ("limit NaN", |line| set(line, "limit", f64::NAN), " invalid limit: NaN"),
        ("limit infinite", |line| set(line, "limit", f64::INFINITY), " invalid limit: inf"),
        ("limit zero", |line| set(line, "limit", 0.0), " invalid limit: 0"),
        ("limit negative zero", |line| set(line, "limit", -0.0), " invalid limit: -0"),
        ("limit negative", |line| set(line, "limit", -250.5), " invalid limit: -250.5"),
        ("format absent", |line| set(line, "format", Value::Absent), " missing format"),
        ("format null", |line| set(line, "format", Value::Null), " missing format"),
        ("format a plain string", |line| set(line, "format", "percent"), " missing format"),
        ("format getter throws", |line| throw(line, "format"), " missing format"),
        (
            "kind absent",
            |line| set(inner(line, "format"), "kind", Value::Absent),
            " invalid format.kind (expected string)",
        ),
        (
            "kind a number",
            |line| set(inner(line, "format"), "kind", 5_i64),
            " invalid format.kind (expected string)",
        ),
        ("kind getter throws", |line| throw(inner(line, "format"), "kind"), " missing format.kind"),
        (
            "kind unknown",
            |line| set(inner(line, "format"), "kind", "euros"),
            " invalid format.kind: euros",
        ),
        (
            "kind in capitals",
            |line| set(inner(line, "format"), "kind", "Percent"),
            " invalid format.kind: Percent",
        ),
        ("kind empty", |line| set(inner(line, "format"), "kind", ""), " invalid format.kind: "),
        (
            "format an array",
            |line| set(line, "format", Value::List(Vec::new())),
            " invalid format.kind (expected string)",
        ),
        (
            "percent, limit 10000",
            |line| set(line, "limit", 10_000.0),
            ": percent format requires limit=100 (got 10000)",
        ),
        (
            "percent, limit 250.5",
            |line| set(line, "limit", 250.5),
            ": percent format requires limit=100 (got 250.5)",
        ),
        (
            "percent, huge limit",
            |line| set(line, "limit", 1e21),
            ": percent format requires limit=100 (got 1000000000000000000000)",
        ),
        (
            "percent, limit nearly 100",
            |line| set(line, "limit", 100.000_000_1),
            ": percent format requires limit=100 (got 100.0000001)",
        ),
    ];
    for (name, edit, expected) in cases {
        let output = check_line(&valid(), edit).output;
        assert_eq!(errors(&output), [format!("progress line at index 0{expected}")], "{name}");
        assert_eq!(output.lines.len(), 1, "{name}");
    }
}

/// Contract section 3.1, the checks of a count's suffix.
#[test]
fn count_checks() {
    let counts: &[(&str, Edit, &str)] = &[
        (
            "suffix absent",
            |line| set(inner(line, "format"), "suffix", Value::Absent),
            ": count format suffix must be a string",
        ),
        (
            "suffix a number",
            |line| set(inner(line, "format"), "suffix", 5_i64),
            ": count format suffix must be a string",
        ),
        (
            "suffix getter throws",
            |line| throw(inner(line, "format"), "suffix"),
            ": count format missing suffix",
        ),
        (
            "suffix empty",
            |line| set(inner(line, "format"), "suffix", ""),
            ": count format suffix must be non-empty",
        ),
        (
            "suffix blank",
            |line| set(inner(line, "format"), "suffix", " \t"),
            ": count format suffix must be non-empty",
        ),
    ];
    for (name, edit, expected) in counts {
        let output = check_line(&count(), edit).output;
        assert_eq!(errors(&output), [format!("progress line at index 0{expected}")], "{name}");
    }
}

/// Two faults at once: the first in the contract's order is told.
#[test]
fn order_of_checks() {
    let cases = [
        (
            "used type before limit type",
            json!({"used": "x", "limit": "y"}),
            " invalid used (expected number)",
        ),
        (
            "limit type before used range",
            json!({"used": -1, "limit": "y"}),
            " invalid limit (expected number)",
        ),
        ("used range before limit range", json!({"used": -1, "limit": -2}), " invalid used: -1"),
        ("limit range before format", json!({"used": 1, "limit": -2}), " invalid limit: -2"),
        ("format before nothing else", json!({"used": 1, "limit": 2}), " missing format"),
        (
            "kind before limit=100",
            json!({"used": 1, "limit": 2, "format": {}}),
            " invalid format.kind (expected string)",
        ),
        (
            "limit=100 before reset",
            json!({"used": 1, "limit": 2, "format": {"kind": "percent"}, "resetsAt": 5}),
            ": percent format requires limit=100 (got 2)",
        ),
    ];
    for (name, mut line, expected) in cases {
        line["type"] = json!("progress");
        let output = check(&json!({"lines": [{"type": "text"}, line]})).output;
        assert_eq!(errors(&output), [format!("progress line at index 1{expected}")], "{name}");
    }
}

#[test]
fn legal() {
    let line = |used: Json, limit: Json, format: Json| json!({"type": "progress", "used": used, "limit": limit, "format": format});
    let cases = [
        (
            "used over limit",
            line(json!(150), json!(100), json!({"kind": "percent"})),
            json!({"kind": "percent"}),
        ),
        (
            "used zero",
            line(json!(0), json!(100), json!({"kind": "percent"})),
            json!({"kind": "percent"}),
        ),
        (
            "dollars, any limit",
            line(json!(1.25), json!(0.01), json!({"kind": "dollars"})),
            json!({"kind": "dollars"}),
        ),
        (
            "count, suffix trimmed",
            line(json!(1), json!(2), json!({"kind": "count", "suffix": " a b "})),
            json!({"kind": "count", "suffix": "a b"}),
        ),
        (
            "percent drops a suffix",
            line(json!(1), json!(100), json!({"kind": "percent", "suffix": "x"})),
            json!({"kind": "percent"}),
        ),
        (
            "percent needs no whole number",
            line(json!(1.5), json!(100.0), json!({"kind": "percent"})),
            json!({"kind": "percent"}),
        ),
    ];
    for (name, line, format) in cases {
        let output = check(&json!({"lines": [line]})).output;
        assert_eq!(json(&output)["lines"][0]["format"], format, "{name}");
        assert!(output.is_ok(), "{name}");
    }
}

/// Contract section 3.1, `resetsAt`: never an error.
#[test]
fn resets_at() {
    // (name, given, stored, warns)
    let cases = [
        ("undefined", Value::Absent, None, false),
        ("null", Value::Null, None, false),
        ("a number", Value::from(1_700_000_000_i64), None, true),
        ("an object", Value::from([("x", Value::Null); 0]), None, true),
        ("blank", Value::from("  "), None, false),
        ("UTC", Value::from("2026-01-01T10:00:00Z"), Some("2026-01-01T10:00:00Z"), false),
        ("trimmed", Value::from(" 2026-01-01T10:00:00Z\n"), Some("2026-01-01T10:00:00Z"), false),
        (
            "offset kept",
            Value::from("2026-01-01T10:00:00+05:30"),
            Some("2026-01-01T10:00:00+05:30"),
            false,
        ),
        (
            "fraction kept",
            Value::from("2026-01-01T10:00:00.123456789Z"),
            Some("2026-01-01T10:00:00.123456789Z"),
            false,
        ),
        (
            "lower-case t and z",
            Value::from("2026-01-01t10:00:00z"),
            Some("2026-01-01t10:00:00z"),
            false,
        ),
        ("a space for T", Value::from("2026-01-01 10:00:00Z"), Some("2026-01-01 10:00:00Z"), false),
        (
            "no zone gets a Z",
            Value::from("2026-01-01T10:00:00"),
            Some("2026-01-01T10:00:00Z"),
            false,
        ),
        (
            "no zone with fraction gets a Z",
            Value::from("2026-01-01T10:00:00.5"),
            Some("2026-01-01T10:00:00.5Z"),
            false,
        ),
        ("no zone and a space gets none", Value::from("2026-01-01 10:00:00"), None, true),
        ("no zone and a small t gets none", Value::from("2026-01-01t10:00:00"), None, true),
        ("date only", Value::from("2026-01-01"), None, true),
        ("offset without colon", Value::from("2026-01-01T10:00:00-0500"), None, true),
        ("missing seconds", Value::from("2026-01-01T10:00Z"), None, true),
        ("missing seconds, no zone", Value::from("2026-01-01T10:00"), None, true),
        ("hour 24", Value::from("2026-01-01T24:00:00Z"), None, true),
        ("second 60", Value::from("2026-01-01T10:00:60Z"), None, true),
        ("leap second", Value::from("2016-12-31T23:59:60Z"), None, true),
        ("words", Value::from("Tomorrow"), None, true),
    ];
    for (name, given, stored, warns) in cases {
        let checked = check_line(&valid(), |line| set(line, "resetsAt", given));
        assert_eq!(json(&checked.output)["lines"][0]["resetsAt"], json!(stored), "{name}");
        assert!(checked.output.is_ok(), "{name}");
        assert_eq!(!checked.warnings.is_empty(), warns, "{name}: {:?}", checked.warnings);
    }
    let checked = check_line(&valid(), |line| throw(line, "resetsAt"));
    assert!(checked.output.is_ok() && checked.warnings.len() == 1, "getter throws");
}

/// Contract section 3.1, `periodDurationMs`: never an error.
#[test]
fn period_duration_ms() {
    // (name, given, stored, warns)
    let cases = [
        ("undefined", Value::Absent, None, false),
        ("null", Value::Null, None, false),
        ("whole", Value::from(5_i64), Some(5), false),
        ("truncated", Value::from(1.9), Some(1), false),
        ("infinite saturates", Value::from(f64::INFINITY), Some(u64::MAX), false),
        ("huge saturates", Value::from(1e30), Some(u64::MAX), false),
        ("zero", Value::from(0_i64), None, true),
        ("half", Value::from(0.5), None, true),
        ("negative", Value::from(-5_i64), None, true),
        ("negative fraction", Value::from(-5.5), None, true),
        ("NaN", Value::from(f64::NAN), None, true),
        ("numeric string", Value::from("5"), None, true),
        ("true", Value::from(true), None, true),
    ];
    for (name, given, stored, warns) in cases {
        let checked = check_line(&valid(), |line| set(line, "periodDurationMs", given));
        assert_eq!(json(&checked.output)["lines"][0]["periodDurationMs"], json!(stored), "{name}");
        assert!(checked.output.is_ok(), "{name}");
        assert_eq!(!checked.warnings.is_empty(), warns, "{name}: {:?}", checked.warnings);
    }
    let checked = check_line(&valid(), |line| throw(line, "periodDurationMs"));
    assert!(checked.output.is_ok() && checked.warnings.len() == 1, "getter throws");
}

#[test]
fn warnings_name_the_line() {
    let mut line = valid();
    line["resetsAt"] = json!("soon");
    line["periodDurationMs"] = json!(0);
    let checked = check(&json!({"lines": [{"type": "text"}, line]}));
    assert_eq!(
        checked.warnings,
        [
            "progress line at index 1: resetsAt is ignored, it is not RFC 3339",
            "progress line at index 1: periodDurationMs is ignored, it is not a number of at least 1",
        ]
    );
}
