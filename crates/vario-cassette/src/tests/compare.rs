use serde_json::{Value as Json, json};

use crate::{differences, same_output};

#[test]
fn values_compare_by_value() {
    let same = [
        ("whole and fractional", json!([1, 0, -3]), json!([1.0, 0.0, -3.0])),
        (
            "order of keys",
            json!({"a": 1, "b": {"c": 2, "d": 3}}),
            json!({"b": {"d": 3, "c": 2}, "a": 1}),
        ),
        ("large numbers", json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_993_i64)),
        ("null", json!({"a": null}), json!({"a": null})),
    ];
    for (case, expected, actual) in same {
        assert!(differences("args", &expected, &actual).is_empty(), "{case}");
    }
    let different: [(&str, Json, Json, &[&str]); 7] = [
        ("number", json!([1]), json!([2]), &["args[0]"]),
        ("number and text", json!([1]), json!(["1"]), &["args[0]"]),
        ("null and absent", json!([{"a": null}]), json!([{}]), &["args[0].a"]),
        ("absent and null", json!([{}]), json!([{"a": null}]), &["args[0].a"]),
        ("length", json!([1]), json!([1, 2, 3]), &["args[1]", "args[2]"]),
        ("empty list and object", json!([[]]), json!([{}]), &["args[0]"]),
        (
            "several places",
            json!([{"url": "a", "headers": {"X": "1", "Y": "2"}}]),
            json!([{"url": "b", "headers": {"X": "1", "Z": "2"}}]),
            &["args[0].url", "args[0].headers.Y", "args[0].headers.Z"],
        ),
    ];
    for (case, expected, actual, paths) in different {
        let found = differences("args", &expected, &actual);
        let found: Vec<_> = found.iter().map(|part| part.path.as_str()).collect();
        assert_eq!(found, paths, "{case}");
    }
}

#[test]
fn in_outputs_null_is_absence() {
    let line = json!({"type": "text", "color": null});
    let expected = json!({"plan": null, "lines": [line]});
    assert!(same_output(&expected, &json!({"lines": [{"type": "text"}]})).is_empty());
    assert!(same_output(&json!({"lines": [{"type": "text"}]}), &expected).is_empty());
    let found = same_output(&expected, &json!({"plan": "Pro", "lines": [{"type": "badge"}]}));
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            r#"output.plan: expected nothing, got "Pro""#,
            r#"output.lines[0].type: expected "text", got "badge""#
        ]
    );
}

#[test]
fn a_long_value_is_cut_in_words() {
    let found = differences("args", &json!(["a".repeat(1_000)]), &json!(["ü".repeat(1_000)]));
    assert_eq!(found.len(), 1);
    assert!(found[0].to_string().chars().count() < 500);
}
