use super::rig::{Rig, manifest};
use super::zip::{Entry, zip};
use crate::{Plan, Was};

fn archive(version: &str, keys: &str) -> Vec<u8> {
    zip(&[Entry::new("plugin.json", manifest(version, keys)), Entry::new("plugin.lua", "return 1")])
}

fn texts(set: &vario_permissions::PermissionSet) -> Vec<String> {
    set.iter().map(ToString::to_string).collect()
}

#[test]
fn a_plan_says_what_an_update_changes() {
    let rig = Rig::new();
    let old = r#""author": "Ann",
        "permissions": { "net": ["api.example.com"], "read": ["~/.tool/**"], "system": true },
        "settings": [{ "key": "a", "name": "The a", "type": "boolean" }],"#;
    let new = r#""author": "Bob",
        "permissions": { "net": ["*.example.com"], "read": ["~/.tool/x"], "env": ["KEY"] },
        "settings": [{ "key": "b", "name": "The b", "type": "boolean" }],"#;
    let mut first = rig.inspect(&archive("1.0.0", old)).unwrap();
    let plan = rig.installer().plan(&first);
    assert_eq!(plan.from, None);
    assert_eq!(texts(&plan.new_permissions), ["net:api.example.com", "read:~/.tool/**", "system"]);
    assert!(!plan.verified);
    rig.installer().install(&mut first).unwrap();

    let second = rig.inspect(&archive("2.0.0", new)).unwrap();
    let Plan {
        from,
        version,
        new_permissions,
        dropped_permissions,
        new_settings,
        dropped_settings,
        ..
    } = rig.installer().plan(&second);
    let was = Was {
        version: "1.0.0".into(),
        other_dialect: None,
        other_author: Some("Ann".into()),
        same: false,
    };
    assert_eq!((from, version.as_str()), (Some(was), "2.0.0"));
    assert_eq!(texts(&new_permissions), ["net:*.example.com", "env:KEY"]);
    assert_eq!(texts(&dropped_permissions), ["read:~/.tool/**", "system"]);
    assert_eq!((new_settings, dropped_settings), (vec!["The b".into()], vec!["The a".into()]));

    let again = rig.inspect(&archive("1.0.0", old)).unwrap();
    let plan = rig.installer().plan(&again);
    assert!(plan.from.unwrap().same);
    assert!(plan.new_permissions.is_empty());
}
