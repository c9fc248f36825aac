//! `vario replay`: the report line to the letter, both orders, and what is no cassette.

use serde_json::{Value as Json, json};

use crate::rig::{LANGUAGES, Ran, Rig};

/// A plugin that reads two files and says what is in them.
fn reader() -> Rig {
    let rig = Rig::new();
    rig.plugin(
        LANGUAGES[0],
        "reader",
        "local text = ctx.host.fs.readText('a') .. ctx.host.fs.readText('b')
         return { lines = { ctx.line.text({ label = 'Text', value = text }) } }",
        "const text = ctx.host.fs.readText('a') + ctx.host.fs.readText('b');
         return { lines: [ctx.line.text({ label: 'Text', value: text })] }",
    );
    rig
}

fn call(path: &str, text: &str) -> Json {
    json!({ "fn": "fs.readText", "args": [path], "ok": text })
}

fn cassette(calls: &[Json]) -> Json {
    json!({ "cassette": 1, "plugin": "reader", "name": "two files", "unixMs": 0, "calls": calls })
}

fn replay(rig: &Rig, cassette: &Json, args: &[&str]) -> Ran {
    rig.home.write("one.json", cassette.to_string());
    rig.run(&[&["replay", "one.json", "--json"], args].concat())
}

fn keys(line: &Json) -> Vec<&str> {
    line.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn a_good_line_has_exactly_the_fields_of_the_format() {
    let rig = reader();
    let ran = replay(&rig, &cassette(&[call("a", "x"), call("b", "y")]), &[]).exits(0);
    assert_eq!(
        ran.json_lines(),
        [json!({
            "plugin": "reader",
            "name": "two files",
            "ok": true,
            "output": {
                "plan": null,
                "lines": [{ "type": "text", "label": "Text", "value": "xy", "color": null, "subtitle": null }],
            },
            "mismatch": null,
            "unused": 0,
        })]
    );
    assert_eq!(
        keys(&ran.json_lines()[0]),
        ["plugin", "name", "ok", "output", "mismatch", "unused"]
    );
    assert_eq!(ran.stderr, "");
}

#[test]
fn the_expected_output_decides() {
    let rig = reader();
    let mut cassette = cassette(&[call("a", "x"), call("b", "y")]);
    // Absent keys and null are equal.
    cassette["output"] = json!({ "lines": [{ "type": "text", "label": "Text", "value": "xy" }] });
    replay(&rig, &cassette, &[]).exits(0);
    cassette["output"]["lines"][0]["value"] = json!("z");
    let ran = replay(&rig, &cassette, &[]).exits(1);
    let line = &ran.json_lines()[0];
    assert_eq!((&line["ok"], &line["mismatch"]), (&json!(false), &json!(null)));
}

#[test]
fn strict_wants_the_next_call_and_keyed_any() {
    let rig = reader();
    let other_way_round = cassette(&[call("b", "y"), call("a", "x")]);
    let ran = replay(&rig, &other_way_round, &["--order", "strict"]).exits(1);
    let line = &ran.json_lines()[0];
    assert_eq!(line["ok"], json!(false));
    assert_eq!(line["mismatch"]["call"], json!({ "fn": "fs.readText", "args": ["a"] }));
    assert_eq!(line["mismatch"]["expected"], json!({ "fn": "fs.readText", "args": ["b"] }));
    assert_eq!(line["mismatch"]["diff"].as_array().map(Vec::len), Some(1));
    let ran = replay(&rig, &other_way_round, &["--order", "keyed"]).exits(0);
    assert_eq!(ran.json_lines()[0]["output"]["lines"][0]["value"], json!("xy"));
}

#[test]
fn keyed_answers_equal_calls_in_order_and_the_last_one_again() {
    let rig = Rig::new();
    rig.plugin(
        LANGUAGES[0],
        "reader",
        "local text = ''
         for _ = 1, 3 do text = text .. ctx.host.fs.readText('a') end
         return { lines = { ctx.line.text({ label = 'Text', value = text }) } }",
        "let text = '';
         for (let i = 0; i < 3; i += 1) text += ctx.host.fs.readText('a');
         return { lines: [ctx.line.text({ label: 'Text', value: text })] }",
    );
    let twice = cassette(&[call("a", "1"), call("a", "2")]);
    let ran = replay(&rig, &twice, &["--order", "keyed"]).exits(0);
    assert_eq!(ran.json_lines()[0]["output"]["lines"][0]["value"], json!("122"));
    replay(&rig, &twice, &[]).exits(1);
}

#[test]
fn a_mismatch_cannot_be_caught() {
    for language in LANGUAGES {
        let rig = Rig::new();
        rig.plugin(
            *language,
            "reader",
            "while true do pcall(ctx.host.fs.readText, 'a') end",
            "for (;;) try { ctx.host.fs.readText('a') } catch {}",
        );
        let ran = replay(&rig, &cassette(&[call("b", "y")]), &[]).exits(1);
        let line = &ran.json_lines()[0];
        assert_eq!((&line["ok"], &line["unused"]), (&json!(false), &json!(1)), "{language:?}");
        assert_eq!(line["mismatch"]["call"]["args"], json!(["a"]), "{language:?}");
    }
}

#[test]
fn calls_left_over_fail_only_when_asked() {
    let rig = reader();
    let more = cassette(&[call("a", "x"), call("b", "y"), call("c", "z")]);
    let ran = replay(&rig, &more, &[]).exits(0);
    assert_eq!(ran.json_lines()[0]["unused"], json!(1));
    let ran = replay(&rig, &more, &["--strict-end"]).exits(1);
    assert_eq!(ran.json_lines()[0]["ok"], json!(false));
}

#[test]
fn nothing_real_is_touched() {
    let rig = reader();
    rig.home.write("a", "real");
    let ran = replay(&rig, &cassette(&[]), &[]).exits(1);
    assert!(!ran.stdout.contains("real"), "{ran}");
    assert_eq!(rig.home.names(""), ["a", "one.json", "plugins"], "a replay leaves nothing behind");
}

#[test]
fn a_jsonl_file_holds_one_a_line() {
    let rig = reader();
    let good = cassette(&[call("a", "x"), call("b", "y")]);
    let bad = cassette(&[]);
    rig.home.write("many.jsonl", format!("{good}\n\n{bad}\n{good}\n"));
    let ran = rig.run(&["replay", "many.jsonl", "--json"]).exits(1);
    let oks: Vec<Json> = ran.json_lines().iter().map(|line| line["ok"].clone()).collect();
    assert_eq!(oks, [json!(true), json!(false), json!(true)]);
}

#[test]
fn lines_of_other_zones_come_in_the_cassettes_order() {
    let rig = Rig::new();
    rig.plugin(
        LANGUAGES[0],
        "reader",
        "return { lines = { ctx.line.text({ label = 'Day', value = ctx.fmt.date(ctx.nowMs) }) } }",
        "return { lines: [ctx.line.text({ label: 'Day', value: ctx.fmt.date(Date.now()) })] }",
    );
    let zones = ["UTC", "Asia/Kolkata", "UTC", "Pacific/Honolulu", "Asia/Kolkata"];
    let mut text = String::new();
    for (index, zone) in zones.iter().enumerate() {
        let mut cassette = cassette(&[]);
        // Eight in the evening: tomorrow in India, still today in Hawaii.
        cassette["unixMs"] = json!(1_772_308_800_000_i64);
        cassette["timezone"] = json!(zone);
        cassette["name"] = json!(format!("{index} {zone}"));
        text.extend([cassette.to_string(), "\n".to_owned()]);
    }
    rig.home.write("zones.jsonl", text);
    let ran = rig.run(&["replay", "zones.jsonl", "--json"]).exits(0);
    let shown: Vec<String> = ran
        .json_lines()
        .iter()
        .map(|line| format!("{} {}", line["name"], line["output"]["lines"][0]["value"]))
        .collect();
    assert_eq!(
        shown,
        [
            r#""0 UTC" "Feb 28""#,
            r#""1 Asia/Kolkata" "Mar 1""#,
            r#""2 UTC" "Feb 28""#,
            r#""3 Pacific/Honolulu" "Feb 28""#,
            r#""4 Asia/Kolkata" "Mar 1""#,
        ]
    );
}

#[test]
fn what_cannot_be_read_is_a_usage_error() {
    let rig = reader();
    let good = cassette(&[]).to_string();
    let mut wrong_type = cassette(&[]);
    wrong_type["unixMs"] = json!("now");
    let mut other_version = cassette(&[]);
    other_version["cassette"] = json!(2);
    let mut other_zone = cassette(&[]);
    other_zone["timezone"] = json!("Mars/Olympus");
    let mut all = String::new();
    for (name, text) in [
        ("truncated.json", good[..20].to_owned()),
        ("empty.json", String::new()),
        ("empty.jsonl", "\n".to_owned()),
        ("list.json", "[]".to_owned()),
        ("type.json", wrong_type.to_string()),
        ("version.json", other_version.to_string()),
        ("zone.json", other_zone.to_string()),
        ("third.jsonl", format!("{good}\n{good}\n{{")),
    ] {
        rig.home.write(name, text);
        let ran = rig.run(&["replay", name, "--json"]);
        assert_eq!(ran.code, Some(2), "{name}: {ran}");
        all += &ran.stderr;
    }
    rig.run(&["replay", "missing.json"]).exits(2);
    insta::assert_snapshot!(all);
}

#[test]
fn a_plugin_that_is_not_there() {
    let rig = reader();
    let mut other = cassette(&[]);
    other["plugin"] = json!("someone-else");
    let ran = replay(&rig, &other, &[]).exits(1);
    assert_eq!(ran.json_lines()[0]["ok"], json!(false));
}
