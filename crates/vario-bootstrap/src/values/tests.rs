use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::{Value as Json, json};
use vario_background::{PluginSettings as _, Requirements as _, Storage as _};
use vario_host::{LogEntry, LogOrigin, LogSink};
use vario_host_native::{MemorySecrets, NoSecrets, SecretStore};
use vario_manifest::{MemoryFolder, Plugin, Requirement};
use vario_runtime::Clock;
use vario_store::{LOG_BYTES, Paths, PluginLogs, Store};
use vario_test_support::TempHome;
use vario_value::LogLevel;

use super::{FreshSettings, KeptLog, OnThisMachine, StoredValues};

fn plugin(manifest: &str, files: &[&str]) -> Arc<Plugin> {
    let folder = MemoryFolder::new().with("plugin.json", manifest);
    let folder = files.iter().fold(folder, |folder, file| folder.with(file, ""));
    let loaded = vario_manifest::load(&folder);
    loaded.plugin.map_or_else(|| panic!("{}", loaded.diagnostics), Arc::new)
}

fn stratos() -> Arc<Plugin> {
    let manifest = r#"{
        "id": "map", "name": "Map", "version": "1.0.0", "description": "d", "type": "user",
        "author": { "id": "a", "name": "A" }, "icon_light": "i.svg", "icon_dark": "i.svg",
        "availableSettings": [
            { "key": "zoom", "name": "Zoom", "type": "number", "scope": "user", "default": 3 },
            { "key": "label", "name": "Label", "type": "text", "scope": "user" },
            { "key": "any", "name": "Any", "type": "json", "scope": "user" },
            { "key": "limit", "name": "L", "type": "number", "scope": "airline", "default": 1 },
            { "key": "server", "name": "S", "type": "text", "scope": "airline" }
        ] }"#;
    plugin(manifest, &["background/index.js", "assets/i.svg"])
}

fn smartcars() -> Arc<Plugin> {
    let manifest = r#"{
        "id": "com.example.sounds", "name": "Sounds", "version": "1.0.0", "type": "user",
        "availableSettings": {
            "loud": { "name": "Loud", "type": "boolean", "default": false },
            "late": { "name": "Late", "type": "boolean", "default": false, "settingType": "airline" },
            "odd": { "name": "Odd", "type": "boolean", "settingType": "airline" }
        } }"#;
    plugin(manifest, &["background/index.js"])
}

fn settings(home: &TempHome, secrets: Arc<dyn SecretStore>) -> FreshSettings {
    FreshSettings { paths: Paths::below(home.path()), secrets }
}

fn json_of(values: serde_json::Map<String, Json>) -> Json {
    Json::Object(values)
}

#[test]
fn settings_are_the_users_then_the_manifests() {
    let home = TempHome::new();
    let settings = settings(&home, Arc::new(NoSecrets));
    let plugin = stratos();
    assert_eq!(json_of(settings.stored(&plugin)), json!({}));
    assert_eq!(json_of(settings.effective(&plugin)), json!({ "zoom": 3, "limit": 1 }));
    settings.set(&plugin, "zoom", &json!(4.5)).unwrap();
    settings.set(&plugin, "any", &json!([null])).unwrap();
    assert_eq!(json_of(settings.stored(&plugin)), json!({ "zoom": 4.5, "any": [null] }));
    let effective = json!({ "zoom": 4.5, "any": [null], "limit": 1 });
    assert_eq!(json_of(settings.effective(&plugin)), effective);
    for (key, value, words) in [
        ("zoom", json!("far"), "`zoom`"),
        ("limit", json!(2), "is set by the airline and is read-only here"),
        ("zom", json!(2), "has no setting `zom`; did you mean `zoom`?"),
    ] {
        let error = settings.set(&plugin, key, &value).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
    home.write("config/config.toml", "[plugin.map.settings]\nzoom = 'far'\nlabel = 'x'\n");
    assert_eq!(json_of(settings.stored(&plugin)), json!({ "label": "x" }), "what fits");
}

#[test]
fn the_airlines_settings_come_with_the_account() {
    let home = TempHome::new();
    home.write(
        "config/accounts.toml",
        "[use]\nstratos = 'va'\nsmartcars = 'me'\n[stratos.va]\nbaseUrl = 'https://va.example'\n\
         [stratos.va.plugins.map.settings]\nlimit = 9\nserver = 5\nzoom = 8\n\
         [smartcars.me]\nidentity = '''{ \"airline\": { \"plugins\": [ 1, { \"id\": \"x\" },\n\
         { \"id\": \"com.example.sounds\", \"appliedSettings\": { \"late\": true, \"odd\": 1,\n\
         \"loud\": true } } ] } }'''\n",
    );
    let settings = settings(&home, Arc::new(NoSecrets));
    let airline = settings.stored(&stratos());
    assert_eq!(json_of(airline), json!({ "limit": 9 }), "what fits and is the airline's to say");
    assert_eq!(json_of(settings.stored(&smartcars())), json!({ "late": true }));
    let effective = settings.effective(&smartcars());
    assert_eq!(json_of(effective), json!({ "late": true, "loud": false }));
    home.write("config/accounts.toml", "[use\n");
    assert_eq!(json_of(settings.effective(&stratos())), json!({ "zoom": 3, "limit": 1 }));
}

#[test]
fn secret_settings_are_in_the_keychain_only() {
    let home = TempHome::new();
    let manifest = r#"{ "schemaVersion": 1, "id": "a", "name": "a", "version": "1",
        "entry": "a.lua", "settings": [ { "key": "key", "name": "Key", "type": "secret" } ] }"#;
    let plugin = plugin(manifest, &["a.lua"]);
    let with = settings(&home, Arc::new(MemorySecrets::new()));
    assert_eq!(json_of(with.effective(&plugin)), json!({}));
    with.set(&plugin, "key", &json!("hunter2")).unwrap();
    assert_eq!(json_of(with.effective(&plugin)), json!({ "key": "hunter2" }));
    assert!(home.names("config").is_empty());
    let without = settings(&home, Arc::new(NoSecrets));
    let error = without.set(&plugin, "key", &json!("hunter2")).unwrap_err();
    assert!(error.starts_with("the secret `key` cannot be kept") && !error.contains("hunter2"));
    assert_eq!(json_of(without.effective(&plugin)), json!({}));
}

#[test]
fn values_are_kept_by_plugin_and_key() {
    let home = TempHome::new();
    let values =
        || StoredValues { store: Arc::new(Store::open(&Paths::below(home.path())).unwrap()) };
    values().set("p", "k", &json!({ "a": null })).unwrap();
    assert_eq!(values().get("p", "k").unwrap(), Some(json!({ "a": null })));
    assert_eq!(values().get("q", "k").unwrap(), None);
    assert_eq!(values().all("p").unwrap().len(), 1);
    values().remove("p", "k").unwrap();
    values().remove("p", "k").unwrap();
    assert_eq!(values().get("p", "k").unwrap(), None);
    let error = values().set("p", &"k".repeat(2_000), &json!(1)).unwrap_err();
    assert!(error.contains("the key has 2000 bytes"), "{error}");
}

#[test]
fn ms_20_requirements_are_looked_up_on_this_machine() {
    let home = TempHome::new();
    home.write("lib.so", "");
    let machine = OnThisMachine { home: Some(home.path().to_owned()) };
    let library =
        |path: &str| Requirement::Library { name: "l".into(), path: Some(path.into()), env: None };
    assert!(machine.is_there(&library("~/lib.so")));
    assert!(!machine.is_there(&library("~/other.so")));
    let own = std::env::current_exe().unwrap().to_string_lossy().into_owned();
    let program = |path: Option<String>| Requirement::Executable {
        name: "no-such-program-anywhere".into(),
        path,
        env: None,
    };
    assert!(machine.is_there(&program(Some(own))));
    assert!(!machine.is_there(&program(None)));
    let plugin = Requirement::Plugin { id: "p".into(), version: None };
    assert!(!machine.is_there(&plugin), "plugins are not asked for here");
}

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl LogSink for Heard {
    fn wants(&self, level: LogLevel) -> bool {
        level >= LogLevel::Warn
    }

    fn write(&self, entry: LogEntry) {
        self.0.lock().push(entry.message);
    }
}

#[test]
fn log_lines_are_kept_and_handed_on() {
    let home = TempHome::new();
    let logs = PluginLogs::new(&Paths::below(home.path()));
    let heard = Arc::new(Heard::default());
    let log = KeptLog { logs, clock: Arc::new(Fixed), next: Arc::clone(&heard) as _ };
    let entry = |level, origin, message: &str| LogEntry {
        plugin_id: "p".into(),
        level,
        origin,
        message: message.into(),
    };
    assert!(log.wants(LogLevel::Debug));
    log.write(entry(LogLevel::Debug, LogOrigin::Plugin, "small"));
    log.write(entry(LogLevel::Warn, LogOrigin::Host, "odd"));
    let text = std::fs::read_to_string(home.path().join("state/logs/p.log")).unwrap();
    assert_eq!(
        text,
        "1970-01-01T00:00:00.000Z debug small\n1970-01-01T00:00:00.000Z warn vario: odd\n"
    );
    assert_eq!(*heard.0.lock(), ["odd"]);
    // Nothing can be written any more: the plugin goes on.
    std::fs::remove_dir_all(home.path().join("state")).unwrap();
    home.write("state", "in the way");
    for _ in 0..=LOG_BYTES / 10_000 {
        log.write(entry(LogLevel::Debug, LogOrigin::Plugin, &"x".repeat(10_000)));
    }
}
