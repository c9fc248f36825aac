use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use vario_host::SettingsSource;
use vario_http::ProxyConfig;

use crate::ccusage::UsageConfig;
use crate::env::{LoginShells, ShellLookup};
use crate::secrets::{PlatformSecrets, SecretStore};

/// The variables of a process.
pub trait Environment: Send + Sync {
    /// The value now; none when it is not set or no text.
    fn get(&self, name: &str) -> Option<String>;
}

impl<F: Fn(&str) -> Option<String> + Send + Sync> Environment for F {
    fn get(&self, name: &str) -> Option<String> {
        self(name)
    }
}

/// The environment of this very process, read afresh at each call.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

/// More than any such configuration has.
const MAX_CONFIG_BYTES: u64 = 64 * 1024;

/// What the host works with.
#[derive(Clone)]
pub struct NativeConfig {
    /// What `~` means; none where there is no home.
    pub home: Option<PathBuf>,
    /// Environment variables.
    pub environment: Arc<dyn Environment>,
    /// Who is asked for a variable that the environment does not have (contract section 4.5).
    pub shells: Arc<dyn ShellLookup>,
    /// The proxy for requests.
    pub proxy: ProxyConfig,
    /// The keychain.
    pub secrets: Arc<dyn SecretStore>,
    /// Values of `ctx.settings.get`.
    pub settings: Arc<dyn SettingsSource>,
    /// Who counts tokens.
    pub usage: UsageConfig,
}

impl NativeConfig {
    /// The user's own home, environment, shells and keychain.
    ///
    /// `proxy_url` is the configured proxy. Without one, that of an older host's configuration in
    /// the home applies, and without that the environment's (contract section 4.6). An address
    /// that is no proxy's counts as none.
    pub fn from_process(
        home: Option<PathBuf>,
        proxy_url: Option<&str>,
        settings: Arc<dyn SettingsSource>,
    ) -> Self {
        let environment = ProcessEnvironment;
        let proxy = proxy_url.and_then(|url| {
            let config = serde_json::json!({ "proxy": { "enabled": true, "url": url } });
            ProxyConfig::from_config_text(&config.to_string())
        });
        let proxy = proxy.or_else(|| older_proxy(home.as_deref()?));
        Self {
            home,
            environment: Arc::new(environment),
            shells: Arc::new(LoginShells::new(environment.get("SHELL"))),
            proxy: proxy.unwrap_or_else(|| ProxyConfig::from_env(|name| environment.get(name))),
            secrets: Arc::new(PlatformSecrets::new()),
            settings,
            usage: UsageConfig::default(),
        }
    }
}

/// The proxy that `OpenUsage` or Pacebar was configured with (contract section 4.6).
fn older_proxy(home: &Path) -> Option<ProxyConfig> {
    [".openusage/config.json", ".pacebar/config.json"]
        .into_iter()
        .find_map(|name| ProxyConfig::from_config_text(&small_text(&home.join(name))?))
}

/// The text of another program's configuration file, if it is there and is text.
pub(crate) fn small_text(path: &Path) -> Option<String> {
    // A pipe would wait for a writer.
    path.metadata().ok().filter(std::fs::Metadata::is_file)?;
    let mut text = String::new();
    File::open(path).ok()?.take(MAX_CONFIG_BYTES).read_to_string(&mut text).ok()?;
    Some(text)
}
