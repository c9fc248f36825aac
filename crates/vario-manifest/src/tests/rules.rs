use super::{folder, probe};
use crate::{Duplicate, Error, MemoryFolder, Severity, duplicate_ids, is_candidate, load, nearest};

#[test]
fn the_first_of_a_repeated_id_wins() {
    let again = |dropped| Duplicate { id: "a".into(), kept: 0, dropped };
    assert_eq!(duplicate_ids(["a", "b", "a", "c", "a"]), [again(2), again(4)]);
    assert_eq!(duplicate_ids(["a", "A", "b"]), []);
}

#[test]
fn a_candidate_has_something_with_a_manifests_name() {
    let outside = Error::Outside { path: "plugin.json".into() };
    assert!(is_candidate(&MemoryFolder::new().with("plugin.json", "")));
    assert!(is_candidate(&MemoryFolder::new().with("manifest.json", "{}")));
    assert!(is_candidate(&MemoryFolder::new().with_problem("plugin.json", outside)));
    assert!(!is_candidate(&MemoryFolder::new().with("readme.md", "")));
}

#[test]
fn the_scripts_id_is_compared_as_the_dialect_asks() {
    let openusage = load(&probe(r#""lines": []"#)).plugin.unwrap();
    let vario = load(&probe(r#""dialect": "vario""#)).plugin.unwrap();
    let severity = |found: Option<crate::Diagnostic>| found.map(|found| found.severity);
    assert_eq!(severity(openusage.check_script_id(Some("q"))), Some(Severity::Warning));
    assert_eq!(severity(vario.check_script_id(Some("q"))), Some(Severity::Error));
    assert_eq!(vario.check_script_id(Some("p")), None);
    assert_eq!(vario.check_script_id(None), None);
}

#[test]
fn only_near_names_are_offered() {
    assert_eq!(nearest("brandcolour", ["brandColor", "icon"]), Some("brandColor"));
    assert_eq!(nearest("lable", ["label", "url"]), Some("label"));
    assert_eq!(nearest("colour", ["icon", "lines"]), None);
    assert_eq!(nearest("bool", ["boolean", "text"]), Some("boolean"));
    assert_eq!(nearest("max", ["maxLines", "maxLogBytes"]), None);
    assert_eq!(nearest("éé", ["é", "entry"]), Some("é"));
    assert_eq!(nearest(&"x".repeat(100_000), ["label"]), None);
}

#[test]
fn code_at_a_fixed_place_is_checked_too() {
    let manifest = r#"{"type": "user", "id": "com.x", "name": "X", "version": "1.0.0"}"#;
    let outside = Error::Outside { path: "background/index.js".into() };
    let loaded = load(&folder(manifest).with_problem("background/index.js", outside));
    assert!(loaded.plugin.is_none());
    assert!(loaded.diagnostics.to_string().contains("leads outside of the plugin's folder"));
}
