use vario_permissions::Permission;

use super::{expect_problems, folder, probe};
use crate::load;

#[test]
fn what_is_asked_for_becomes_rights() {
    let rows: [(&str, &[&str]); 5] = [
        ("{}", &[]),
        (r#"{"ccusage": false, "net": []}"#, &[]),
        (
            r#"{"ccusage": true, "processes": true, "system": true, "routes": true}"#,
            &["ccusage", "processes", "system", "routes"],
        ),
        (
            r#"{"net": ["B.example", "a.example:80", "b.example"]}"#,
            &["net:a.example:80", "net:b.example"],
        ),
        (
            r#"{"read": ["~/.t/**"], "write": ["$DATA/x"], "env": ["T"], "keychain": ["T*"],
                "run": ["t"], "bus": ["t.*"], "insecureTls": ["127.1"]}"#,
            &[
                "insecureTls:127.0.0.1",
                "read:~/.t/**",
                "write:$DATA/x",
                "env:T",
                "keychain:T*",
                "run:t",
                "bus:t.*",
            ],
        ),
    ];
    for (block, expected) in rows {
        let plugin = load(&probe(&format!(r#""permissions": {block}"#))).plugin.expect(block);
        let set = plugin.permissions.expect(block).to_set();
        let found: Vec<String> = set.iter().map(Permission::to_string).collect();
        assert_eq!(found, expected, "{block}");
    }
}

#[test]
fn what_is_no_right_is_an_error_where_it_stands() {
    let block = r#""permissions": {"net": ["a.example", "https://b.example/v1"]}"#;
    let expected = "error permissions.net[1]: `https://b.example/v1` is no host: \
                    write `api.example.com`, `*.example.com`, `127.0.0.1` or `[::1]`";
    expect_problems(&probe(block), &[expected]);
    let shown = crate::check(&probe(block)).diagnostics.to_string();
    assert!(shown.contains("plugin.json:3:38") && shown.contains("mean `b.example`?"), "{shown}");
}

/// Old plugins cannot ask for anything: the block means nothing there, right or wrong.
#[test]
fn other_dialects_have_no_rights_to_ask_for() {
    let manifest = r#"{"dialect": "openusage", "schemaVersion": 1, "id": "p", "name": "P",
        "version": "1.0.0", "entry": "p.js", "icon": "p.svg", "lines": [],
        "permissions": {"net": ["https://b.example"]}}"#;
    let plugin = load(&folder(manifest)).plugin.expect("it loads");
    assert_eq!(plugin.permissions, None);
}
