use std::path::PathBuf;

use serde_json::json;

use super::{Fixture, texts};
use crate::grants_schema;

#[test]
fn everything_is_read() {
    let fixture = Fixture::new(
        r#"# Mine.
        [plugin.claude]
        hash = "sha256:00"
        version = "1.2"
        source = "~/plugins/claude"
        allow = ["read:~/.claude/**", "net:API.example.com", 'ccusage']
        deny = ["net:*.evil.example"]
        asked = [
            "env:HOME", # no
        ]
        [plugin."a.b/ü\n"]
        source = "/p"
        [plugin.""]
        "#,
    );
    let grants = fixture.grants();
    assert!(grants.broken().is_none(), "{:?}", grants.broken());
    assert_eq!(grants.problems(), []);
    assert_eq!(grants.ids().collect::<Vec<_>>(), ["", "a.b/ü\n", "claude"]);
    let claude = grants.get("claude").unwrap();
    assert_eq!(claude.hash.as_deref(), Some("sha256:00"));
    assert_eq!(claude.version.as_deref(), Some("1.2"));
    assert_eq!(claude.source, Some(fixture.home.path().join("plugins/claude")));
    let mut allow = texts(&claude.allow);
    allow.sort();
    assert_eq!(allow, ["ccusage", "net:api.example.com", "read:~/.claude/**"]);
    assert_eq!(texts(&claude.deny), ["net:*.evil.example"]);
    assert_eq!(texts(&claude.asked), ["env:HOME"]);
    assert_eq!(grants.get("a.b/ü\n").unwrap().source, Some(PathBuf::from("/p")));
    assert_eq!(grants.get("other"), None);
    assert!(grants.denials_are_known("claude") && grants.denials_are_known("other"));
}

#[test]
fn the_form_of_the_tables_does_not_matter() {
    let forms = [
        "[plugin.x]\nallow = ['system']\n",
        "[plugin]\nx = { allow = ['system'] }\n",
        "plugin = { x = { allow = ['system'] } }\n",
        "plugin.x.allow = ['system']\n",
        "\u{feff}[plugin]\r\nx.allow = ['system']\r\n",
    ];
    for text in forms {
        let grants = Fixture::new(text).grants();
        assert!(grants.broken().is_none() && grants.problems().is_empty(), "{text}");
        assert_eq!(texts(&grants.get("x").unwrap().allow), ["system"], "{text}");
    }
}

#[test]
fn what_does_not_count_is_told_with_its_line_and_denials_fail_closed() {
    const UNSURE: &str = "nothing is granted to this plugin until it is corrected";
    // The text, the problem, whether what is denied is still known.
    let rows = [
        ("allow = ['nett:x']", "3: `plugin.x.allow`: `nett:x` is no kind of right", true),
        ("allow = [\n'system',\n'read:'\n]", "5: `plugin.x.allow`: ", true),
        (
            "allow = [7]",
            "3: `plugin.x.allow`: expected a text, found integer; it is not granted",
            true,
        ),
        ("allow = 'net:x'", "3: `plugin.x.allow`: expected a list of texts, found string", true),
        ("asked = ['x']", "3: `plugin.x.asked`: `x` is no kind of right", true),
        ("asked = {}", "3: `plugin.x.asked`: expected a list of texts, found inline table", true),
        ("hash = 7", "3: `plugin.x.hash`: expected a text, found integer; it is ignored", true),
        ("source = []", "3: `plugin.x.source`: expected a text, found array; it is ignored", true),
        ("note = 'x'", "3: `plugin.x.note`: no such entry", true),
        ("alow = []", "3: `plugin.x.alow`: no such entry; did you mean `allow`?", true),
        ("deny = ['net:x', 'nett:y']", "3: `plugin.x.deny`: `nett:y` is no kind of right", false),
        ("deny = [[]]", "3: `plugin.x.deny`: expected a text, found array", false),
        ("deny = 'net:x'", "3: `plugin.x.deny`: expected a list of texts, found string", false),
        ("deny = {}", "3: `plugin.x.deny`: expected a list of texts, found inline table", false),
        ("dney = ['net:x']", "3: `plugin.x.dney`: no such entry; did you mean `deny`?", false),
        ("Deny = ['net:x']", "3: `plugin.x.Deny`: no such entry; did you mean `deny`?", false),
        ("denied = ['net:x']", "3: `plugin.x.denied`: no such entry; nothing", false),
    ];
    for (text, expected, is_sure) in rows {
        let fixture = Fixture::new(format!(
            "[plugin]\n[plugin.x]\n{text}\n[plugin.y]\nallow = ['ccusage']\n"
        ));
        let grants = fixture.grants();
        assert!(grants.broken().is_none(), "{text}: {:?}", grants.broken());
        let problems: Vec<String> =
            grants.problems().iter().map(|it| fixture.bare(&it.to_string())).collect();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with(&format!("grants.toml:{expected}")), "{}", problems[0]);
        assert_eq!(problems[0].ends_with(UNSURE), !is_sure, "{}", problems[0]);
        assert_eq!(grants.denials_are_known("x"), is_sure, "{text}");
        assert_eq!(texts(&grants.get("y").unwrap().allow), ["ccusage"], "{text}");
        assert!(grants.denials_are_known("y"), "{text}");
    }
}

#[test]
fn where_a_denial_cannot_be_read_nothing_is_granted_and_other_denials_stay() {
    let text = "[plugin.x]\nallow = ['system']\ndeny = ['net:a', '?']\nasked = ['ccusage']\n";
    let grants = Fixture::new(text).grants();
    let found = grants.get("x").unwrap();
    assert!(found.allow.is_empty());
    assert_eq!(texts(&found.deny), ["net:a"]);
    assert_eq!(texts(&found.asked), ["ccusage"]);
    let grants = Fixture::new("[plugin]\nx = 3\n").grants();
    assert_eq!(grants.get("x"), Some(&crate::PluginGrants::default()));
    assert!(!grants.denials_are_known("x"));
}

#[test]
fn an_unknown_section_is_told() {
    let fixture = Fixture::new("[plugins.x]\nallow = ['system']\n");
    let grants = fixture.grants();
    let told = fixture.bare(&grants.problems()[0].to_string());
    assert_eq!(told, "grants.toml:1: `plugins`: no such section; did you mean `plugin`?");
    assert_eq!(grants.get("x"), None);
}

#[test]
fn a_broken_file_grants_nothing_and_says_where() {
    let rows: [(&[u8], &str); 6] = [
        (b"[plugin.x]\nallow = ['system'\n", "grants.toml:"),
        (b"[plugin.x]\nhash = 'a'\nhash = 'b'\n", "grants.toml:3:1: duplicate key"),
        (b"[plugin.x]\n[plugin.x]\n", "grants.toml:2:"),
        (b"plugin = 3\n", "grants.toml:1:1: `plugin`: expected a table, found integer; correct"),
        (b"[[plugin]]\nx = {}\n", "grants.toml:1:3: `plugin`: expected a table, found array of"),
        (b"[plugin.x]\nallow = ['system'] # \xff\n", "cannot read grants.toml: stream did not"),
    ];
    for (bytes, expected) in rows {
        let fixture = Fixture::new(bytes);
        let grants = fixture.grants();
        let broken = fixture.bare(&grants.broken().unwrap().to_string());
        assert!(broken.starts_with(expected), "{broken}");
        assert!(!broken.contains('\n') && !broken.contains("default"), "{broken}");
        assert_eq!(grants.ids().count(), 0, "{broken}");
        assert!(!grants.denials_are_known("x"), "{broken}");
    }
    let folder = Fixture::empty();
    folder.home.write("config/grants.toml/x", "");
    assert!(folder.grants().broken().is_some());
    let large = Fixture::new(vec![b'\n'; 4 * 1024 * 1024 + 1]);
    assert!(large.grants().broken().is_some());
}

#[test]
fn a_missing_file_is_an_empty_one_and_reading_creates_nothing() {
    let fixture = Fixture::empty();
    let grants = fixture.grants();
    assert!(grants.broken().is_none() && grants.problems().is_empty());
    assert_eq!(grants.ids().count(), 0);
    assert_eq!(fixture.home.names(""), Vec::<String>::new());
}

#[test]
fn the_schema_knows_every_entry_and_refuses_others() {
    let schema = grants_schema();
    assert_eq!(schema["additionalProperties"], json!(false));
    let section = &schema["$defs"]["GrantsSection"];
    assert_eq!(section["additionalProperties"], json!(false));
    let keys: Vec<&String> = section["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["hash", "version", "source", "allow", "deny", "asked"]);
}
