//! Starting one program, for one answer.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use vario_host::{Cancel, HostError, Scope};

use super::path;
use crate::config::NativeConfig;
use crate::env::clean;
use crate::program::{self, Bounds, Finished};
use crate::wait;

/// Years of days with all their models fit into this.
const KEPT_BYTES: usize = 8 * 1024 * 1024;

/// What a runner gets of our own variables beyond those that any program gets: where the tools
/// keep their logs and what models are meant, where the runners keep packages, and how they reach
/// the network.
const VARIABLES: &[&str] = &[
    "CLAUDE_CONFIG_DIR",
    "CODEX_HOME",
    "CCUSAGE_MODEL_ALIASES",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "XDG_DATA_HOME",
    "BUN_INSTALL",
    "COREPACK_HOME",
    "NVM_DIR",
    "PNPM_HOME",
    "VOLTA_HOME",
    "NPM_CONFIG_CACHE",
    "npm_config_cache",
    "NPM_CONFIG_REGISTRY",
    "npm_config_registry",
    "NPM_CONFIG_USERCONFIG",
    "npm_config_userconfig",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
];

/// Starts programs for one query.
pub(super) struct Starter<'a> {
    /// What `~` means.
    pub(super) home: Option<&'a Path>,
    /// Where runners are looked for before the path.
    pub(super) folders: &'a [PathBuf],
    /// The path that programs get and are found on.
    pub(super) path: OsString,
    config: &'a NativeConfig,
    ended: &'a Cancel,
    scope: &'a Scope,
}

/// What came of a program.
#[derive(Debug)]
pub(super) enum Attempt {
    /// It ended well, and said this.
    Done(Vec<u8>),
    /// It could not be started, ended badly or said too much, in words.
    Failed(String),
    /// It was killed with its children, because its time was over.
    Late,
}

impl<'a> Starter<'a> {
    pub(super) fn new(config: &'a NativeConfig, ended: &'a Cancel, scope: &'a Scope) -> Self {
        let home = config.home.as_deref();
        let folders = &config.usage.folders;
        let path = path::of_children(home, folders, config.environment.get("PATH").as_deref());
        Self { home, folders, path, config, ended, scope }
    }

    /// What the file of a runner may be called here: most are batch files on Windows.
    pub(super) fn file_names(&self, runner: &str) -> Vec<String> {
        let extensions = || self.config.environment.get("PATHEXT").unwrap_or_default();
        let extensions = cfg!(windows).then(extensions);
        program::file_names(runner, extensions.as_deref())
    }

    /// Runs a program, without input, with one more variable if there is one.
    ///
    /// # Errors
    /// When the run is over.
    pub(super) fn attempt(
        &self,
        program: &Path,
        arguments: &[String],
        variable: Option<(&str, &Path)>,
    ) -> Result<Attempt, HostError> {
        wait::check(self.scope)?;
        let environment = self.config.environment.as_ref();
        let mut command = program::bare(program, environment);
        command.args(arguments);
        for name in VARIABLES {
            if let Some(value) = environment.get(name) {
                command.env(name, value);
            }
        }
        command.env("PATH", &self.path);
        command.envs(variable);
        // Runners take settings, and the package itself, from the folder they are in: not from one
        // that a plugin can write to.
        if let Some(home) = self.home.filter(|home| home.is_dir()) {
            command.current_dir(home);
        }
        let usage = &self.config.usage;
        let begun = (usage.now)();
        let bounds = Bounds {
            is_late: &|| (usage.now)().saturating_duration_since(begun) >= usage.attempt_limit,
            kept_bytes: KEPT_BYTES,
        };
        let name = program.to_string_lossy();
        match program::finish(command, &name, None, &bounds, self.ended, self.scope) {
            Ok(Some(finished)) => Ok(outcome(finished)),
            Ok(None) => Ok(Attempt::Late),
            Err(HostError::Failed(words)) => Ok(Attempt::Failed(words)),
            Err(over) => Err(over),
        }
    }
}

fn outcome(Finished { status, stdout, stderr }: Finished) -> Attempt {
    if !status.success() {
        let last = clean(&String::from_utf8_lossy(&stderr.bytes)).unwrap_or_default();
        return Attempt::Failed(format!("ended with {status}: {last}"));
    }
    if stdout.is_truncated {
        // What is there may end with something that looks like usage.
        return Attempt::Failed("said too much".to_owned());
    }
    Attempt::Done(stdout.bytes)
}
