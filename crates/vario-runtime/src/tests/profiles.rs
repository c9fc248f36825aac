//! The curated profiles, held against what the plugins do: every call they make is allowed, none of
//! the rights is there for nothing, and nothing else is allowed.

mod calls;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tempfile::TempDir;
use vario_host::{Call, Cancel, Host, LogEntry, LogSink, RunId, Scope, Witness, Witnessed};
use vario_host_native::{NativeConfig, NativeHost, NoSecrets, UsageConfig};
use vario_permissions::{PermissionSet, Rights};
use vario_value::{LogLevel, Value};

use self::calls::CALLS;
use crate::known_profile;
use crate::rights::bases;

#[derive(Default)]
struct Refusals(Mutex<Vec<String>>);

impl Witness for Refusals {
    fn called(&self, call: Witnessed) {
        self.0.lock().extend(call.needs.into_iter().map(|need| need.permission));
    }

    fn notice(&self, _text: String) {}
}

impl LogSink for Refusals {
    fn wants(&self, _level: LogLevel) -> bool {
        false
    }

    fn write(&self, _entry: LogEntry) {}
}

struct World {
    home: TempDir,
    host: NativeHost,
}

impl World {
    /// An empty home, and a network that is not there: its proxy refuses every connection.
    fn new() -> Self {
        let home = TempDir::new().expect("a temporary folder");
        std::fs::create_dir(home.path().join("data")).expect("a folder");
        let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let proxy = format!("http://{}", closed.local_addr().expect("an address"));
        drop(closed);
        let settings = Arc::new(NoSettings);
        let config = NativeConfig::from_process(Some(home.path().into()), Some(&proxy), settings);
        let config = NativeConfig {
            environment: Arc::new(|_: &str| None),
            secrets: Arc::new(NoSecrets),
            shells: Arc::new(vario_host_native::LoginShells::of(Vec::new())),
            usage: UsageConfig { folders: Vec::new(), ..UsageConfig::default() },
            ..config
        };
        Self { host: NativeHost::new(config), home }
    }

    /// The rights that a call lacked.
    fn lacks(&self, rights: &PermissionSet, function: &str, about: &str) -> Vec<String> {
        let data = self.home.path().join("data");
        let seen = Arc::new(Refusals::default());
        let bases = bases(Some(self.home.path()), &data);
        let scope = Scope {
            plugin_id: "demo".to_owned(),
            plugin_data_dir: data.clone(),
            run_id: RunId::next(),
            rights: Arc::new(Rights::new(bases, None, rights.clone(), PermissionSet::default())),
            witness: Arc::clone(&seen) as Arc<dyn Witness>,
            deadline: Instant::now() + Duration::from_mins(2),
            cancel: Cancel::new(),
            http_body_bytes: 1024,
            log: Arc::clone(&seen) as Arc<dyn LogSink>,
        };
        let _whether_or_not = self.host.call(&call(function, about, &data), &scope);
        self.host.end_run(&scope);
        std::mem::take(&mut *seen.0.lock())
    }
}

struct NoSettings;

impl vario_host::SettingsSource for NoSettings {
    fn setting(&self, _plugin_id: &str, _key: &str) -> Result<Value, String> {
        Ok(Value::Absent)
    }
}

fn call(function: &str, about: &str, data: &Path) -> Call {
    let about = about.replace("$DATA", &data.to_string_lossy());
    let text = |text: &str| Value::from(text);
    let (name, args) = match function {
        "http.request" => (function, vec![Value::from([("url", text(&about))])]),
        "tls" => {
            let options = [("url", text(&about)), ("dangerouslyIgnoreTls", Value::Bool(true))];
            ("http.request", vec![Value::from(options)])
        }
        "ls.discover" => {
            let options = [
                ("processName", text("no-such-program")),
                ("markers", Value::List(Vec::new())),
                ("csrfFlag", text("--csrf")),
            ];
            (function, vec![Value::from(options)])
        }
        "ccusage.query" => (function, Vec::new()),
        "sqlite.query" | "sqlite.exec" => (function, vec![text(&about), text("SELECT 1")]),
        _ => (function, vec![text(&about), text("value")]),
    };
    Call { id: 1, name: Cow::Owned(name.to_owned()), args }
}

#[test]
fn every_known_plugin_has_its_calls_here() {
    for (id, _) in CALLS {
        let profile = known_profile(id, "").expect(id);
        assert!(!profile.permissions.is_empty(), "{id}");
    }
    assert_eq!(CALLS.len(), crate::profiles::count(), "profiles without calls");
    assert_eq!(crate::profiles::unreadable(), [""; 0], "texts that are no rights");
}

#[test]
fn a_profile_allows_what_its_plugin_does_and_has_no_right_for_nothing() {
    let world = World::new();
    for (id, calls) in CALLS {
        let profile = known_profile(id, "").expect(id).permissions;
        for (function, about) in *calls {
            let lacking = world.lacks(&profile, function, about);
            assert_eq!(lacking, [""; 0], "{id}: {function} {about}");
        }
        for right in profile.iter() {
            let without = profile.iter().filter(|other| *other != right).cloned().collect();
            let is_missed = |(function, about): &(&str, &str)| {
                !world.lacks(&without, function, about).is_empty()
            };
            assert!(calls.iter().any(is_missed), "{id} does not need `{right}`");
        }
    }
}

#[test]
fn a_profile_allows_nothing_of_the_others() {
    let world = World::new();
    let strangers = [
        ("fs.readText", "~/.ssh/id_ed25519"),
        ("fs.writeText", "~/.bashrc"),
        ("fs.listDir", "~"),
        ("sqlite.query", "~/.mozilla/firefox/cookies.sqlite"),
        ("http.request", "https://evil.example/"),
        ("http.request", "http://localhost:8080/"),
        ("http.request", "http://192.168.0.1/"),
        ("keychain.readGenericPassword", "Chrome Safe Storage"),
    ];
    for (id, _) in CALLS {
        let profile = known_profile(id, "").expect(id).permissions;
        for (function, about) in strangers {
            assert_ne!(world.lacks(&profile, function, about), [""; 0], "{id}: {function} {about}");
        }
    }
}
