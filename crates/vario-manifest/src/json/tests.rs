use crate::json::{Node, parse};

/// The mistakes of a text as `start..end message`.
fn mistakes(text: &str) -> Vec<String> {
    let parsed = parse(text);
    let line = |m: &crate::json::Mistake| format!("{}..{} {}", m.span.start, m.span.end, m.message);
    parsed.mistakes.iter().map(line).collect()
}

#[test]
fn mistakes_and_their_places() {
    let rows: [(&str, &[&str]); 34] = [
        ("", &["0..0 the file is empty"]),
        (" \n ", &["0..0 the file is empty"]),
        ("{", &["1..1 the file ends inside an object"]),
        ("[1,", &["3..3 the file ends inside an array"]),
        ("{\"a\"", &["4..4 the file ends inside an object"]),
        ("{\"a\":", &["5..5 the file ends inside an object"]),
        ("{\"a\": 1\n", &["7..7 the file ends inside an object"]),
        ("{\"a", &["1..3 a string is not closed"]),
        ("{\"a\n\": 1}", &["1..3 a string is not closed"]),
        ("[\"\\", &["1..3 a string is not closed"]),
        ("[1}", &["2..3 the wrong bracket closes an array"]),
        ("{]", &["1..2 the wrong bracket closes an object"]),
        ("{} {}", &["3..5 there is text after the end of the JSON"]),
        ("[1,]", &["2..3 a comma after the last element of an array"]),
        ("{\"a\": 1, }", &["7..8 a comma after the last element of an object"]),
        ("[,]", &["1..2 expected a value"]),
        ("[1 2]", &["2..2 no comma between two elements of an array"]),
        ("{\"a\": 1 \"b\": 2}", &["7..7 no comma between two elements of an object"]),
        ("{\"a\" 1}", &["5..6 no `:` after the key \"a\""]),
        (
            "{\"a\": , \"b\": }",
            &["6..7 the key \"a\" has no value", "13..14 the key \"b\" has no value"],
        ),
        ("{a: 1}", &["1..2 a key must be a string in double quotes"]),
        ("{'a': 'b'}", &["1..4 a key in single quotes", "6..9 a string in single quotes"]),
        ("{\"a\": 1, \"a\": 2}", &["9..12 the key \"a\" is repeated"]),
        ("{\"a\": 1, \"\\u0061\": 2}", &["9..17 the key \"a\" is repeated"]),
        ("// no\n[/* no */]", &["0..5 JSON has no comments", "7..15 JSON has no comments"]),
        ("[\"\t\"]", &["2..3 a raw control character in a string"]),
        ("[\"\\q\"]", &["2..4 an escape that JSON does not know"]),
        ("[\"\\ud800\"]", &["2..8 an escape that names no character"]),
        ("[\"\\u12\"]", &["2..4 an escape that names no character"]),
        (
            "[01, .5, 1., +1]",
            &[
                "1..3 `01` is not JSON",
                "5..7 `.5` is not JSON",
                "9..11 `1.` is not JSON",
                "13..15 `+1` is not JSON",
            ],
        ),
        ("[NaN, True]", &["1..4 `NaN` is not JSON", "6..10 `True` is not JSON"]),
        ("[1e999]", &["1..6 the number is too large"]),
        ("[é]", &["1..3 `é` is not JSON"]),
        ("[😀]", &["1..5 expected a value"]),
    ];
    for (text, expected) in rows {
        assert_eq!(mistakes(text), expected, "{text:?}");
    }
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(mistakes(&nested(128)), Vec::<String>::new());
    assert_eq!(mistakes(&nested(129)), ["128..129 nested deeper than 128 levels"]);
    assert_eq!(mistakes(&"{\"a\":".repeat(100_000)), ["640..641 nested deeper than 128 levels"]);
}

#[test]
fn a_text_full_of_mistakes_is_given_up() {
    let parsed = parse(&format!("[{}]", "nope,".repeat(1000)));
    assert!(parsed.root.is_none());
    assert_eq!(parsed.mistakes.len(), 65);
}

#[test]
fn reading_goes_on_after_plain_mistakes() {
    let parsed = parse("{'a': [1 2,], // c\n b: \"x\"}");
    let value = parsed.root.as_ref().map(Node::to_value);
    assert_eq!(value, Some(serde_json::json!({"a": [1, 2], "b": "x"})));
}

#[test]
fn escapes_are_decoded() {
    let text = r#"["\"\\\/\b\f\n\r\t", "\u00e9\u20AC\ud83d\ude00"]"#;
    let value = parse(text).root.unwrap().to_value();
    assert_eq!(value, serde_json::json!(["\"\\/\u{8}\u{c}\n\r\t", "é€😀"]));
}

#[test]
fn paths_name_keys_and_items() {
    let text = r#"{"a": [{"b c": {"d": 1}}], "é": 2}"#;
    let root = parse(text).root.unwrap();
    let inner = root.get("a").unwrap();
    assert_eq!(root.path_to(root.span), "");
    assert_eq!(root.path_to(inner.span), "a");
    let at = text.find("\"d\"").unwrap();
    let key = crate::json::Span { start: at, end: at + 3 };
    assert_eq!(root.path_to(key), r#"a[0]["b c"].d"#);
    assert_eq!(root.path_to(root.get("é").unwrap().span), r#"["é"]"#);
}
