use std::path::Path;

use vario_host::{Call, FUNCTIONS};
use vario_permissions::{Access, Host};
use vario_value::Value;

use super::{Refused, Wish};

const HOME: &str = if cfg!(windows) { r"C:\home" } else { "/home/u" };

fn wish<T>(name: &str, args: &[Value], with: impl FnOnce(&Wish<'_>) -> T) -> Result<T, String> {
    let call = Call { id: 1, name: name.to_owned().into(), args: args.to_vec() };
    Wish::read(&call, Some(Path::new(HOME))).map(|wish| with(&wish)).map_err(|e| e.to_string())
}

fn options(parts: &[(&str, Value)]) -> Value {
    Value::Map(parts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

/// Arguments that any function can be called with.
fn some_args(name: &str) -> Vec<Value> {
    match name {
        "http.request" => vec![options(&[("url", Value::from("https://a.example/"))])],
        "ls.discover" => vec![options(&[
            ("processName", Value::from("agent")),
            ("markers", Value::List(Vec::new())),
            ("csrfFlag", Value::from("--token")),
        ])],
        "ccusage.query" => Vec::new(),
        _ => ["~/f", "x"].map(Value::from).to_vec(),
    }
}

#[test]
fn every_function_has_a_row_and_nothing_else_has() {
    // The rights that a call of each function wants, and how a refusal looks.
    let read = || Access::Read(format!("{HOME}/f").replace('\\', "/"));
    let write = || Access::Write(format!("{HOME}/f").replace('\\', "/"));
    let keychain = || Access::Keychain("~/f".to_owned());
    let net = Access::Net { host: Host::Name("a.example".to_owned()), port: 443 };
    let rows: Vec<(&str, Vec<Access>, Refused)> = vec![
        ("log.info", vec![], Refused::Failure),
        ("log.warn", vec![], Refused::Failure),
        ("log.error", vec![], Refused::Failure),
        ("fs.exists", vec![read()], Refused::No),
        ("fs.readText", vec![read()], Refused::Failure),
        ("fs.writeText", vec![write()], Refused::Failure),
        ("fs.listDir", vec![read()], Refused::Failure),
        ("crypto.decryptAes256Gcm", vec![], Refused::Failure),
        ("crypto.encryptAes256Gcm", vec![], Refused::Failure),
        ("crypto.sha256Hex", vec![], Refused::Failure),
        ("env.get", vec![Access::Env("~/f".to_owned())], Refused::Absent),
        ("http.request", vec![net], Refused::Failure),
        ("keychain.readGenericPassword", vec![keychain()], Refused::Failure),
        ("keychain.readGenericPasswordForCurrentUser", vec![keychain()], Refused::Failure),
        ("keychain.writeGenericPassword", vec![keychain()], Refused::Failure),
        ("keychain.writeGenericPasswordForCurrentUser", vec![keychain()], Refused::Failure),
        ("sqlite.query", vec![read()], Refused::Failure),
        ("sqlite.exec", vec![read(), write()], Refused::Failure),
        ("ls.discover", vec![Access::Processes], Refused::Null),
        ("ccusage.query", vec![Access::Ccusage], Refused::NoRunner),
        ("system.info", vec![Access::System], Refused::Failure),
        ("settings.get", vec![], Refused::Failure),
    ];
    // A raw native reaches the host under its public name.
    let public = FUNCTIONS.iter().filter(|function| function.raw_of.is_none());
    let names: Vec<&str> = public.map(|function| function.name).collect();
    assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), names);
    for (name, accesses, refused) in rows {
        let found = wish(name, &some_args(name), |wish| (wish.accesses.clone(), wish.refused));
        assert_eq!(found, Ok((accesses, refused)), "of {name}");
    }
    for name in ["", "fs", "fs.delete", "fs.exists ", "http._requestRaw", "keychain.delete"] {
        let found = wish(name, &some_args(name), |_| ());
        assert_eq!(found, Err(format!("there is no host function `{name}`")));
    }
}

#[cfg(unix)]
#[test]
fn paths_are_read_as_the_contract_says_before_they_are_judged() {
    let current = std::env::current_dir().unwrap();
    let below = |name: &str| Some(current.join(name).to_str().unwrap().to_owned());
    let home = |name: &str| Some(format!("{HOME}{name}"));
    let cases = [
        ("~", home("")),
        ("~/", home("")),
        ("~/a/../b", home("/b")),
        ("~//etc/passwd", home("/etc/passwd")),
        ("~/../v/f", Some("/home/v/f".to_owned())),
        ("~/../../../../etc", Some("/etc".to_owned())),
        ("/etc/./passwd/", Some("/etc/passwd".to_owned())),
        ("~root", below("~root")),
        ("$HOME/f", below("$HOME/f")),
        ("a/b", below("a/b")),
        ("", None),
    ];
    for (path, expected) in cases {
        for name in ["fs.exists", "fs.readText", "fs.listDir", "sqlite.query"] {
            let args = ["SELECT 1", "SELECT 1"].map(Value::from);
            let args = [Value::from(path), args[0].clone()];
            let found = wish(name, &args, |wish| wish.accesses.clone()).unwrap();
            let expected: Vec<Access> = expected.clone().map(Access::Read).into_iter().collect();
            assert_eq!(found, expected, "{name} of {path}");
        }
    }
}

#[test]
fn requests_want_what_the_address_really_is() {
    let name = |name: &str| Host::Name(name.to_owned());
    let ip = |ip: &str| Host::Ip(ip.parse().unwrap());
    let cases = [
        ("https://api.example.com/x", name("api.example.com"), 443),
        ("HTTP://API.Example.COM:80/", name("api.example.com"), 80),
        ("http://a.example:8080", name("a.example"), 8080),
        ("https://good.example@bad.example/", name("bad.example"), 443),
        ("https://good.example:x@bad.example:1/", name("bad.example"), 1),
        ("https://bad.example#@good.example/", name("bad.example"), 443),
        ("https://bad.example\\@good.example/", name("bad.example"), 443),
        ("http://0x7f.1/", ip("127.0.0.1"), 80),
        ("http://2130706433/", ip("127.0.0.1"), 80),
        ("http://[::1]:81/", ip("::1"), 81),
    ];
    for (url, host, port) in cases {
        for ignore in [false, true] {
            let request = options(&[
                ("url", Value::from(url)),
                ("dangerouslyIgnoreTls", Value::Bool(ignore)),
            ]);
            let found = wish("http.request", &[request], |wish| wish.accesses.clone());
            let mut expected = vec![Access::Net { host: host.clone(), port }];
            if ignore && url.starts_with("https") {
                expected.push(Access::InsecureTls { host: host.clone(), port });
            }
            assert_eq!(found, Ok(expected), "of {url}");
        }
    }
    // These go nowhere.
    for url in ["", "a", "/x", "ftp://a/", "http://", "file:///etc/passwd"] {
        let request = options(&[("url", Value::from(url))]);
        let found = wish("http.request", &[request], |wish| wish.accesses.clone());
        assert_eq!(found, Ok(Vec::new()), "of {url:?}");
    }
}

#[test]
fn options_that_cannot_be_read_fail_first() {
    let cases = [
        ("http.request", options(&[("method", Value::from("GET"))]), "invalid request: "),
        ("http.request", options(&[("url", Value::Int(5))]), "invalid request: "),
        ("ls.discover", options(&[]), "invalid discover opts: "),
    ];
    for (name, args, words) in cases {
        let found = wish(name, &[args], |_| ()).unwrap_err();
        assert!(found.starts_with(words), "{name}: {found}");
    }
}

#[test]
fn targets_tell_no_secret() {
    let long = format!("https://a.example/{}", "x".repeat(1000));
    let cut = format!("https://a.example/{}\u{2026}", "x".repeat(282));
    let urls = [
        ("https://a.example", "https://a.example/"),
        ("https://user:password@a.example:8443/x?y=1", "https://a.example:8443/x?y=[REDACTED]"),
        ("https://a.example/?token=abcdefghijklmnop", "https://a.example/?token=[REDACTED]"),
        ("https://a.example/x#access_token=abc", "https://a.example/x"),
        ("https://a.example/sk-1234567890abcdef/x", "https://a.example/sk-1...cdef/x"),
        ("https://a.example/home/usage/today", "https://a.example/home/usage/today"),
        ("nowhere://user:password@host/?a=1", "nowhere://host/?a=[REDACTED]"),
        ("user:password@host", "host"),
        (long.as_str(), cut.as_str()),
    ];
    for (url, expected) in urls {
        let request = options(&[("url", Value::from(url))]);
        let found = wish("http.request", &[request], |wish| wish.target.clone());
        assert_eq!(found.as_deref(), Ok(expected));
    }
    let cases: [(&str, &[&str], &str); 9] = [
        ("fs.readText", &["~/a/../b"], "~/b"),
        ("fs.readText", &["~"], "~"),
        ("sqlite.exec", &["~/a.db", "INSERT INTO t VALUES ('secret')"], "~/a.db"),
        ("fs.writeText", &["~/f", "secret"], "~/f"),
        ("keychain.writeGenericPassword", &["Service", "secret"], "Service"),
        ("keychain.readGenericPassword", &["Service", "account"], "Service"),
        ("env.get", &["sk-1234567890abcdef"], "sk-1...cdef"),
        ("crypto.decryptAes256Gcm", &["envelope", "key"], ""),
        ("settings.get", &["key"], "key"),
    ];
    for (name, args, expected) in cases {
        let args: Vec<Value> = args.iter().map(|arg| Value::from(*arg)).collect();
        let found = wish(name, &args, |wish| wish.target.clone());
        assert_eq!(found.as_deref(), Ok(expected), "of {name}");
    }
}
