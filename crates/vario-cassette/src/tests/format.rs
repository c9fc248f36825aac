use serde_json::json;

use crate::{Error, read, schema};

const FULL: &str = r#"{
    "cassette": 1, "plugin": "claude", "name": "expired token is refreshed once",
    "unixMs": 1770000000000, "nowIso": "2026-02-02T02:40:00.123Z", "timezone": "Europe/Berlin",
    "app": {"version": "1.2.3", "platform": "macos", "appDataDir": "/a", "pluginDataDir": "/a/p"},
    "calls": [
        {"fn": "fs.exists", "args": ["~/x"], "ok": true},
        {"fn": "env.get", "args": ["X"]},
        {"fn": "ls.discover", "args": [{"processName": "p"}], "ok": null},
        {"fn": "fs.readText", "args": ["~/x"], "err": "No such file or directory (os error 2)"}
    ],
    "output": {"plan": null, "lines": []}
}"#;

#[test]
fn every_field_is_read() {
    let cassettes = read("full.json", FULL).expect("the cassette is sound");
    let [cassette] = cassettes.as_slice() else { panic!("one cassette") };
    assert_eq!(cassette.plugin, "claude");
    assert_eq!(cassette.name.as_deref(), Some("expired token is refreshed once"));
    assert_eq!(cassette.unix_ms, 1_770_000_000_000);
    assert_eq!(cassette.now_iso.as_deref(), Some("2026-02-02T02:40:00.123Z"));
    assert_eq!(cassette.timezone.as_deref(), Some("Europe/Berlin"));
    let app = cassette.app.as_ref().expect("an app");
    let fields = [&app.version, &app.platform, &app.app_data_dir, &app.plugin_data_dir];
    assert_eq!(
        fields.map(|field| field.as_deref().unwrap_or("")),
        ["1.2.3", "macos", "/a", "/a/p"]
    );
    let answers: Vec<_> =
        cassette.calls.iter().map(|call| (call.ok.clone(), call.err.is_some())).collect();
    assert_eq!(
        answers,
        [(Some(json!(true)), false), (None, false), (Some(json!(null)), false), (None, true)]
    );
    assert_eq!(cassette.output, Some(json!({"plan": null, "lines": []})));
}

#[test]
fn what_is_written_reads_the_same() {
    let cassettes = read("full.json", FULL).expect("the cassette is sound");
    let written = serde_json::to_string(&cassettes[0]).expect("a cassette is JSON");
    assert!(written.contains(r#"{"fn":"env.get","args":["X"]}"#), "{written}");
    assert!(written.contains(r#""args":[{"processName":"p"}],"ok":null}"#), "{written}");
    assert_eq!(read("again.json", &written).expect("what was written is sound"), cassettes);
}

#[test]
fn optional_parts_may_be_missing_or_null() {
    let text = r#"{"cassette":1,"plugin":"p","unixMs":0,"calls":[{"fn":"system.info"}],
        "name":null,"app":{},"output":null}"#;
    let cassettes = read("small.json", text).expect("the cassette is sound");
    assert!(cassettes[0].calls[0].args.is_empty());
    assert_eq!((&cassettes[0].name, &cassettes[0].timezone), (&None, &None));
}

#[test]
fn unknown_keys_are_passed_over() {
    let text = r#"{"cassette":1,"plugin":"p","unixMs":0,"source":"x",
        "calls":[{"fn":"env.get","args":["A"],"ok":"b","ms":12}],"app":{"arch":"arm"}}"#;
    assert_eq!(read("extra.json", text).expect("the cassette is sound")[0].calls.len(), 1);
}

#[test]
fn bad_files_are_told_apart() {
    let one = r#"{"cassette":1,"plugin":"p","unixMs":0,"calls":[]}"#;
    let cases = [
        ("next version", "a.json", one.replace(":1,", ":2,"), "a.json: cassette version 2 is"),
        ("version as text", "a.json", one.replace(":1,", ":\"1\","), "cassette version \"1\" is"),
        ("version null", "a.json", one.replace(":1,", ":null,"), "cassette version null is"),
        ("negative version", "a.json", one.replace(":1,", ":-1,"), "cassette version -1 is"),
        ("no version", "a.json", one.replace("\"cassette\":1,", ""), "missing field `cassette`"),
        ("no plugin", "a.json", one.replace("\"plugin\":\"p\",", ""), "missing field `plugin`"),
        ("no clock", "a.json", one.replace("\"unixMs\":0,", ""), "missing field `unixMs`"),
        ("no calls", "a.json", one.replace(",\"calls\":[]", ""), "missing field `calls`"),
        ("call without fn", "a.json", one.replace("[]", "[{}]"), "missing field `fn`"),
        ("truncated", "a.json", one[..30].to_owned(), "a.json: not a cassette: EOF"),
        ("empty", "a.json", String::new(), "a.json: not a cassette: EOF"),
        ("a list", "a.json", "[1]".to_owned(), "a.json: not a cassette: "),
        ("two in one", "a.json", format!("{one}\n{one}"), "trailing characters"),
        ("truncated line", "a.jsonl", format!("{one}\n\n{}", &one[..9]), "a.jsonl:3: not a"),
        (
            "other line",
            "a.jsonl",
            format!("{one}\n{}", one.replace(":1,", ":7,")),
            "a.jsonl:2: cas",
        ),
        ("only blank lines", "a.jsonl", " \n\n".to_owned(), "there is no cassette in this file"),
    ];
    for (case, name, text, expected) in cases {
        let error = read(name, &text).expect_err(case);
        assert!(error.to_string().contains(expected), "{case}: {error}");
        let is_version = matches!(error, Error::Version { .. });
        assert_eq!(is_version, error.to_string().contains("cassette version"), "{case}");
    }
}

#[test]
fn a_jsonl_file_may_have_blank_lines_and_a_byte_order_mark() {
    let one = r#"{"cassette":1,"plugin":"p","unixMs":0,"calls":[]}"#;
    let text = format!("\u{feff}\n{one}\r\n\n  \n{}\n", one.replace("\"p\"", "\"q\""));
    let cassettes = read("all.jsonl", &text).expect("both are sound");
    let plugins: Vec<_> = cassettes.iter().map(|cassette| cassette.plugin.as_str()).collect();
    assert_eq!(plugins, ["p", "q"]);
}

#[test]
fn the_schema_names_the_fields_as_files_do() {
    let schema = schema();
    for field in ["cassette", "plugin", "name", "unixMs", "nowIso", "timezone", "app", "calls"] {
        assert!(schema["properties"].get(field).is_some(), "{field}");
    }
    assert!(schema["$defs"]["RecordedCall"]["properties"].get("fn").is_some());
}
