//! Whatever the secret and wherever it stands, it does not survive.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::redact::{hex, jwt, written};
use super::{cassette, recorded};
use crate::{Cassette, RecordedCall, RedactOptions, redact};

/// A secret of the user's own: letters of three kinds, and what passwords have between them.
fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9]{4,10}[-_.+/!$ é]{0,2}[A-Za-z0-9]{5,20}"
        .prop_filter("not a number", |text| text.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

/// Every place for one secret, with a copy where a plugin would use it.
fn planted(place: usize, secret: &str) -> Vec<RecordedCall> {
    let file = |content: Json| recorded("fs.readText", json!(["~/x"]), content);
    let object = json!({"n": 1.50, "token": secret, "é": ["ü\n\"\\", null, secret]});
    let first = match place {
        0 => file(json!(object.to_string())),
        1 => file(json!(serde_json::to_string_pretty(&object).expect("JSON"))),
        2 => file(json!(json!({"inner": object.to_string()}).to_string())),
        3 => file(json!(STANDARD.encode(object.to_string()))),
        4 => file(json!(URL_SAFE_NO_PAD.encode(object.to_string()))),
        5 => file(json!(hex(object.to_string().as_bytes()).to_lowercase())),
        6 => recorded("keychain.readGenericPassword", json!(["S"]), json!(secret)),
        7 => recorded("keychain.readGenericPassword", json!(["S"]), json!(STANDARD.encode(secret))),
        8 => recorded("env.get", json!(["X_API_KEY"]), json!(secret)),
        9 => recorded("http.request", json!([{"headers": {"x-api-key": secret}}]), json!({})),
        10 => {
            let basic = STANDARD.encode(format!("me:{secret}"));
            let headers = json!({"Authorization": format!("Basic {basic}")});
            recorded("http.request", json!([{"headers": headers}]), json!({}))
        }
        11 => file(json!(jwt(&json!({"sub": secret, "exp": 1})))),
        12 => {
            recorded("http.request", json!([{"url": "u"}]), json!({"bodyText": object.to_string()}))
        }
        13 => {
            recorded("sqlite.query", json!(["d", "s"]), json!(format!("[{object}]\n[{object}]\n")))
        }
        _ => recorded("http.request", json!([{"url": "u"}]), object),
    };
    let used = recorded(
        "http.request",
        json!([{"url": "https://a.example", "bodyText": format!("a {secret}, b")}]),
        json!({"bodyText": json!({"echo": format!("<{secret}>")}).to_string()}),
    );
    vec![first, used]
}

/// Everything a cassette says, with texts in texts and codes read.
fn said(json: &Json, all: &mut Vec<String>) {
    match json {
        Json::String(text) => {
            all.push(text.clone());
            for code in text
                .split(|letter: char| !(letter.is_ascii_alphanumeric() || "+/=_-".contains(letter)))
            {
                let hex: Option<Vec<u8>> = (0..code.len() / 2)
                    .map(|at| u8::from_str_radix(&code[2 * at..2 * at + 2], 16).ok())
                    .collect();
                let readings = [STANDARD.decode(code).ok(), URL_SAFE_NO_PAD.decode(code).ok(), hex];
                all.extend(
                    readings
                        .iter()
                        .flatten()
                        .map(|bytes| String::from_utf8_lossy(bytes).into_owned()),
                );
            }
            if let Ok(inner) = serde_json::from_str::<Json>(text)
                && (inner.is_object() || inner.is_array())
            {
                said(&inner, all);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| said(item, all)),
        Json::Object(map) => {
            all.extend(map.keys().cloned());
            map.values().for_each(|value| said(value, all));
        }
        _ => {}
    }
}

/// The form of a value: texts by length, all else as it is.
fn form(json: &Json) -> Json {
    match json {
        Json::String(text) => match serde_json::from_str::<Json>(text) {
            Ok(inner) if inner.is_object() || inner.is_array() => json!({"text": form(&inner)}),
            _ => json!(text.len()),
        },
        Json::Array(items) => items.iter().map(form).collect(),
        Json::Object(map) => map.values().map(form).collect(),
        other => other.clone(),
    }
}

fn as_json(cassette: &Cassette) -> Json {
    serde_json::to_value(cassette).expect("a cassette is JSON")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn a_planted_secret_never_survives(secret in secret(), place in 0_usize..15) {
        let mut cassette = cassette(planted(place, &secret));
        let before = as_json(&cassette);
        redact(&mut cassette, &RedactOptions::default());
        let after = as_json(&cassette);
        let mut all = Vec::new();
        said(&after, &mut all);
        for text in &all {
            prop_assert!(!text.contains(&secret), "{place}: {secret} in {text}");
        }
        prop_assert_eq!(form(&after), form(&before));
        redact(&mut cassette, &RedactOptions::default());
        prop_assert_eq!(form(&as_json(&cassette)), form(&before), "a second time");
    }

    #[test]
    fn any_text_is_survived(text in "\\PC*", key in "[a-z_]{1,8}", more in "[\"\\\\{}\\[\\]:,a%=@./+ 0-9-]*") {
        let ok = json!({key.clone(): text, "token": more, "t": format!("{{\"{key}\":\"{more}\"}}")});
        let mut cassette = cassette(vec![recorded("fs.readText", json!([more]), ok)]);
        let before = form(&as_json(&cassette));
        redact(&mut cassette, &RedactOptions { names: true, ..RedactOptions::default() });
        prop_assert_eq!(form(&as_json(&cassette)), before);
        prop_assert!(!written(&cassette).is_empty());
    }
}
