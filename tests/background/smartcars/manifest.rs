//! What the manifest decides (section 1).

use vario_model::BackgroundState;
use vario_runtime::Catalog;

use super::{go, plugin, plugin_with};
use crate::rig::Rig;

const FINE: &str = "exports.routes = { get: { ok: { handler: (req, res) => res.send('ok') } } };";

#[test]
fn sc_03_communities_as_numbers_and_as_text() {
    let rig = Rig::new();
    for (id, keys) in [
        ("com.example.everybody", ""),
        ("com.example.empty", r#""allowedCommunities": [],"#),
        ("com.example.number", r#""allowedCommunities": [7, 402],"#),
        ("com.example.text", r#""allowedCommunities": ["402"],"#),
        ("com.example.others", r#""allowedCommunities": [40, "02", "4020"],"#),
    ] {
        plugin_with(&rig, id, keys, FINE);
    }
    let fitting = ["com.example.number", "com.example.text"];
    let for_all = ["com.example.everybody", "com.example.empty"];
    rig.sign_in(402);
    rig.rescan();
    for id in fitting.iter().chain(&for_all) {
        rig.until_active(id);
    }
    assert_eq!(rig.get("/api/com.example.others/ok").status(), 404);
    assert!(rig.reason("com.example.others").contains("other communities"));
    // Another airline: what is for the first one only goes.
    rig.sign_in(40);
    rig.until_active("com.example.others");
    for id in for_all {
        rig.until_active(id);
    }
    for id in fitting {
        rig.until_state(id, BackgroundState::Unloaded);
        assert_eq!(rig.get(&format!("/api/{id}/ok")).status(), 404);
    }
}

#[test]
fn sc_04_a_broken_manifest_hides_no_other_plugin() {
    let rig = Rig::new();
    let broken = [
        ("a", r#"{ "name": "A", "version": "1.0.0", "type": "user", "description": "" }"#, "id"),
        ("b", r#"{ "id": "b.b", "name": "B", "type": "user", "description": "" }"#, "version"),
        ("c", r#"{ "id": "c.c", "name": "C", "#, ""),
        ("d", r#"{ "id": "", "name": "D", "version": "1", "type": "user" }"#, "id"),
        ("e", r#"{ "id": "../e", "name": "E", "version": "1", "type": "user" }"#, "id"),
    ];
    for (folder, manifest, _) in broken {
        rig.plugin(folder, &[("plugin.json", manifest), ("background/index.js", FINE)]);
    }
    plugin(&rig, "com.example.fine", FINE);
    go(&rig, &["com.example.fine"]);
    assert_eq!(rig.get("/api/com.example.fine/ok").text(), "ok");
    assert_eq!(rig.supervisor.list().len(), 1);
    let catalog = Catalog::discover(&[rig.plugins()], &[]);
    assert_eq!(catalog.problems.len(), broken.len());
    for (folder, _, words) in broken {
        let problem = catalog.problems.iter().find(|problem| problem.path.ends_with(folder));
        let problem = problem.unwrap_or_else(|| panic!("{folder} is not reported"));
        let text = problem.diagnostics.to_string();
        assert!(!text.is_empty() && text.contains(words), "{folder}: {text}");
    }
}
