use std::time::{Duration, Instant};

use vario_value::Value;

use super::output;

/// What is written in place of invalid UTF-8.
const BROKEN: char = char::REPLACEMENT_CHARACTER;

fn later() -> Instant {
    Instant::now() + Duration::from_mins(1)
}

#[test]
fn usage_is_found_in_odd_output() {
    let broken = format!(r#"{{"daily":["{BROKEN}"]}}"#);
    let cases: [(&[u8], Option<&str>); 25] = [
        (br#"{"daily":[]}"#, Some(r#"{"daily":[]}"#)),
        (b"[]", Some(r#"{"daily":[]}"#)),
        (b" \r\n[1]\n\n", Some(r#"{"daily":[1]}"#)),
        (b"some text\n{\"daily\":[1]}", Some(r#"{"daily":[1]}"#)),
        (b"[info] done {1}\n{\"daily\":[{\"a\":[1]}]}\n", Some(r#"{"daily":[{"a":[1]}]}"#)),
        (b"\xEF\xBB\xBF{\"daily\":[1]}", Some(r#"{"daily":[1]}"#)),
        (b"words [\n  2\n]", Some(r#"{"daily":[2]}"#)),
        (b"{\"daily\":[\"\xFF\"]}", Some(&broken)),
        (b"\xFF\xFE [3]", Some(r#"{"daily":[3]}"#)),
        // Whatever else is there is kept, in its order.
        (br#"{"totals":{"b":1,"a":2},"daily":[]}"#, Some(r#"{"totals":{"b":1,"a":2},"daily":[]}"#)),
        (
            br#"{"daily":[{"date":"x","costUSD":0.1,"n":null}]}"#,
            Some(r#"{"daily":[{"date":"x","costUSD":0.1,"n":null}]}"#),
        ),
        // The last one decides, also when it is of no use.
        (br#"{"daily":[1]} {"x":1}"#, None),
        (br#"{"daily":[1]} {"daily":[2]}"#, Some(r#"{"daily":[2]}"#)),
        (b"{}", None),
        (br#"{"daily":{}}"#, None),
        (br#"{"daily":null}"#, None),
        (br#"{"data":{"daily":[]}}"#, None),
        (b"5", None),
        (b"\"[]\"", None),
        (b"", None),
        (b" \n ", None),
        (br#"{"daily":[1]} trailing words"#, None),
        // A text that was cut may end with a list.
        (br#"{"daily":[1]"#, Some(r#"{"daily":[1]}"#)),
        (br#"{"daily":[1"#, None),
        (b"banner }", None),
    ];
    for (stdout, expected) in cases {
        let expected = expected.map(|json| Value::parse_json(json).unwrap());
        assert_eq!(
            output::parse(stdout, later()),
            expected,
            "of {}",
            String::from_utf8_lossy(stdout)
        );
    }
}

/// The search for a beginning ends with the run.
#[test]
fn there_is_no_time_for_odd_output_after_the_end() {
    let past = Instant::now();
    assert_eq!(output::parse(b"words [1]", past), None);
    assert!(output::parse(b"[1]", past).is_some());
}

#[test]
fn usage_may_not_be_nested_without_end() {
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    assert_eq!(output::parse(deep.as_bytes(), later()), None);
}

#[cfg(unix)]
#[test]
fn the_usual_folders_come_before_the_old_path() {
    use std::path::{Path, PathBuf};

    use super::path;

    let folders = [PathBuf::from("/opt/x/bin"), PathBuf::from("/usr/x/bin")];
    let cases: [(Option<&str>, Option<&str>, &str); 7] = [
        (None, None, "~/.bun/bin:~/.nvm/current/bin:~/.local/bin:/opt/x/bin:/usr/x/bin"),
        (
            Some(" 22.1.0\n"),
            Some("/bin:/usr/bin"),
            "~/.bun/bin:~/.nvm/current/bin:~/.nvm/versions/node/v22.1.0/bin:~/.local/bin:\
            /opt/x/bin:/usr/x/bin:/bin:/usr/bin",
        ),
        (
            Some("v20"),
            Some("/usr/x/bin:/bin:/bin:~/.bun/bin"),
            "~/.bun/bin:~/.nvm/current/bin:~/.nvm/versions/node/v20/bin:~/.local/bin:\
            /opt/x/bin:/usr/x/bin:/bin",
        ),
        (Some(" \n"), None, "~/.bun/bin:~/.nvm/current/bin:~/.local/bin:/opt/x/bin:/usr/x/bin"),
        (
            Some("lts/*"),
            None,
            "~/.bun/bin:~/.nvm/current/bin:~/.nvm/versions/node/vlts/*/bin:~/.local/bin:\
            /opt/x/bin:/usr/x/bin",
        ),
        // One with a separator in its name would be two others.
        (Some("1:2"), None, "~/.bun/bin:~/.nvm/current/bin:~/.local/bin:/opt/x/bin:/usr/x/bin"),
        (
            None,
            Some("/opt/x/bin"),
            "~/.bun/bin:~/.nvm/current/bin:~/.local/bin:/opt/x/bin:/usr/x/bin",
        ),
    ];
    for (alias, old, expected) in cases {
        let home = tempfile::tempdir().unwrap();
        let named = |text: &str| text.replace('~', home.path().to_str().unwrap());
        std::fs::create_dir_all(home.path().join(".nvm/alias")).unwrap();
        if let Some(alias) = alias {
            std::fs::write(home.path().join(".nvm/alias/default"), alias).unwrap();
        }
        let old = old.map(named);
        let found = path::of_children(Some(home.path()), &folders, old.as_deref());
        assert_eq!(found.to_str(), Some(named(expected).as_str()), "of {alias:?} and {old:?}");
    }
    let found = path::of_children(None, &folders, Some("/bin"));
    assert_eq!(Path::new(&found), Path::new("/opt/x/bin:/usr/x/bin:/bin"));
}
