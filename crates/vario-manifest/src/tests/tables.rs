use super::{expect_problems, folder, probe, problems};
use crate::{Dialect, Error, Icon, Language, MemoryFolder, Plugin, check, load};

#[track_caller]
fn plugin(folder: &MemoryFolder) -> Plugin {
    let loaded = load(folder);
    loaded.plugin.unwrap_or_else(|| panic!("refused:\n{}", loaded.diagnostics))
}

#[test]
fn the_dialect_is_told_from_the_keys() {
    use Dialect::{Mudstack, Openusage, Smartcars, Stratos, Vario};
    // Rows of the table in design section 3, then what wins when two of them fit.
    let rows: [(&str, &str, Option<Dialect>); 21] = [
        ("plugin.json", r#"{"icon_light": "a.svg"}"#, Some(Stratos)),
        ("plugin.json", r#"{"icon_dark": "a.svg"}"#, Some(Stratos)),
        ("plugin.json", r#"{"availableSettings": []}"#, Some(Stratos)),
        ("plugin.json", r#"{"availableSettings": {}, "type": "user"}"#, Some(Smartcars)),
        ("plugin.json", r#"{"type": "user"}"#, Some(Smartcars)),
        ("plugin.json", r#"{"type": "user", "entry": "p.js"}"#, Some(Openusage)),
        ("plugin.json", r#"{"type": "user", "main": "p.js"}"#, Some(Mudstack)),
        ("plugin.json", r#"{"main": "p.js"}"#, Some(Mudstack)),
        ("manifest.json", "{}", Some(Mudstack)),
        ("plugin.json", r#"{"schemaVersion": 1, "entry": "p.js", "permissions": {}}"#, Some(Vario)),
        ("plugin.json", r#"{"schemaVersion": 1, "settings": []}"#, Some(Vario)),
        ("plugin.json", r#"{"schemaVersion": 1, "limits": {}}"#, Some(Vario)),
        ("plugin.json", r#"{"schemaVersion": 1, "refresh": 5}"#, Some(Vario)),
        ("plugin.json", r#"{"schemaVersion": 1, "background": "p.js"}"#, Some(Vario)),
        ("plugin.json", r#"{"schemaVersion": 1, "dependencies": []}"#, Some(Vario)),
        ("plugin.json", r#"{"entry": "p.lua"}"#, Some(Vario)),
        ("plugin.json", r#"{"entry": "p.LUAU"}"#, Some(Vario)),
        ("plugin.json", r#"{"entry": "a/p.mjs"}"#, Some(Vario)),
        ("plugin.json", r#"{"entry": "p.ts"}"#, Some(Vario)),
        ("plugin.json", r#"{"entry": "p.js", "permissions": {}}"#, Some(Openusage)),
        ("plugin.json", r#"{"schemaVersion": 1}"#, None),
    ];
    for (file, text, expected) in rows {
        let root = crate::json::parse(text).root.unwrap();
        assert_eq!(Dialect::detect(file, &root), expected, "{file} {text}");
    }
}

#[test]
fn a_named_dialect_wins_over_the_keys() {
    assert_eq!(plugin(&probe(r#""lines": []"#)).dialect, Dialect::Openusage);
    assert_eq!(plugin(&probe(r#""dialect": "vario""#)).dialect, Dialect::Vario);
    let both = probe(r#""dialect": "openusage", "lines": [], "limits": {}"#);
    assert_eq!(plugin(&both).dialect, Dialect::Openusage);
    expect_problems(&both, &["warning limits: `limits` means nothing in `openusage`"]);
}

#[test]
fn of_two_manifests_mudstack_prefers_its_own() {
    let mudstack = r#"{"id": "com.x", "name": "M", "main": "p.js"}"#;
    let own = |first: &str| load(&folder(first).with("manifest.json", mudstack));
    let name = |loaded: crate::Loaded| loaded.plugin.map(|plugin| plugin.name);
    let probe = r#"{"schemaVersion": 1, "id": "p", "name": "P", "version": "1", "entry": "p.js",
        "icon": "p.svg", "lines": []}"#;
    assert_eq!(name(own(r#"{"main": "p.js"}"#)), Some("M".into()));
    assert_eq!(name(own("{}")), Some("M".into()));
    assert_eq!(name(own(probe)), Some("P".into()));
    assert_eq!(name(own("{ broken")), None);
    assert_eq!(name(own(r#"{"type": "user"}"#)), None);
}

#[test]
fn required_fields_of_contract_section_1_2() {
    expect_problems(
        &folder("{}"),
        &[
            "error id: `id` is missing",
            "error name: `name` is missing",
            "error version: `version` is missing",
            "error schemaVersion: `schemaVersion` is missing",
            "error entry: `entry` is missing",
            "error icon: `icon` is missing",
            "error lines: `lines` is missing",
        ],
    );
    expect_problems(
        &folder(r#"{"dialect": "vario"}"#),
        &[
            "error id: `id` is missing",
            "error name: `name` is missing",
            "error version: `version` is missing",
            "error schemaVersion: `schemaVersion` is missing",
            "error entry: `entry` is missing",
        ],
    );
}

/// Each row: a key with its value, and what `openusage` and `vario` say about it.
#[test]
fn fields_of_contract_section_1_2() {
    let none: &str = "";
    let rows: [(&str, &str, &str); 46] = [
        (r#""schemaVersion": 99"#, "warning", "error"),
        (r#""schemaVersion": "1""#, "error", "error"),
        (r#""schemaVersion": -1"#, "error", "error"),
        (r#""schemaVersion": 1.5"#, "error", "error"),
        (r#""schemaVersion": 4294967296"#, "error", "error"),
        (r#""id": """#, "error", "error"),
        (r#""id": ".p""#, "error", "error"),
        (r#""id": "a/b""#, "error", "error"),
        (r#""id": "P""#, "error", "error"),
        (r#""id": "a.b_c-1""#, none, none),
        (r#""id": 5"#, "error", "error"),
        (r#""name": """#, none, "error"),
        (r#""version": "next""#, none, "warning"),
        (r#""entry": " ""#, "error", "error"),
        (r#""entry": "/p.js""#, "error", "error"),
        (r#""entry": "C:\\p.js""#, "error", "error"),
        (r#""entry": "nope.js""#, "error", "error"),
        (r#""entry": "../p.js""#, "error", "error"),
        (r#""entry": "background""#, "error", "error"),
        (r#""entry": "latin1.js""#, "error", "error"),
        (r#""entry": "./ui/../p.js""#, none, none),
        (r#""icon": "nope.svg""#, "error", "error"),
        (r#""icon": "../p.svg""#, "error", "error"),
        (r#""icon": "p.js""#, "warning", "error"),
        (r#""icon": "fake.svg""#, "warning", "error"),
        (r#""brandColor": null"#, none, none),
        (r#""brandColor": "abc""#, none, none),
        (r#""brandColor": "teal""#, "warning", "warning"),
        (r#""brandColor": 5"#, "error", "error"),
        (r#""lines": null"#, "error", "error"),
        (r#""lines": [5]"#, "error", "error"),
        (r#""lines": [{"type": "pie", "label": "", "scope": "overview"}]"#, "warning", "error"),
        (r#""lines": [{"type": "text", "label": "", "scope": "both"}]"#, "warning", "error"),
        (r#""lines": [{"type": "text", "label": 1, "scope": "detail"}]"#, "error", "error"),
        (r#""lines": [LINE, "primaryOrder": -1}]"#, "error", "error"),
        (r#""lines": [LINE, "primaryOrder": 0.5}]"#, "error", "error"),
        (r#""lines": [LINE, "primaryOrder": null, "period": null}]"#, none, none),
        (r#""lines": [LINE, "period": "monthly"}]"#, "warning", "warning"),
        (r#""lines": [LINE, "period": 7}]"#, "error", "error"),
        (r#""lines": [LINE, "primary": 1}]"#, "warning", "error"),
        (r#""links": null"#, "error", "error"),
        (r#""links": [{"label": "a", "url": "HTTP://a"}]"#, "warning", "warning"),
        (r#""links": [{"label": " ", "url": "http://a"}]"#, "warning", "warning"),
        (r#""links": [{"label": "a"}]"#, "error", "error"),
        (r#""profiles": {"discovery": "other"}"#, "warning", "warning"),
        (r#""linsk": []"#, "warning", "warning"),
    ];
    for (row, openusage, vario) in rows {
        for (dialect, expected) in [("openusage", openusage), ("vario", vario)] {
            let folder = with_field(dialect, row);
            let found = problems(&check(&folder));
            let worst = found.split(' ').next().unwrap_or_default();
            assert_eq!(worst, expected, "{dialect} {row}: {found}");
            assert!(found.lines().count() <= 1, "{dialect} {row}: {found}");
        }
    }
}

/// A good manifest in which one field is replaced or added.
fn with_field(dialect: &str, row: &str) -> MemoryFolder {
    let line = r#"{"type": "progress", "label": "a", "scope": "overview""#;
    let row = row.replace("LINE", line);
    let defaults = [
        r#""schemaVersion": 1"#,
        r#""id": "p""#,
        r#""name": "P""#,
        r#""version": "1.0.0""#,
        r#""entry": "p.js""#,
        r#""icon": "p.svg""#,
        r#""lines": []"#,
    ];
    let key = row.split(':').next().unwrap();
    let kept = defaults.into_iter().filter(|field| !field.starts_with(&format!("{key}:")));
    let fields: Vec<&str> = kept.chain([row.as_str()]).collect();
    let manifest = format!(r#"{{"dialect": "{dialect}", {}}}"#, fields.join(", "));
    folder(&manifest).with("latin1.js", b"caf\xe9".to_vec()).with("fake.svg", "<html>")
}

#[test]
fn unknown_keys_are_told_in_vario_and_slips_everywhere() {
    let extra = r#""lines": [], "colour": "red", "brandcolor": "red""#;
    expect_problems(
        &probe(extra),
        &[r#"warning brandcolor: the key "brandcolor" has no meaning here"#],
    );
    expect_problems(
        &probe(&format!(r#""dialect": "vario", {extra}"#)),
        &[
            r#"warning colour: the key "colour" has no meaning here"#,
            r#"warning brandcolor: the key "brandcolor" has no meaning here"#,
        ],
    );
}

/// A case's name, its lines, the primary candidates and the weekly one.
type Candidates = (&'static str, Vec<String>, &'static [&'static str], Option<&'static str>);

#[test]
fn primary_and_weekly_candidates() {
    let line = |label: &str, kind: &str, rest: &str| {
        format!(r#"{{"type": "{kind}", "label": "{label}", "scope": "overview"{rest}}}"#)
    };
    let order = |n: u32| format!(r#", "primaryOrder": {n}"#);
    let yes = r#", "primary": true"#;
    let weekly = r#", "period": "weekly""#;
    let rows: [Candidates; 8] = [
        ("none", vec![line("a", "progress", "")], &[], None),
        (
            "ascending, stable for ties",
            vec![
                line("a", "progress", &order(2)),
                line("b", "progress", &order(1)),
                line("c", "progress", &order(1)),
                line("d", "progress", &order(0)),
            ],
            &["d", "b", "c", "a"],
            None,
        ),
        (
            "only progress lines have a rank",
            vec![line("a", "text", &order(0)), line("b", "progress", &order(5))],
            &["b"],
            None,
        ),
        (
            "the first primary line",
            vec![line("a", "progress", ""), line("b", "progress", yes), line("c", "progress", yes)],
            &["b"],
            None,
        ),
        (
            "primary on another line is ignored",
            vec![line("a", "badge", yes), line("b", "progress", yes)],
            &["b"],
            None,
        ),
        (
            "a rank switches primary off",
            vec![line("a", "progress", yes), line("b", "progress", &order(3))],
            &["b"],
            None,
        ),
        (
            "the first weekly progress line",
            vec![
                line("a", "text", weekly),
                line("b", "progress", weekly),
                line("c", "progress", weekly),
            ],
            &[],
            Some("b"),
        ),
        ("both", vec![line("a", "progress", &(order(1) + weekly))], &["a"], Some("a")),
    ];
    for (name, lines, primary, week) in rows {
        let plugin = plugin(&probe(&format!(r#""lines": [{}]"#, lines.join(", "))));
        assert_eq!(plugin.primary_candidates(), primary, "{name}");
        assert_eq!(plugin.weekly_candidate(), week, "{name}");
    }
}

#[test]
fn languages_by_ending() {
    let rows = [
        ("a.lua", Language::Lua),
        ("a.luau", Language::Lua),
        ("a.js", Language::JsScript),
        ("a.mjs", Language::JsModule),
        ("a.ts", Language::TypeScript),
    ];
    for (file, language) in rows {
        let manifest = format!(
            r#"{{"schemaVersion": 1, "dialect": "vario", "id": "p", "name": "P",
            "version": "1.0.0", "entry": "./{file}", "background": {{"entry": "{file}"}}}}"#
        );
        let plugin = plugin(&folder(&manifest).with(file, ""));
        assert_eq!(plugin.icon, Icon::Default);
        for code in [plugin.probe.unwrap(), plugin.background.unwrap()] {
            assert_eq!((code.path.as_str(), code.language), (file, language));
        }
    }
    let other = |dialect| {
        let manifest = format!(
            r#"{{"dialect": "{dialect}", "schemaVersion": 1, "id": "p", "name": "P",
            "version": "1.0.0", "entry": "p.txt", "icon": "p.svg", "lines": []}}"#
        );
        load(&folder(&manifest).with("p.txt", "")).plugin.map(|plugin| plugin.probe)
    };
    assert_eq!(other("openusage").flatten().map(|code| code.language), Some(Language::JsScript));
    assert_eq!(other("vario"), None);
}

#[test]
fn limits_are_only_lowered() {
    let limits = r#""limits": {"timeoutMs": 2000, "memoryBytes": 99999999, "maxLines": 256}"#;
    let loaded = load(&probe(limits));
    assert_eq!(
        problems(&loaded),
        "warning limits.memoryBytes: a manifest can only lower a limit: `memoryBytes` is \
         67108864 already"
    );
    let limits = loaded.plugin.unwrap().limits;
    assert_eq!((limits.timeout_ms, limits.memory_bytes), (Some(2000), None));
    assert_eq!(limits.max_lines, Some(256));
    expect_problems(
        &probe(r#""limits": {"maxLines": 0, "maxlines": 5}"#),
        &[
            "error limits.maxLines: `limits.maxLines` must be a whole number from 1, found the \
             number 0",
            r#"warning limits.maxlines: the key "maxlines" has no meaning here"#,
        ],
    );
}

#[test]
fn refresh_is_a_number_or_an_object() {
    let read = |text: &str| {
        let loaded = load(&probe(&format!(r#""dialect": "vario", "refresh": {text}"#)));
        loaded.plugin.map(|plugin| (plugin.refresh.minutes, plugin.refresh.minimum_minutes))
    };
    assert_eq!(read("15"), Some((Some(15), None)));
    assert_eq!(read(r#"{"minutes": 15, "minimumMinutes": 5}"#), Some((Some(15), Some(5))));
    assert_eq!(read("{}"), Some((None, None)));
    for bad in ["0", "1.5", "\"5m\"", "40321", r#"{"minutes": 5, "minimumMinutes": 6}"#] {
        assert_eq!(read(bad), None, "{bad}");
    }
}

/// A dialect, its manifest for an id, good ids and bad ones.
type Ids<'a> = (&'a str, &'a dyn Fn(&str) -> String, &'a [&'a str], &'a [&'a str]);

#[test]
fn ids_by_dialect() {
    let stratos = |id: &str| {
        format!(
            r#"{{"id": "{id}", "name": "S", "version": "1.0.0", "description": "", "type": "user",
            "author": {{"id": "a", "name": "A"}}, "icon_light": "a.svg", "icon_dark": "a.svg"}}"#
        )
    };
    let smartcars = |id: &str| {
        format!(r#"{{"id": "{id}", "name": "S", "version": "1.0.0", "type": "airline"}}"#)
    };
    let mudstack = |id: &str| format!(r#"{{"id": "{id}", "name": "M", "main": "p.js"}}"#);
    let rows: [Ids<'_>; 3] = [
        ("stratos", &stratos, &["a", "a-1", "1"], &["A", "a--b", "-a", "a-", "a.b", ""]),
        ("smartcars", &smartcars, &["com.Acme.x_1"], &["a..b", ".a", "a/b", "", "a b"]),
        ("mudstack", &mudstack, &["com.acme.x"], &["../a", "a\\\\b", ""]),
    ];
    for (dialect, manifest, good, bad) in rows {
        for id in good {
            let plugin = plugin(&folder(&manifest(id)));
            assert_eq!((plugin.dialect.name(), plugin.id.as_str()), (dialect, *id));
        }
        for id in bad {
            assert!(load(&folder(&manifest(id))).plugin.is_none(), "{dialect} {id:?}");
        }
    }
    assert!(load(&folder(&stratos(&"a".repeat(64)))).plugin.is_some());
    assert!(load(&folder(&stratos(&"a".repeat(65)))).plugin.is_none());
    assert!(load(&folder(&mudstack(&"a".repeat(129)))).plugin.is_none());
}

#[test]
fn a_folder_without_a_usable_manifest_says_why() {
    let rows: [(&str, MemoryFolder, &str); 6] = [
        ("nothing", MemoryFolder::new(), "neither a `plugin.json` nor a `manifest.json`"),
        ("a folder", MemoryFolder::new().with("plugin.json/x", ""), "not a regular file"),
        (
            "too large",
            MemoryFolder::new().with("plugin.json", vec![b' '; 50_000_000]),
            "`plugin.json` has more than 1048576 bytes",
        ),
        (
            "a link that leads out",
            MemoryFolder::new()
                .with_problem("manifest.json", Error::Outside { path: "manifest.json".into() }),
            "`manifest.json` leads outside",
        ),
        (
            "UTF-16",
            MemoryFolder::new().with("plugin.json", b"\xff\xfe{\0}\0".to_vec()),
            "the file is UTF-16",
        ),
        (
            "not UTF-8",
            MemoryFolder::new().with("plugin.json", b"{\n\"id\": \"\xe9\"}".to_vec()),
            "plugin.json:2:8",
        ),
    ];
    for (name, folder, expected) in rows {
        let loaded = load(&folder);
        let shown = loaded.diagnostics.to_string();
        assert!(loaded.plugin.is_none() && shown.contains(expected), "{name}: {shown}");
    }
}

#[test]
fn quick_loading_reads_nothing_but_the_manifest() {
    let unreadable = Error::Unreadable { path: "p.js".into(), reason: "x".into() };
    let refused = probe(r#""lines": []"#).with_problem("p.js", unreadable);
    assert!(load(&refused).plugin.is_none());
    let latin1 = probe(r#""lines": []"#).with("p.js", b"\xe9".to_vec());
    assert!(load(&latin1).plugin.is_some());
    assert!(check(&latin1).plugin.is_none());
    assert_eq!(
        crate::read_entry(&latin1, "p.js"),
        Err(Error::NotUtf8 { path: "p.js".into(), offset: 0 })
    );
}
