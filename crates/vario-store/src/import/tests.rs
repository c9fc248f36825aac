use std::fs;
use std::path::Path;

use serde_json::json;
use vario_test_support::TempHome;

use super::{ImportLine, ImportOutcome, import_openusage};
use crate::{Config, Paths};

/// A home folder with an old installation in `old`.
struct Fixture {
    home: TempHome,
    paths: Paths,
}

impl Fixture {
    fn new() -> Self {
        let home = TempHome::new();
        let paths = Paths::below(home.path());
        fs::create_dir(home.path().join("old")).unwrap();
        Self { home, paths }
    }

    fn old(&self, name: &str, content: impl AsRef<[u8]>) {
        self.home.write(&format!("old/{name}"), content);
    }

    fn run(&self, dry_run: bool) -> Vec<ImportLine> {
        let mut config = Config::load(&self.paths);
        let folder = self.home.path().join("old");
        import_openusage(&folder, &self.paths, &mut config, dry_run).unwrap()
    }

    /// Each source with a word for what became of it.
    fn words(&self) -> Vec<String> {
        self.run(false).iter().map(|line| format!("{} {}", line.source, word(line))).collect()
    }

    fn value(&self, key: &str) -> serde_json::Value {
        Config::load(&self.paths).get(key).unwrap()
    }
}

fn word(line: &ImportLine) -> &'static str {
    match line.outcome {
        ImportOutcome::Set { .. } => "set",
        ImportOutcome::Copied { .. } => "copied",
        ImportOutcome::Same => "same",
        ImportOutcome::Kept { .. } => "kept",
        ImportOutcome::Left { .. } => "left",
        ImportOutcome::Failed { .. } => "failed",
    }
}

fn why(lines: &[ImportLine], source: &str) -> String {
    let line = lines.iter().find(|line| line.source == source);
    match line.map(|line| &line.outcome) {
        Some(
            ImportOutcome::Kept { why }
            | ImportOutcome::Left { why }
            | ImportOutcome::Failed { why },
        ) => why.clone(),
        other => panic!("{source}: {other:?} of {lines:?}"),
    }
}

#[test]
fn every_key_of_the_contract_has_its_place() {
    let fixture = Fixture::new();
    let settings = json!({
        "plugins": { "order": ["codex", "claude", "codex"], "disabled": ["amp"] },
        "autoUpdateInterval": 30,
        "displayMode": "used",
        "resetTimerDisplayMode": "absolute",
        "timeFormatMode": "24h",
        "menubarIconStyle": "bars",
        "trayIconStyle": "circle",
        "menubarMetric": "weekly",
        "themeMode": "system",
        "globalShortcut": "CommandOrControl+Shift+U",
        "startOnLogin": true,
        "logLevel": "debug",
        "retirementNoticeDismissedAt": 5,
        "analytics.daily_active_day": "2026-01-01",
        "trayShowPercentage": null,
        "somethingNew": [1],
    });
    fixture.old("settings.json", settings.to_string());
    let expected = [
        "plugins.order set",
        "plugins.disabled set",
        "autoUpdateInterval set",
        "displayMode set",
        "resetTimerDisplayMode set",
        "timeFormatMode set",
        "menubarIconStyle set",
        "trayIconStyle left",
        "menubarMetric set",
        "themeMode same",
        "globalShortcut set",
        "startOnLogin set",
        "logLevel set",
        "retirementNoticeDismissedAt left",
        "analytics.daily_active_day left",
        "trayShowPercentage left",
        "somethingNew left",
    ];
    assert!(fixture.run(true).iter().any(|line| word(line) == "set"));
    assert!(!fixture.paths.config_file().exists(), "a dry run writes nothing");
    assert_eq!(fixture.words(), expected);
    let control = if cfg!(target_os = "macos") { "Cmd" } else { "Ctrl" };
    let values = [
        ("plugins.order", json!(["codex", "claude"])),
        ("plugins.disabled", json!(["amp"])),
        ("updates.auto_update_interval", json!(30)),
        ("display.display_mode", json!("used")),
        ("display.reset_timer_display_mode", json!("absolute")),
        ("display.time_format_mode", json!("24h")),
        ("display.menubar_icon_style", json!("bars")),
        ("display.menubar_metric", json!("weekly")),
        ("app.global_shortcut", json!(format!("{control}+Shift+U"))),
        ("app.start_on_login", json!(true)),
        ("app.log_level", json!("debug")),
    ];
    for (key, value) in values {
        assert_eq!(fixture.value(key), value, "{key}");
    }
    let again = fixture.words();
    assert!(!again.iter().any(|word| word.ends_with(" set")), "{again:?}");
}

#[test]
fn what_is_set_here_stays() {
    let fixture = Fixture::new();
    Config::load(&fixture.paths).set("display.theme_mode", "light").unwrap();
    fixture.old("settings.json", r#"{ "themeMode": "dark", "displayMode": "left" }"#);
    let lines = fixture.run(false);
    let words = why(&lines, "themeMode");
    assert_eq!(words, r#"`display.theme_mode` is set to "light" here, not to "dark""#);
    assert_eq!(fixture.value("display.theme_mode"), json!("light"));
    assert_eq!(word(&lines[1]), "same", "the default is what it was there");
}

#[test]
fn older_keys_and_ids_are_understood() {
    let cases = [
        (json!({ "trayIconStyle": "circle" }), "display.menubar_icon_style", json!("donut")),
        (json!({ "trayIconStyle": "odd" }), "display.menubar_icon_style", json!("provider")),
        (
            json!({ "plugins": { "order": ["windsurf", "amp"], "disabled": [] } }),
            "plugins.order",
            json!(["devin", "amp"]),
        ),
        (
            json!({ "plugins": { "order": ["windsurf", "devin"], "disabled": ["devin", "amp"] } }),
            "plugins.disabled",
            json!(["amp"]),
        ),
        (
            json!({ "plugins": { "order": ["windsurf"], "disabled": ["windsurf"] } }),
            "plugins.disabled",
            json!(["devin"]),
        ),
    ];
    for (settings, key, expected) in cases {
        let fixture = Fixture::new();
        fixture.old("settings.json", settings.to_string());
        fixture.run(false);
        assert_eq!(fixture.value(key), expected, "{settings}");
    }
}

#[test]
fn wrong_values_fail_alone() {
    let fixture = Fixture::new();
    let settings = json!({
        "autoUpdateInterval": 7,
        "themeMode": ["dark"],
        "displayMode": "sideways",
        "plugins": { "order": ["good", 5], "disabled": ["b\u{1b}ad"] },
        "timeFormatMode": "12h",
    });
    fixture.old("settings.json", settings.to_string());
    let expected = [
        "autoUpdateInterval failed",
        "themeMode failed",
        "displayMode failed",
        "plugins.order failed",
        "plugins.disabled failed",
        "timeFormatMode set",
    ];
    assert_eq!(fixture.words(), expected);
}

#[test]
fn settings_that_cannot_be_read_do_not_keep_the_data_away() {
    let deep = "[".repeat(100_000);
    let large = format!("{{\"a\": \"{}\"}}", "x".repeat(5 << 20));
    let broken: [&[u8]; 5] = [b"{", b"[]", b"\xff{}", deep.as_bytes(), large.as_bytes()];
    for content in broken {
        let fixture = Fixture::new();
        fixture.old("settings.json", content);
        fixture.old("plugins_data/copilot/auth.json", "{}");
        let words = fixture.words();
        assert_eq!(words, ["settings.json failed", "plugins_data/copilot/auth.json copied"]);
    }
    let fixture = Fixture::new();
    fs::create_dir(fixture.home.path().join("old/settings.json")).unwrap();
    assert_eq!(fixture.words(), ["settings.json failed"]);
}

#[test]
fn data_is_copied_and_nothing_of_ours_is_overwritten() {
    let fixture = Fixture::new();
    fixture.old("plugins_data/copilot/auth.json", "theirs");
    fixture.old("plugins_data/copilot/cache/a.bin", [0, 159, 146, 150]);
    fixture.old("plugins_data/amp/notes.txt", "theirs");
    fixture.old("plugins_data/amp/same.txt", "same");
    let data = |id: &str| fixture.paths.plugin_data_dir(id);
    fs::create_dir_all(data("amp")).unwrap();
    fs::write(data("amp").join("notes.txt"), "ours").unwrap();
    fs::write(data("amp").join("same.txt"), "same").unwrap();
    fixture.run(true);
    assert!(!data("copilot").exists(), "a dry run writes nothing");
    let expected = [
        "plugins_data/amp/notes.txt kept",
        "plugins_data/amp/same.txt same",
        "plugins_data/copilot/auth.json copied",
        "plugins_data/copilot/cache/a.bin copied",
    ];
    assert_eq!(fixture.words(), expected);
    let read = |path: &Path| fs::read(path).unwrap();
    assert_eq!(read(&data("amp").join("notes.txt")), b"ours");
    assert_eq!(read(&data("copilot").join("auth.json")), b"theirs");
    assert_eq!(read(&data("copilot").join("cache/a.bin")), [0, 159, 146, 150]);
    assert_eq!(read(&fixture.home.path().join("old/plugins_data/copilot/auth.json")), b"theirs");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&data("copilot")), 0o700);
        assert_eq!(mode(&data("copilot").join("auth.json")), 0o600);
    }
}

#[test]
fn what_is_no_data_of_a_plugin_is_refused() {
    let fixture = Fixture::new();
    fixture.old("plugins_data/loose.txt", "");
    fixture.old("plugins_data/big/huge.bin", vec![0; (16 << 20) + 1]);
    fixture.old(&format!("plugins_data/deep/{}end", "d/".repeat(20)), "");
    let lines = fixture.run(false);
    assert!(lines.iter().all(|line| word(line) == "failed"), "{lines:?}");
    assert_eq!(lines.len(), 3);
    assert_eq!(why(&lines, "plugins_data/big/huge.bin"), "it is larger than 16 MiB");
    assert!(!fixture.paths.data_dir().exists());
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_not_followed() {
    use std::os::unix::fs::symlink;

    let fixture = Fixture::new();
    let home = fixture.home.path();
    fixture.home.write("secret", "do not copy");
    fixture.home.write("elsewhere/file", "do not copy");
    fixture.home.write("victim/notes.txt", "do not write beside");
    fixture.old("plugins_data/a/good.txt", "good");
    fixture.old("plugins_data/b/sub/new.txt", "new");
    symlink(home.join("secret"), home.join("old/plugins_data/a/link.txt")).unwrap();
    symlink(home.join("elsewhere"), home.join("old/plugins_data/a/folder")).unwrap();
    symlink(home.join("elsewhere"), home.join("old/plugins_data/linked")).unwrap();
    symlink(home.join("secret"), home.join("old/settings.json")).unwrap();
    fs::create_dir_all(fixture.paths.plugin_data_dir("b")).unwrap();
    symlink(home.join("victim"), fixture.paths.plugin_data_dir("b").join("sub")).unwrap();
    symlink("nowhere", fixture.paths.plugin_data_dir("b").join("dangling")).unwrap();
    fixture.old("plugins_data/b/dangling", "new");
    let expected = [
        "settings.json failed",
        "plugins_data/a/folder failed",
        "plugins_data/a/good.txt copied",
        "plugins_data/a/link.txt failed",
        "plugins_data/b/dangling kept",
        "plugins_data/b/sub kept",
        "plugins_data/linked failed",
    ];
    assert_eq!(fixture.words(), expected);
    assert_eq!(fixture.home.names("victim"), ["notes.txt"]);
    assert!(!fixture.paths.plugin_data_dir("b").join("nowhere").exists());
}

#[test]
fn ids_lead_nowhere_else_and_other_things_are_left() {
    let fixture = Fixture::new();
    fixture.old("plugins_data/odd id:1/a", "x");
    fixture.old("plugins/claude/plugin.json", "{}");
    fixture.old("usage-api-cache.json", "{}");
    fixture.old("unrelated", "");
    let lines = fixture.run(false);
    assert!(fixture.paths.plugin_data_dir("odd id:1").join("a").is_file());
    assert!(why(&lines, "plugins").contains("plugins.folders"));
    assert!(why(&lines, "usage-api-cache.json").contains("vario probe"));
    assert_eq!(lines.len(), 3);
    assert_eq!(Fixture::new().run(false), []);
    let mut config = Config::load(&fixture.paths);
    let none = fixture.home.path().join("none");
    assert!(import_openusage(&none, &fixture.paths, &mut config, true).is_err());
}
