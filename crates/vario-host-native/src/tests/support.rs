use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vario_host::{
    Call, Cancel, Host, HostError, LogEntry, LogOrigin, LogSink, RunId, Scope, SettingsSource,
    Witness, Witnessed,
};
use vario_http::ProxyConfig;
use vario_permissions::{Bases, PermissionSet, Rights};
use vario_value::{LogLevel, Value};

use crate::{LoginShells, MemorySecrets, NativeConfig, NativeHost, UsageConfig, UsageTurns};

/// A host with a home of its own, no environment, no shells, no runners and an empty keychain.
pub(crate) struct World {
    pub(crate) home: TempDir,
    pub(crate) config: NativeConfig,
    pub(crate) scope: Scope,
    pub(crate) log: Arc<Recorder>,
    pub(crate) witness: Arc<Watcher>,
}

/// Keeps what the witness is told.
#[derive(Default)]
pub(crate) struct Watcher {
    calls: Mutex<Vec<Witnessed>>,
    notices: Mutex<Vec<String>>,
}

impl Witness for Watcher {
    fn called(&self, call: Witnessed) {
        self.calls.lock().unwrap().push(call);
    }

    fn notice(&self, text: String) {
        self.notices.lock().unwrap().push(text);
    }
}

impl Watcher {
    /// What was told since the last time.
    pub(crate) fn take(&self) -> Vec<Witnessed> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    pub(crate) fn notices(&self) -> Vec<String> {
        self.notices.lock().unwrap().clone()
    }
}

/// Keeps the host's log lines.
pub(crate) struct Recorder {
    level: LogLevel,
    lines: Mutex<Vec<String>>,
}

impl LogSink for Recorder {
    fn wants(&self, level: LogLevel) -> bool {
        level >= self.level
    }

    fn write(&self, entry: LogEntry) {
        assert_eq!(entry.origin, LogOrigin::Host);
        self.lines.lock().unwrap().push(entry.message);
    }
}

impl Recorder {
    pub(crate) fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }
}

struct OneSetting;

impl SettingsSource for OneSetting {
    fn setting(&self, plugin_id: &str, key: &str) -> Result<Value, String> {
        match key {
            "who" => Ok(Value::from(plugin_id)),
            "broken" => Err("the settings file cannot be read".to_owned()),
            _ => Ok(Value::Absent),
        }
    }
}

impl World {
    pub(crate) fn new() -> Self {
        Self::logging(LogLevel::Error)
    }

    pub(crate) fn logging(level: LogLevel) -> Self {
        let home = TempDir::new().unwrap();
        let log = Arc::new(Recorder { level, lines: Mutex::default() });
        let config = NativeConfig {
            home: Some(home.path().to_owned()),
            environment: Arc::new(|_: &str| None),
            shells: Arc::new(LoginShells::of(Vec::new())),
            proxy: ProxyConfig::none(),
            secrets: Arc::new(MemorySecrets::new()),
            settings: Arc::new(OneSetting),
            usage: UsageConfig {
                folders: Vec::new(),
                turns: Arc::new(UsageTurns::default()),
                ..UsageConfig::default()
            },
        };
        let witness = Arc::new(Watcher::default());
        let scope = Scope {
            plugin_id: "demo".to_owned(),
            plugin_data_dir: home.path().join("data"),
            run_id: RunId::next(),
            rights: Arc::new(Rights::all(Bases::default())),
            witness: Arc::clone(&witness) as Arc<dyn Witness>,
            deadline: Instant::now() + Duration::from_mins(2),
            cancel: Cancel::new(),
            http_body_bytes: 1024,
            log: Arc::clone(&log) as Arc<dyn LogSink>,
        };
        Self { home, config, scope, log, witness }
    }

    pub(crate) fn variables(mut self, variables: &[(&str, &str)]) -> Self {
        let known: HashMap<String, String> =
            variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        self.config.environment = Arc::new(move |name: &str| known.get(name).cloned());
        self
    }

    /// With these grants and denials instead of every right.
    pub(crate) fn rights(mut self, granted: &[&str], denied: &[&str]) -> Self {
        self.set_rights(granted, denied);
        self
    }

    pub(crate) fn set_rights(&mut self, granted: &[&str], denied: &[&str]) {
        let rights = Rights::new(self.bases(), None, rights(granted), rights(denied));
        self.scope.rights = Arc::new(rights);
    }

    /// What `~` and `$DATA` mean, as they are named and as they are.
    pub(crate) fn bases(&self) -> Bases {
        let home = self.config.home.clone().unwrap();
        let spellings = |path: &Path| {
            let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            [path.to_owned(), real].map(|path| path.to_str().unwrap().to_owned()).to_vec()
        };
        Bases { home: spellings(&home), data: spellings(&self.scope.plugin_data_dir) }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    pub(crate) fn host(&self) -> NativeHost {
        NativeHost::new(self.config.clone())
    }

    pub(crate) fn call(&self, name: &str, args: &[Value]) -> Result<Value, HostError> {
        ask(&self.host(), &self.scope, name, args)
    }

    /// The message of a call that must fail.
    #[track_caller]
    pub(crate) fn failure(&self, name: &str, args: &[Value]) -> String {
        match self.call(name, args) {
            Err(HostError::Failed(message)) => message,
            other => panic!("{name} must fail, but gave {other:?}"),
        }
    }
}

pub(crate) fn ask(
    host: &NativeHost,
    scope: &Scope,
    name: &str,
    args: &[Value],
) -> Result<Value, HostError> {
    host.call(&Call { id: 1, name: name.to_owned().into(), args: args.to_vec() }, scope)
}

pub(crate) fn rights(rights: &[&str]) -> PermissionSet {
    rights.iter().map(|right| right.parse().unwrap()).collect()
}

pub(crate) fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::from(*text)).collect()
}

/// Makes a program of a shell script.
#[cfg(unix)]
pub(crate) fn script(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
