//! What becomes of credentials that a plugin renews, through the host's own entry.

use std::fs;
use std::net::TcpListener;
use std::sync::Arc;

use vario_host::{Host as _, HostError};
use vario_value::Value;

use super::http::serve;
use super::support::{World, ask, texts};
use crate::{NativeHost, SecretStore};

const OLD: &str = r#"{"refresh_token":"old-refresh-token-0123456789"}"#;
const NEW: &str = r#"{"refresh_token":"new-refresh-token-0123456789"}"#;
const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 48\r\n\r\n\
    {\"refresh_token\":\"new-refresh-token-0123456789\"}";

/// How a tool keeps its token, and how a plugin gets at it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kept {
    File,
    Database,
    Keychain,
}

const KEPT: [Kept; 3] = [Kept::File, Kept::Database, Kept::Keychain];

impl Kept {
    /// The rights that it takes to read it, and to change it.
    fn rights(self) -> (&'static str, &'static str) {
        match self {
            Self::File => ("read:~/auth.json", "write:~/auth.json"),
            Self::Database => ("read:~/auth.db", "write:~/auth.db"),
            Self::Keychain => ("keychain:Tool", "keychain:Tool"),
        }
    }

    fn read(self) -> (&'static str, Vec<Value>) {
        match self {
            Self::File => ("fs.readText", texts(&["~/auth.json"])),
            Self::Database => ("sqlite.query", texts(&["~/auth.db", "SELECT value FROM t"])),
            Self::Keychain => ("keychain.readGenericPassword", texts(&["Tool"])),
        }
    }

    fn write(self, content: &str) -> (&'static str, Vec<Value>) {
        match self {
            Self::File => ("fs.writeText", texts(&["~/auth.json", content])),
            Self::Database => {
                let sql = format!("UPDATE t SET value = '{content}'");
                ("sqlite.exec", texts(&["~/auth.db", &sql]))
            }
            Self::Keychain => ("keychain.writeGenericPassword", texts(&["Tool", content])),
        }
    }

    /// As the tool itself would.
    fn set(self, world: &World, content: &str) {
        match self {
            Self::File => fs::write(world.path("auth.json"), content).unwrap(),
            Self::Database => {
                let path = world.path("auth.db");
                let sql = format!(
                    "CREATE TABLE IF NOT EXISTS t(value); DELETE FROM t; \
                    INSERT INTO t VALUES ('{content}')"
                );
                let call = vario_sqlite::Call::until(world.scope.deadline);
                vario_sqlite::exec(path.to_str().unwrap(), &sql, &call).unwrap();
            }
            Self::Keychain => {
                let deadline = world.scope.deadline;
                world.config.secrets.write("Tool", Some("me"), content, deadline).unwrap();
            }
        }
    }

    fn get(self, world: &World) -> String {
        let call = vario_sqlite::Call::until(world.scope.deadline);
        match self {
            Self::File => fs::read_to_string(world.path("auth.json")).unwrap(),
            Self::Database => {
                let path = world.path("auth.db");
                let sql = "SELECT value FROM t";
                vario_sqlite::query(path.to_str().unwrap(), sql, &call).unwrap()
            }
            Self::Keychain => {
                let secrets: &Arc<dyn SecretStore> = &world.config.secrets;
                secrets.read("Tool", Some("me"), call.deadline).unwrap()
            }
        }
    }
}

struct Run {
    world: World,
    host: NativeHost,
}

impl Run {
    /// The plugin has read the old token, and may read, connect, and as told write.
    fn new(kept: Kept, may_write: bool) -> Self {
        let mut world = World::new();
        fs::create_dir(&world.scope.plugin_data_dir).unwrap();
        kept.set(&world, OLD);
        let (read, write) = kept.rights();
        let write = if may_write { write } else { read };
        world.set_rights(&[read, write, "net:127.0.0.1"], &[]);
        let host = world.host();
        let run = Self { world, host };
        let (name, args) = kept.read();
        assert!(format!("{:?}", run.call(name, &args)).contains("old-refresh-token"));
        run
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, HostError> {
        ask(&self.host, &self.world.scope, name, args)
    }

    fn exchange(&self, port: u16) -> Result<Value, HostError> {
        let body = "grant_type=refresh_token&refresh_token=old-refresh-token-0123456789";
        let parts = [
            ("url", Value::from(format!("http://127.0.0.1:{port}/oauth/token"))),
            ("method", Value::from("POST")),
            ("bodyText", Value::from(body)),
            // Short and long alike: an exchange is not cut.
            ("timeoutMs", Value::Int(1)),
        ];
        self.call("http.request", &[Value::from(parts)])
    }

    fn exchanged(&self) {
        let (port, server) = serve(ANSWER);
        let answer = self.exchange(port).unwrap();
        assert_eq!(answer.get("bodyText"), Some(&Value::from(NEW)));
        assert!(server.join().unwrap().starts_with("POST /oauth/token"));
    }

    fn rescued(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.world.scope.plugin_data_dir.join("rescue")) else {
            return Vec::new();
        };
        files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect()
    }

    /// What the user was told, all in all.
    fn end(&self) -> Vec<String> {
        self.host.end_run(&self.world.scope);
        self.world.witness.notices()
    }
}

fn nobody() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[test]
fn a_token_that_cannot_be_written_back_is_not_exchanged() {
    for kept in [Kept::File, Kept::Database] {
        let (listener, port) = nobody();
        let run = Run::new(kept, false);
        let message = format!("permission denied: not granted ({})", kept.rights().1);
        assert_eq!(run.exchange(port), Err(HostError::Failed(message)));
        assert!(listener.accept().is_err(), "{kept:?}: it was sent");
        let told = run.world.witness.take().pop().unwrap();
        assert_eq!(told.needs[0].permission, kept.rights().1);
        assert_eq!(run.end(), [""; 0]);
    }
}

#[test]
fn a_new_token_is_kept_until_it_is_written_back() {
    for kept in KEPT {
        let run = Run::new(kept, true);
        run.exchanged();
        let rescued = run.rescued();
        assert!(rescued.len() == 1 && rescued[0].contains("new-refresh-token"), "{kept:?}");
        let (name, args) = kept.write(NEW);
        run.call(name, &args).unwrap();
        assert_eq!(run.rescued(), [""; 0], "{kept:?}");
        assert!(kept.get(&run.world).contains("new-refresh-token"), "{kept:?}");
        assert_eq!(run.end(), [""; 0], "{kept:?}");
    }
}

#[test]
fn a_new_token_that_is_not_written_back_is_told_of() {
    for kept in KEPT {
        let run = Run::new(kept, true);
        run.exchanged();
        let notices = run.end();
        assert_eq!(notices.len(), 1, "{kept:?}: {notices:?}");
        assert!(notices[0].contains("rescue") && !notices[0].contains("refresh-token-"));
        assert_eq!(run.rescued().len(), 1);
        // Nothing is known of the run any more.
        assert_eq!(run.end().len(), 1);
        assert_eq!(Arc::strong_count(&run.world.witness), 2);
    }
}

#[test]
fn a_low_limit_does_not_lose_a_new_token() {
    let mut run = Run::new(Kept::File, true);
    run.world.scope.http_body_bytes = 5;
    let (port, server) = serve(ANSWER);
    let message = "response body exceeds the limit of 5 bytes".to_owned();
    assert_eq!(run.exchange(port), Err(HostError::Failed(message)));
    server.join().unwrap();
    assert!(run.rescued()[0].contains("new-refresh-token"));
    assert_eq!(run.end().len(), 1);
}

#[test]
fn a_token_that_was_changed_meanwhile_is_not_exchanged() {
    for kept in KEPT {
        let (listener, port) = nobody();
        let run = Run::new(kept, true);
        kept.set(&run.world, r#"{"refresh_token":"other-refresh-token-0123456789"}"#);
        let Err(HostError::Halted(message)) = run.exchange(port) else {
            panic!("{kept:?}: it was sent");
        };
        assert!(message.contains("changed while this plugin was running"), "{message}");
        assert!(listener.accept().is_err());
        assert_eq!(run.end(), [""; 0]);
    }
}

#[test]
fn a_store_that_was_changed_after_the_exchange_is_left_alone() {
    for kept in KEPT {
        let run = Run::new(kept, true);
        run.exchanged();
        kept.set(&run.world, r#"{"refresh_token":"other-refresh-token-0123456789"}"#);
        let (name, args) = kept.write(NEW);
        let answer = run.call(name, &args);
        assert!(answer.is_err(), "{kept:?}: {answer:?}");
        assert!(kept.get(&run.world).contains("other-refresh-token"), "{kept:?}");
        let notices = run.end();
        assert!(!notices.is_empty(), "{kept:?}");
        assert!(run.rescued().iter().any(|text| text.contains("new-refresh-token")), "{kept:?}");
    }
}

#[test]
fn other_requests_are_none_of_this() {
    let run = Run::new(Kept::File, false);
    let (port, server) = serve(super::http::ANSWER);
    let url = Value::from(format!("http://127.0.0.1:{port}/usage"));
    run.call("http.request", &[Value::from([("url", url)])]).unwrap();
    server.join().unwrap();
    assert_eq!(run.end(), [""; 0]);
}
