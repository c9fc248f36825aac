use serde_json::{Value as Json, json};
use vario_manifest::{SettingKind, SettingScope};
use vario_runtime::Catalog;

use super::{manifest, starting, write, write_with};
use crate::rig::Rig;

/// What is wrong with a plugin, or nothing if it was found.
fn verdict(rig: &Rig, id: &str) -> Option<String> {
    let catalog = Catalog::discover(&[rig.plugins()], &[]);
    if catalog.plugins.iter().any(|found| found.path.as_ref().is_some_and(|at| at.ends_with(id))) {
        return None;
    }
    let problem = catalog
        .problems
        .iter()
        .find(|problem| problem.path.ends_with(id))
        .expect("there is a problem");
    Some(problem.diagnostics.to_string())
}

#[test]
fn st_01_a_bad_manifest_is_told_and_hides_no_other() {
    let rig = Rig::new();
    let bad = [
        ("id-capitals", json!({ "id": "Capitals" }), "id"),
        ("id-hyphens", json!({ "id": "two--hyphens" }), "id"),
        ("id-long", json!({ "id": "a".repeat(65) }), "id"),
        ("type-other", json!({ "type": "other" }), "type"),
        ("no-author", json!({ "author": null }), "author"),
        ("author-text", json!({ "author": "Demo" }), "author"),
        ("no-icon", json!({ "icon_dark": 5 }), "icon_dark"),
        ("icon-outside", json!({ "icon_dark": "../plugin.json" }), "outside"),
        ("no-version", json!({ "version": null }), "version"),
    ];
    for (id, more, _) in &bad {
        write_with(&rig, id, more, &starting(""));
    }
    rig.plugin("icon-outside", &[("assets/l.svg", "")]);
    rig.plugin("no-json", &[("plugin.json", "{"), ("background/index.js", "")]);
    write(&rig, "good-1", &starting(""));
    let more = json!({ "type": "airline", "homepage": "https://example.com", "unknown": 1,
        "$schema": "https://cdn.skyvexsoftware.com/schemas/stratos-plugin.json" });
    write_with(&rig, "good-2", &more, &starting(""));
    for (id, _, word) in bad {
        let words = verdict(&rig, id).unwrap_or_else(|| panic!("{id} is taken"));
        assert!(words.contains(word), "{id}: {words}");
    }
    assert!(verdict(&rig, "no-json").is_some());
    rig.rescan();
    rig.until_active("good-1");
    rig.until_active("good-2");
    let ids: Vec<_> = rig.supervisor.list().into_iter().map(|info| info.id).collect();
    assert_eq!(ids, ["good-1", "good-2"], "icons that are missing are a warning only");
}

#[test]
fn st_02_settings_of_all_types_and_both_scopes() {
    let rig = Rig::new();
    let options = json!([{ "value": "a", "label": "A" }, { "value": "b", "label": "B" }]);
    let kinds = [
        ("boolean", json!({ "default": true })),
        ("text", json!({ "pattern": "[a-z]+", "placeholder": "p" })),
        ("longtext", json!({ "placeholder": "p" })),
        ("number", json!({ "min": 0, "max": 9, "step": 0.5, "default": 2.5 })),
        ("range", json!({ "min": 0, "max": 9, "step": 1 })),
        ("list", json!({ "options": options })),
        ("radio", json!({ "options": options, "default": "b" })),
        ("date", json!({ "default": "2026-01-31" })),
        ("json", json!({ "default": { "a": [1] } })),
    ];
    let setting = |kind: &str, extra: &Json, scope: &str| {
        let mut all =
            json!({ "key": format!("{kind}-{scope}"), "name": kind, "type": kind, "scope": scope });
        all.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        all
    };
    let settings: Vec<Json> = kinds
        .iter()
        .flat_map(|(kind, extra)| ["user", "airline"].map(|scope| setting(kind, extra, scope)))
        .collect();
    write_with(&rig, "demo", &json!({ "availableSettings": settings }), &starting(""));
    let catalog = Catalog::discover(&[rig.plugins()], &[]);
    let found = &catalog.get("demo").unwrap().plugin.settings;
    assert_eq!(found.len(), 18);
    for (place, setting) in found.iter().enumerate() {
        let (kind, extra) = &kinds[place / 2];
        let scope = [SettingScope::User, SettingScope::Airline][place % 2];
        assert_eq!(setting.scope, scope);
        assert_eq!(serde_json::to_value(&setting.kind).unwrap()["type"], json!(kind));
        assert_eq!(setting.default.as_ref(), extra.get("default"));
    }
    let SettingKind::Range { min, max, .. } = found[8].kind else { panic!("{:?}", found[8]) };
    assert_eq!((min, max), (0.0, 9.0));

    let good = setting("boolean", &json!({}), "user");
    for (id, bad, word) in [
        (
            "range-without-max",
            json!({ "key": "k", "name": "K", "type": "range", "scope": "user", "min": 0 }),
            "max",
        ),
        (
            "list-without-options",
            json!({ "key": "k", "name": "K", "type": "list", "scope": "user" }),
            "options",
        ),
        (
            "of-no-type",
            json!({ "key": "k", "name": "K", "type": "colour", "scope": "user" }),
            "colour",
        ),
        (
            "of-no-scope",
            json!({ "key": "k", "name": "K", "type": "text", "scope": "all" }),
            "scope",
        ),
        ("twice", good.clone(), "boolean-user"),
    ] {
        let more = json!({ "availableSettings": [good, bad] });
        rig.plugin(id, &[("plugin.json", &manifest(id, &more)), ("background/index.js", "")]);
        let words = verdict(&rig, id).unwrap_or_else(|| panic!("{id} is taken"));
        assert!(words.contains(word) && words.contains("availableSettings[1]"), "{id}: {words}");
    }
}

#[test]
fn st_03_a_background_is_there_when_its_file_is() {
    let rig = Rig::new();
    write(&rig, "with-file", &starting(""));
    let old = json!({ "background": { "entryModule": "background/other.js" } });
    write_with(&rig, "with-both", &old, &starting("ctx.logger.info('from index.js');"));
    let text = manifest("without-file", &old);
    rig.plugin("without-file", &[("plugin.json", &text), ("ui/index.js", "")]);
    rig.rescan();
    rig.until_active("with-file");
    rig.until_active("with-both");
    rig.until_logged("with-both", "from index.js");
    assert!(rig.info("without-file").is_none());
}
