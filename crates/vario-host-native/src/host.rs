use vario_host::{Call, DiscoverOptions, Host, HostError, HttpRequest, Scope};
use vario_http::HttpClient;
use vario_value::Value;

use crate::config::NativeConfig;
use crate::env::EnvCache;
use crate::keychain::CurrentUser;
use crate::{ccusage, crypto, env, fs, http, keychain, ls, paths, sqlite, system};

/// Answers host calls with the real thing.
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

    fn path(&self, args: &[Value]) -> std::path::PathBuf {
        paths::expand(text(args, 0), self.config.home.as_deref())
    }
}

impl Host for NativeHost {
    fn call(&self, call: &Call, scope: &Scope) -> Result<Value, HostError> {
        let args = call.args.as_slice();
        match call.name.as_ref() {
            "fs.exists" => Ok(Value::Bool(fs::exists(&self.path(args)))),
            "fs.readText" => fs::read_text(&self.path(args)).map(Value::Str),
            "fs.writeText" => {
                fs::write_text(&self.path(args), text(args, 1)).map(|()| Value::Absent)
            }
            "fs.listDir" => fs::list_dir(&self.path(args)),
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
            "ls.discover" => {
                Ok(ls::discover(&DiscoverOptions::from_value(first(args))?, scope))
            }
            "ccusage.query" => Ok(ccusage::query(first(args), scope)),
            "system.info" => system::info(scope),
            "settings.get" => self
                .config
                .settings
                .setting(&scope.plugin_id, text(args, 0))
                .map_err(HostError::Failed),
            name => match name.strip_prefix("keychain.") {
                Some(member) => {
                    let user = CurrentUser::new(self.config.environment.get("USER"));
                    keychain::call(member, args, scope, self.config.secrets.as_ref(), &user)
                }
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
