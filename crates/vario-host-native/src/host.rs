use std::path::PathBuf;
use std::sync::Arc;

use vario_host::{Call, DiscoverOptions, Host, HostError, HttpRequest, Scope};
use vario_http::HttpClient;
use vario_value::Value;

use crate::config::NativeConfig;
use crate::env::EnvCache;
use crate::keychain::CurrentUser;
use crate::{ccusage, crypto, env, fs, http, keychain, ls, paths, sqlite, system, wait};

/// Answers host calls with the real thing.
///
/// Any call fails with `probe timed out` once the run's deadline has passed, and none outlasts it
/// by much. Every call comes through [`NativeHost::call`], so that is where permissions will be
/// asked.
pub struct NativeHost {
    config: NativeConfig,
    client: HttpClient,
    env_cache: EnvCache,
}

impl NativeHost {
    /// A host that works with this configuration. Nothing is touched before the first call.
    pub fn new(config: NativeConfig) -> Self {
        let client = HttpClient::new(config.proxy.clone());
        Self { config, client, env_cache: EnvCache::default() }
    }

    fn path(&self, args: &[Value]) -> PathBuf {
        paths::expand(text(args, 0), self.config.home.as_deref())
    }

    fn setting(&self, key: &str, scope: &Scope) -> Result<Value, HostError> {
        let (settings, plugin) = (Arc::clone(&self.config.settings), scope.plugin_id.clone());
        let key = key.to_owned();
        // A secret comes from the keychain, which may ask the user first.
        wait::on_helper(scope, move || settings.setting(&plugin, &key))?.map_err(HostError::Failed)
    }

    fn keychain(&self, member: &str, args: &[Value], scope: &Scope) -> Result<Value, HostError> {
        let variable = if cfg!(windows) { "USERNAME" } else { "USER" };
        let user = CurrentUser::new(self.config.environment.get(variable));
        keychain::call(member, args, scope, &self.config.secrets, &user)
    }
}

impl Host for NativeHost {
    fn call(&self, call: &Call, scope: &Scope) -> Result<Value, HostError> {
        wait::check(scope)?;
        let args = call.args.as_slice();
        match call.name.as_ref() {
            // The session writes log lines itself; one that comes here is only taken note of.
            "log.info" | "log.warn" | "log.error" => Ok(Value::Absent),
            "fs.exists" => Ok(Value::Bool(fs::exists(&self.path(args)))),
            "fs.readText" => fs::read_text(&self.path(args), scope).map(Value::Str),
            "fs.writeText" => {
                fs::write_text(&self.path(args), text(args, 1)).map(|()| Value::Absent)
            }
            "fs.listDir" => fs::list_dir(&self.path(args), scope),
            "crypto.decryptAes256Gcm" => {
                crypto::decrypt(text(args, 0), text(args, 1)).map(Value::Str)
            }
            "crypto.encryptAes256Gcm" => {
                crypto::encrypt(text(args, 0), text(args, 1)).map(Value::Str)
            }
            "crypto.sha256Hex" => Ok(Value::Str(crypto::sha256_hex(text(args, 0)))),
            "env.get" => Ok(env::get(text(args, 0), &self.config, &self.env_cache, scope).into()),
            "http.request" => {
                http::request(&self.client, &HttpRequest::from_value(first(args))?, scope)
            }
            "sqlite.query" => sqlite::query(&self.path(args), text(args, 1), scope),
            "sqlite.exec" => sqlite::exec(&self.path(args), text(args, 1), scope),
            "ls.discover" => Ok(ls::discover(&DiscoverOptions::from_value(first(args))?, scope)),
            "ccusage.query" => Ok(ccusage::query(first(args), scope)),
            "system.info" => system::info(scope),
            "settings.get" => self.setting(text(args, 0), scope),
            name => match name.strip_prefix("keychain.") {
                Some(member) => self.keychain(member, args, scope),
                None => Err(HostError::Failed(format!("there is no host function `{name}`"))),
            },
        }
    }
}

fn first(args: &[Value]) -> &Value {
    args.first().unwrap_or(&Value::Absent)
}

/// The text argument at this place; arguments were checked before they came here.
fn text(args: &[Value], place: usize) -> &str {
    args.get(place).and_then(Value::as_str).unwrap_or_default()
}
