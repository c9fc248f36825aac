use std::fs;
use std::path::Path;

use serde_json::Value;

use super::folder;
use crate::{Dialect, DiskFolder, check, schema};

/// The object schema behind a property, references and alternatives followed.
fn properties<'a>(root: &'a Value, schema: &'a Value, found: &mut Vec<&'a str>) {
    if let Some(map) = schema.get("properties").and_then(Value::as_object) {
        found.extend(map.keys().map(String::as_str));
    }
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(name.trim_start_matches('#')).unwrap();
        properties(root, target, found);
    }
    for alternative in schema.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        properties(root, alternative, found);
    }
}

/// A `vario` manifest whose object at `place` has these keys. All values are null, which is wrong
/// for most of them; what counts is that none of the keys is unknown.
fn unknown_keys(place: &str, keys: &[&str]) -> String {
    let entries = keys.iter().map(|key| format!("{key:?}: null")).collect::<Vec<_>>().join(",");
    let object = format!("{{{entries}}}");
    let manifest = match place {
        "" => format!(r#"{{"dialect": "vario", {}}}"#, entries.replace(r#""dialect": null,"#, "")),
        "lines"
        | "links"
        | "settings"
        | "dependencies"
        | "subscriptions"
        | "registrations"
        | "contextMenuCommands" => format!(r#"{{"dialect": "vario", "{place}": [{object}]}}"#),
        _ => format!(r#"{{"dialect": "vario", "{place}": {object}}}"#),
    };
    let shown = check(&folder(&manifest)).diagnostics.to_string();
    shown.lines().filter(|line| line.contains("has no meaning here")).collect()
}

#[test]
fn the_reader_knows_every_key_of_the_schema() {
    let root = schema();
    let mut top = Vec::new();
    properties(&root, &root, &mut top);
    assert!(top.len() > 20, "{top:?}");
    assert_eq!(unknown_keys("", &top), "");
    assert_ne!(unknown_keys("", &["nothing-such"]), "");
    let mut checked = 0;
    for (place, schema) in root["properties"].as_object().unwrap() {
        let item = schema.get("items").unwrap_or(schema);
        let mut keys = Vec::new();
        properties(&root, item, &mut keys);
        // Extras of a setting are read by its type, which is wrong here.
        if !keys.is_empty() {
            checked += 1;
            assert_eq!(unknown_keys(place, &keys), "", "{place}");
        }
    }
    assert!(checked > 10, "only {checked} places");
}

#[test]
fn the_schema_accepts_every_good_fixture_of_its_dialects() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/manifests");
    let mut accepted = 0;
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let Ok(folder) = DiskFolder::open(&path) else { continue };
        let loaded = check(&folder);
        let probes = [Dialect::Openusage, Dialect::Vario];
        let is_probe = loaded.plugin.is_some_and(|plugin| probes.contains(&plugin.dialect));
        // What `openusage` only warns of is what the schema does not allow.
        if !is_probe || !loaded.diagnostics.is_empty() {
            continue;
        }
        let text = fs::read_to_string(path.join("plugin.json")).unwrap();
        let manifest = serde_json::from_str(&text).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&manifest).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        accepted += 1;
    }
    assert!(accepted >= 5, "only {accepted} manifests");
}

#[test]
fn every_part_of_the_schema_is_described() {
    fn walk(path: &str, schema: &Value, missing: &mut Vec<String>) {
        let Some(map) = schema.get("properties").and_then(Value::as_object) else { return };
        for (key, property) in map {
            if property.get("description").is_none() {
                missing.push(format!("{path}.{key}"));
            }
        }
    }
    let root = schema();
    let mut missing = Vec::new();
    walk("", &root, &mut missing);
    for (name, schema) in root["$defs"].as_object().unwrap() {
        walk(name, schema, &mut missing);
    }
    assert_eq!(missing, Vec::<String>::new());
}
