use proptest::prelude::*;

use super::{Kind, Seen, Walker};

/// What a whole walk says about a line.
fn walk(line: &[u8]) -> Option<Seen> {
    let mut walker = Walker::new(line);
    walker.skip()?;
    walker.end()?;
    Some(walker.seen)
}

#[test]
fn accepts_what_serde_json_accepts() {
    let lines = [
        "",
        " ",
        "null",
        " true ",
        "falsey",
        "tru",
        "nul",
        "0",
        "-0",
        "01",
        "-",
        "1.",
        "1.5",
        ".5",
        "1e5",
        "1E+5",
        "1e",
        "1e+",
        "\"a\"",
        "\"a",
        "\"\\n\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u1234\"",
        "\"\u{1}\"",
        "{}",
        "{ }",
        "{\"a\":1}",
        "{\"a\" : 1 , \"b\":[]}",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "[1,2]",
        "[1,]",
        "[,1]",
        "[",
        "]",
        "{",
        "[}",
        "{\"a\"}",
        "{\"a\":}",
        "1 2",
        "[]x",
        "\"a\"\"b\"",
        "{\"a\":{\"b\":[{\"c\":\"d\\\"e\"}]}}",
        "\u{feff}{}",
    ];
    for line in lines {
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
        assert_eq!(walk(line.as_bytes()).is_some(), theirs, "{line:?}");
    }
}

#[test]
fn nesting_ends_where_it_ends_in_serde_json() {
    for depth in [126, 127, 128, 129] {
        let line = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let theirs = serde_json::from_str::<serde_json::Value>(&line).is_ok();
        assert_eq!(walk(line.as_bytes()).is_some(), theirs, "{depth}");
    }
}

#[test]
fn notices_what_rules_ask_about() {
    let seen = |line: &[u8]| walk(line).expect("it is JSON");
    assert_eq!(seen(br#""plain""#), Seen::default());
    assert!(seen("\"é\"".as_bytes()).non_ascii);
    assert!(seen(&[br#"""#.as_slice(), &[b'x'; 70], b"\xff\""].concat()).non_ascii);
    assert!(seen(br#""\ud83d""#).lone_surrogate);
    assert!(seen(br#""\ude00""#).lone_surrogate);
    assert!(seen(br#""\ud83dx""#).lone_surrogate);
    assert!(!seen(br#""\ud83d\ude00""#).lone_surrogate);
}

#[test]
fn notices_null_behind_a_watched_name_only() {
    let watched = |line: &str| {
        let mut walker = Walker::watching(line.as_bytes(), &[b"id"]);
        walker.skip().expect("it is JSON");
        walker.seen.watched_null
    };
    assert!(watched(r#"{"id":null}"#));
    assert!(watched(r#"{"a":[{"id" :null}]}"#));
    assert!(!watched(r#"{"id": null}"#));
    assert!(!watched(r#"{"a":null,"id":1}"#));
    assert!(!watched(r#"{"a":"\"id\":null"}"#));
}

#[test]
fn decodes_texts_on_demand() {
    let mut walker = Walker::new(br#"{"\u0061b":"c\nd","x":"\ud800"}"#);
    let mut found = Vec::new();
    let result = walker.object(|walker, name| {
        assert_eq!(walker.kind(), Some(Kind::String));
        let value = walker.string()?;
        found.push((name.is("ab"), value.decode().map(String::from)));
        Some(())
    });
    assert!(result.is_some());
    assert_eq!(found, [(true, Some("c\nd".to_owned())), (false, None)]);
}

/// Texts that are nearly JSON: pieces of it in any order.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\"",
        "\"a\"",
        "\"id\":",
        "null",
        "true",
        "-1.5e3",
        "0",
        "\\",
        "\\u",
        "d83d",
        " ",
        "é",
        "\u{7}",
        "long text that is more than one step of the scan, surely",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12)
        .prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn agrees_with_serde_json(line in nearly()) {
        let theirs = serde_json::from_slice::<serde::de::IgnoredAny>(&line).is_ok();
        prop_assert_eq!(walk(&line).is_some(), theirs);
    }

    #[test]
    fn takes_every_value_serde_json_writes(
        keys in prop::collection::vec(".{0,60}", 0..5),
        number in any::<f64>(),
    ) {
        let object: serde_json::Value = keys.iter().map(|key| (key.clone(), number)).collect();
        let line = object.to_string();
        prop_assert_eq!(walk(line.as_bytes()).map(|seen| seen.lone_surrogate), Some(false));
    }

    #[test]
    fn never_panics(line in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = walk(&line);
    }
}
