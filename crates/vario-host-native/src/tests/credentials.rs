//! Nobody is logged out: against a provider that rotates refresh tokens and ends a login when an
//! old one is sent again.

mod family;
mod leftovers;
mod recognition;
mod renewal;
mod stores;

use std::fs;
use std::path::PathBuf;

use vario_host::{Host as _, HostError};
use vario_value::Value;

use self::family::Provider;
use super::support::{World, ask, texts};
use crate::NativeHost;

/// Where the tool keeps its login.
const STORE: &str = "~/.tool/auth.json";

/// A tool that is logged in, and a plugin that may use its login.
struct Login {
    world: World,
    host: NativeHost,
    provider: Provider,
}

impl Login {
    fn new() -> Self {
        Self::with_rights(&["read:~/.tool/**", "write:~/.tool/**", "net:127.0.0.1"])
    }

    fn with_rights(granted: &[&str]) -> Self {
        let mut world = World::new();
        fs::create_dir(&world.scope.plugin_data_dir).unwrap();
        fs::create_dir(world.path(".tool")).unwrap();
        world.set_rights(granted, &[]);
        let host = world.host();
        let login = Self { world, host, provider: Provider::start() };
        fs::write(login.file(), stored(&login.provider.log_in())).unwrap();
        login
    }

    fn file(&self) -> PathBuf {
        self.world.path(".tool/auth.json")
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, HostError> {
        ask(&self.host, &self.world.scope, name, args)
    }

    fn read(&self) -> String {
        let text = self.call("fs.readText", &texts(&[STORE])).unwrap();
        token(text.as_str().unwrap())
    }

    fn exchange(&self, token: &str) -> Result<Value, HostError> {
        let body = format!("{{\"grant_type\":\"refresh_token\",\"refresh_token\":\"{token}\"}}");
        let parts = [
            ("url", Value::Str(self.provider.url("/oauth/token"))),
            ("method", Value::from("POST")),
            ("bodyText", Value::Str(body)),
        ];
        self.call("http.request", &[Value::from(parts)])
    }

    /// The new token.
    #[track_caller]
    fn renewed(&self, old: &str) -> String {
        let answer = self.exchange(old).unwrap();
        assert_eq!(answer.get("status"), Some(&Value::Int(200)));
        token(answer.get("bodyText").unwrap().as_str().unwrap())
    }

    fn write(&self, token: &str) -> Result<Value, HostError> {
        self.call("fs.writeText", &texts(&[STORE, &stored(token)]))
    }

    /// What the tool itself would send now.
    fn in_store(&self) -> String {
        token(&fs::read_to_string(self.file()).unwrap())
    }

    fn rescue_files(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.world.scope.plugin_data_dir.join("rescue")) else {
            return Vec::new();
        };
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }

    /// Ends the run, and gives what the user was told in it.
    fn end(&self) -> Vec<String> {
        self.host.end_run(&self.world.scope);
        let notices = self.world.witness.notices();
        for notice in &notices {
            assert!(!notice.contains("refresh-token-"), "a secret in: {notice}");
        }
        notices
    }

    /// The newest token is in the tool's store and nowhere else.
    #[track_caller]
    fn assert_logged_in(&self) {
        assert_eq!(self.provider.newest(), Some(self.in_store()));
        assert!(self.rescue_files().is_empty());
    }

    /// The newest token is in the one rescue file, which only the user may read.
    #[track_caller]
    fn assert_rescued(&self) {
        let files = self.rescue_files();
        assert_eq!(files.len(), 1, "{files:?}");
        let text = fs::read_to_string(&files[0]).unwrap();
        let newest = self.provider.newest().expect("the login lives");
        assert!(text.contains(&newest), "{text}");
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        for key in ["plugin", "store", "receivedAt", "whatToDo"] {
            assert!(file[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {text}");
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(files[0].as_path()), 0o600);
            assert_eq!(mode(files[0].parent().unwrap()), 0o700);
        }
    }
}

/// As the tool stores it.
fn stored(token: &str) -> String {
    format!("{{\n  \"oauth\": {{ \"refreshToken\": \"{token}\", \"plan\": \"pro\" }}\n}}\n")
}

/// The refresh token in any of the texts here.
fn token(text: &str) -> String {
    let start = text.find("refresh-token-").expect("the text holds a token");
    let letters = text[start..].chars();
    letters.take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect()
}
