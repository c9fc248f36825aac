use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use vario_host::HostError;
use vario_value::{LogLevel, Value};

use super::support::World;

/// Answers one request with these bytes; its result is the request.
pub(super) fn serve(response: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let request = read_head(&mut stream);
        stream.write_all(response.as_bytes()).unwrap();
        request
    });
    (port, thread)
}

fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

fn request(url: String) -> [Value; 1] {
    [Value::from([("url", Value::Str(url))])]
}

pub(super) const ANSWER: &str = "HTTP/1.1 404 Not Found\r\nX-Two: 1\r\nx-two: 2\r\nContent-Length: 28\r\n\r\n\
    {\"token\":\"abcdefghijklmnop\"}";

#[test]
fn any_status_is_an_answer() {
    let (port, server) = serve(ANSWER);
    let world = World::new();
    let found = world.call("http.request", &request(format!("http://127.0.0.1:{port}/a"))).unwrap();
    let keys: Vec<_> = found.as_map().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["status", "headers", "bodyText"]);
    assert_eq!(found.get("status"), Some(&Value::Int(404)));
    assert_eq!(found.get("headers").unwrap().get("x-two"), Some(&Value::from("2")));
    assert_eq!(found.get("headers").unwrap().get("absent"), None);
    assert_eq!(found.get("bodyText"), Some(&Value::from(r#"{"token":"abcdefghijklmnop"}"#)));
    assert!(server.join().unwrap().starts_with("GET /a HTTP/1.1\r\n"));
    assert!(world.log.lines().is_empty(), "request logs are off by default");
}

#[test]
fn requests_are_logged_without_their_secrets() {
    let (port, server) = serve(ANSWER);
    let world = World::logging(LogLevel::Info);
    let url = format!("http://127.0.0.1:{port}/?key=abcdefghijklmnop");
    world.call("http.request", &request(url)).unwrap();
    server.join().unwrap();
    let line = format!("HTTP GET http://127.0.0.1:{port}/?key=abcd...mnop");
    let after = format!("{line} -> 404 | {{\"token\": \"abcd...mnop\"}}");
    assert_eq!(world.log.lines(), [line, after]);
}

#[test]
fn failures_have_the_contracts_texts_and_their_cause_is_logged() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let world = World::logging(LogLevel::Info);
    let url = format!("http://127.0.0.1:{port}/");
    let message = world.failure("http.request", &request(url.clone()));
    assert_eq!(message, format!("error sending request for url ({url})"));
    let lines = world.log.lines();
    assert!(lines[1].starts_with(&format!("HTTP GET {url} -> failed: ")), "{lines:?}");

    let cases = [
        (Value::from([("method", Value::from("GET"))]), "invalid request: missing field `url`"),
        (Value::from([("url", Value::from("ftp://a/"))]), "builder error for url (ftp://a/)"),
    ];
    for (options, expected) in cases {
        assert_eq!(world.failure("http.request", &[options]), expected);
    }
}

#[test]
fn the_scopes_cap_holds() {
    let (port, server) = serve(ANSWER);
    let mut world = World::new();
    world.scope.http_body_bytes = 5;
    let message = world.failure("http.request", &request(format!("http://127.0.0.1:{port}/")));
    assert_eq!(message, "response body exceeds the limit of 5 bytes");
    server.join().unwrap();
}

#[test]
fn a_cancellation_ends_a_request_in_flight() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let world = World::new();
    let cancel = world.scope.cancel.clone();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        read_head(&mut stream);
        cancel.cancel();
        stream
    });
    let found = world.call("http.request", &request(format!("http://127.0.0.1:{port}/")));
    assert_eq!(found, Err(HostError::Halted("probe cancelled".to_owned())));
    drop(server.join().unwrap());
}
