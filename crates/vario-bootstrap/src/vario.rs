use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use vario_host::{LogEntry, LogSink, SettingsSource};
use vario_host_native::{NativeConfig, NativeHost, PlatformSecrets, SecretStore, UsageConfig};
use vario_manifest::Plugin;
use vario_model::{AuditEntry, Need, Snapshot};
use vario_runtime::{
    App, Catalog, Clock, Engines, GrantedRights, Isolation, NoAudit, Refresher, RunContext,
    WorkerOptions, Workers,
};
use vario_sandbox::{Language, Limits};
use vario_store::{Config, Display, Grants, HistorySize, Paths, PluginGrants, Store, StoreMode};
use vario_value::LogLevel;

use crate::bundled::bundled;
use crate::settings::PluginSettings;

/// Why nothing can be done at all.
#[derive(Debug)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// What one start of a program asks for.
#[derive(Clone, Default)]
pub struct Options {
    /// Folders of plugins in place of the configured ones and of the bundled plugins.
    pub plugins: Vec<PathBuf>,
    /// Lowers the time of a run.
    pub timeout: Option<Duration>,
    /// Lowers the memory of a run, in bytes.
    pub memory: Option<usize>,
    /// Where plugins run.
    pub isolation: IsolationOption,
    /// How many workers are kept ready before they are needed; for programs that live long.
    pub ready_workers: usize,
    /// Every plugin may do everything that is not denied to it.
    pub allow_all: bool,
}

/// Where plugins run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum IsolationOption {
    /// As the configuration says, which says [`IsolationOption::Process`] if it says nothing.
    #[default]
    Configured,
    /// In worker processes of this very program, which must call [`crate::serve_worker`] when its
    /// first argument is [`WORKER`].
    Process,
    /// In worker processes of another program that does so.
    Worker(PathBuf),
    /// In this process, with all its rights.
    InProcess,
}

/// The argument that makes a program a worker.
pub const WORKER: &str = "worker";

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// How the store is.
#[derive(Debug, Clone)]
pub struct StoreState {
    /// In words.
    pub text: String,
    /// How much history is in it, where it can be read.
    pub history: Option<HistorySize>,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// Everything a front needs, opened once.
pub struct Vario {
    pub(crate) paths: Paths,
    pub(crate) config: Config,
    pub(crate) secrets: Arc<dyn SecretStore>,
    pub(crate) options: Options,
    pub(crate) log: Arc<dyn LogSink>,
    pub(crate) engines: OnceLock<Engines>,
    pub(crate) store: OnceLock<Arc<Store>>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Vario {
    /// Finds the directories and reads the configuration. Makes and changes nothing.
    ///
    /// # Errors
    /// When there is no home directory.
    pub fn open(options: Options) -> Result<Self, Error> {
        let paths = Paths::from_env(|name| std::env::var_os(name))
            .map_err(|error| Error::new(error.to_string()))?;
        let config = Config::load(&paths);
        Ok(Self {
            paths,
            config,
            secrets: Arc::new(PlatformSecrets::new()),
            options,
            log: Arc::new(NoLog),
            engines: OnceLock::new(),
            store: OnceLock::new(),
            clock: Arc::new(SystemClock),
        })
    }

    /// Where things are.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Where plugins' log lines go from now on; nowhere until then.
    pub fn set_log(&mut self, log: Arc<dyn LogSink>) {
        self.log = log;
    }

    /// The least level of log lines that the user wants to see.
    pub fn log_level(&self) -> LogLevel {
        match self.config.settings().app.log_level {
            vario_store::LogLevel::Error => LogLevel::Error,
            vario_store::LogLevel::Warn => LogLevel::Warn,
            vario_store::LogLevel::Info => LogLevel::Info,
            _ => LogLevel::Debug,
        }
    }

    /// The whole configuration.
    pub fn configuration(&self) -> &vario_store::Settings {
        self.config.settings()
    }

    /// The folders where plugins are looked for, in order.
    pub fn plugin_folders(&self) -> Vec<PathBuf> {
        if self.options.plugins.is_empty() {
            self.config.plugin_folders(&self.paths)
        } else {
            self.options.plugins.clone()
        }
    }

    /// How results are shown.
    pub fn display(&self) -> &Display {
        &self.config.settings().display
    }

    /// Where a plugin stands among the others: in the user's order, then by its id.
    pub fn place(&self, id: &str) -> (usize, String) {
        let order = &self.config.settings().plugins.order;
        (order.iter().position(|known| known == id).unwrap_or(usize::MAX), id.to_owned())
    }

    /// How often plugins run by themselves.
    pub fn interval(&self) -> Duration {
        let minutes = self.config.settings().updates.auto_update_interval.minutes();
        Duration::from_mins(u64::from(minutes))
    }

    /// What in the configuration does not count.
    pub fn warnings(&self) -> Vec<String> {
        let broken = self.config.broken().map(|error| format!("{error}; defaults are used"));
        let problems = self.config.problems().iter().map(ToString::to_string);
        let grants = self.grants();
        let no_grants = grants.broken().map(|error| format!("{error}; nothing is granted"));
        let grant_problems = grants.problems().iter().map(ToString::to_string);
        let unbound =
            grants.ids().filter(|id| grants.get(id).is_some_and(PluginGrants::is_unbound));
        let unbound = unbound.map(|id| {
            let file = grants.path().display();
            format!(
                "{file}: the rights of `{id}` are bound to no code (there is no `hash`), so they \
                 do not hold; `vario grant {id}` binds them to the plugin that is there now"
            )
        });
        let broken = broken.into_iter().chain(problems).chain(no_grants);
        broken.chain(grant_problems).chain(unbound).collect()
    }

    /// Looks for plugins, afresh at each call, and ends what a killed installation left half done.
    pub fn catalog(&self) -> Catalog {
        self.installer().recover();
        if self.options.plugins.is_empty() {
            Catalog::discover(&self.plugin_folders(), &bundled())
        } else {
            Catalog::discover(&self.options.plugins, &[])
        }
    }

    /// Whether a plugin runs without being named: the user's word, else the manifest's.
    pub fn is_enabled(&self, plugin: &Plugin) -> bool {
        self.config.is_enabled(&plugin.id)
    }

    /// The engines of this build.
    pub fn engines(&self) -> &Engines {
        self.engines.get_or_init(crate::engines::engines)
    }

    /// Where plugins run.
    ///
    /// # Errors
    /// When this program does not know its own file.
    pub fn isolation(&self) -> Result<Isolation, Error> {
        if self.runs_in_process() {
            return Ok(Isolation::InProcess);
        }
        let program = match &self.options.isolation {
            IsolationOption::Worker(program) => program.clone(),
            _ => own_program()?,
        };
        Ok(Isolation::Process(Arc::new(Workers::new(WorkerOptions {
            program,
            args: vec![WORKER.into()],
            timezone: crate::zone::named(),
            heap_bytes: self.limits().heap_bytes,
            ready: self.options.ready_workers,
        }))))
    }

    /// Whether plugins run in this very process.
    pub fn runs_in_process(&self) -> bool {
        match self.options.isolation {
            IsolationOption::InProcess => true,
            IsolationOption::Configured => {
                self.config.settings().app.isolation == vario_store::Isolation::InProcess
            }
            IsolationOption::Process | IsolationOption::Worker(_) => false,
        }
    }

    /// The languages this build runs, in words.
    pub fn engine_names(&self) -> Vec<String> {
        let engine = |language: &Language| match language {
            Language::Lua => "Lua (Luau)".to_owned(),
            Language::JavaScript => "JavaScript (QuickJS-ng)".to_owned(),
        };
        self.engines().languages().iter().map(engine).collect()
    }

    /// What runs need. The catalog tells which settings plugins have.
    ///
    /// # Errors
    /// See [`Vario::isolation`].
    pub fn context(&self, catalog: &Catalog) -> Result<RunContext, Error> {
        let settings =
            Arc::new(PluginSettings::new(catalog, &self.config, Arc::clone(&self.secrets)));
        Ok(RunContext {
            engines: self.engines().clone(),
            isolation: self.isolation()?,
            rights: Arc::new(GrantedRights::new(self.grants(), self.options.allow_all)),
            audit: Arc::new(NoAudit),
            host: Arc::new(self.native_host(settings)),
            app: self.app(),
            limits: self.limits(),
            log: Arc::clone(&self.log),
        })
    }

    /// How the program presents itself to plugins.
    pub(crate) fn app(&self) -> App {
        App {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: std::env::consts::OS.to_owned(),
            paths: self.paths.clone(),
        }
    }

    /// What answers plugins' calls with the real thing.
    pub(crate) fn native_host(&self, settings: Arc<dyn SettingsSource>) -> NativeHost {
        let proxy = &self.config.settings().proxy;
        let proxy_url = proxy.url.as_deref().filter(|_| proxy.enabled);
        let home = self.paths.home().map(ToOwned::to_owned);
        NativeHost::new(NativeConfig {
            secrets: Arc::clone(&self.secrets),
            usage: UsageConfig {
                source: Some(Arc::new(self.usage_logs())),
                ..UsageConfig::default()
            },
            ..NativeConfig::from_process(home, proxy_url, settings)
        })
    }

    /// What a run may use: the configuration's word, lowered by the options.
    pub(crate) fn limits(&self) -> Limits {
        let configured = &self.config.settings().limits;
        let wall = configured.wall.duration();
        let heap = configured.heap.as_usize();
        Limits {
            wall: self.options.timeout.map_or(wall, |timeout| timeout.min(wall)),
            heap_bytes: self.options.memory.map_or(heap, |memory| memory.min(heap)),
            stack_bytes: configured.stack.as_usize(),
            lines: usize::try_from(configured.lines).unwrap_or(usize::MAX),
            output_bytes: configured.output.as_usize(),
            host_calls: configured.host_calls,
            http_body_bytes: configured.http_body.as_usize(),
            log_bytes: configured.log.as_usize(),
        }
    }

    /// What plugins are granted, read afresh at each call. When the file cannot be read, that is
    /// nothing.
    pub fn grants(&self) -> Grants {
        Grants::load(&self.paths)
    }

    /// What the last run of a plugin came to; nothing if it has not run.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn latest(&self, id: &str) -> Result<Option<Snapshot>, Error> {
        self.store()?.latest(id).map_err(|error| Error::new(error.to_string()))
    }

    /// What the last run of a plugin lacked. One that stays leaves no result, but what it was
    /// refused is written down.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_needs(&self, id: &str) -> Result<Vec<Need>, Error> {
        const NEWEST: usize = 1000;
        if let Some(snapshot) = self.latest(id)? {
            return Ok(snapshot.needs);
        }
        let entries = self.audit(Some(id), NEWEST)?;
        let run = entries.last().map(|entry| entry.run);
        let mut needs: Vec<Need> = Vec::new();
        for entry in entries.into_iter().filter(|entry| Some(entry.run) == run) {
            needs.extend(entry.need.filter(|need| !needs.contains(need)));
        }
        Ok(needs)
    }

    /// The newest host calls of one plugin or of all, the oldest of them first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn audit(&self, id: Option<&str>, limit: usize) -> Result<Vec<AuditEntry>, Error> {
        self.store()?.audit(id, limit).map_err(|error| Error::new(error.to_string()))
    }

    /// The store, opened at first use. When not even memory can be had, that is the error.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub fn store(&self) -> Result<Arc<Store>, Error> {
        if let Some(store) = self.store.get() {
            return Ok(Arc::clone(store));
        }
        let store = Store::open(&self.paths).map_err(|error| Error::new(error.to_string()))?;
        Ok(Arc::clone(self.store.get_or_init(|| Arc::new(store))))
    }

    /// Runs plugins and keeps what they return.
    ///
    /// # Errors
    /// See [`Vario::store`].
    pub fn refresher(&self) -> Result<Refresher, Error> {
        Ok(Refresher::new(self.store()?, self.paths.clone(), Arc::clone(&self.clock)))
    }

    /// How the store is, without making one.
    pub fn store_state(&self) -> StoreState {
        let file = self.paths.database();
        let Ok(metadata) = std::fs::metadata(&file) else {
            return StoreState { text: "none yet".to_owned(), history: None, problem: None };
        };
        let size = format!("{} KiB", metadata.len().div_ceil(1024));
        match self.store() {
            Err(error) => {
                StoreState { text: size, history: None, problem: Some(error.to_string()) }
            }
            Ok(store) => {
                let mode = match store.mode() {
                    StoreMode::Lasting => "",
                    StoreMode::ReadOnly => ", read-only",
                    StoreMode::Memory => ", unusable",
                };
                let history = store.history_size().ok();
                let problem = store.take_warnings().into_iter().next();
                StoreState { text: format!("{size}{mode}"), history, problem }
            }
        }
    }

    /// Whether there is a keychain.
    pub fn keychain_state(&self) -> &'static str {
        if self.secrets.is_available() { "available" } else { "none" }
    }

    /// Which proxy applies, without its address.
    pub fn proxy_state(&self) -> &'static str {
        const VARIABLES: [&str; 6] =
            ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
        if self.config.settings().proxy.enabled {
            "configured"
        } else if VARIABLES.iter().any(|name| std::env::var_os(name).is_some()) {
            "from the environment"
        } else {
            "none"
        }
    }
}

/// The file of this program, as it is now: not where it was when it was started and since replaced.
pub(crate) fn own_program() -> Result<PathBuf, Error> {
    std::env::current_exe()
        .map_err(|error| Error::new(format!("this program does not know its own file: {error}")))
}

struct NoLog;

impl LogSink for NoLog {
    fn wants(&self, _level: LogLevel) -> bool {
        false
    }

    fn write(&self, _entry: LogEntry) {}
}
