use vario_value::Value;

use crate::{DiscoverOptions, HostError, HttpRequest, UsageOptions, UsageProvider};

fn json(text: &str) -> Value {
    Value::parse_json(text).expect("the case is JSON")
}

fn request(url: &str) -> HttpRequest {
    HttpRequest {
        url: url.to_owned(),
        method: "GET".to_owned(),
        headers: Vec::new(),
        body: None,
        timeout_ms: 10_000,
        ignore_tls: false,
    }
}

#[test]
fn falsy_parts_of_a_request_are_defaults() {
    let plain = request("http://a");
    for text in [
        r#"{"url":"http://a"}"#,
        r#"{"url":"http://a","method":"","headers":null,"bodyText":"","timeoutMs":0,"dangerouslyIgnoreTls":0}"#,
        r#"{"url":"http://a","method":null,"headers":false,"bodyText":0,"extra":{}}"#,
    ] {
        assert_eq!(HttpRequest::from_value(&json(text)), Ok(plain.clone()), "of {text}");
    }
}

#[test]
fn a_request_keeps_what_it_is_given() {
    let text = r#"{"url":"http://a","method":"get","headers":{"B":"2","a":"1"},"bodyText":"x","timeoutMs":5,"dangerouslyIgnoreTls":true}"#;
    let expected = HttpRequest {
        method: "get".to_owned(),
        headers: vec![("B".to_owned(), "2".to_owned()), ("a".to_owned(), "1".to_owned())],
        body: Some("x".to_owned()),
        timeout_ms: 5,
        ignore_tls: true,
        ..request("http://a")
    };
    assert_eq!(HttpRequest::from_value(&json(text)), Ok(expected));
}

#[test]
fn undefined_headers_vanish() {
    let headers = Value::from([("a", Value::from("1")), ("gone", Value::Absent)]);
    let options = Value::from([("url", Value::from("http://a")), ("headers", headers)]);
    let read = HttpRequest::from_value(&options).expect("the request is good");
    assert_eq!(read.headers, [("a".to_owned(), "1".to_owned())]);
}

#[test]
fn bad_requests_say_what_is_wrong() {
    let cases = [
        ("{}", "missing field `url`"),
        ("5", "missing field `url`"),
        (r#"{"url":5}"#, "expected a string"),
        (r#"{"url":"u","headers":{"a":null}}"#, "expected a string"),
        (r#"{"url":"u","headers":{"a":5}}"#, "expected a string"),
        (r#"{"url":"u","timeoutMs":-1}"#, "expected u64"),
        (r#"{"url":"u","timeoutMs":1.5}"#, "expected u64"),
        (r#"{"url":"u","dangerouslyIgnoreTls":1}"#, "expected a boolean"),
        (r#"{"url":"u","method":5}"#, "expected a string"),
    ];
    for (text, words) in cases {
        let Err(HostError::Failed(message)) = HttpRequest::from_value(&json(text)) else {
            panic!("{text} must be refused");
        };
        assert!(message.starts_with("invalid request: "), "{message}");
        assert!(message.contains(words), "{text}: {message}");
    }
}

#[test]
fn discover_options_are_strict() {
    let good = r#"{"processName":"ls","markers":["a"],"csrfFlag":"--c","portFlag":null}"#;
    let expected = DiscoverOptions {
        process_name: "ls".to_owned(),
        markers: vec!["a".to_owned()],
        csrf_flag: "--c".to_owned(),
        port_flag: None,
        extra_flags: None,
    };
    assert_eq!(DiscoverOptions::from_value(&json(good)), Ok(expected));
    for bad in ["{}", "[]", r#"{"processName":1,"markers":[],"csrfFlag":""}"#] {
        let Err(HostError::Failed(message)) = DiscoverOptions::from_value(&json(bad)) else {
            panic!("{bad} must be refused");
        };
        assert!(message.starts_with("invalid discover opts: "), "{message}");
    }
}

#[test]
fn an_empty_lua_table_is_an_empty_list_of_words() {
    let given = r#"{"processName":"ls","markers":{},"csrfFlag":"","extraFlags":{}}"#;
    let options = DiscoverOptions::from_value(&json(given)).unwrap();
    assert_eq!(options.markers, Vec::<String>::new());
    assert_eq!(options.extra_flags, Some(Vec::new()));
    let given = r#"{"processName":"ls","markers":{"a":"b"},"csrfFlag":""}"#;
    assert!(DiscoverOptions::from_value(&json(given)).is_err(), "a table with keys is no list");
}

#[test]
fn usage_options_fall_back_to_defaults() {
    assert_eq!(UsageOptions::from_value(&json(r#"{"since":5}"#)), UsageOptions::default());
    let cases = [
        (r#"{"provider":" Codex "}"#, "claude", UsageProvider::Codex),
        (r#"{"provider":"other"}"#, "codex", UsageProvider::Codex),
        ("{}", "codex", UsageProvider::Codex),
        ("null", "amp", UsageProvider::Claude),
    ];
    for (text, plugin, expected) in cases {
        assert_eq!(UsageOptions::from_value(&json(text)).provider(plugin), expected, "of {text}");
    }
}
