use serde_json::{Value, json};

use crate::tests::{expect_problems, folder, probe};
use crate::{Error, SettingDef, SettingKind, SettingScope, load};

/// A setting of `vario` with these properties.
fn setting(extra: &Value) -> SettingDef {
    let mut definition = json!({"key": "k", "name": "K"});
    definition.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let loaded = load(&probe(&format!(r#""settings": [{definition}]"#)));
    loaded.plugin.unwrap_or_else(|| panic!("{}", loaded.diagnostics)).settings.remove(0)
}

#[test]
fn values_of_every_type() {
    let choice = json!([{"value": "a", "label": "A"}, {"value": "b", "label": "B"}]);
    let rows: [(Value, &[Value], &[Value]); 11] = [
        (json!({"type": "boolean"}), &[json!(true)], &[json!("true"), json!(1), json!(null)]),
        (json!({"type": "text"}), &[json!(""), json!("x")], &[json!(5), json!(["x"])]),
        (
            json!({"type": "text", "pattern": "[a-z]+"}),
            &[json!("abc")],
            &[json!(""), json!("abc1"), json!("1abc")],
        ),
        (json!({"type": "text", "pattern": "(?=a)b"}), &[json!("anything")], &[json!(1)]),
        (json!({"type": "longtext"}), &[json!("a\nb")], &[json!(true)]),
        (
            json!({"type": "number", "min": -1, "step": 0.5}),
            &[json!(-1), json!(1e9), json!(0.3)],
            &[json!(-1.1), json!("1")],
        ),
        (
            json!({"type": "range", "min": 0, "max": 10}),
            &[json!(0), json!(10), json!(9.9)],
            &[json!(-0.1), json!(10.5), json!(null)],
        ),
        (json!({"type": "list", "options": choice}), &[json!("b")], &[json!("B"), json!(0)]),
        (json!({"type": "radio", "options": ["x"]}), &[json!("x")], &[json!("")]),
        (
            json!({"type": "date"}),
            &[json!("2024-02-29"), json!("2000-12-31")],
            &[
                json!("2023-02-29"),
                json!("1900-02-29"),
                json!("2024-13-01"),
                json!("2024-1-1"),
                json!("today"),
            ],
        ),
        (json!({"type": "json"}), &[json!(null), json!({"a": []})], &[]),
    ];
    for (definition, good, bad) in rows {
        let setting = setting(&definition);
        for value in good {
            assert_eq!(setting.check(value), Ok(()), "{definition} {value}");
        }
        for value in bad {
            assert!(setting.check(value).is_err(), "{definition} {value}");
        }
    }
}

#[test]
fn texts_of_a_command_line() {
    let rows: [(Value, &str, Option<Value>); 19] = [
        (json!({"type": "boolean"}), "yes", Some(json!(true))),
        (json!({"type": "boolean"}), "OFF", Some(json!(false))),
        (json!({"type": "boolean"}), "maybe", None),
        (json!({"type": "number"}), "5", Some(json!(5))),
        (json!({"type": "number"}), " -0.5 ", Some(json!(-0.5))),
        (json!({"type": "number"}), "1e3", Some(json!(1000.0))),
        (json!({"type": "number"}), "inf", None),
        (json!({"type": "number"}), "NaN", None),
        (json!({"type": "number"}), "1e999", None),
        (json!({"type": "number"}), "", None),
        (json!({"type": "range", "min": 0, "max": 3}), "4", None),
        (json!({"type": "text"}), " 5 ", Some(json!(" 5 "))),
        (json!({"type": "list", "options": ["a"]}), "a", Some(json!("a"))),
        (json!({"type": "list", "options": ["a"]}), "z", None),
        (json!({"type": "date"}), "2026-01-31", Some(json!("2026-01-31"))),
        (json!({"type": "date"}), "31.1.2026", None),
        (json!({"type": "json"}), "[1]", Some(json!([1]))),
        (json!({"type": "json"}), "[1", None),
        (json!({"type": "secret"}), "s3cret", Some(json!("s3cret"))),
    ];
    for (definition, text, expected) in rows {
        assert_eq!(setting(&definition).parse(text).ok(), expected, "{definition} {text:?}");
    }
}

#[test]
fn messages_say_what_is_expected_and_never_a_secret() {
    let message = |definition: Value, value: Value| {
        setting(&definition).check(&value).unwrap_err().to_string()
    };
    assert_eq!(
        message(json!({"type": "list", "options": ["light", "dark"]}), json!("drak")),
        "setting `k`: expected one of `light`, `dark`, found \"drak\"; did you mean `dark`?"
    );
    assert_eq!(
        message(json!({"type": "range", "min": 0, "max": 5}), json!(9)),
        "setting `k`: 9 is more than 5"
    );
    let secret = message(json!({"type": "secret"}), json!({"token": "hunter2"}));
    assert_eq!(secret, "setting `k`: expected a text");
}

#[test]
fn bad_definitions_are_errors_with_their_index() {
    let rows: [(Value, &str); 12] = [
        (
            json!({"name": "K", "type": "date"}),
            "error settings[0].key: `settings[0].key` is missing",
        ),
        (
            json!({"key": "k", "type": "date"}),
            "error settings[0].name: `settings[0].name` is missing",
        ),
        (
            json!({"key": "", "name": "K", "type": "date"}),
            "error settings[0].key: a setting's key is empty",
        ),
        (
            json!({"key": "k", "name": "K", "type": "bool"}),
            "error settings[0].type: `settings[0].type` must be one of `boolean`, `text`, \
             `longtext`, `number`, `range`, `list`, `radio`, `date`, `json`, `secret`, found \"bool\"",
        ),
        (json!({"key": "k", "name": "K"}), "error settings[0].type: `settings[0].type` is missing"),
        (
            json!({"key": "k", "name": "K", "type": "range", "min": 0}),
            "error settings[0].max: `settings[0].max` is missing",
        ),
        (
            json!({"key": "k", "name": "K", "type": "range", "min": 2, "max": 1}),
            "error settings[0].max: `min` (2) is more than `max` (1)",
        ),
        (
            json!({"key": "k", "name": "K", "type": "list"}),
            "error settings[0].options: `settings[0].options` is missing",
        ),
        (
            json!({"key": "k", "name": "K", "type": "radio", "options": []}),
            "error settings[0].options: a choice needs at least one option",
        ),
        (
            json!({"key": "k", "name": "K", "type": "number", "default": "5"}),
            "error settings[0].default: the default does not fit: expected a number, found a text",
        ),
        (
            json!({"key": "k", "name": "K", "type": "secret", "default": "x"}),
            "error settings[0].default: a secret cannot have a default",
        ),
        (
            json!({"key": "k", "name": "K", "type": "date", "scope": "all"}),
            "error settings[0].scope: `settings[0].scope` must be one of `user`, `airline`, found \"all\"",
        ),
    ];
    for (definition, expected) in rows {
        expect_problems(&probe(&format!(r#""settings": [{definition}]"#)), &[expected]);
    }
    expect_problems(
        &probe(
            r#""settings": [{"key": "k", "name": "K", "type": "date"},
                {"key": "k", "name": "L", "type": "json"}]"#,
        ),
        &[r#"error settings[1].key: there are two settings with the key "k""#],
    );
}

#[test]
fn smartcars_settings_are_an_object_and_taken_widely() {
    let manifest = r#"{"id": "com.x", "name": "X", "version": "1.0.0", "type": "airline",
        "availableSettings": {
            "a": {"name": "A", "type": "boolean", "default": true, "required": true},
            "b": {"name": "B", "type": "dropdown", "options": ["x", "y"], "settingType": "user"},
            "c": {"name": "C", "type": "string"},
            "d": {"name": "D", "type": "matrix", "default": [1]}
        }}"#;
    let loaded = load(&folder(manifest));
    let settings = loaded.plugin.unwrap().settings;
    let kinds: Vec<&str> = settings.iter().map(|setting| setting.kind.name()).collect();
    assert_eq!(kinds, ["boolean", "list", "text", "json"]);
    let scopes: Vec<SettingScope> = settings.iter().map(|setting| setting.scope).collect();
    assert_eq!(
        scopes,
        [SettingScope::Airline, SettingScope::User, SettingScope::Airline, SettingScope::Airline]
    );
    assert!(settings[0].required);
    assert_eq!(settings[3].default, Some(json!([1])));
    assert_eq!(loaded.diagnostics.warnings(), 1);
}

#[test]
fn every_type_has_its_name() {
    for name in SettingKind::NAMES {
        let setting = setting(&json!({"type": name, "min": 0, "max": 1, "options": ["a"]}));
        assert_eq!(setting.kind.name(), name);
        assert_eq!(setting.kind.is_secret(), name == "secret");
    }
    let refused = Error::Setting { key: "k".into(), reason: "expected a text".into() };
    assert_eq!(setting(&json!({"type": "secret"})).check(&json!(1)), Err(refused));
}
