//! Real plugins in a temporary folder, real engines, and a host that does as a test says.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;
use vario_host::{Call, Cancel, Host, HostError, LogEntry, LogSink, Scope};
use vario_model::{RunEvent, RunTrigger, Snapshot};
use vario_sandbox::Limits;
use vario_sandbox_js::JsEngine;
use vario_sandbox_lua::LuaEngine;
use vario_store::Paths;
use vario_value::{LogLevel, Value};

use crate::{
    AllowAll, App, BatchOptions, Catalog, Engines, FrozenClock, Gate, Isolation, NoAudit, OpenGate,
    RunContext, run_batch,
};

type Answer = dyn Fn(&Call, &Scope) -> Result<Value, HostError> + Send + Sync;

struct FnHost(Box<Answer>);

impl Host for FnHost {
    fn call(&self, call: &Call, scope: &Scope) -> Result<Value, HostError> {
        (self.0)(call, scope)
    }
}

struct NoLog;

impl LogSink for NoLog {
    fn wants(&self, _level: LogLevel) -> bool {
        false
    }

    fn write(&self, _entry: LogEntry) {}
}

pub(crate) const NOW: FrozenClock = FrozenClock(Timestamp::UNIX_EPOCH);

pub(crate) struct Rig {
    pub(crate) dir: TempDir,
    pub(crate) context: RunContext,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with_host(|_, _| Ok(Value::Bool(true)))
    }

    pub(crate) fn with_host(
        answer: impl Fn(&Call, &Scope) -> Result<Value, HostError> + Send + Sync + 'static,
    ) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let context = RunContext {
            engines: Engines::new()
                .with(Arc::new(LuaEngine::new()))
                .with(Arc::new(JsEngine::new())),
            isolation: Isolation::InProcess,
            rights: Arc::new(AllowAll),
            audit: Arc::new(NoAudit),
            host: Arc::new(FnHost(Box::new(answer))),
            app: App {
                version: "0".to_owned(),
                platform: "linux".to_owned(),
                paths: Paths::below(dir.path()),
            },
            limits: Limits { wall: Duration::from_secs(20), ..Limits::default() },
            log: Arc::new(NoLog),
        };
        Self { dir, context }
    }

    pub(crate) fn plugins_dir(&self) -> PathBuf {
        self.dir.path().join("plugins")
    }

    /// A JavaScript plugin whose probe has this body.
    pub(crate) fn js(&self, id: &str, body: &str) {
        let script =
            format!("globalThis.__openusage_plugin = {{ id: '{id}', probe(ctx) {{ {body} }} }}");
        write_plugin(&self.plugins_dir().join(id), id, "plugin.js", &script, "");
    }

    /// A Lua plugin of our dialect with further manifest keys.
    pub(crate) fn lua(&self, id: &str, body: &str, keys: &str) {
        let script = format!("return {{ id = '{id}', probe = function(ctx) {body} end }}");
        write_plugin(&self.plugins_dir().join(id), id, "plugin.lua", &script, keys);
    }

    pub(crate) fn catalog(&self) -> Catalog {
        Catalog::discover(&[self.plugins_dir()], &[])
    }

    /// Runs every plugin and gives the results by id.
    pub(crate) fn run(&self) -> Vec<Snapshot> {
        let mut snapshots = Vec::new();
        let catalog = self.catalog();
        run_batch(&self.context, &catalog.plugins, &options(), &NOW, &mut |event| {
            if let RunEvent::Finished { snapshot } = event {
                snapshots.push(*snapshot);
            }
        });
        snapshots.sort_by(|a, b| a.provider_id.cmp(&b.provider_id));
        snapshots
    }
}

pub(crate) fn options() -> BatchOptions {
    BatchOptions {
        trigger: RunTrigger::Manual,
        workers: 4,
        gate: Arc::new(OpenGate) as Arc<dyn Gate>,
        cancel: Cancel::new(),
    }
}

pub(crate) fn write_plugin(folder: &Path, id: &str, entry: &str, script: &str, keys: &str) {
    std::fs::create_dir_all(folder).expect("a folder");
    let manifest = format!(
        r#"{{ "schemaVersion": 1, "id": "{id}", "name": "{id}", "version": "1", "entry": "{entry}",
             "icon": "icon.svg", "lines": []{keys} }}"#
    );
    std::fs::write(folder.join("plugin.json"), manifest).expect("a manifest");
    std::fs::write(folder.join(entry), script).expect("a script");
    std::fs::write(folder.join("icon.svg"), "<svg xmlns='http://www.w3.org/2000/svg'/>")
        .expect("an icon");
}

pub(crate) const GOOD: &str = "return { lines: [ctx.line.badge({ label: 'a', text: 'b' })] }";
pub(crate) const GOOD_LUA: &str =
    "return { lines = { ctx.line.badge({ label = 'a', text = 'b' }) } }";
