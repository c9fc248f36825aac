//! Every function with no right, with the right one, with others, and with a denial on top.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use vario_host::{FUNCTIONS, HostError, Scope};
use vario_model::{Need, NeedReason};
use vario_permissions::Rights;
use vario_value::Value;

use super::http::{ANSWER, serve};
use super::support::{World, rights, texts};
use crate::{SecretError, SecretStore, ShellAnswer, ShellLookup};

/// A function, what it needs, and what else there may be.
struct Row {
    name: &'static str,
    args: Vec<Value>,
    needs: &'static [&'static str],
    /// Near misses.
    others: &'static [&'static str],
    /// What a refusal looks like where it looks like absence.
    absence: Option<Value>,
}

fn row(
    name: &'static str,
    args: &[&str],
    needs: &'static [&'static str],
    others: &'static [&'static str],
) -> Row {
    Row { name, args: texts(args), needs, others, absence: None }
}

fn rows() -> Vec<Row> {
    let no_runner = Value::from([("status", Value::from("no_runner"))]);
    let query = Value::from([
        ("processName", Value::from("a-program-that-nobody-runs")),
        ("markers", Value::List(Vec::new())),
        ("csrfFlag", Value::from("")),
    ]);
    let items: &[&str] = &["keychain:Service2", "keychain:service", "read:~/**", "env:Service"];
    let mut rows = vec![
        Row {
            absence: Some(Value::Bool(false)),
            ..row("fs.exists", &["~/f"], &["read:~/f"], &["write:~/**", "read:~/f/*", "read:~/F"])
        },
        row("fs.readText", &["~/f"], &["read:~/f"], &["write:~/**", "read:~/ff", "read:$DATA/**"]),
        row("fs.writeText", &["~/f", "new"], &["write:~/f"], &["read:~/**", "write:~/folder/**"]),
        row("fs.writeText", &["~/new", "new"], &["write:~/new"], &["read:~/**", "write:~/new/*"]),
        row("fs.listDir", &["~/folder"], &["read:~/folder"], &["read:~/folder/*", "write:~/**"]),
        Row {
            absence: Some(Value::Absent),
            ..row("env.get", &["ZAI_API_KEY"], &["env:ZAI_API_KEY"], &["env:GLM_API_KEY"])
        },
        row("sqlite.query", &["~/a.db", "SELECT 1"], &["read:~/a.db"], &["write:~/**"]),
        row(
            "sqlite.exec",
            &["~/a.db", "INSERT INTO t VALUES (2)"],
            &["read:~/a.db", "write:~/a.db"],
            &["read:~/f"],
        ),
        Row {
            args: vec![query],
            absence: Some(Value::Null),
            ..row("ls.discover", &[], &["processes"], &["system", "ccusage", "run:ps"])
        },
        Row {
            absence: Some(no_runner),
            ..row("ccusage.query", &[], &["ccusage"], &["processes", "run:npx"])
        },
        row("system.info", &[], &["system"], &["processes"]),
    ];
    for own in ["", "ForCurrentUser"] {
        let named = |what: &str| {
            let name = format!("keychain.{what}GenericPassword{own}");
            FUNCTIONS.iter().find(|function| function.name == name).unwrap().name
        };
        rows.push(row(named("read"), &["Service"], &["keychain:Service"], items));
        rows.push(row(named("write"), &["Service", "new"], &["keychain:Service"], items));
    }
    rows
}

/// A keychain, an environment and a shell that count how often they are asked.
#[derive(Clone, Default)]
struct Asked(Arc<AtomicUsize>);

impl Asked {
    fn count(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn times(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl SecretStore for Asked {
    fn read(&self, _: &str, _: Option<&str>, _: Instant) -> Result<String, SecretError> {
        self.count();
        Ok("secret".to_owned())
    }

    fn write(&self, _: &str, _: Option<&str>, _: &str, _: Instant) -> Result<(), SecretError> {
        self.count();
        Ok(())
    }

    fn delete(&self, _: &str, _: Option<&str>, _: Instant) -> Result<(), SecretError> {
        unreachable!("no host function deletes")
    }

    fn is_available(&self) -> bool {
        true
    }
}

impl ShellLookup for Asked {
    fn get(&self, _name: &str, _scope: &Scope) -> ShellAnswer {
        self.count();
        ShellAnswer { value: Some("from a shell".to_owned()), is_unfinished: false }
    }
}

fn filled() -> (World, Asked) {
    let mut world = World::new().variables(&[("USER", "alice")]);
    let asked = Asked::default();
    world.config.secrets = Arc::new(asked.clone());
    world.config.shells = Arc::new(asked.clone());
    std::fs::create_dir_all(world.path("folder/inner")).unwrap();
    std::fs::write(world.path("f"), "old").unwrap();
    let sql = "CREATE TABLE t(a); INSERT INTO t VALUES (1)";
    world.call("sqlite.exec", &texts(&["~/a.db", sql])).unwrap();
    world.witness.take();
    (world, asked)
}

/// Everything in the home, to see that nothing changed.
fn contents(world: &World) -> Vec<(String, Option<Vec<u8>>)> {
    let entries = std::fs::read_dir(world.home.path()).unwrap();
    let mut contents: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(path).ok())
        })
        .collect();
    contents.sort();
    contents
}

#[track_caller]
fn refused(world: &World, row: &Row, permission: &str, reason: NeedReason) {
    let name = row.name;
    let words = match reason {
        NeedReason::NotRequested => "not asked for in the manifest",
        NeedReason::NotGranted => "not granted",
        NeedReason::Denied => "denied",
    };
    let text = format!("permission denied: {words} ({permission})");
    let expected = row.absence.clone().ok_or(HostError::Failed(text));
    assert_eq!(world.call(name, &row.args), expected, "of {name}");
    let witnessed = world.witness.take();
    assert_eq!(witnessed.len(), 1, "of {name}: {witnessed:?}");
    let need = Need { permission: permission.to_owned(), reason };
    assert_eq!(witnessed[0].needs.first(), Some(&need), "of {name}");
    assert_eq!((witnessed[0].ok, witnessed[0].bytes), (false, 0), "of {name}");
    assert_eq!(witnessed[0].function, name);
}

#[test]
fn a_call_without_its_right_touches_nothing() {
    let (mut world, asked) = filled();
    let before = contents(&world);
    for row in rows() {
        let first = row.needs[0];
        world.set_rights(&[], &[]);
        refused(&world, &row, first, NeedReason::NotGranted);
        world.set_rights(row.others, &[]);
        refused(&world, &row, first, NeedReason::NotGranted);
        world.set_rights(row.needs, &[first]);
        refused(&world, &row, first, NeedReason::Denied);
        // A right that the manifest does not ask for cannot be granted.
        let asked_for = Some(rights(row.others));
        let unasked = Rights::new(world.bases(), asked_for, rights(row.needs), rights(&[]));
        world.scope.rights = Arc::new(unasked);
        refused(&world, &row, first, NeedReason::NotRequested);
        // Denials count whatever else is allowed.
        let all = Rights::all(world.bases()).without(rights(&[first]));
        world.scope.rights = Arc::new(all);
        refused(&world, &row, first, NeedReason::Denied);
    }
    assert_eq!(contents(&world), before);
    assert_eq!(asked.times(), 0, "a keychain or a shell was asked");
}

#[test]
fn a_call_with_its_right_is_answered() {
    let (mut world, asked) = filled();
    for row in rows() {
        world.set_rights(row.needs, &[]);
        let answer = world.call(row.name, &row.args);
        assert!(answer.is_ok(), "{} gave {answer:?}", row.name);
        let witnessed = world.witness.take();
        assert_eq!(witnessed.len(), 1);
        assert_eq!(
            (witnessed[0].ok, witnessed[0].needs.as_slice()),
            (true, &[][..]),
            "of {}",
            row.name
        );
    }
    assert_eq!(std::fs::read_to_string(world.path("f")).unwrap(), "new");
    assert_eq!(asked.times(), 5, "the keychain four times, and the shell");
}

#[test]
fn both_rights_are_needed_to_change_a_database() {
    let (mut world, _) = filled();
    let before = contents(&world);
    let rows = rows();
    let row = rows.iter().find(|row| row.name == "sqlite.exec").unwrap();
    world.set_rights(&["write:~/a.db"], &[]);
    refused(&world, row, "read:~/a.db", NeedReason::NotGranted);
    world.set_rights(&["read:~/a.db"], &[]);
    refused(&world, row, "write:~/a.db", NeedReason::NotGranted);
    assert_eq!(contents(&world), before);
}

#[test]
fn what_touches_nothing_needs_no_right() {
    let world = World::new().rights(&[], &[]);
    let calls: [(&str, &[&str]); 4] = [
        ("log.info", &["x"]),
        ("crypto.sha256Hex", &["x"]),
        ("settings.get", &["who"]),
        ("fs.exists", &[""]),
    ];
    for (name, args) in calls {
        assert!(world.call(name, &texts(args)).is_ok(), "{name}");
    }
    let failures: [(&str, &[&str], &str); 3] = [
        ("crypto.decryptAes256Gcm", &["", ""], "invalid AES-GCM envelope"),
        ("fs.readText", &[""], "No such file or directory (os error 2)"),
        ("keychain.deleteGenericPassword", &["x"], "there is no host function"),
    ];
    for (name, args, message) in failures {
        let found = world.failure(name, &texts(args));
        assert!(found.starts_with(message) || cfg!(windows), "{name}: {found}");
    }
    for witnessed in world.witness.take() {
        assert_eq!(witnessed.needs, [], "of {}", witnessed.function);
    }
}

/// The contract's variables need a right, and any other one a right to that very name: that
/// everything is allowed adds none to the contract's.
#[test]
fn variables_beyond_the_contract_are_granted_by_name() {
    let world = World::new().variables(&[("TOOL_KEY", "tool"), ("ZAI_API_KEY", "zai")]);
    let get = |world: &World, name: &str| world.call("env.get", &texts(&[name]));
    let value = |text: &str| Ok(Value::from(text));
    assert_eq!(get(&world, "ZAI_API_KEY"), value("zai"), "everything is allowed");
    assert_eq!(get(&world, "TOOL_KEY"), Ok(Value::Absent), "and yet this is not known");
    let mut world = world.rights(&[], &[]);
    assert_eq!(get(&world, "TOOL_KEY"), Ok(Value::Absent));
    assert_eq!(get(&world, "ZAI_API_KEY"), Ok(Value::Absent));
    world.set_rights(&["env:TOOL_KEY"], &[]);
    assert_eq!(get(&world, "TOOL_KEY"), value("tool"));
}

#[test]
fn options_are_read_before_rights_are_asked() {
    let world = World::new().rights(&[], &[]);
    let empty = [Value::Map(vario_value::Map::new())];
    assert!(world.failure("http.request", &empty).starts_with("invalid request: "));
    assert!(world.failure("ls.discover", &empty).starts_with("invalid discover opts: "));
    let bad = [Value::from([("url", Value::from("ftp://a.example/"))])];
    let message = world.failure("http.request", &bad);
    assert_eq!(message, "builder error for url (ftp://a.example/)");
    assert!(world.witness.take().iter().all(|call| call.needs.is_empty() && !call.ok));
}

fn get(url: String) -> [Value; 1] {
    [Value::from([("url", Value::Str(url))])]
}

#[test]
fn a_refused_request_opens_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let address = format!("net:127.0.0.1:{port}");
    let name = format!("net:localhost:{port}");
    let other = format!("net:127.0.0.1:{}", port ^ 1);
    let mapped = format!("http://[::ffff:127.0.0.1]:{port}/");
    let cases: [(&str, &[&str], &[&str], &str); 9] = [
        ("http://127.0.0.1", &[], &[], &address),
        ("http://127.0.0.1", &["net:*"], &[], &address),
        ("http://127.0.0.1", &["net:localhost"], &[], &address),
        ("http://127.0.0.1", &[&other], &[], &address),
        ("http://0x7f.1", &["net:*"], &[], &address),
        ("http://user@127.0.0.1", &["net:user"], &[], &address),
        ("http://127.0.0.1", &["net:127.0.0.1"], &["net:127.0.0.1"], &address),
        ("http://localhost", &["net:*"], &[], &name),
        ("http://localhost", &["net:127.0.0.1"], &[], &name),
    ];
    for (url, granted, denied, need) in cases {
        let world = World::new().rights(granted, denied);
        let message = world.failure("http.request", &get(format!("{url}:{port}/")));
        assert!(message.starts_with("permission denied: "), "{url} with {granted:?}: {message}");
        assert!(message.ends_with(&format!("({need})")), "{url} with {granted:?}: {message}");
    }
    let world = World::new().rights(&["net:*"], &[]);
    assert!(world.failure("http.request", &get(mapped)).ends_with(&format!("({address})")));
    // The name may be reached, but what it leads to may not.
    let world = World::new().rights(&["net:localhost"], &["net:127.0.0.1", "net:[::1]"]);
    let message = world.failure("http.request", &get(format!("http://localhost:{port}/")));
    assert!(message.starts_with("permission denied: denied (net:"), "{message}");
    let need = world.witness.take().remove(0).needs.remove(0);
    assert_eq!(need.reason, NeedReason::Denied);
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_granted_request_is_sent() {
    for (url, right) in [
        ("http://127.0.0.1", "net:127.0.0.1"),
        ("http://0x7f.1", "net:127.0.0.1"),
        ("http://localhost", "net:localhost"),
    ] {
        for is_exact in [false, true] {
            let (port, server) = serve(ANSWER);
            let right = if is_exact { format!("{right}:{port}") } else { right.to_owned() };
            let world = World::new().rights(&[&right], &[]);
            let answer = world.call("http.request", &get(format!("{url}:{port}/")));
            assert!(answer.is_ok(), "{url} with {right}: {answer:?}");
            server.join().unwrap();
        }
    }
}

#[test]
fn certificates_are_ignored_only_where_that_is_granted() {
    // Without TLS there is nothing to ignore.
    let (port, server) = serve(ANSWER);
    let ignoring = |url: String| {
        let parts = [("url", Value::Str(url)), ("dangerouslyIgnoreTls", Value::Bool(true))];
        [Value::from(parts)]
    };
    let world = World::new().rights(&["net:127.0.0.1"], &[]);
    world.call("http.request", &ignoring(format!("http://127.0.0.1:{port}/"))).unwrap();
    server.join().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("https://127.0.0.1:{port}/");
    let message = world.failure("http.request", &ignoring(url.clone()));
    let need = format!("(insecureTls:127.0.0.1:{port})");
    assert!(message.ends_with(&need), "{message}");
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err());
    drop(listener);
    // Granted, it is tried, and nobody is there.
    let world = World::new().rights(&["net:127.0.0.1", "insecureTls:127.0.0.1"], &[]);
    let message = world.failure("http.request", &ignoring(url));
    assert!(message.starts_with("error sending request"), "{message}");
}

#[test]
fn a_proxy_is_asked_only_for_names_that_are_granted() {
    let cases: [(&str, &[&str], bool); 7] = [
        ("http://a.example/", &["net:a.example"], true),
        ("http://a.example/", &["net:*"], true),
        ("http://b.example/", &["net:a.example"], false),
        ("http://10.1.2.3/", &["net:*"], false),
        ("http://10.1.2.3/", &["net:10.1.2.3"], true),
        ("http://169.254.169.254/", &["net:*", "net:a.example"], false),
        ("http://x.localhost/", &["net:*"], false),
    ];
    for (url, granted, is_sent) in cases {
        let (port, server) = serve(ANSWER);
        let mut world = World::new().rights(granted, &[]);
        let config = format!(r#"{{"proxy":{{"enabled":true,"url":"http://127.0.0.1:{port}"}}}}"#);
        world.config.proxy = vario_http::ProxyConfig::from_config_text(&config).unwrap();
        let answer = world.call("http.request", &get(url.to_owned()));
        assert_eq!(answer.is_ok(), is_sent, "{url} with {granted:?}: {answer:?}");
        if !is_sent {
            let need = world.witness.take().remove(0).needs.into_iter().next();
            assert!(need.is_some(), "{url} with {granted:?}");
            // Lets the server end.
            drop(std::net::TcpStream::connect(("127.0.0.1", port)).unwrap());
        }
        let request = server.join().unwrap();
        assert_eq!(!request.is_empty(), is_sent, "{url}: {request}");
    }
}
