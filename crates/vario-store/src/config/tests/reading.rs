use serde_json::{Value, json};

use super::Fixture;
use crate::{Settings, config_schema};

#[test]
fn defaults_are_those_of_the_contract_section_7_10() {
    let config = Fixture::empty().config();
    assert!(config.broken().is_none());
    let rows = [
        ("plugins.order", json!([])),
        ("plugins.disabled", json!([])),
        ("updates.auto_update_interval", json!(15)),
        ("display.display_mode", json!("left")),
        ("display.reset_timer_display_mode", json!("relative")),
        ("display.time_format_mode", json!("auto")),
        ("display.menubar_icon_style", json!("provider")),
        ("display.menubar_metric", json!("default")),
        ("display.theme_mode", json!("system")),
        ("app.global_shortcut", json!(null)),
        ("app.start_on_login", json!(false)),
        ("app.log_level", json!("error")),
        ("app.isolation", json!("process")),
        ("notifications.plugins", json!([])),
        ("notifications.threshold", json!(90)),
    ];
    for (key, expected) in rows {
        assert_eq!(config.get(key).unwrap(), expected, "{key}");
    }
}

#[test]
fn limits_are_those_of_the_design() {
    let config = Fixture::empty().config();
    let limits = &config.settings().limits;
    assert_eq!(limits.wall.ms(), 30_000);
    assert_eq!(limits.heap.bytes(), 67_108_864);
    let entries = config.entries();
    let shown: Vec<(&str, &Value)> = entries
        .iter()
        .filter_map(|entry| Some((entry.key.strip_prefix("limits.")?, &entry.value)))
        .collect();
    let expected = [
        ("wall", json!("30s")),
        ("heap", json!("64M")),
        ("stack", json!("1M")),
        ("lines", json!(256)),
        ("output", json!("1M")),
        ("host_calls", json!(1000)),
        ("http_body", json!("8M")),
        ("log", json!("1M")),
    ];
    assert_eq!(shown, expected.iter().map(|(key, value)| (*key, value)).collect::<Vec<_>>());
}

#[test]
fn a_threshold_is_a_percentage() {
    for bad in ["0", "101", "-1", "1.5", "\"80\""] {
        let fixture = Fixture::new(format!("[notifications]\nthreshold = {bad}\n"));
        assert_eq!(fixture.problems().len(), 1, "{bad}");
        assert_eq!(fixture.config().settings().notifications.threshold, 90, "{bad}");
    }
}

#[test]
fn every_value_is_read() {
    let fixture = Fixture::new(
        r#"
        proxy = { enabled = true, url = "http://127.0.0.1:1" }
        [plugins]
        folders = ["~/a", "/b"]
        disabled = ["x"]
        order = ["y", "x"]
        [updates]
        auto_update_interval = 60
        [display]
        display_mode = "used"
        reset_timer_display_mode = "absolute"
        time_format_mode = "24h"
        menubar_icon_style = "donut"
        menubar_metric = "weekly"
        theme_mode = "dark"
        [app]
        log_level = "trace"
        global_shortcut = "Ctrl+U"
        start_on_login = true
        isolation = "in-process"
        [notifications]
        plugins = ["x"]
        threshold = 80
        [limits]
        wall = 1500
        heap = "1 GiB"
        [plugin.x.settings]
        day = 2026-01-31
        list = [1, 2.5, { a = "b" }]
        [plugin."a:b".settings.nested]
        deep = true
        "#,
    );
    assert_eq!(fixture.problems(), Vec::<String>::new());
    let config = fixture.config();
    let expected = json!({
        "plugins": {"folders": ["~/a", "/b"], "disabled": ["x"], "order": ["y", "x"]},
        "plugin": {
            "a:b": {"settings": {"nested": {"deep": true}}},
            "x": {"settings": {"day": "2026-01-31", "list": [1, 2.5, {"a": "b"}]}},
        },
        "updates": {"auto_update_interval": 60},
        "display": {
            "display_mode": "used", "reset_timer_display_mode": "absolute",
            "time_format_mode": "24h", "menubar_icon_style": "donut",
            "menubar_metric": "weekly", "theme_mode": "dark",
        },
        "app": {
            "log_level": "trace", "global_shortcut": "Ctrl+U", "start_on_login": true,
            "isolation": "in-process",
        },
        "notifications": {"plugins": ["x"], "threshold": 80},
        "limits": {
            "wall": "1500ms", "heap": "1G", "stack": "1M", "lines": 256, "output": "1M",
            "host_calls": 1000, "http_body": "8M", "log": "1M",
        },
        "proxy": {"enabled": true, "url": "http://127.0.0.1:1"},
    });
    assert_eq!(serde_json::to_value(config.settings()).unwrap(), expected);
    assert!(!config.is_enabled("x") && config.is_enabled("y"));
    assert_eq!(config.setting("a:b", "nested"), Some(&json!({"deep": true})));
    assert_eq!(config.get("plugin.\"a:b\".settings.nested").unwrap(), json!({"deep": true}));
    assert_eq!(config.get("plugin.x.settings.none").unwrap(), Value::Null);
    let folders = config.plugin_folders(&fixture.paths);
    let expected = [fixture.paths.plugins_dir(), fixture.home.path().join("a"), "/b".into()];
    assert_eq!(folders, expected);
}

#[test]
fn what_does_not_count_is_told_with_its_place_and_the_rest_counts() {
    let rows: [(&str, &str); 16] = [
        ("[displya]", "config.toml:1: `displya`: no such section; did you mean `display`?"),
        ("zzz = 1", "config.toml:1: `zzz`: no such section"),
        ("display = 3", "config.toml:1: `display`: expected a table, found integer; it is ignored"),
        (
            "# a\n[display]\ntheme_mod = \"dark\"",
            "config.toml:3: `display.theme_mod`: no such setting; did you mean `theme_mode`?",
        ),
        (
            "display.display_mode = \"lft\"",
            "config.toml:1: `display.display_mode`: unknown variant `lft`, expected `used` or \
             `left`; the default applies",
        ),
        (
            "[updates]\nauto_update_interval = 7",
            "config.toml:2: `updates.auto_update_interval`: an update interval is 5, 15, 30 or 60 \
             minutes, not 7; the default applies",
        ),
        (
            "[plugins]\ndisabled = \"x\"",
            "config.toml:2: `plugins.disabled`: invalid type: string \"x\", expected a sequence; \
             the default applies",
        ),
        (
            "[limits]\nwall = \"soon\"",
            "config.toml:2: `limits.wall`: expected a time above 0 such as `500ms`, `30s`, `5m` or \
             `2h`, found \"soon\"; the default applies",
        ),
        (
            "[limits]\nheap = 0",
            "config.toml:2: `limits.heap`: expected a size above 0 such as `512K`, `64M` or `1G`, \
             found \"0\"; the default applies",
        ),
        (
            "[limits]\nheap = 1.5",
            "config.toml:2: `limits.heap`: expected a text such as `30s` or `64M`, or a whole \
             number; the default applies",
        ),
        (
            "[limits]\nstack = \"8M\"",
            "config.toml:2: `limits.stack`: expected at most `4M`, found `8M`; the default applies",
        ),
        (
            "[limits]\nlines = 0",
            "config.toml:2: `limits.lines`: expected a number above 0; the default applies",
        ),
        (
            "[plugin.x]\nsetting.a = 1",
            "config.toml:2: `plugin.x.setting`: no such setting; did you mean `settings`?",
        ),
        (
            "[plugin.x]\nsettings = 1",
            "config.toml:2: `plugin.x.settings`: expected a table, found integer; it is ignored",
        ),
        (
            "[plugin.x.settings]\na = nan",
            "config.toml:2: `plugin.x.settings.a`: expected a finite number; the default applies",
        ),
        ("plugin = []", "config.toml:1: `plugin`: expected a table, found array; it is ignored"),
    ];
    for (text, expected) in rows {
        // One bad value must not cost a good one beside it.
        let fixture = Fixture::new(format!("{text}\n[app]\nstart_on_login = true\n"));
        assert_eq!(fixture.problems(), [expected], "{text}");
        let expected = Settings {
            app: crate::App { start_on_login: true, ..Default::default() },
            ..Default::default()
        };
        let mut found = fixture.config().settings().clone();
        found.plugin.clear();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_file_that_cannot_be_read_counts_as_empty_and_says_where() {
    let rows: [(&[u8], &str); 4] = [
        (b"[app]\nlog_level = ", "config.toml:2:13: "),
        (
            b"[app]\nstart_on_login = true\nstart_on_login = true\n",
            "config.toml:3:1: duplicate key",
        ),
        (b"a = \"\xff\"", "cannot read config.toml: stream did not contain valid UTF-8"),
        (b"\xc3\xa4 = 1\n", "config.toml:1:1: "),
    ];
    for (bytes, expected) in rows {
        let fixture = Fixture::new(bytes);
        let config = fixture.config();
        let broken = fixture.bare(&config.broken().unwrap().to_string());
        assert!(broken.starts_with(expected), "{broken}");
        assert!(!broken.contains('\n'), "{broken}");
        assert_eq!(config.settings(), &Settings::default());
    }
    let large = Fixture::new(vec![b'\n'; 4 * 1024 * 1024 + 1]);
    let broken = large.config().broken().unwrap().to_string();
    assert!(broken.ends_with("it is larger than 4 MiB"), "{broken}");
    let folder = Fixture::empty();
    folder.home.write("config/config.toml/x", "");
    assert!(folder.config().broken().is_some());
}

/// Opening a pipe without a writer would wait for ever; `/dev/zero` would never end.
#[cfg(target_os = "linux")]
#[test]
fn what_is_no_ordinary_file_is_not_opened() {
    let fixture = Fixture::empty();
    fixture.home.write("config/x", "");
    std::os::unix::fs::symlink("/dev/zero", fixture.paths.config_file()).unwrap();
    let broken = fixture.config().broken().unwrap().to_string();
    assert!(broken.ends_with("config.toml: it is not an ordinary file"), "{broken}");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_no_problem() {
    let fixture = Fixture::new("\u{feff}[app]\r\nstart_on_login = true\r\n");
    let config = fixture.config();
    assert!(config.broken().is_none(), "{:?}", config.broken());
    assert!(config.settings().app.start_on_login);
}

#[test]
fn reading_creates_nothing() {
    let fixture = Fixture::empty();
    let config = fixture.config();
    assert!(config.problems().is_empty() && config.broken().is_none());
    assert_eq!(fixture.home.names(""), Vec::<String>::new());
}

#[test]
fn the_list_of_settings_says_what_each_is_about() {
    let entries = Fixture::new("[display]\ntheme_mode = \"system\"").config().entries();
    for entry in &entries {
        assert!(!entry.description.is_empty(), "{} has no description", entry.key);
        assert_eq!(entry.value, entry.default, "{}", entry.key);
        assert_eq!(entry.is_set, entry.key == "display.theme_mode", "{}", entry.key);
    }
    assert_eq!(entries.first().map(|entry| entry.key.as_str()), Some("plugins.folders"));
    assert!(entries.iter().all(|entry| !entry.key.starts_with("plugin.")));
}

#[test]
fn the_schema_knows_every_setting_and_refuses_others() {
    let schema = config_schema();
    assert_eq!(schema["additionalProperties"], json!(false));
    let sections: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        sections,
        ["plugins", "plugin", "updates", "display", "app", "notifications", "limits", "proxy"]
    );
}
