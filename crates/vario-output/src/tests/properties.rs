use proptest::prelude::*;
use vario_value::Value;

use crate::{
    Format, Line, MAX_POINTS, Output, OutputLimits, Validated, parse_rfc3339_ms, rfc3339_utc,
    validate, validate_detached,
};

/// Texts that matter to the validator, and any other.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "", " ", "text", "badge", "progress", "barChart", "percent", "dollars", "count", "Error",
            "2026-01-01T10:00:00Z", "2026-01-01T10:00:00", "2026-01-01", " x ",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Absent),
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Float),
        prop::sample::select(vec![0.0, -0.0, 1.0, 100.0, f64::NAN, f64::INFINITY])
            .prop_map(Value::Float),
        text().prop_map(Value::Str),
        prop::collection::vec(any::<u8>(), 0..8).prop_map(Value::Bytes),
    ]
}

/// Any value, its keys often ones that are read.
fn any_value() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(vec![
        "plan",
        "lines",
        "type",
        "label",
        "value",
        "text",
        "color",
        "subtitle",
        "used",
        "limit",
        "format",
        "kind",
        "suffix",
        "resetsAt",
        "periodDurationMs",
        "points",
        "valueLabel",
        "note",
    ]);
    scalar().prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::vec((keys.clone(), inner), 0..8).prop_map(|entries| {
                Value::Map(
                    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
                )
            }),
        ]
    })
}

/// Something close to a result, so that deep checks are reached.
fn near_result() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        3 => (0_i64..200).prop_map(Value::Int),
        2 => Just(Value::Int(100)),
        1 => scalar(),
    ];
    let point = (text(), number.clone(), scalar()).prop_map(|(label, value, value_label)| {
        Value::from([("label", label.into()), ("value", value), ("valueLabel", value_label)])
    });
    let points = prop_oneof![
        4 => prop::collection::vec(prop_oneof![5 => point, 1 => scalar()], 0..5).prop_map(Value::List),
        1 => scalar(),
    ];
    let format = (text(), scalar())
        .prop_map(|(kind, suffix)| Value::from([("kind", kind.into()), ("suffix", suffix)]));
    let line = (text(), number.clone(), number, format, points, prop::array::uniform5(scalar()))
        .prop_map(|(kind, used, limit, format, points, [label, value, reset, period, note])| {
            Value::from([
                ("type", kind.into()),
                ("label", label),
                ("value", value),
                ("used", used),
                ("limit", limit),
                ("format", format),
                ("points", points),
                ("resetsAt", reset),
                ("periodDurationMs", period),
                ("note", note),
            ])
        });
    let line = prop_oneof![20 => line, 1 => any_value()];
    (scalar(), prop::collection::vec(line, 0..8))
        .prop_map(|(plan, lines)| Value::from([("plan", plan), ("lines", Value::List(lines))]))
}

/// What holds for every output, whatever came in.
fn assert_valid(output: &Output, limits: &OutputLimits) {
    assert!(!output.lines.is_empty() && output.lines.len() <= limits.lines.max(1) + 1);
    assert!(output.plan.as_ref().is_none_or(|plan| !plan.is_empty()));
    for line in &output.lines {
        match line {
            Line::Text(_) | Line::Badge(_) => {}
            Line::Progress(line) => {
                assert!(line.used.is_finite() && line.used >= 0.0);
                assert!(line.limit.is_finite() && line.limit > 0.0);
                assert!(
                    line.format != Format::Percent || (line.limit - 100.0).abs() < f64::EPSILON
                );
                assert!(
                    line.resets_at.as_deref().is_none_or(|text| parse_rfc3339_ms(text).is_some())
                );
                assert!(line.period_duration_ms.is_none_or(|period| period >= 1));
                if let Format::Count { suffix } = &line.format {
                    assert!(!suffix.is_empty() && suffix.trim() == suffix);
                }
            }
            Line::BarChart(line) => {
                assert!((1..=MAX_POINTS).contains(&line.points.len()));
                for point in &line.points {
                    assert!(point.value.is_finite() && point.value >= 0.0);
                    assert!(!point.label.is_empty() && point.label.trim() == point.label);
                }
            }
        }
    }
}

/// Valid, the same after a trip through JSON, and the same when checked again.
fn assert_laws(checked: &Validated, limits: &OutputLimits) {
    let output = &checked.output;
    assert_valid(output, limits);
    let text = serde_json::to_string(output).expect("an output is JSON");
    let back: Output = serde_json::from_str(&text).expect("an output is read back");
    assert_eq!(*output, back);
    let value = Value::parse_json(&text).expect("JSON is a value");
    let again = validate_detached(&value, limits);
    assert_eq!(*output, again.output);
    assert_eq!(again.warnings, Vec::<String>::new(), "nothing is left to ignore");
}

fn limits() -> impl Strategy<Value = OutputLimits> {
    prop_oneof![
        2 => Just(OutputLimits::default()),
        1 => (0_usize..6, 0_usize..300).prop_map(|(lines, bytes)| OutputLimits { lines, bytes }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn any_value_gives_a_valid_output(value in any_value(), limits in limits()) {
        assert_laws(&validate_detached(&value, &limits), &limits);
        // Unread, absent keys count as throwing getters; the laws hold all the same.
        assert_laws(&validate(&value, &limits), &limits);
    }

    #[test]
    fn a_near_result_gives_a_valid_output(value in near_result(), limits in limits()) {
        assert_laws(&validate_detached(&value, &limits), &limits);
    }

    #[test]
    fn any_json_gives_a_valid_output(value in near_result()) {
        let json = Value::from_json(&value.to_json());
        let limits = OutputLimits::default();
        assert_laws(&validate_detached(&json, &limits), &limits);
    }

    #[test]
    fn any_text_parses_without_panic(text in any::<String>()) {
        let _ = parse_rfc3339_ms(&text);
    }

    #[test]
    fn instants_survive_writing(ms in -62_167_219_200_000_i64..253_402_207_200_000) {
        prop_assert_eq!(parse_rfc3339_ms(&rfc3339_utc(ms)), Some(ms));
    }
}
