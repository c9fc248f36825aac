//! Servers that mean harm: an error text, never a panic, never a hang.

use std::io::Write;
use std::time::Duration;

use super::server::{Server, read_request};
use super::{error_text, get, send};
use crate::Request;

#[test]
fn nonsense_instead_of_a_response() {
    let many_headers = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(5000));
    let long_header = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "y".repeat(1_000_000));
    let cases: &[(&str, &[u8])] = &[
        ("nothing", b""),
        ("half a status line", b"HTTP/1.1 20"),
        ("half a head", b"HTTP/1.1 200 OK\r\nx: y\r\n"),
        ("not HTTP", b"SSH-2.0-OpenSSH_9\r\n\r\n"),
        ("HTTP/0.9", b"<html>hello</html>"),
        ("bad version", b"HTTP/9.9 200 OK\r\n\r\n"),
        ("bad status", b"HTTP/1.1 abc OK\r\n\r\n"),
        ("status with four digits", b"HTTP/1.1 2000 OK\r\n\r\n"),
        ("NUL bytes", &[0; 512]),
        ("header without colon", b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"),
        ("header name with a space", b"HTTP/1.1 200 OK\r\na b: c\r\n\r\n"),
        ("control character in a value", b"HTTP/1.1 200 OK\r\na: \x01\r\n\r\n"),
        ("negative length", b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"),
        ("length that is no number", b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n"),
        ("many headers", many_headers.as_bytes()),
        ("long header", long_header.as_bytes()),
    ];
    for (name, response) in cases {
        let server = Server::answering(*response);
        let expected = format!("error sending request for url ({})", server.url());
        assert_eq!(error_text(send(&get(&server.url()))), expected, "{name}");
    }
}

#[test]
fn endless_headers_end_with_an_error() {
    let server = Server::start(|stream| {
        read_request(stream);
        let mut sent = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while sent.is_ok() {
            sent = stream.write_all(b"x-again: and again\r\n");
        }
        Vec::new()
    });
    let expected = format!("error sending request for url ({})", server.url());
    assert_eq!(error_text(send(&get(&server.url()))), expected);
    server.finish();
}

#[test]
fn endless_informational_responses_end_with_an_error() {
    let server = Server::start(|stream| {
        read_request(stream);
        while stream.write_all(b"HTTP/1.1 103 Hints\r\n\r\n").is_ok() {}
        Vec::new()
    });
    let request = Request { timeout: Duration::from_millis(200), ..get(&server.url()) };
    let expected = format!("error sending request for url ({})", server.url());
    assert_eq!(error_text(send(&request)), expected);
    server.finish();
}

#[test]
fn an_endless_body_ends_at_the_size_limit() {
    for head in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"]
    {
        let server = Server::start(move |stream| {
            read_request(stream);
            let mut sent = stream.write_all(head.as_bytes());
            while sent.is_ok() {
                sent = stream.write_all(b"5\r\nhello\r\n");
            }
            Vec::new()
        });
        assert_eq!(
            error_text(send(&Request { max_body_bytes: 100_000, ..get(&server.url()) })),
            "response body exceeds the limit of 100000 bytes"
        );
        server.finish();
    }
}
