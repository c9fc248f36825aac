//! Rows of the smartCARS reference that a manifest alone decides (section 1).

use serde_json::json;

use super::{folder, problems};
use crate::{Dialect, PluginKind, SettingKind, SettingScope, check, load};

/// The vendor's example, in our words.
const EXAMPLE: &str = r#"{
    "id": "com.example.plugin",
    "name": "Example Plugin",
    "version": "1.0.0",
    "type": "user",
    "description": "An example\nin two lines",
    "availableSettings": {}
}"#;

#[test]
fn sc_01_with_and_without_the_version_of_the_api() {
    let newer = EXAMPLE.replacen('{', r#"{ "pluginAPI": "2.0.0", "organization": "Example","#, 1);
    for (text, api, author) in
        [(EXAMPLE, None, None), (newer.as_str(), Some("2.0.0"), Some("Example"))]
    {
        let loaded = load(&folder(text));
        assert_eq!(problems(&loaded), "");
        let plugin = loaded.plugin.expect("it is a manifest");
        assert_eq!(plugin.dialect, Dialect::Smartcars);
        assert_eq!(plugin.id, "com.example.plugin");
        assert_eq!((plugin.name.as_str(), plugin.version.as_str()), ("Example Plugin", "1.0.0"));
        assert_eq!(plugin.kind, Some(PluginKind::User));
        assert_eq!(plugin.description, "An example\nin two lines");
        assert_eq!(plugin.plugin_api.as_deref(), api);
        assert_eq!(plugin.author.map(|author| author.name).as_deref(), author);
        let code = plugin.background.expect("there is code");
        assert_eq!(code.path, "background/index.js");
        assert_eq!(plugin.ui.as_deref(), Some("ui"));
        assert!(plugin.settings.is_empty() && plugin.allowed_communities.is_empty());
    }
}

#[test]
fn sc_01_unknown_keys_and_odd_versions_are_no_errors() {
    let odd = EXAMPLE.replacen('{', r#"{ "colour": { "of": ["anything"] },"#, 1);
    let odd = odd.replace("1.0.0", "spring 24").replace("\"user\"", "\"airline\"");
    let loaded = load(&folder(&odd));
    let expected = r#"warning version: the version "spring 24" is not semantic"#;
    assert_eq!(problems(&loaded), expected);
    let plugin = loaded.plugin.expect("it is a manifest");
    assert_eq!(plugin.kind, Some(PluginKind::Airline));
}

#[test]
fn sc_02_every_part_of_a_setting() {
    let text = EXAMPLE.replace(
        "{}",
        r#"{
            "full": { "name": "Full", "description": "All of it", "type": "boolean", "default": true, "settingType": "user", "required": true },
            "bare": { "name": "Bare", "type": "boolean", "default": false },
            "theirs": { "name": "Theirs", "type": "string", "default": "x", "settingType": "airline" },
            "count": { "name": "Count", "type": "number" },
            "one": { "name": "One of", "type": "dropdown", "options": ["a", "b"], "default": "b" },
            "odd": { "name": "Odd", "type": "colour", "default": { "r": 1 } }
        }"#,
    );
    let loaded = load(&folder(&text));
    let plugin = loaded.plugin.unwrap_or_else(|| panic!("refused:\n{}", loaded.diagnostics));
    let keys: Vec<&str> = plugin.settings.iter().map(|setting| setting.key.as_str()).collect();
    assert_eq!(keys, ["full", "bare", "theirs", "count", "one", "odd"]);
    let full = plugin.setting("full").expect("it is there");
    assert_eq!((full.name.as_str(), full.description.as_str()), ("Full", "All of it"));
    assert_eq!((&full.kind, full.scope), (&SettingKind::Boolean, SettingScope::User));
    assert_eq!((&full.default, full.required), (&Some(json!(true)), true));
    let bare = plugin.setting("bare").expect("it is there");
    assert_eq!(
        (bare.description.as_str(), bare.scope, bare.required),
        ("", SettingScope::User, false)
    );
    let theirs = plugin.setting("theirs").expect("it is there");
    assert_eq!((theirs.scope, &theirs.default), (SettingScope::Airline, &Some(json!("x"))));
    assert!(matches!(theirs.kind, SettingKind::Text { .. }));
    let kind = |key: &str| &plugin.setting(key).expect("it is there").kind;
    assert!(matches!(kind("count"), SettingKind::Number { .. }));
    assert!(matches!(kind("one"), SettingKind::List { .. }));
    assert!(matches!(kind("odd"), SettingKind::Json));
    assert_eq!(plugin.setting("odd").and_then(|odd| odd.default.clone()), Some(json!({ "r": 1 })));
}

#[test]
fn sc_02_who_sets_it_follows_the_plugin() {
    let text = EXAMPLE.replace("\"user\"", "\"airline\"").replace(
        "{}",
        r#"{ "a": { "name": "A", "type": "boolean" }, "b": { "name": "B", "type": "boolean", "settingType": "user" } }"#,
    );
    let plugin = load(&folder(&text)).plugin.expect("it is a manifest");
    assert_eq!(plugin.setting("a").map(|a| a.scope), Some(SettingScope::Airline));
    assert_eq!(plugin.setting("b").map(|b| b.scope), Some(SettingScope::User));
}

#[test]
fn sc_03_communities_are_kept_as_text() {
    let text = EXAMPLE.replacen('{', r#"{ "allowedCommunities": [402, "7"],"#, 1);
    let plugin = load(&folder(&text)).plugin.expect("it is a manifest");
    assert_eq!(plugin.allowed_communities, ["402", "7"]);
}

#[test]
fn sc_04_what_is_missing_or_wrong_is_said() {
    for (from, to, words) in [
        (r#""id": "com.example.plugin","#, "", "id"),
        (r#""com.example.plugin""#, "\"\"", "id"),
        (r#""com.example.plugin""#, "\"a/b\"", "id"),
        (r#""com.example.plugin""#, "5", "id"),
        (r#""version": "1.0.0","#, "", "version"),
        (r#""1.0.0""#, "\"\"", "version"),
        ("\"user\"", "\"somebody\"", "type"),
        ("{}", "[", ""),
        ("\"name\"", "name", ""),
    ] {
        let text = EXAMPLE.replace(from, to);
        let loaded = check(&folder(&text));
        assert!(loaded.plugin.is_none(), "{to}");
        let problems = problems(&loaded);
        assert!(problems.starts_with("error ") && problems.contains(words), "{to}: {problems}");
    }
}
