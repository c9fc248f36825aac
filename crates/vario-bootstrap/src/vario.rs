use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use vario_host::{LogEntry, LogSink};
use vario_host_native::{NativeConfig, NativeHost, PlatformSecrets, SecretStore};
use vario_manifest::Plugin;
use vario_runtime::{App, Catalog, Clock, Engines, Refresher, RunContext};
use vario_sandbox::{Language, Limits};
use vario_store::{Config, Display, Paths, Store, StoreMode};
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
}

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
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// Everything a front needs, opened once.
pub struct Vario {
    pub(crate) paths: Paths,
    pub(crate) config: Config,
    pub(crate) secrets: Arc<dyn SecretStore>,
    options: Options,
    log: Arc<dyn LogSink>,
    engines: OnceLock<Engines>,
    store: OnceLock<Arc<Store>>,
    clock: Arc<dyn Clock>,
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

    /// How results are shown.
    pub fn display(&self) -> &Display {
        &self.config.settings().display
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
        broken.into_iter().chain(problems).collect()
    }

    /// Looks for plugins, afresh at each call.
    pub fn catalog(&self) -> Catalog {
        if self.options.plugins.is_empty() {
            Catalog::discover(&self.config.plugin_folders(&self.paths), &bundled())
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

    /// The languages this build runs, in words.
    pub fn engine_names(&self) -> Vec<String> {
        let engine = |language: &Language| match language {
            Language::Lua => "Lua (Luau)".to_owned(),
            Language::JavaScript => "JavaScript (QuickJS-ng)".to_owned(),
        };
        self.engines().languages().iter().map(engine).collect()
    }

    /// What runs need. The catalog tells which settings plugins have.
    pub fn context(&self, catalog: &Catalog) -> RunContext {
        let settings =
            Arc::new(PluginSettings::new(catalog, &self.config, Arc::clone(&self.secrets)));
        let proxy = &self.config.settings().proxy;
        let proxy_url = proxy.url.as_deref().filter(|_| proxy.enabled);
        let home = self.paths.home().map(ToOwned::to_owned);
        let native = NativeConfig {
            secrets: Arc::clone(&self.secrets),
            ..NativeConfig::from_process(home, proxy_url, settings)
        };
        RunContext {
            engines: self.engines().clone(),
            host: Arc::new(NativeHost::new(native)),
            app: App {
                version: env!("CARGO_PKG_VERSION").to_owned(),
                platform: std::env::consts::OS.to_owned(),
                paths: self.paths.clone(),
            },
            limits: self.limits(),
            log: Arc::clone(&self.log),
        }
    }

    /// What a run may use: the configuration's word, lowered by the options.
    fn limits(&self) -> Limits {
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
            return StoreState { text: "none yet".to_owned(), problem: None };
        };
        let size = format!("{} KiB", metadata.len().div_ceil(1024));
        match self.store() {
            Err(error) => StoreState { text: size, problem: Some(error.to_string()) },
            Ok(store) => {
                let mode = match store.mode() {
                    StoreMode::Lasting => "",
                    StoreMode::ReadOnly => ", read-only",
                    StoreMode::Memory => ", unusable",
                };
                let problem = store.take_warnings().into_iter().next();
                StoreState { text: format!("{size}{mode}"), problem }
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

struct NoLog;

impl LogSink for NoLog {
    fn wants(&self, _level: LogLevel) -> bool {
        false
    }

    fn write(&self, _entry: LogEntry) {}
}
