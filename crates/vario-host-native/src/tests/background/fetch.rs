use std::net::TcpListener;

use vario_test_support::{Reply, Server};
use vario_value::Value;

use super::super::support::World;
use super::bytes;

fn fetch(url: &str, more: &[(&str, Value)]) -> [Value; 1] {
    let parts = more.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    [Value::Map(std::iter::once(("url".to_owned(), Value::from(url))).chain(parts).collect())]
}

fn headers(pairs: &[(&str, &str)]) -> (&'static str, Value) {
    let pair = |(name, value): &(&str, &str)| Value::List(vec![(*name).into(), (*value).into()]);
    ("headers", Value::List(pairs.iter().map(pair).collect()))
}

fn to(location: &str, status: u16) -> Reply {
    Reply::with(status, &[("Location", location)], "")
}

/// A plugin that may reach these servers.
fn world(servers: &[&Server]) -> World {
    let rights: Vec<String> =
        servers.iter().map(|server| format!("net:{}", server.address())).collect();
    World::plugin(&rights.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn bytes_go_both_ways_and_headers_stay_as_they_are() {
    let reply = Reply::with(201, &[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], [0, 255]);
    let server = Server::start([reply]);
    let world = world(&[&server]);
    let request = fetch(
        &server.url("/a"),
        &[("method", "post".into()), headers(&[("X-One", "1")]), ("body", bytes(&[1, 254]))],
    );
    let answer = world.call("http.fetch", &request).unwrap();
    let keys: Vec<_> = answer.as_map().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["url", "status", "statusText", "headers", "body", "redirected"]);
    assert_eq!(answer.get("status"), Some(&Value::Int(201)));
    assert_eq!(answer.get("statusText"), Some(&"Created".into()));
    assert_eq!(answer.get("body"), Some(&bytes(&[0, 255])));
    assert_eq!(answer.get("redirected"), Some(&Value::Bool(false)));
    let pairs = answer.get("headers").and_then(Value::as_list).unwrap();
    let pair = |name: &str, value: &str| Value::List(vec![name.into(), value.into()]);
    assert_eq!(pairs[..2], [pair("set-cookie", "a=1"), pair("set-cookie", "b=2")]);
    let got = &server.received()[0];
    assert_eq!((got.method.as_str(), got.body.as_slice()), ("POST", &[1, 254][..]));
    assert_eq!(got.header("x-one"), Some("1"));
}

#[test]
fn redirects_are_followed_shown_or_errors() {
    let server = Server::start([to("/b?x", 302), Reply::new(200, "here")]);
    let world = world(&[&server]);
    let secret = headers(&[("Authorization", "Bearer x"), ("Content-Type", "text/plain")]);
    let post = |redirect: &str| {
        let more = [
            ("redirect", redirect.into()),
            ("method", "POST".into()),
            ("body", "b".into()),
            secret.clone(),
        ];
        fetch(&server.url("/a"), &more)
    };
    let answer = world.call("http.fetch", &post("follow")).unwrap();
    assert_eq!(answer.get("url"), Some(&server.url("/b?x").as_str().into()));
    assert_eq!(answer.get("body"), Some(&bytes(b"here")));
    assert_eq!(answer.get("redirected"), Some(&Value::Bool(true)));
    let second = &server.received()[1];
    assert_eq!((second.method.as_str(), second.body.len()), ("GET", 0));
    assert_eq!(second.header("content-type"), None);
    assert_eq!(second.header("authorization"), Some("Bearer x"), "it is the same origin");

    let server = Server::start([to("/b", 307), to("/b", 307), to("/b", 307), Reply::new(200, "")]);
    let world = self::world(&[&server]);
    let post = |redirect: &str| {
        let more = [("redirect", redirect.into()), ("method", "POST".into()), ("body", "b".into())];
        fetch(&server.url("/a"), &more)
    };
    let answer = world.call("http.fetch", &post("manual")).unwrap();
    assert_eq!(answer.get("status"), Some(&Value::Int(307)));
    let message = world.failure("http.fetch", &post("error"));
    assert!(message.starts_with("unexpected redirect"), "{message}");
    world.call("http.fetch", &post("follow")).unwrap();
    let last = server.received().pop().unwrap();
    assert_eq!((last.method.as_str(), last.body.as_slice()), ("POST", &b"b"[..]));

    let server = Server::start((0..40).map(|_| to("/again", 301)));
    let world = self::world(&[&server]);
    let message = world.failure("http.fetch", &fetch(&server.url("/"), &[]));
    assert!(message.starts_with("too many redirects"), "{message}");
    assert_eq!(server.received().len(), 21);
}

#[test]
fn a_secret_stays_with_its_origin() {
    let other = Server::start([Reply::new(200, "")]);
    let first = Server::start([to(&other.url("/x"), 307)]);
    let world = world(&[&first, &other]);
    let secret = headers(&[("Authorization", "Bearer x"), ("COOKIE", "a=1"), ("X-Plain", "1")]);
    world.call("http.fetch", &fetch(&first.url("/"), &[secret])).unwrap();
    assert_eq!(first.received()[0].header("authorization"), Some("Bearer x"));
    let got = &other.received()[0];
    assert_eq!((got.header("authorization"), got.header("cookie")), (None, None));
    assert_eq!(got.header("x-plain"), Some("1"));
}

#[test]
fn no_redirect_leads_where_the_plugin_may_not_go() {
    let hidden = Server::start([Reply::new(200, "secret")]);
    let port = hidden.address().port();
    let cases = [
        (hidden.url("/"), format!("net:127.0.0.1:{port}")),
        (format!("http://localhost:{port}/"), format!("net:localhost:{port}")),
        (format!("http://0x7f.1:{port}/"), format!("net:127.0.0.1:{port}")),
        (format!("http://[::ffff:127.0.0.1]:{port}/"), format!("net:127.0.0.1:{port}")),
        ("http://169.254.169.254/latest".to_owned(), "net:169.254.169.254:80".to_owned()),
        ("http://10.0.0.1/".to_owned(), "net:10.0.0.1:80".to_owned()),
        ("http://api.example.com/".to_owned(), "net:api.example.com:80".to_owned()),
    ];
    for (location, need) in cases {
        let first = Server::start([to(&location, 302)]);
        let world = world(&[&first]);
        world.denied("http.fetch", &fetch(&first.url("/"), &[]), &need);
    }
    let first = Server::start([to("file:///etc/passwd", 302)]);
    let message = world(&[&first]).failure("http.fetch", &fetch(&first.url("/"), &[]));
    assert!(message.starts_with("redirect: builder error"), "{message}");
    assert!(hidden.received().is_empty(), "nobody came");
}

#[test]
fn a_fetch_needs_its_right_and_keeps_to_limits() {
    let server = Server::start([Reply::new(200, "x".repeat(2000)), Reply::new(200, "")]);
    let world = World::plugin(&[]);
    let port = server.address().port();
    world.denied("http.fetch", &fetch(&server.url("/"), &[]), &format!("net:127.0.0.1:{port}"));
    assert!(server.received().is_empty());
    let world = self::world(&[&server]);
    let message = world.failure("http.fetch", &fetch(&server.url("/"), &[]));
    assert_eq!(message, "response body exceeds the limit of 1024 bytes");
    assert_eq!(world.failure("http.fetch", &fetch("nowhere", &[])), "builder error");

    // A server that never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let world = World::plugin(&[&format!("net:{address}")]);
    let request = fetch(&format!("http://{address}/"), &[("timeoutMs", Value::Int(50))]);
    let message = world.failure("http.fetch", &request);
    assert!(message.starts_with("error sending request for url"), "{message}");
}

/// The rules for credentials are those of a probe's requests.
#[test]
fn a_refresh_token_is_not_sent_without_the_right_to_write_it_back() {
    let token = "rt-0123456789abcdef0123456789abcdef";
    let server = Server::start([Reply::new(200, "{}")]);
    let net = format!("net:{}", server.address());
    let world = World::plugin(&[&net, "read:~/login.json"]);
    std::fs::write(world.path("login.json"), format!("{{\"refresh_token\":\"{token}\"}}")).unwrap();
    let host = world.host();
    let ask =
        |name: &str, args: &[Value]| super::super::support::ask(&host, &world.scope, name, args);
    ask("fs.readBytes", &[world.at("login.json")]).unwrap();
    let body = bytes(format!("grant_type=refresh_token&refresh_token={token}").as_bytes());
    let request = fetch(&server.url("/token"), &[("method", "POST".into()), ("body", body)]);
    let message = ask("http.fetch", &request).unwrap_err().to_string();
    assert_eq!(message, "permission denied: not granted (write:~/login.json)");
    assert!(server.received().is_empty());
}
