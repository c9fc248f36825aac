use proptest::prelude::*;
use serde_json::{Map, Value};

use super::folder;
use crate::json::{Kind, parse};
use crate::{MemoryFolder, check, load};

/// Keys that mean something somewhere, so that values reach every reader.
const KEYS: [&str; 44] = [
    "dialect",
    "schemaVersion",
    "id",
    "name",
    "version",
    "description",
    "entry",
    "main",
    "type",
    "icon",
    "icon_light",
    "icon_dark",
    "brandColor",
    "lines",
    "links",
    "label",
    "scope",
    "url",
    "primaryOrder",
    "primary",
    "period",
    "settings",
    "availableSettings",
    "key",
    "options",
    "min",
    "max",
    "default",
    "permissions",
    "net",
    "ccusage",
    "limits",
    "timeoutMs",
    "refresh",
    "minutes",
    "background",
    "dependencies",
    "subscriptions",
    "registrations",
    "contextMenuCommands",
    "author",
    "profiles",
    "allowedCommunities",
    "pattern",
];

/// Words that mean something as values.
const WORDS: [&str; 14] = [
    "vario",
    "openusage",
    "stratos",
    "smartcars",
    "mudstack",
    "p.js",
    "p.lua",
    "../p.js",
    "p.svg",
    "progress",
    "overview",
    "weekly",
    "user",
    "range",
];

fn json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![4 => prop::sample::select(&KEYS[..]).prop_map(str::to_owned), 1 => ".*"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        (0_u32..3).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(&WORDS[..]).prop_map(Value::from),
        ".*".prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 64, 12, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((key.clone(), inner), 0..12)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let loaded = check(&MemoryFolder::new().with("plugin.json", bytes));
        prop_assert!(loaded.plugin.is_some() || loaded.diagnostics.errors() > 0);
        let _shown = loaded.diagnostics.to_string();
    }

    #[test]
    fn near_json_is_survived(text in r#"[{}\[\]",:'/*\\u0-9a-f\n\tétn-]{0,80}"#) {
        let strict = serde_json::from_str::<Value>(&text);
        let parsed = parse(&text);
        // Stricter than serde_json only about repeated keys, never laxer.
        if strict.is_err() {
            prop_assert!(!parsed.mistakes.is_empty(), "accepted {text:?}");
        }
        let _shown = check(&folder(&text)).diagnostics.to_string();
    }

    #[test]
    fn any_json_gives_a_plugin_or_an_error(value in json()) {
        let folder = folder(&value.to_string()).with("manifest.json", value.to_string());
        for loaded in [load(&folder), check(&folder)] {
            prop_assert_eq!(loaded.plugin.is_some(), loaded.diagnostics.errors() == 0);
        }
    }

    #[test]
    fn valid_json_reads_as_serde_reads_it(value in json(), pretty in any::<bool>()) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let parsed = parse(&text);
        prop_assert_eq!(&parsed.mistakes, &[]);
        prop_assert_eq!(parsed.root.unwrap().to_value(), value);
    }
}

#[test]
fn a_value_that_was_no_json_is_reported_once() {
    let parsed = parse(r#"{"id": undefined}"#);
    assert_eq!(parsed.mistakes.len(), 1);
    assert_eq!(parsed.root.unwrap().get("id").unwrap().kind, Kind::Bad);
}

/// Each would take minutes if the place of every problem were looked for.
#[test]
fn a_megabyte_of_problems_is_counted_quickly() {
    let repeat = |item: &str, count: usize| vec![item; count].join(",");
    let keys: Vec<String> = (0..80_000).map(|n| format!("\"k{n}\":0")).collect();
    let rows = [
        ("numbers as lines", format!(r#"{{"lines": [{}]}}"#, repeat("5", 400_000)), 400_000),
        ("empty lines", format!(r#"{{"lines": [{}]}}"#, repeat("{}", 300_000)), 900_000),
        (
            "lines of an unknown type",
            format!(
                r#"{{"dialect": "vario", "lines": [{}]}}"#,
                repeat(r#"{"type":"","label":"","scope":""}"#, 30_000)
            ),
            60_000,
        ),
        ("unknown keys", format!(r#"{{"dialect": "vario", {}}}"#, keys.join(",")), 500),
        (
            "settings",
            format!(r#"{{"dialect": "vario", "settings": [{}]}}"#, repeat("{}", 300_000)),
            256,
        ),
        (
            "rights that are none",
            format!(
                r#"{{"dialect": "vario", "permissions": {{"net": [{}]}}}}"#,
                repeat(r#""/""#, 250_000)
            ),
            250_000,
        ),
        ("duplicate keys", format!("{{{}}}", repeat(r#""a":0"#, 150_000)), 65),
    ];
    for (name, text, least) in rows {
        assert!(text.len() <= 1024 * 1024, "{name}: {}", text.len());
        let found = check(&folder(&text)).diagnostics;
        assert!(found.errors() + found.warnings() >= least, "{name}: {}", found.errors());
        assert!(found.errors() > 0 && found.list().len() <= 256, "{name}");
    }
}
