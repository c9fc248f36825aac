use std::fs;
use std::path::Path;
use std::thread;

use super::{Fixture, right, texts};
use crate::{Error, Grants, PluginGrants};

#[track_caller]
fn check(before: &str, edit: impl FnOnce(&mut Grants) -> Result<(), Error>, after: &str) {
    let fixture = Fixture::new(before);
    let mut grants = fixture.grants();
    edit(&mut grants).unwrap();
    assert_eq!(fixture.text(), after);
    let again = fixture.grants();
    assert_eq!(grants.ids().collect::<Vec<_>>(), again.ids().collect::<Vec<_>>());
    for id in again.ids() {
        assert_eq!(grants.get(id), again.get(id), "memory and file agree");
    }
    assert_eq!(fixture.home.names("config"), [".grants.toml.lock", "grants.toml"]);
}

fn allow<'a>(id: &'a str, rights: &'a [&str]) -> impl FnOnce(&mut Grants) -> Result<(), Error> {
    move |grants| {
        grants.update(id, |entry| entry.allow.extend(rights.iter().map(|text| right(text))))
    }
}

fn revoke<'a>(id: &'a str, text: &'a str) -> impl FnOnce(&mut Grants) -> Result<(), Error> {
    move |grants| {
        grants.update(id, |entry| {
            entry.allow.remove(&right(text));
        })
    }
}

#[test]
fn a_new_file_says_what_it_is() {
    let all = |grants: &mut Grants| {
        grants.update("claude", |entry| {
            *entry = PluginGrants {
                hash: Some("sha256:00".into()),
                version: Some("1.2".into()),
                source: Some("/p/claude".into()),
                allow: ["read:~/.claude/**", "net:b.example", "net:a.example"]
                    .map(right)
                    .into_iter()
                    .collect(),
                deny: [right("net:*.evil.example")].into_iter().collect(),
                asked: [right("system")].into_iter().collect(),
            };
        })
    };
    let after = "\
# What plugins may do. Edit freely; `vario grants` shows what holds.

[plugin.claude]
hash = \"sha256:00\"
version = \"1.2\"
source = \"/p/claude\"
allow = [
    \"net:a.example\",
    \"net:b.example\",
    \"read:~/.claude/**\",
]
deny = [\"net:*.evil.example\"]
asked = [\"system\"]
";
    check("", all, after);
    check(after, all, after);
}

#[test]
fn comments_and_order_survive_a_change() {
    let before = "# top\n\n# of b\n[plugin.b] # b\n# why\nallow = [ 'system' ] # one\nnote = 1\n\n\
                  # of a\n[plugin.a]\nversion = '1' # old\n# end\n";
    let after = before.replace("[ 'system' ]", "[\n    'system',\n    \"ccusage\",\n]");
    check(before, allow("b", &["ccusage"]), &after);
    let version =
        |grants: &mut Grants| grants.update("a", |entry| entry.version = Some("2".into()));
    check(before, version, &before.replace("'1'", "\"2\""));
    let forget = |grants: &mut Grants| grants.update("a", |entry| entry.version = None);
    check(before, forget, &before.replace("version = '1' # old\n", ""));
    let after = format!("{before}\n[plugin.c]\nallow = [\"system\"]\n");
    check(before, allow("c", &["system"]), &after);
    check(before, allow("b", &["system"]), before);
    check(before, |grants| grants.update("c", |_| ()), before);
}

#[test]
fn lists_keep_what_a_person_wrote_into_them() {
    let before = "[plugin.x]\nallow = [\n  # first\n  'system', # about it\n  'net:A.example' # no comma\n]\n";
    let after = "[plugin.x]\nallow = [\n  # first\n  'system', # about it\n  'net:A.example', # no comma\n  \"ccusage\"\n]\n";
    check(before, allow("x", &["ccusage"]), after);
    // Another spelling of the same right.
    let after = "[plugin.x]\nallow = [\n  # first\n  'system' # about it\n]\n";
    check(before, revoke("x", "net:a.example"), after);
    // What cannot be read is not ours to drop.
    let before = "[plugin.x]\nallow = ['nett:x', 'system']\n";
    check(before, revoke("x", "system"), "[plugin.x]\nallow = ['nett:x']\n");
    // An empty list goes, unless something is said about it.
    check("[plugin.x]\nallow = ['system']\n", revoke("x", "system"), "[plugin.x]\n");
    let before = "[plugin.x]\n# why\nallow = ['system']\n";
    check(before, revoke("x", "system"), "[plugin.x]\n# why\nallow = []\n");
    let before = "[plugin]\nx = { allow = ['system'] }\n";
    let after = "[plugin]\nx = { allow = [\n    'system',\n    \"ccusage\",\n] }\n";
    check(before, allow("x", &["ccusage"]), after);
}

#[test]
fn another_plugin_finds_its_place_in_every_form() {
    let forms = [
        "[plugin.x]\nallow = ['system']\n",
        "[plugin]\nx = { allow = ['system'] }\n",
        "[plugin]\n[plugin.x]\nallow = ['system']\n",
        "plugin = { x = { allow = ['system'] } }\n",
        "plugin.x.allow = ['system']\n",
        "plugin.x = { allow = ['system'] }\n",
        "[plugin]\r\nx.allow = ['system']\r\n",
        "[plugin.x]\nallow = ['system']\n[other]\na = 1\n# end\n",
        "[plugin.x]\nallow = [ # one\n'system']",
    ];
    for text in forms {
        let fixture = Fixture::new(text);
        for id in ["y", "x", "z"] {
            allow(id, &["ccusage", "env:A"])(&mut fixture.grants()).unwrap();
        }
        fixture.grants().update("y", |entry| entry.allow.extend([right("env:B")])).unwrap();
        let grants = fixture.grants();
        let found: Vec<_> = grants.ids().map(|id| grants.get(id).unwrap().allow.len()).collect();
        assert_eq!(found, [3, 3, 2], "{text:?}: {}", fixture.text());
    }
}

#[test]
fn odd_ids_are_quoted() {
    for id in ["", "a.b", "a b", "a\"b'c", "ü\n", "[x]", "#", "deny", "__proto__", "a\u{0}b"] {
        let fixture = Fixture::empty();
        allow(id, &["system"])(&mut fixture.grants()).unwrap();
        allow("other", &["ccusage"])(&mut fixture.grants()).unwrap();
        let mut grants = fixture.grants();
        assert!(grants.broken().is_none() && grants.problems().is_empty(), "{}", fixture.text());
        assert_eq!(texts(&grants.get(id).unwrap().allow), ["system"], "{}", fixture.text());
        assert!(grants.remove(id).unwrap());
        assert_eq!(fixture.grants().ids().collect::<Vec<_>>(), ["other"], "{}", fixture.text());
    }
}

#[test]
fn odd_texts_are_quoted() {
    let fixture = Fixture::empty();
    let odd = "a\"'\\\n\t#] ü \u{1}";
    let path = Path::new("/p/\"'\\ü\n").to_owned();
    let write = |entry: &mut PluginGrants| {
        entry.version = Some(odd.into());
        entry.source = Some(path.clone());
        entry.allow.insert(right("keychain:a\"'\\*#] ü"));
    };
    fixture.grants().update("x", write).unwrap();
    let grants = fixture.grants();
    let found = grants.get("x").unwrap();
    assert_eq!(found.version.as_deref(), Some(odd));
    assert_eq!(found.source.as_ref(), Some(&path));
    assert_eq!(texts(&found.allow), ["keychain:a\"'\\*#] ü"]);
}

#[test]
fn a_plugin_is_forgotten_with_what_is_said_of_it_alone() {
    let before = "# top\n\n# of b\n[plugin.b]\nallow = ['system']\n\n# of a\n[plugin.a]\n# in a\n\
                  deny = ['system']\n";
    let remove = |id: &'static str| move |grants: &mut Grants| grants.remove(id).map(drop);
    check(before, remove("b"), "# top\n\n# of a\n[plugin.a]\n# in a\ndeny = ['system']\n");
    check(before, remove("a"), "# top\n\n# of b\n[plugin.b]\nallow = ['system']\n");
    check(before, remove("c"), before);
    check("# top\n\n[plugin.b]\n", remove("b"), "# top\n");
    check("# top\r\n\r\n# of b\r\n[plugin.b]\r\n", remove("b"), "# top\n");
    check("[plugin]\na = 3\nb = {}\n", remove("a"), "[plugin]\nb = {}\n");
    let fixture = Fixture::new(before);
    let mut grants = fixture.grants();
    assert!(grants.remove("b").unwrap() && !grants.remove("b").unwrap());
}

#[test]
fn a_broken_file_is_never_written() {
    for text in ["[plugin.x\n", "plugin = 3\n", "[[plugin]]\n", "\u{0}"] {
        let fixture = Fixture::new(text);
        let mut grants = fixture.grants();
        let refused = allow("x", &["system"])(&mut grants).unwrap_err().to_string();
        assert!(refused.contains("correct the file"), "{refused}");
        grants.remove("x").unwrap_err();
        assert_eq!(fixture.text(), text);
        // Corrected meanwhile.
        fixture.home.write("config/grants.toml", "");
        allow("x", &["system"])(&mut grants).unwrap();
        assert!(grants.broken().is_none());
    }
    // Broken after it was read, while we were running.
    let fixture = Fixture::new("");
    let mut grants = fixture.grants();
    fixture.home.write("config/grants.toml", "[plugin.x\n");
    allow("x", &["system"])(&mut grants).unwrap_err();
    assert_eq!(fixture.text(), "[plugin.x\n");
}

#[test]
fn where_a_denial_cannot_be_read_only_forgetting_is_possible() {
    for text in ["[plugin.x]\ndeny = ['?']\n", "[plugin.x]\ndeny = 3\n", "[plugin]\nx = 3\n"] {
        let fixture = Fixture::new(text);
        let mut grants = fixture.grants();
        let refused = allow("x", &["system"])(&mut grants).unwrap_err().to_string();
        assert!(refused.ends_with("correct it in the file first"), "{refused}");
        assert_eq!(fixture.text(), text);
        allow("y", &["system"])(&mut grants).unwrap();
        assert!(!grants.denials_are_known("x"));
        assert!(grants.remove("x").unwrap() && grants.denials_are_known("x"));
        assert_eq!(grants.ids().collect::<Vec<_>>(), ["y"]);
    }
}

#[test]
fn writers_at_the_same_time_lose_nothing() {
    let fixture = Fixture::empty();
    thread::scope(|scope| {
        for number in 0..4 {
            let mut grants = fixture.grants();
            scope.spawn(move || {
                for variable in 0..6 {
                    let text = format!("env:V{number}{variable}");
                    allow("x", &[&text])(&mut grants).unwrap();
                    allow(&format!("p{number}"), &[&text])(&mut grants).unwrap();
                }
            });
        }
    });
    let grants = fixture.grants();
    assert_eq!(grants.get("x").unwrap().allow.len(), 24);
    assert_eq!(grants.ids().count(), 5);
    assert_eq!(fixture.home.names("config"), [".grants.toml.lock", "grants.toml"]);
}

#[test]
fn what_a_killed_writer_left_behind_is_swept_up() {
    let fixture = Fixture::empty();
    let strangers = [".grants.toml.bak", ".other.toml.abc.tmp", "grants.toml.abc.tmp"];
    for name in [".grants.toml.abc.tmp", ".grants.toml.x.y.tmp"].iter().chain(&strangers) {
        fixture.home.write(&format!("config/{name}"), "");
    }
    allow("x", &["system"])(&mut fixture.grants()).unwrap();
    let mut expected = vec![".grants.toml.lock", ".grants.toml.x.y.tmp", "grants.toml"];
    expected.extend(strangers);
    expected.sort_unstable();
    assert_eq!(fixture.home.names("config"), expected);
}

#[cfg(unix)]
#[test]
fn a_new_file_is_private_and_mode_and_owner_of_an_old_one_stay() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
    let fixture = Fixture::empty();
    allow("x", &["system"])(&mut fixture.grants()).unwrap();
    let path = fixture.paths.grants_file();
    let metadata = || fs::metadata(&path).unwrap();
    assert_eq!(metadata().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    // Only root may give a file away; for all others there is nothing to see here.
    let owner = chown(&path, Some(12_345), Some(54_321)).is_ok().then_some((12_345, 54_321));
    let owner = owner.unwrap_or((metadata().uid(), metadata().gid()));
    allow("x", &["ccusage"])(&mut fixture.grants()).unwrap();
    assert_eq!((metadata().uid(), metadata().gid()), owner);
    assert_eq!(metadata().mode() & 0o777, 0o640);
}
