use serde_json::{Value as Json, json};
use vario_manifest::{DiskFolder, check};
use vario_runtime::Catalog;

use crate::bundled::bundled;
use crate::settings::{from_file, to_file};

#[cfg(feature = "lua")]
#[test]
fn the_bundled_plugins_are_found_without_a_warning() {
    let catalog = Catalog::discover(&[], &bundled());
    let ids: Vec<&str> = catalog.plugins.iter().map(|found| found.plugin.id.as_str()).collect();
    assert_eq!(ids, ["system"]);
    assert!(catalog.problems.is_empty(), "{:?}", catalog.problems);
    assert!(catalog.plugins.iter().all(|found| found.diagnostics.is_empty()));
}

#[cfg(not(feature = "lua"))]
#[test]
fn a_build_without_lua_has_no_bundled_plugins() {
    assert!(Catalog::discover(&[], &bundled()).plugins.is_empty());
}

#[test]
fn their_folders_stand_up_to_a_thorough_check() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/plugins/system");
    let folder = DiskFolder::open(folder.as_ref()).expect("the folder is there");
    let checked = check(&folder);
    assert!(checked.diagnostics.is_empty(), "{}", checked.diagnostics);
}

#[test]
fn json_settings_survive_the_configuration_file() {
    let manifest = r#"{ "schemaVersion": 1, "id": "a", "name": "a", "version": "1",
        "entry": "a.lua", "settings": [
            { "key": "any", "name": "any", "type": "json" },
            { "key": "text", "name": "text", "type": "text" } ] }"#;
    let folder =
        vario_manifest::MemoryFolder::new().with("plugin.json", manifest).with("a.lua", "");
    let plugin = vario_manifest::load(&folder).plugin.expect("a good manifest");
    let (any, text) = (plugin.setting("any"), plugin.setting("text"));
    let (any, text) = (any.expect("a setting"), text.expect("a setting"));
    for value in [json!({ "a": [null, 1.5] }), json!(null), json!("text"), json!("5"), json!([])] {
        let kept = to_file(any, value.clone());
        assert!(kept.is_string(), "{kept}");
        assert_eq!(from_file(any, &kept), value);
    }
    assert_eq!(from_file(any, &json!([1, 2])), json!([1, 2]), "written by hand");
    assert_eq!(from_file(any, &json!("no json")), json!("no json"));
    let plain: Json = json!("5");
    assert_eq!(to_file(text, plain.clone()), plain);
    assert_eq!(from_file(text, &plain), plain);
}
